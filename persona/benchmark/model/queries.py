"""Queries: as the person would put them, without what tells of them, and checked (4.2)."""

from __future__ import annotations

from typing import NamedTuple

from persona.benchmark.asking import Answer, ask, prompt
from persona.benchmark.model.data import person_of, scene_of
from persona.benchmark.model.told import told
from persona.benchmark.schema import Person, Query, Scene
from persona.benchmark.truth import truth
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.registry import Registry

# Characters. Nobody begins a conversation with more.
LONGEST_QUERY = 1000

PROMPTS: dict[str, str] = {
    "write_query": """\
You are the person in the data, in the scene it describes, and type the first message to the \
assistant on your device. In your language, given by its ISO 639 code; one to three sentences, the \
way you write. Say what you want, with what it needs of the context and of who you are. Do not \
describe what a good answer would be.""",
    "neutralize_query": """\
You take out of a query what tells who asks. Keep the request itself, its language and the facts \
of the matter that it cannot do without. Take out the name and every trace of the persona in the \
data: age, work, origin, character, habits, likes and dislikes, and wishes for how to be answered, \
in these words or in others. What is left is a message that anybody could have typed, complete and \
natural, with no gap where something was.""",
    "check_query": """\
You check a query of a data set. The assistant that gets it can chat, search the web and call the \
functions in the data; it may know the person, but of the scene it knows only what the query says.
- answerable: whether a reasonable reply to it exists: one can see what is wanted, what is missing \
could be asked for or assumed, and nothing impossible is wanted.
- neutral: whether the query tells nothing of the persona in the data: neither a name nor a fact, \
habit, taste or wish, in these words or in others. What anybody in the same situation would say \
does not count.
First the reason, in a sentence or two, then both verdicts.""",
}


class QueryText(Answer):
    """A query, and nothing beside it."""

    query: str


class QueryVerdict(Answer):
    """Whether a query can be used."""

    reason: str
    answerable: bool
    neutral: bool


class CheckedQuery(NamedTuple):
    """Whether a query can be answered and tells nothing of who asks, and why."""

    answerable: bool
    neutral: bool
    reason: str


async def write_query(models: Models, person: Person, scene: Scene) -> Query:
    """Return what `person` opens the scene with, personalized and neutral.

    Raises what `ask` raises. Whether it is neutral indeed, `check_query` tells.
    """
    about = person_of(person, truth(person, scene.session))
    written = await ask(
        models,
        "generator",
        prompt(PROMPTS["write_query"], {"you": about, "scene": scene_of(scene)}),
        QueryText,
        check=_is_a_query,
    )
    neutral = await ask(
        models,
        "generator",
        prompt(PROMPTS["neutralize_query"], {"query": written.query, "person": about}),
        QueryText,
        check=_is_a_query,
    )
    return Query(
        scene_id=scene.scene_id,
        personalized=written.query.strip(),
        neutral=neutral.query.strip(),
    )


async def check_query(
    models: Models,
    person: Person,
    scene: Scene,
    query: Query,
    registry: Registry,
) -> CheckedQuery:
    """Return whether the neutral query is answerable and neutral. Raises what `ask` raises.

    One that tells a value of the person word for word is not neutral, whatever the model says.
    """
    data = {
        "query": query.neutral,
        "scene": scene_of(scene),
        "functions": [api.model_dump() for api in scene.apis],
        "person": person_of(person, truth(person, scene.session)),
    }
    messages = prompt(PROMPTS["check_query"], data)
    found = await ask(models, "generator", messages, QueryVerdict)
    if slots := told(person, registry, query.neutral):
        reason = f"The query tells the person's {', '.join(slots)}."
        return CheckedQuery(found.answerable, neutral=False, reason=reason)
    return CheckedQuery(found.answerable, found.neutral, found.reason)


def _is_a_query(answer: QueryText) -> None:
    if not 0 < len(answer.query.strip()) <= LONGEST_QUERY:
        raise InvalidAnswer(f"The query has from 1 to {LONGEST_QUERY} characters.")
