"""Decides whether a few English words plainly name something one may be interested in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from persona.offline.facts.english.words import (
    ADJECTIVES,
    DEFINITE,
    FAMILY,
    GENRES,
    NOT_FIRST,
    NOT_GERUNDS,
    PREPOSITIONS,
    SENSITIVE,
    STOPPERS,
    TRANSITIVE,
    VAGUE,
)
from persona.offline.facts.places import ORIGINS

_LONGEST = 8

_WORD = re.compile(r"[\w'’+#./&-]+")
_JOINERS = frozenset({"and", "&", "plus"})
_SUFFIXES = ("ful", "ous", "less", "esque")
_TOGETHER = frozenset({"spending", "hanging"})
# "collecting things" says as little as "things"; photographers say "shooting people".
_VAGUE_OBJECTS = frozenset({"thing", "things", "stuff", "activities", "people"})
# They point at something offered before: "option A", "the shorter version".
_CHOICES = frozenset({
    "option", "options", "version", "versions", "draft", "choice", "suggestion", "suggestions",
    "answer", "answers", "reply", "replies", "response", "responses", "proposal", "idea", "ideas",
    "plan", "plans", "point", "points", "title", "logo", "wording", "vs",
})  # fmt: skip
_TELLING = frozenset(
    [(kind, "activities") for kind in ("outdoor", "indoor", "social", "creative", "water")]
    + [(doing, "people") for doing in ("helping", "meeting", "teaching")]
)
_BEFORE_NOUNS = frozenset({"sports", "arts", "games", "news", "graphics", "guns", "stars", "arms"})
_COMMON = STOPPERS | {"or"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a list: where it stands, whether "and" precedes it, and what it says."""

    start: int
    end: int
    joined: bool
    value: str

    @property
    def words(self) -> list[str]:
        """Its words in lower case, without the ones that join."""
        plain = (word.strip(",").lower().replace("’", "'") for word in self.value.split())
        return [word for word in plain if word and word not in _JOINERS]


def is_name(piece: Piece) -> bool:
    """Return whether the piece says what it is about without the rest of the conversation."""
    own = piece.words
    if not own or len(own) > _LONGEST:
        return False
    if own[0] in NOT_FIRST and own[:2] not in (["the", word] for word in DEFINITE):
        return False
    if own[-1] in PREPOSITIONS or _is_someones(own) or _is_clause(own):
        return False
    return _has_only_names(own) and _says_something(own)


def is_noun(piece: Piece) -> bool:
    """Return whether the piece may end a list of names although it says too little itself."""
    own = piece.words
    return bool(own) and own[0] not in NOT_FIRST and _has_only_names(own)


def is_vague(phrase: str) -> bool:
    """Return whether the phrase alone says too little to be remembered."""
    own = phrase.lower().split()
    return bool(own) and own[-1].strip(",") in VAGUE


def is_gerund(word: str) -> bool:
    """Return whether the word is a verb's -ing form."""
    return word.endswith("ing") and len(word) > 4 and word not in NOT_GERUNDS


def is_adjective(word: str) -> bool:
    """Return whether the word describes a noun."""
    return word in ADJECTIVES or word in ORIGINS or word.endswith(_SUFFIXES)


def _has_only_names(own: list[str]) -> bool:
    for place, word in enumerate(own):
        if not _WORD.fullmatch(word) or not any(sign.isalnum() for sign in word):
            return False
        if word == "my" and _is_family_time(own, place):
            continue
        if word in _COMMON or (len(word) == 1 and word != "a"):
            return False
        if word == "the" and place > 0 and not _may_be_definite(own, place):
            return False
    return not (own[0][0].isdigit() and not own[0][-1].isalpha())


def _is_someones(own: list[str]) -> bool:
    return len(own) > 1 and own[0].endswith("'s")


def _is_clause(own: list[str]) -> bool:
    """Whether the words go on after a plural or a verb: "dogs bark loudly", "Tom eats pears"."""
    if any(word == following for word, following in pairwise(own)):
        return True
    if is_gerund(own[0]):
        return False
    return any(
        word.endswith("s")
        and not word.endswith(("ss", "us", "is", "'s", "ics"))
        and word not in _BEFORE_NOUNS
        and following not in PREPOSITIONS
        for word, following in pairwise(own)
    )


def _is_family_time(own: list[str], place: int) -> bool:
    return (
        own[0] in _TOGETHER
        and own[place - 1] == "with"
        and "".join(own[place + 1 : place + 2]) in FAMILY
    )


def _may_be_definite(own: list[str], place: int) -> bool:
    return own[place - 1] in PREPOSITIONS or "".join(own[place + 1 : place + 2]) in DEFINITE


def _says_something(own: list[str]) -> bool:
    plain = [word.strip("'.") for word in own if word != "the"]
    if SENSITIVE.intersection(plain) or plain[0] in ("being", "having"):
        return False
    if _CHOICES.intersection(plain) or (plain[0] == "number" and len(plain) == 2):
        return False
    if plain[-1] in _VAGUE_OBJECTS and len(plain) == 2:
        return (plain[0], plain[-1]) in _TELLING
    if all(is_adjective(word) or word in VAGUE for word in plain):
        return plain[-1] in GENRES
    if len(plain) == 1:
        return plain[0] not in TRANSITIVE
    described_after = plain[-1] in ADJECTIVES and plain[-1] not in GENRES
    return not described_after or is_gerund(plain[0])
