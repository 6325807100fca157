"""Reading what the optimizer answered, in whichever way it was asked.

Strict: what is not exactly what was asked for is refused with the reason, never repaired, since a
guess would be stored about a person. No reason repeats what the model wrote.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from persona import written
from persona.completion import Completion
from persona.errors import InvalidAnswer
from persona.learning import lines
from persona.learning.proposal import FIELDS, TOOL_NAME, Proposal, Updates
from persona.structured import Declined, Unheeded, Way

_NO_CALL = f"Answer by calling {TOOL_NAME} once."
_NO_JSON = 'Answer with one JSON object: {"updates": [...]}.'


def read(way: Way, answer: Completion) -> list[Proposal]:
    """Return the proposals in an answer.

    Raises `Unheeded` when nothing in it is ours, other `InvalidAnswer` when what is ours is not
    whole or does not fit.
    """
    written.check_whole(answer)
    if answer.tool_calls:
        return _read_calls([(call.name, call.arguments) for call in answer.tool_calls])
    text = written.text_of(answer)
    try:
        return _validate(lines.read(text)) if way == "lines" else _read_text(way, text)
    except Unheeded as error:
        if written.declines(text):
            raise Declined(written.DECLINED) from error
        raise


def _read_calls(calls: list[tuple[str, str]]) -> list[Proposal]:
    if any(name != TOOL_NAME for name, _ in calls):
        # Half of what was meant may stand in a call that is not ours.
        raise InvalidAnswer(f"There is no tool but {TOOL_NAME}.")
    proposals: list[Proposal] = []
    for _, arguments in calls:
        document = written.one_object(arguments)
        if document is None:
            raise InvalidAnswer("The arguments are not one whole JSON object.")
        proposals += _validate(document)
    return proposals


def _read_text(way: Way, text: str) -> list[Proposal]:
    if calls := written.written_calls(text):
        return _read_calls(calls)
    document = written.one_object(text)
    if document is None:
        if '"updates"' in text:
            raise InvalidAnswer("The answer is not one whole JSON object.")
        raise Unheeded(_NO_CALL if way == "tool" else _NO_JSON)
    if "updates" in document:
        return _validate(document)
    if "name" in document:
        return _read_calls([written.call(document)])
    raise Unheeded(_NO_CALL if way == "tool" else _NO_JSON)


def _validate(document: dict[str, Any]) -> list[Proposal]:
    try:
        return Updates.model_validate_json(json.dumps(document)).updates
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False, include_context=False)
        problems = "; ".join(
            f"{'.'.join(map(_place, detail['loc']))}: {detail['msg']}" for detail in details[:5]
        )
        raise InvalidAnswer(f"The updates do not fit the schema: {problems}") from error


def _place(part: int | str) -> str:
    """A key of the schema, or a number; a key of the model's own may be somebody's words."""
    return str(part) if isinstance(part, int) or part in FIELDS else "?"
