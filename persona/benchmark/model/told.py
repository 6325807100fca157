"""Whether a text tells a person's values word for word: the least that a check must notice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from persona.benchmark.schema import Person
from persona.normalise import normalise
from persona.registry import Registry

NAME = "demographics.name"

# Scripts that set no spaces, and Korean, which glues endings to words: a word there has no edges.
_EDGELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_LETTER = rf"[^\W{_EDGELESS}]"


def told(person: Person, registry: Registry, *texts: str) -> tuple[str, ...]:
    """Return the slots of which a value stands in one of `texts`, ever held or forgotten.

    Of a name, each part counts. Values of choices are everyday words and do not.
    """
    said = [normalise(text) for text in texts]
    return tuple(
        dict.fromkeys(
            slot
            for slot, value in _values(person)
            if slot not in registry or registry[slot].kind != "choice"
            if any(_stands(value, text) for text in said)
        )
    )


def _values(person: Person) -> Iterator[tuple[str, str]]:
    for slot, value in person.ever():
        yield slot, normalise(value)
        if slot == NAME:
            yield from ((slot, part) for part in normalise(value).split() if len(part) > 2)


def _stands(value: str, text: str) -> bool:
    before = rf"(?<!{_LETTER})" if re.match(_LETTER, value[0]) else ""
    after = rf"(?!{_LETTER})" if re.match(_LETTER, value[-1]) else ""
    return re.search(before + re.escape(value) + after, text) is not None
