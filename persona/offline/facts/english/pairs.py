"""Puts together the parts of a list that only together name something."""

from __future__ import annotations

from persona.offline.facts.english.names import Piece, is_adjective, is_gerund
from persona.offline.facts.english.words import (
    ACTIVITIES,
    ADJECTIVES,
    NOT_FIRST,
    PREPOSITIONS,
    SHARED_HEADS,
    SHARING,
    STOPPERS,
    TRANSITIVE,
)
from persona.offline.facts.places import ORIGINS

# "having people around and music" is no "around … music".
_ADVERBS = frozenset({"around", "over", "up", "by", "along", "across", "under"})


def together(text: str, pieces: list[Piece]) -> list[Piece]:
    """Return the pieces of `text`, those merged that an "and" should not have parted.

    "windy and rainy days", "watching and playing football" and "writing poems and songs" are
    one interest each.
    """
    forward: list[Piece] = []
    for piece in reversed(pieces):
        if forward and _needs_next(piece, forward[-1]):
            forward.append(_merge(text, piece, forward.pop()))
        else:
            forward.append(piece)
    merged: list[Piece] = []
    for piece in reversed(forward):
        if merged and _continues(merged[-1], piece):
            merged.append(_merge(text, merged.pop(), piece))
        else:
            merged.append(piece)
    return merged


def _merge(text: str, first: Piece, second: Piece) -> Piece:
    value = f"{first.value}{text[first.end : second.start]}{second.value}"
    return Piece(first.start, second.end, first.joined, value)


def _needs_next(piece: Piece, following: Piece) -> bool:
    own, after = piece.words, following.words
    if not own or not after:
        return False
    if (own[-1] in PREPOSITIONS and own[-1] not in _ADVERBS) or (
        len(own) == 1 and own[0] in TRANSITIVE
    ):
        return True
    if len(own) > 1 or len(after) < 2:
        return False
    if own[0] in ORIGINS or (is_adjective(own[0]) and is_adjective(after[0])):
        return True
    if after[-1] not in SHARED_HEADS:
        return False
    names = piece.value[0].isupper() and following.value[0].isupper() and after[0] in ORIGINS
    return names or (own[0] in ADJECTIVES and len(after) == 2)


def _continues(before: Piece, piece: Piece) -> bool:
    earlier, own = before.words, piece.words
    if not earlier or not own or is_gerund(own[0]) or own[0] in STOPPERS or own[0] in NOT_FIRST:
        return False
    if len(earlier) == 1 or "to" in own:
        return False
    if earlier[0] in ORIGINS and len(own) == 1 and own[0] in SHARED_HEADS:
        return True
    if own[-1] in ACTIVITIES:
        return False
    placed = any(word in PREPOSITIONS and word not in ("of", "to") for word in earlier[1:])
    return placed or earlier[0] in SHARING
