"""Quoting what people said: data in the prompt, never instructions."""

from __future__ import annotations

import json
import re

from persona.completion import Message

_ACKNOWLEDGED = "Noted."


def quote(text: str) -> str:
    """Return `text` as a JSON string in which no block can be closed.

    Angle brackets are escaped, and so are line ends.
    """
    return json.dumps(text, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def quoted(block: str) -> tuple[str, ...]:
    """Return everything that is quoted in `block`."""
    return tuple(json.loads(found) for found in _QUOTED.findall(block))


def messages(block: str) -> list[Message]:
    """Return the turns that carry `block`, or none when it is empty.

    It stands in a user turn, not in the system prompt, because what a person said must not have
    the operator's authority; the short answer keeps the roles alternating, as some models demand.
    """
    if not block:
        return []
    return [
        {"role": "user", "content": block},
        {"role": "assistant", "content": _ACKNOWLEDGED},
    ]
