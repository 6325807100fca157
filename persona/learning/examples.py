"""examples: what the optimizer's prompt shows, in words nobody says (memory-systems 5.8).

Some models repeat the examples they were given. Made-up words are told from what a person said, so
the gate refuses them, unless the person uses such a word themselves: then it is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from persona.learning.proposal import Operation
from persona.registry import Slot


@dataclass(frozen=True, slots=True)
class Example:
    """Something said with a made-up `word` in it, and the update by it; an empty one is none."""

    said: str
    word: str
    operation: Operation | None = None
    slot: str = ""


EXAMPLES: tuple[Example, ...] = (
    Example("I'm Zorblat", "Zorblat", "set_slot", "demographics.name"),
    Example("I love quonking", "quonking", "add_item", "personality.values_and_interests"),
    Example("Be flimbish today", "flimbish"),
)


def lines(registry: Mapping[str, Slot]) -> Iterator[str]:
    """Yield a line for each example whose slot is in use."""
    for example in EXAMPLES:
        if example.operation is None:
            yield f'"{example.said}": nothing'
        elif example.slot in registry:
            yield f'"{example.said}": {example.operation} {example.slot} "{example.word}"'
