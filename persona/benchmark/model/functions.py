"""The functions that can be called in a scene (paper, 4.2)."""

from __future__ import annotations

from pydantic import ValidationError

from persona.benchmark.asking import Answer, ask, problem, prompt
from persona.benchmark.model.data import scene_of
from persona.benchmark.model.told import told
from persona.benchmark.schema import Api, Person, Scene
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.registry import Registry

MOST_APIS = 5

PROMPTS: dict[str, str] = {
    "annotate_apis": f"""\
You say which functions of the person's device an assistant would have to call in the situation in \
the data, such as searching the web, the calendar, the weather, music, messages, the home. Name \
only those without which a good reply is not possible: often one or two, at most {MOST_APIS}, and \
none where talking is enough.
- name: in English, like webSearch or readCalendar; letters, digits and underscores.
- description: in English, what the function does, for anybody: nothing of this situation.
- arguments: each with what it means, in English, for anybody.""",
}


class ArgumentDraft(Answer):
    """An argument of a function."""

    name: str
    description: str


class ApiDraft(Answer):
    """A function."""

    name: str
    description: str
    arguments: list[ArgumentDraft]


class ApiDrafts(Answer):
    """The functions that are needed."""

    apis: list[ApiDraft]


async def write_apis(
    models: Models,
    person: Person,
    scene: Scene,
    registry: Registry,
) -> tuple[Api, ...]:
    """Return the functions that a good reply in `scene` has to call. Raises what `ask` raises."""

    def build(drafts: ApiDrafts) -> tuple[Api, ...]:
        try:
            apis = tuple(
                Api(
                    name=draft.name,
                    description=draft.description,
                    arguments={each.name: each.description for each in draft.arguments},
                )
                for draft in drafts.apis
            )
        except ValidationError as error:
            raise InvalidAnswer(f"This is no function: {problem(error)}.") from error
        if len(apis) > MOST_APIS or len({api.name for api in apis}) != len(apis):
            raise InvalidAnswer(f"There are at most {MOST_APIS} functions, of different names.")
        if slots := told(person, registry, *(api.model_dump_json() for api in apis)):
            raise InvalidAnswer(f"A function tells the person's {', '.join(slots)}.")
        return apis

    def check(drafts: ApiDrafts) -> None:
        build(drafts)

    messages = prompt(PROMPTS["annotate_apis"], scene_of(scene))
    return build(await ask(models, "generator", messages, ApiDrafts, check=check))
