"""propose: ask the optimizer, and turn its answer into proposals or into reasons."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from persona.completion import Completion, Message, Usage
from persona.errors import InvalidAnswer
from persona.failpoints import reach
from persona.learning.batch import Batch, BatchMessage
from persona.learning.gate import Accepted, Context, Refused, judge
from persona.learning.prompt import messages
from persona.learning.proposal import FIELDS, TOOL_DESCRIPTION, TOOL_NAME, Proposal, Updates
from persona.models import Models
from persona.tools import function_schema

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Proposed:
    """What came of asking about one batch, and what it cost."""

    accepted: list[Accepted] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)


async def propose(
    models: Models,
    batch: Batch,
    parts: Sequence[Sequence[BatchMessage]],
    context: Context,
    system: str,
    result: Proposed,
) -> None:
    """Ask about each part of the batch, judge what is proposed, and add it to `result`.

    What asking cost is in `result` also when this raises: `ModelUnavailable` or `ModelRefused` when
    the model cannot be asked, `InvalidAnswer` when its answer to a part stays unusable after one
    correction.
    """
    for part in parts:
        await _propose_part(models, messages(system, batch, part), context, result)


async def _propose_part(
    models: Models, prompt: list[Message], context: Context, result: Proposed
) -> None:
    """Ask; if the answer is malformed or partly refused, send the reasons back once."""
    answer = await _ask(models, prompt, result)
    try:
        proposals: list[Proposal] | None = parse(answer)
        reasons = _take(proposals or [], context, result)
    except InvalidAnswer as error:
        proposals, reasons = None, [str(error)]
        logger.info("optimizer answer malformed", extra={"characters": len(answer.text)})
    if not reasons:
        return
    again = await _ask(models, prompt + _correction(answer, reasons), result)
    try:
        _take(parse(again), context, result)
    except InvalidAnswer:
        # If only some of the first answer was refused, the rest of it stands.
        if proposals is None:
            raise


def _take(proposals: Sequence[Proposal], context: Context, result: Proposed) -> list[str]:
    """Add the verdicts to `result`; return the reasons for the refusals among them."""
    accepted, refused = judge(proposals, context, before=result.accepted)
    result.accepted += accepted
    result.refused += refused
    return [f"{item.refusal.code}: {item.refusal.reason}" for item in refused]


async def _ask(models: Models, prompt: list[Message], result: Proposed) -> Completion:
    tool = function_schema(TOOL_NAME, TOOL_DESCRIPTION, Updates)
    reach("ask.before")
    answer = await models.complete("optimizer", prompt, [tool], force=TOOL_NAME)
    reach("ask.after")
    result.usage += answer.usage
    return answer


def parse(answer: Completion) -> list[Proposal]:
    """Return the proposals in an answer.

    Raises `InvalidAnswer` saying what does not fit, without repeating any value.
    """
    calls = [call for call in answer.tool_calls if call.name == TOOL_NAME]
    if not calls:
        raise InvalidAnswer(f"Answer by calling {TOOL_NAME} once.")
    proposals: list[Proposal] = []
    for call in calls:
        try:
            proposals += Updates.model_validate_json(call.arguments).updates
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False, include_context=False)
            problems = "; ".join(
                f"{'.'.join(map(_place, detail['loc']))}: {detail['msg']}" for detail in details[:5]
            )
            raise InvalidAnswer(f"The arguments do not fit the schema: {problems}") from error
    return proposals


def _place(part: int | str) -> str:
    """A key of the schema, or a number; a key of the model's own may be somebody's words."""
    return str(part) if isinstance(part, int) or part in FIELDS else "?"


def _correction(answer: Completion, reasons: Sequence[str]) -> list[Message]:
    text = (
        "Not recorded: "
        + "; ".join(dict.fromkeys(reasons))
        + f". Call {TOOL_NAME} again with corrected versions of these only, or with none."
    )
    if not answer.tool_calls:
        return [answer.as_message(), {"role": "user", "content": text}]
    return [
        answer.as_message(),
        *(
            {"role": "tool", "tool_call_id": call.call_id, "content": text}
            for call in answer.tool_calls
        ),
    ]
