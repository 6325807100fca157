"""Whether a person asks for something to be remembered or forgotten, in so many words."""

from __future__ import annotations

from typing import Literal

from persona.learning.gate.context import Said
from persona.learning.gate.lexicon import Key, pattern
from persona.learning.gate.sentences import clauses

Wish = Literal["remember", "forget"]

_OPPOSITE: dict[Wish, Wish] = {"remember": "forget", "forget": "remember"}
# Before the wish they make it somebody else's, or none.
_SPOILS: tuple[Key, ...] = ("negated", "third_party")


def asks_to(wish: Wish, text: str) -> bool:
    """Return whether the person has this wish, in their own words of the message `text`.

    "Don't remember" wishes the opposite, "I can't remember" and "my wife wants me to remove it"
    nothing.
    """
    said = Said.of(text)
    own = said.own
    for quotation in said.quotations:
        own = own.replace(quotation, " ")
    return any(_wishes(wish, clause) for sentence in clauses(own, own) for clause, _ in sentence)


def _wishes(wish: Wish, clause: str) -> bool:
    opposite = [match.span() for match in pattern(_OPPOSITE[wish]).finditer(clause)]
    others = [match.end() for key in _SPOILS for match in pattern(key).finditer(clause)]
    for match in pattern(wish).finditer(clause):
        start, end = match.span()
        # Of "forget" and "don't forget" the longer is meant.
        within = any(
            first <= start < last and (last - first, start) > (end - start, first)
            for first, last in opposite
        )
        if not within and not any(last <= start for last in others):
            return True
    return False
