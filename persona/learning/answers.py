"""Reading what the optimizer answered, in whichever way it was asked.

Strict: what is not exactly what was asked for is refused with the reason, never repaired, since a
guess would be stored about a person. No reason repeats what the model wrote.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import ValidationError

from persona.completion import Completion
from persona.errors import InvalidAnswer
from persona.learning import lines
from persona.learning.proposal import FIELDS, TOOL_NAME, Proposal, Updates
from persona.reasoning import without_reasoning
from persona.structured import Declined, Unheeded, Way

CUT_OFF = "The answer was cut off before its end."
DECLINED = "The model declined to answer."
FILTERED = "The endpoint's content filter withheld the answer."
EMPTY = "The answer is empty."

_NO_CALL = f"Answer by calling {TOOL_NAME} once."
_NO_JSON = 'Answer with one JSON object: {"updates": [...]}.'
_NOT_ONE = "The answer has more than one JSON object; exactly one is read."

# How models that were trained to call tools write a call when the server does not take it out.
_CALL_BLOCK = re.compile(r"<tool_call>(.*?)</tool_call>", re.DOTALL)
# Apologies and refusals at the beginning of an answer, in the languages most models decline in.
_DECLINES = re.compile(
    r"(?:i['’]m |i am |we['’]re )?(?:very |so )?(?:sorry|afraid)\b|as an ai\b|"
    r"i (?:apologi[sz]e|can ?not|can['’]?t|won['’]?t|must decline)\b|"
    r"i(?: am|['’]m) (?:unable|not able)\b|"
    r"(?:很|非常)?抱歉|对不起|對不起|我无法|我無法|我不能",
    re.IGNORECASE,
)


def read(way: Way, answer: Completion) -> list[Proposal]:
    """Return the proposals in an answer.

    Raises `Unheeded` when nothing in it is ours, other `InvalidAnswer` when what is ours is not
    whole or does not fit.
    """
    if answer.refusal:
        raise InvalidAnswer(DECLINED)
    if answer.finish_reason == "content_filter":
        raise InvalidAnswer(FILTERED)
    if answer.finish_reason == "length":
        raise InvalidAnswer(CUT_OFF)
    if answer.tool_calls:
        calls = [(call.name, call.arguments) for call in answer.tool_calls]
        return _read_calls(calls)
    text = without_reasoning(answer.text)
    if text is None:
        raise InvalidAnswer(CUT_OFF)
    if not text:
        raise Unheeded(EMPTY)
    try:
        return _validate(lines.read(text)) if way == "lines" else _read_text(way, text)
    except Unheeded as error:
        if _DECLINES.match(text):
            raise Declined(DECLINED) from error
        raise


def has_whole_calls(answer: Completion) -> bool:
    """Return whether the answer calls a tool, and the arguments of every call are JSON."""
    return bool(answer.tool_calls) and all(_is_json(call.arguments) for call in answer.tool_calls)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _read_calls(calls: list[tuple[str, str]]) -> list[Proposal]:
    if any(name != TOOL_NAME for name, _ in calls):
        # Half of what was meant may stand in a call that is not ours.
        raise InvalidAnswer(f"There is no tool but {TOOL_NAME}.")
    proposals: list[Proposal] = []
    for _, arguments in calls:
        document = _one_object(arguments)
        if document is None:
            raise InvalidAnswer("The arguments are not one whole JSON object.")
        proposals += _validate(document)
    return proposals


def _read_text(way: Way, text: str) -> list[Proposal]:
    blocks = _CALL_BLOCK.findall(text)
    if blocks:
        if "{" in _CALL_BLOCK.sub("", text):
            raise InvalidAnswer(_NOT_ONE)
        return _read_calls([_call(_one_object(block)) for block in blocks])
    document = _one_object(text)
    if document is None:
        if '"updates"' in text:
            raise InvalidAnswer("The answer is not one whole JSON object.")
        raise Unheeded(_NO_CALL if way == "tool" else _NO_JSON)
    if "updates" in document:
        return _validate(document)
    if "name" in document:
        return _read_calls([_call(document)])
    raise Unheeded(_NO_CALL if way == "tool" else _NO_JSON)


def _call(document: dict[str, Any] | None) -> tuple[str, str]:
    """Return name and arguments of a call written as text: `arguments`, or Llama's `parameters`."""
    match document:
        case {"name": str(name), "arguments": arguments, **rest} if not rest:
            pass
        case {"name": str(name), "parameters": arguments, **rest} if not rest:
            pass
        case _:
            raise InvalidAnswer("The tool call in the answer is not whole.")
    return name, arguments if isinstance(arguments, str) else json.dumps(arguments)


def _one_object(text: str) -> dict[str, Any] | None:
    """Return the JSON object in `text`, or None when its first brace opens none.

    Raises `InvalidAnswer` when there is a second one, or when it stands in a list.
    """
    before, brace, _ = text.partition("{")
    if not brace:
        return None
    start = len(before)
    try:
        document, end = json.JSONDecoder(object_pairs_hook=_unique).raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    if "{" in text[end:] or before.rstrip().endswith("["):
        raise InvalidAnswer(_NOT_ONE)
    return dict(document)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two lists under one key, the first would be lost in silence."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


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
