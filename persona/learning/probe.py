"""A small question to the optimizer's model, to see in which way it can be asked."""

from __future__ import annotations

import json

from persona.errors import InvalidAnswer
from persona.learning.prompt import fenced, system_prompt
from persona.learning.question import OptimizerQuestion
from persona.models import Models
from persona.registry import Registry
from persona.structured import Way

_SAID = {
    "msg": 1,
    "session": 1,
    "date": "2026-01-01",
    "by": "person",
    "text": "My name is Ada, and I speak Dutch.",
}


async def probe(models: Models, registry: Registry) -> Way:
    """Return the way in which the optimizer's model answers.

    Raises `ModelUnavailable` or `ModelRefused` when it gives no answer, `InvalidAnswer` when the
    answer cannot be read in any way.
    """
    question = OptimizerQuestion(fenced(system_prompt(registry), "probe", [], [json.dumps(_SAID)]))
    await models.complete("optimizer", question)
    if question.answered is None:
        raise InvalidAnswer("The model was not asked.")
    return question.answered.way
