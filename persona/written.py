"""What a model wrote where data was asked for: calls, or one JSON object in text.

It is found as it stands and never repaired. No error repeats what the model wrote.
"""

from __future__ import annotations

import json
import re
from typing import Any

from persona.completion import Completion
from persona.errors import InvalidAnswer
from persona.reasoning import without_reasoning
from persona.structured import Unheeded

CUT_OFF = "The answer was cut off before its end."
DECLINED = "The model declined to answer."
FILTERED = "The endpoint's content filter withheld the answer."
EMPTY = "The answer is empty."

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


def check_whole(answer: Completion) -> None:
    """Raise `InvalidAnswer` when an answer was withheld or did not come to its end."""
    if answer.refusal:
        raise InvalidAnswer(DECLINED)
    if answer.finish_reason == "content_filter":
        raise InvalidAnswer(FILTERED)
    if answer.finish_reason == "length":
        raise InvalidAnswer(CUT_OFF)


def text_of(answer: Completion) -> str:
    """Return an answer's text without reasoning before it.

    Raises `InvalidAnswer` when there is nothing but reasoning, `Unheeded` when there is nothing.
    """
    text = without_reasoning(answer.text)
    if text is None:
        raise InvalidAnswer(CUT_OFF)
    if not text:
        raise Unheeded(EMPTY)
    return text


def declines(text: str) -> bool:
    """Return whether `text` begins as a model does that will not answer."""
    return bool(_DECLINES.match(text))


def has_whole_calls(answer: Completion) -> bool:
    """Return whether the answer calls a tool, and the arguments of every call are JSON."""
    return bool(answer.tool_calls) and all(_is_json(call.arguments) for call in answer.tool_calls)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def written_calls(text: str) -> list[tuple[str, str]]:
    """Return name and arguments of the calls that stand in `text` as the model wrote them.

    Raises `InvalidAnswer` when one is not whole, or there is an object beside them.
    """
    blocks = _CALL_BLOCK.findall(text)
    if blocks and "{" in _CALL_BLOCK.sub("", text):
        raise InvalidAnswer(_NOT_ONE)
    return [call(one_object(block)) for block in blocks]


def call(document: dict[str, Any] | None) -> tuple[str, str]:
    """Return name and arguments of a call written as text: `arguments`, or Llama's `parameters`."""
    match document:
        case {"name": str(name), "arguments": arguments, **rest} if not rest:
            pass
        case {"name": str(name), "parameters": arguments, **rest} if not rest:
            pass
        case _:
            raise InvalidAnswer("The tool call in the answer is not whole.")
    return name, arguments if isinstance(arguments, str) else json.dumps(arguments)


def one_object(text: str) -> dict[str, Any] | None:
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
