"""Quotas: how alike the people of a dataset may be (paper, 4.2: varied professions and lives)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from persona.benchmark.schema import Person
from persona.normalise import bare

# Of the values two people have, how many they may share.
_ALIKE = 0.8
# The largest share of the people of one language who may have the same value of a slot, and the
# number of people from which on it counts.
_SHARES = {
    "demographics.name": 0.25,
    "demographics.age": 0.35,
    "demographics.gender": 0.7,
    "demographics.career": 0.3,
    "personality.extraversion_introversion": 0.8,
    "personality.sensing_intuition": 0.8,
    "personality.thinking_feeling": 0.8,
    "personality.judging_perceiving": 0.8,
}
_COUNTS_FROM = 8


class Diversity:
    """Takes people in, and says which would be too many of a kind."""

    def __init__(self, people: Sequence[Person] = ()) -> None:
        self._people: dict[str, list[frozenset[tuple[str, str]]]] = {}
        self._counts: dict[str, Counter[tuple[str, str]]] = {}
        for person in people:
            self.add(person)

    def refuses(self, person: Person) -> str | None:
        """Return why the person is one too many: "near-duplicate" or "quota", and of what."""
        values = frozenset(_values(person))
        for other in self._people.get(person.language, ()):
            both = len(values & other)
            if both and both / min(len(values), len(other)) >= _ALIKE:
                return "near-duplicate"
        counts = self._counts.get(person.language, Counter())
        number = len(self._people.get(person.language, ())) + 1
        for slot, value in values:
            most = _SHARES.get(slot, 1.0) * number
            if number >= _COUNTS_FROM and counts[slot, value] + 1 > most:
                return "quota"
        return None

    def add(self, person: Person) -> None:
        """Take a person in."""
        values = frozenset(_values(person))
        self._people.setdefault(person.language, []).append(values)
        self._counts.setdefault(person.language, Counter()).update(values)


def _values(person: Person) -> Iterator[tuple[str, str]]:
    for slot, value in person.begun_with():
        yield slot, bare(value)
