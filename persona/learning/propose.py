"""propose: ask the optimizer, and turn its answer into proposals or into reasons."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from persona.completion import Message, Usage
from persona.errors import InvalidAnswer
from persona.failpoints import reach
from persona.learning.batch import Batch, BatchMessage
from persona.learning.gate import Accepted, Context, Refused, judge
from persona.learning.prompt import messages
from persona.learning.proposal import Proposal
from persona.learning.question import OptimizerQuestion
from persona.models import Models

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
    """Ask; if the answer is unusable or partly refused, send the reasons back once."""
    question = OptimizerQuestion(prompt)
    proposals: list[Proposal] | None = None
    try:
        proposals = await _ask(models, question, result)
        reasons = await _take(proposals, context, result)
    except InvalidAnswer as error:
        if question.answered is None:
            raise
        reasons = [str(error)]
        logger.info(
            "optimizer answer unusable",
            extra={"way": question.answered.way, "reason": str(error)},
        )
    if not reasons:
        return
    again = OptimizerQuestion(prompt, question.answered, reasons)
    try:
        await _take(await _ask(models, again, result), context, result)
    except InvalidAnswer:
        # If only some of the first answer was refused, the rest of it stands.
        if proposals is None:
            raise


async def _take(proposals: Sequence[Proposal], context: Context, result: Proposed) -> list[str]:
    """Add the verdicts to `result`; return the reasons for the refusals among them."""
    # Many updates on long messages take seconds.
    accepted, refused = await asyncio.to_thread(judge, proposals, context, before=result.accepted)
    result.accepted += accepted
    result.refused += refused
    return [f"{item.refusal.code}: {item.refusal.reason}" for item in refused]


async def _ask(models: Models, question: OptimizerQuestion, result: Proposed) -> list[Proposal]:
    reach("ask.before")
    try:
        return await models.complete("optimizer", question)
    finally:
        reach("ask.after")
        result.usage += question.usage
