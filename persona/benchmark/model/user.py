"""The simulated user on the model track (paper, 3.2, and its appendix): a person, role-played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from persona.benchmark.asking import Answer, ask, prompt
from persona.benchmark.dialogue import Exchange
from persona.benchmark.model.data import dialogue_of, scene_of, whole_person_of
from persona.benchmark.schema import Event, Person, Query, Scene
from persona.benchmark.truth import Truth
from persona.errors import InvalidAnswer
from persona.models import Models

# Characters. Discord takes no longer message, and people seldom write one.
LONGEST_MESSAGE = 2000

_ROLE = """\
You play the person in the data, who is talking with an assistant. Think and judge as this person \
would: their age, work, temper, habits and tastes are yours, and what was true of them once is not \
any more."""

_ASSISTANT = """\
What you know about the assistant: it chats, it can look things up on the web, and it can use the \
apps of your device. It can do nothing in the physical world, and you do not expect it to. It has \
known you for a while, so you expect it to take into account who you are without being told."""

_SILENT = """\
You tell nothing whatsoever about yourself: no fact, habit, taste or wish for how to be answered. \
You only say that the reply was not right for you, and ask again for the same thing."""

_TELLS = """\
- Do not recite who you are: the assistant should know. Where its reply does not fit you, correct \
just that point, plainly enough that it need not ask again.
- If the data lists events of today that you have not mentioned yet, mention one when it matters \
for what is being talked about, in the words given or close to them. An event of the kind \
"forget" is a wish that the assistant forget something.
- Never bring up what stands under wants_forgotten."""

_ANSWER = """\
{role}

{assistant}

The last reply did not satisfy you. Write your next message, and only that.
- Write in your own language, the way you would type in a chat: short and natural.
- No flattery and no thanks for every reply; be as polite as you would be, no more.
- Bring up one thing at a time; keep the rest for later.
- Do not ask the assistant what it needs, and do not do its work.
- Use the context of the scene sparingly: only a detail that the conversation calls for.
- The expected response is a note for yourself. Never quote it or dictate the answer.
{tells}"""

PROMPTS: dict[str, str] = {
    "user_verdict": f"""\
{_ROLE}

{_ASSISTANT}

Decide whether you are satisfied with what the assistant has said so far, above all with its last \
reply. You are when it does what you came for and suits you as the person you are. You are not \
when it misses the point, stays so general that it would suit anybody although something about you \
matters here, contradicts what is true of you, relies on what is no longer true, or uses what you \
want forgotten. The expected response says what a good reply would do; take it as a reference, but \
your own judgement as this person decides. Do not be hard to please: small flaws do not matter.

First write the analysis, in a few sentences, then the verdict.""",
    "user_answer": _ANSWER.format(role=_ROLE, assistant=_ASSISTANT, tells=_TELLS),
    "user_answer_silent": _ANSWER.format(role=_ROLE, assistant=_ASSISTANT, tells=f"- {_SILENT}"),
}


class Verdict(Answer):
    """Whether the person is satisfied; the analysis comes first, so that the verdict follows it."""

    analysis: str = Field(description="what fits the person and what does not, in a few sentences")
    verdict: Literal["satisfied", "continue"]


class NextMessage(Answer):
    """What the person says next."""

    message: str = Field(description="the person's next message, in their language")


@dataclass(frozen=True, slots=True)
class ModelUser:
    """A simulated user.

    Without `reveals` they never tell anything of themselves, which is a control.
    """

    models: Models
    reveals: bool = True

    async def opening(self, query: Query) -> str:
        """Return what a session begins with: the query that tells nothing of the person."""
        return query.neutral

    async def verdict(
        self, person: Person, truth: Truth, scene: Scene, dialogue: Sequence[Exchange]
    ) -> bool:
        """Return whether `person` is satisfied with the dialogue. Raises what `ask` raises."""
        told = prompt(PROMPTS["user_verdict"], _data(person, truth, scene, dialogue))
        found = await ask(self.models, "simulator", told, Verdict)
        return found.verdict == "satisfied"

    async def answer(
        self, person: Person, truth: Truth, scene: Scene, dialogue: Sequence[Exchange]
    ) -> str:
        """Return what `person` says to a reply that did not satisfy. Raises what `ask` raises."""
        data = _data(person, truth, scene, dialogue)
        if self.reveals:
            data["events_of_today"] = [
                {"kind": event.kind, "said": event.said}
                for event in person.events
                if event.session == scene.session
            ]
        name = "user_answer" if self.reveals else "user_answer_silent"
        told = prompt(PROMPTS[name], data)
        found = await ask(self.models, "simulator", told, NextMessage, check=_is_a_message)
        return found.message.strip()

    async def forget(self, person: Person, event: Event) -> str:
        """Return how `person` asks to forget what `event` names: in the words it has."""
        return event.said


def _is_a_message(answer: NextMessage) -> None:
    if not 0 < len(answer.message.strip()) <= LONGEST_MESSAGE:
        raise InvalidAnswer(f"The message has from 1 to {LONGEST_MESSAGE} characters.")


def _data(
    person: Person, truth: Truth, scene: Scene, dialogue: Sequence[Exchange]
) -> dict[str, Any]:
    return {
        "you": whole_person_of(person, truth),
        "scene": scene_of(scene),
        "dialogue": dialogue_of(dialogue),
    }
