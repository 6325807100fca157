"""One question to the optimizer, and the one that sends an answer back for correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from persona.completion import Completion, Message, Usage
from persona.learning import answers
from persona.learning.prompt import HOW_TO_ANSWER
from persona.learning.proposal import TOOL_DESCRIPTION, TOOL_NAME, Proposal, Updates
from persona.reasoning import without_reasoning
from persona.structured import Way, options
from persona.tools import function_schema
from persona.written import has_whole_calls

# Characters. An answer beyond this has run wild; sent back, it would fill the model's context.
LONGEST_RETURNED = 40_000

_TOOL = function_schema(TOOL_NAME, TOOL_DESCRIPTION, Updates)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and the way it was asked for."""

    way: Way
    answer: Completion


@dataclass(slots=True)
class OptimizerQuestion:
    """What is asked about one part of a batch; a `Question` for `Models.complete`.

    `earlier` is an answer to correct for these `reasons`. Once asked, `usage` is what all tries
    cost and `answered` the last answer to them.
    """

    prompt: Sequence[Message]
    earlier: Answered | None = None
    reasons: Sequence[str] = ()
    usage: Usage = field(default_factory=Usage)
    answered: Answered | None = None

    @property
    def corrects(self) -> Way | None:
        """The way of the answer to correct."""
        return self.earlier.way if self.earlier else None

    def request(self, way: Way) -> dict[str, Any]:
        """Return the messages, with how to answer at the end of the unchanging part."""
        system, user = self.prompt
        how = system | {"content": f"{system['content']}\n\n{HOW_TO_ANSWER[way]}"}
        return {"messages": [how, *self._exchange(way, user)], **options(way, _TOOL)}

    def read(self, way: Way, answer: Completion) -> list[Proposal]:
        """Return the proposals in an answer; raises what `answers.read` raises."""
        self.usage += answer.usage
        self.answered = Answered(way, answer)
        return answers.read(way, answer)

    def _exchange(self, way: Way, user: Message) -> list[Message]:
        """Calls are answered as calls only where they were made, and as far as they are JSON.

        Servers turn down a history with arguments that are none, and some an empty turn or two of
        the same role side by side.
        """
        if self.earlier is None:
            return [user]
        reasons = dict.fromkeys(reason.removesuffix(".") for reason in self.reasons)
        text = f"Not recorded: {'; '.join(reasons)}"
        answer = self.earlier.answer
        said = without_reasoning(answer.text) or ""
        written = "\n".join([said, *(call.arguments for call in answer.tool_calls)]).strip()
        returns = 0 < len(written) <= LONGEST_RETURNED
        if returns and way == self.earlier.way == "tool" and has_whole_calls(answer):
            text += f". Call {TOOL_NAME} again with corrected versions of these only, or with none."
            results = (
                {"role": "tool", "tool_call_id": call.call_id, "content": text}
                for call in answer.tool_calls
            )
            return [user, replace(answer, text=said).as_message(), *results]
        text += ". Answer again as asked, with corrected versions of these only, or with none."
        if not returns:
            return [user | {"content": f"{user['content']}\n\n{text}"}]
        return [user, {"role": "assistant", "content": written}, {"role": "user", "content": text}]
