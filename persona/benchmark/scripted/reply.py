"""The form of a scripted reply: a line for each thing it takes into account.

It can be read back without guessing, so the scripted user and judge are exact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from persona.normalise import normalise

_FITTED = "Here is something that fits you:"
_PLAIN = "Here is something that fits most people."
_UNREAD = "I am not sure what you mean."
# A string of JSON, and nothing that only looks like one.
_LINE = re.compile(
    r'^- ([\w.]+): ("(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*")$', re.MULTILINE
)


def write(values: Mapping[str, Sequence[str]], results: Mapping[str, str]) -> str:
    """Return a reply that takes `values` into account, by slot, and the `results` of functions."""
    lines = [f"- {slot}: {_quote(value)}" for slot, held in values.items() for value in held]
    lines += [f"- {name}: {_quote(result)}" for name, result in results.items()]
    return "\n".join((_FITTED if values else _PLAIN, *lines))


def write_unread() -> str:
    """Return the reply to what is not understood."""
    return _UNREAD


def is_understood(reply: str) -> bool:
    """Return whether the reply is about what was asked."""
    return reply.startswith((_FITTED, _PLAIN))


def values_of(reply: str, name: str) -> tuple[str, ...]:
    """Return what the reply takes into account under a slot's or a function's name, normalised."""
    return tuple(
        normalise(json.loads(written)) for given, written in _LINE.findall(reply) if given == name
    )


def _quote(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
