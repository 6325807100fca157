"""Scenes: common ones adapted to a person, ones that grow out of the person, and repeats (4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, Literal

from pydantic import Field

from persona.benchmark.asking import Answer, ask, prompt
from persona.benchmark.model.common import COMMON_SCENES
from persona.benchmark.model.scene import write_scene
from persona.benchmark.model.told import told
from persona.benchmark.schema import Dropped, Person, Scene
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.registry import Registry

Planned = tuple[Literal["common", "own"], str]
Origin = Literal["career", "personality", "values", "behaviour", "preferences"]

# The slots each pair of own scenes grows out of.
_ORIGINS: dict[Origin, tuple[str, ...]] = {
    "career": ("demographics.career",),
    "personality": (
        "personality.extraversion_introversion",
        "personality.sensing_intuition",
        "personality.thinking_feeling",
        "personality.judging_perceiving",
    ),
    "values": ("personality.values_and_interests",),
    "behaviour": ("pattern.",),
    "preferences": ("preference.",),
}

PROMPTS: dict[str, str] = {
    "list_scenes": """\
You find situations in which the person in the data turns to an assistant on their device. Write \
two titles for each of the five origins: situations that this person gets into because of that \
part of who they are, and most other people do not.
- A title is two to six words, in the person's language, given by its ISO 639 code.
- It says what the situation is about, never who the person is: no value of the persona stands in \
it, not even in part or in other words.
- All ten are different, and none is among the common ones in the data.""",
}


class SceneTitles(Answer):
    """Titles by what they grow out of, two each."""

    career: list[str] = Field(description="two titles")
    personality: list[str] = Field(description="two titles")
    values: list[str] = Field(description="two titles")
    behaviour: list[str] = Field(description="two titles")
    preferences: list[str] = Field(description="two titles")


async def write_scenes(
    models: Models,
    person: Person,
    registry: Registry,
    random: Random,
    *,
    sessions: Sequence[int] = range(1, 21),
    dropped: list[Dropped] | None = None,
) -> list[Scene]:
    """Return a scene for each of `sessions`: half of them common, half, but at most ten, own ones.

    They come in an order drawn by `random`. One that the generator does not manage is noted in
    `dropped`, and a common one stands in for it. Raises `InvalidAnswer` when there are none left,
    or no titles are found, and what `Models.complete` raises.
    """
    names = random.sample(COMMON_SCENES, len(COMMON_SCENES))
    own = await _own_titles(models, person, registry, names)
    own = random.sample(own, min(len(sessions) // 2, len(own)))
    common: list[Planned] = [("common", name) for name in names]
    others = len(sessions) - len(own)
    plan: list[Planned] = [*common[:others], *(("own", title) for title in own)]
    random.shuffle(plan)
    spare = iter(common[others:])
    scenes: list[Scene] = []
    for number, session in enumerate(sessions):
        while len(scenes) == number:
            kind, title = plan[number]
            try:
                scenes.append(await write_scene(models, person, registry, session, kind, title))
            except InvalidAnswer as error:
                if dropped is not None:
                    dropped.append(_dropped(person, session, error))
                following = next(spare, None)
                if following is None:
                    raise
                plan[number] = following
    return scenes


async def write_repeat(
    models: Models,
    person: Person,
    scene: Scene,
    session: int,
    registry: Registry,
) -> Scene:
    """Return `scene` as it comes back in `session`: new description, context and functions.

    Raises what `ask` raises.
    """
    return await write_scene(
        models, person, registry, session, "repeat", scene.title, repeats=scene
    )


def _dropped(person: Person, session: int, error: InvalidAnswer) -> Dropped:
    record_id = f"{person.person_id}-s{session:02d}"
    return Dropped(stage="scenes", record_id=record_id, reason="invalid", detail=str(error))


async def _own_titles(
    models: Models,
    person: Person,
    registry: Registry,
    common: Sequence[str],
) -> list[str]:
    """Return ten titles of scenes that grow out of `person`."""

    def check(titles: SceneTitles) -> None:
        found = [each.strip() for each in _flat(titles)]
        if any(len(getattr(titles, origin)) != 2 for origin in _ORIGINS):
            raise InvalidAnswer("Every origin has exactly two titles.")
        if len(set(found)) != len(found) or not all(0 < len(each) <= 80 for each in found):
            raise InvalidAnswer("Titles are all different and have from 1 to 80 characters.")
        if slots := told(person, registry, *found):
            raise InvalidAnswer(f"A title tells the person's {', '.join(slots)}.")

    grown: dict[str, Any] = {
        origin: {slot: value for slot, value in person.slots.items() if slot.startswith(slots)}
        for origin, slots in _ORIGINS.items()
    }
    messages = prompt(
        PROMPTS["list_scenes"],
        {
            "language": person.language,
            "region": person.region,
            "persona_by_origin": grown,
            "common": list(common),
        },
    )
    titles = await ask(models, "generator", messages, SceneTitles, check=check)
    return [each.strip() for each in _flat(titles)]


def _flat(titles: SceneTitles) -> list[str]:
    return [title for origin in _ORIGINS for title in getattr(titles, origin)]
