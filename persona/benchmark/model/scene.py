"""One scene: what it is about, what a good reply does and needs, and the functions in reach."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError

from persona.benchmark.asking import Answer, ask, problem, prompt
from persona.benchmark.model.data import person_of
from persona.benchmark.model.functions import write_apis
from persona.benchmark.model.told import told
from persona.benchmark.schema import Need, Person, Scene, SceneKind
from persona.benchmark.truth import truth
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.registry import Registry

PROMPTS: dict[str, str] = {
    "write_scene": """\
You write out a situation in which the person in the data turns to an assistant on their device. \
Everything is in the person's language, given by its ISO 639 code.
- title: what the situation is about, in two to six words; a title given in that language stays.
- description: in two or three sentences, what is going on and what "the person" wants. Adapted \
to this person: somebody else would not want quite the same.
- context: the concrete facts that the matter needs and nobody could guess: dates, amounts, \
places, what has been tried. Two to four sentences.
- expected_response: what a good reply does, in two or three sentences: its steps and what it \
takes into account. What it does, not the reply itself.
- needs: the one to four slots that a good reply takes into account. For a slot that is a list, \
`item` is the one value in question, copied exactly; else null.
No text but `needs` may tell who the person is: no name, and no value of the persona, neither in \
full nor in part nor in other words. Say "the person", and for what a reply should heed, name the \
kind of thing: "their work", "how they like to be answered".
If the data holds an earlier time of the same situation, this is another time: other facts, \
another wish, the same kind of matter, the same title.""",
}


class NeedDraft(Answer):
    """A slot that matters."""

    slot: str
    item: str | None = Field(description="one value of a list, copied exactly, else null")


class SceneDraft(Answer):
    """A situation."""

    title: str
    description: str
    context: str
    expected_response: str
    needs: list[NeedDraft]


async def write_scene(
    models: Models,
    person: Person,
    registry: Registry,
    session: int,
    kind: SceneKind,
    title: str,
    *,
    repeats: Scene | None = None,
) -> Scene:
    """Return a scene about `title` for that session of `person`. Raises what `ask` raises."""
    now = truth(person, session)
    data: dict[str, Any] = {**person_of(person, now), "title": title}
    if repeats is not None:
        data["earlier_time"] = {
            "description": repeats.description,
            "context": repeats.context,
        }

    def build(draft: SceneDraft) -> Scene:
        try:
            scene = Scene(
                scene_id=f"{person.person_id}-s{session:02d}",
                person_id=person.person_id,
                session=session,
                kind=kind,
                repeats=repeats.scene_id if repeats else None,
                title=repeats.title if repeats else draft.title.strip(),
                description=draft.description.strip(),
                context=draft.context.strip(),
                expected_response=draft.expected_response.strip(),
                needs=tuple(Need(slot=need.slot, item=need.item) for need in draft.needs),
            )
        except ValidationError as error:
            raise InvalidAnswer(f"This is no scene: {problem(error)}.") from error
        _check_needs(scene, now.usable, registry)
        texts = (scene.title, scene.description, scene.context, scene.expected_response)
        if slots := told(person, registry, *texts):
            raise InvalidAnswer(f"A text tells the person's {', '.join(slots)}.")
        return scene

    def check(draft: SceneDraft) -> None:
        build(draft)

    messages = prompt(PROMPTS["write_scene"], data)
    scene = build(await ask(models, "generator", messages, SceneDraft, check=check))
    return scene.model_copy(update={"apis": await write_apis(models, person, scene, registry)})


def _check_needs(scene: Scene, golden: dict[str, tuple[str, ...]], registry: Registry) -> None:
    if not 1 <= len(scene.needs) <= 4:
        raise InvalidAnswer("There are from one to four needs.")
    for need in scene.needs:
        if need.slot not in golden:
            raise InvalidAnswer("A need is one of the slots in the data.")
        is_list = need.slot in registry and registry[need.slot].kind == "list"
        if need.item is not None and (not is_list or need.item not in golden[need.slot]):
            raise InvalidAnswer(
                f"The item of {need.slot} is one of its values, or null if it is no list."
            )
