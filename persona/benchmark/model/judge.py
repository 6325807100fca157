"""The judge on the model track: marks by anchors, as in the paper's section 5.1 and appendix."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import BeforeValidator, Field

from persona.benchmark.asking import Answer, ask, prompt
from persona.benchmark.model.data import scene_of, whole_person_of
from persona.benchmark.roles import Values
from persona.benchmark.schema import Person, Query, Scene
from persona.benchmark.truth import Truth
from persona.models import Models


def _is_a_number(mark: object) -> object:
    # Python counts false as 0.
    if isinstance(mark, bool):
        raise ValueError("a mark is a number")  # noqa: TRY004 - pydantic expects it
    return mark


Helpfulness = Annotated[Literal[0, 3, 5, 7, 10], BeforeValidator(_is_a_number)]
Personalization = Annotated[Literal[0, 5, 7, 10], BeforeValidator(_is_a_number)]
Likeness = Annotated[Literal[0, 3, 5, 7, 10], BeforeValidator(_is_a_number)]
Winner = Literal["first", "second", "tie"]

Around = Callable[[], contextlib.AbstractAsyncContextManager[None]]

_T = TypeVar("_T", bound=Answer)

_KNOWN = """\
The data holds a person's persona (what is true of them now), what is no longer true of them, what \
they want forgotten, the scene they are in with a note on what a good reply would do, and their \
query. The assistant saw the query only, and whatever it had learned before."""

_FAIR = """\
Judge what the reply does for this person, not its length, its tone of confidence or its layout, \
unless the persona says that these matter to them. The note is a reference, not a text to match."""

PROMPTS: dict[str, str] = {
    "judge_first_reply": f"""\
You judge one reply of an assistant. {_KNOWN}

Give two marks, which do not depend on each other.
Helpfulness, how far the reply meets the need behind the query:
10: it meets the need in full.
7: it meets a part of it; something that matters is missing.
5: it gives related knowledge only, which the person would have to turn into an answer.
3: it is beside the point, or wrong in what matters.
0: it gives nothing.
Personalization, how far the reply suits this person:
10: it is made for them: all that matters here about them is taken into account.
7: some of what matters is taken into account, some is not.
5: it shows no knowledge of them; it would suit anybody as well.
0: it takes them for somebody they are not, relies on what is no longer true, or uses what they \
want forgotten.
No other marks exist. {_FAIR}

First write the analysis, in a few sentences, then the marks.""",
    "judge_similarity": """\
You compare a learned persona of a person with the golden one, which is the truth. Both are \
dictionaries of slots. The same meaning in other words, or in another language, is the same.

Give two marks, which do not depend on each other.
Consistency, how far the learned persona describes the same person:
10: nothing in it is at odds with the golden one.
7: on the whole the same person; a few details are at odds.
5: as much fits as does not.
3: mostly at odds.
0: another person, or it is empty.
Detail, how much of the golden persona can be found in the learned one:
10: practically all of it, with its particulars.
7: most of it, or all of it without some particulars.
5: about half.
3: a little.
0: nothing.
No other marks exist.

First write the analysis, slot by slot in a few words, then the marks.""",
    "judge_pair": f"""\
You compare two replies of assistants to the same query. {_KNOWN}

Which of the two does this person more good: meets the need behind the query and suits who they \
are? Reliance on what is no longer true and use of what they want forgotten count against a reply. \
{_FAIR} The order of the two means nothing. Say "tie" when this person would not mind which they \
get.

First write the analysis, in a few sentences, then the winner.""",
}


class FirstReplyMarks(Answer):
    """The marks of a first reply."""

    analysis: str
    helpfulness: Helpfulness
    personalization: Personalization


class SimilarityMarks(Answer):
    """The marks of a learned persona."""

    analysis: str
    consistency: Likeness
    detail: Likeness


class PairVerdict(Answer):
    """The better of two replies."""

    analysis: str
    winner: Winner = Field(description="first, second or tie")


class ReplyMarks(NamedTuple):
    """Marks of a first reply, each up to 10."""

    helpfulness: int
    personalization: int


class PersonaMarks(NamedTuple):
    """Marks of a learned persona, each up to 10."""

    consistency: int
    detail: int


@dataclass(frozen=True, slots=True)
class ModelJudge:
    """A judge, called `model` in the output. Every method raises what `ask` and `around` do.

    It asks within `around`, once for every verdict.
    """

    models: Models
    model: str
    around: Around = contextlib.nullcontext

    @property
    def prompts(self) -> Mapping[str, str]:
        """The prompts in full, for the output."""
        return PROMPTS

    async def first_reply(
        self, person: Person, truth: Truth, scene: Scene, query: Query, reply: str
    ) -> ReplyMarks:
        """Return the marks of the first reply of a session."""
        data = {**_asked(person, truth, scene, query), "reply": reply}
        found = await self._ask("judge_first_reply", data, FirstReplyMarks)
        return ReplyMarks(found.helpfulness, found.personalization)

    async def similarity(self, golden: Values, learned: Values) -> PersonaMarks:
        """Return how like the golden persona the learned one is."""
        data = {"golden": dict(golden), "learned": dict(learned)}
        found = await self._ask("judge_similarity", data, SimilarityMarks)
        return PersonaMarks(found.consistency, found.detail)

    async def pair(
        self, person: Person, truth: Truth, scene: Scene, query: Query, first: str, second: str
    ) -> Winner:
        """Return which of two first replies is better."""
        data = {
            **_asked(person, truth, scene, query),
            "first_reply": first,
            "second_reply": second,
        }
        return (await self._ask("judge_pair", data, PairVerdict)).winner

    async def _ask(self, name: str, data: dict[str, Any], model: type[_T]) -> _T:
        told = prompt(PROMPTS[name], data)
        async with self.around():
            return await ask(self.models, "judge", told, model)


def _asked(person: Person, truth: Truth, scene: Scene, query: Query) -> dict[str, Any]:
    return {
        "person": whole_person_of(person, truth),
        "scene": scene_of(scene),
        "query": query.neutral,
    }
