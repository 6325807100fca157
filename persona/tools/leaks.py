"""Whether a model carries what it was told of a person into a tool's arguments.

What was learned once could otherwise steer a tool, or be carried out by one (memory-systems 5.7).
Words are compared, however they are spelt, set apart or spread over arguments. What is translated,
paraphrased or encoded is not recognised: no words can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from persona.personalization.words import words

# Of longer texts as many words in a row are enough; fewer are said by anybody.
_RUN = 4


def leaks(known: Iterable[str], arguments: Any, said: str) -> bool:
    """Return whether `arguments` hold something `known` that was not `said`."""
    spoken = words(said)
    # A value may be spread over several arguments, their names between its words, or among them.
    forms = [words(" ".join(_texts(arguments, keys=keys))) for keys in (True, False)]
    return any(
        any(_holds(given, piece) for given in forms) and not _holds(spoken, piece)
        for text in known
        for piece in _pieces(words(text))
    )


def _texts(value: Any, *, keys: bool) -> Iterator[str]:
    """Yield every text in `value` in order: strings, numbers, and `keys` if they are wanted."""
    if isinstance(value, dict):
        for key, held in value.items():
            if keys:
                yield str(key)
            yield from _texts(held, keys=keys)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held, keys=keys)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _pieces(found: list[str]) -> Iterator[list[str]]:
    if found:
        for start in range(max(1, len(found) - _RUN + 1)):
            yield found[start : start + _RUN]


def _holds(text: list[str], piece: list[str]) -> bool:
    return any(
        text[start : start + len(piece)] == piece for start in range(len(text) - len(piece) + 1)
    )
