"""What a sentence of a simulated user says, read from the tables of languages word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from persona.benchmark.schema import Need, Person
from persona.benchmark.scripted.table import STATED, Table, languages, table

Kind = Literal["state", "end", "forget", "hint"]

# People whose language has no table speak this one.
_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sentence says of its speaker: a value holds, has ended, is to be forgotten, shows."""

    kind: Kind
    slot: str
    value: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: Kind
    slot: str
    before: str
    after: str

    def read(self, sentence: str) -> Statement | None:
        room = len(sentence) - len(self.before) - len(self.after)
        if room <= 0 or not (sentence.startswith(self.before) and sentence.endswith(self.after)):
            return None
        value = sentence[len(self.before) : len(self.before) + room]
        return Statement(self.kind, self.slot, value)


def spoken_by(person: Person) -> Table:
    """Return the table of the person's language, or the English one where there is none."""
    return table(person.language if person.language in languages() else _FALLBACK)


def says(person: Person, slot: str, value: str, session: int) -> str | None:
    """Return the sentence by which `person` lets `value` be known, or None where there is none.

    What nobody says plainly is shown by a hint, by another one in every other session.
    """
    spoken = spoken_by(person)
    if slot in STATED:
        return spoken.state(slot, value)
    hints = spoken.hints.get(slot, {}).get(value)
    return hints[session % len(hints)] if hints else None


def can_say(person: Person, need: Need, value: str) -> bool:
    """Return whether there are words for a value that a reply needs."""
    return says(person, need.slot, value, 0) is not None


@lru_cache(maxsize=100_000)
def read(sentence: str) -> Statement | None:
    """Return what `sentence` says of its speaker, or None when it is none of these sentences."""
    hint = _hints().get(sentence)
    if hint is not None:
        return hint
    found = [
        (len(pattern.before) + len(pattern.after), said)
        for pattern in _patterns()
        if (said := pattern.read(sentence)) is not None
    ]
    # Of "I am {value}" and "I am no longer {value}" the one with more words of its own is meant.
    return max(found, key=lambda item: item[0])[1] if found else None


def read_all(sentences: Sequence[str]) -> Iterator[Statement]:
    """Yield what the sentences say, in their order."""
    for sentence in sentences:
        said = read(sentence)
        if said is not None:
            yield said


@cache
def _hints() -> dict[str, Statement]:
    return {
        sentence: Statement("hint", slot, value)
        for language in languages()
        for slot, values in table(language).hints.items()
        for value, pair in values.items()
        for sentence in pair
    }


@cache
def _patterns() -> tuple[_Pattern, ...]:
    found: list[_Pattern] = []
    for language in languages():
        spoken = table(language)
        kinds: tuple[tuple[Kind, dict[str, str]], ...] = (
            ("state", spoken.states),
            ("end", spoken.ends),
            ("forget", spoken.forgets),
        )
        for kind, sentences in kinds:
            for slot, sentence in sentences.items():
                before, _, after = sentence.partition("{value}")
                found.append(_Pattern(kind, slot, before, after))
    return tuple(found)
