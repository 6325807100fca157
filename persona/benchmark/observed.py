"""Observations as they are kept until all are there: sums by metric, setting and unit."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from persona.benchmark.scores import Observation


@dataclass(frozen=True, slots=True)
class Unit:
    """What is measured in several settings: a scene, a probe, or the end, of one person."""

    person_id: str
    session: int
    name: str


@dataclass(slots=True)
class Column:
    """One metric of one setting with one chat model: sums and counts by the unit's number."""

    sums: array[float] = field(default_factory=lambda: array("d"))
    counts: array[int] = field(default_factory=lambda: array("L"))

    def add(self, number: int, value: float) -> None:
        """Add a value: repetitions of a unit are summed up."""
        missing = number + 1 - len(self.sums)
        if missing > 0:
            self.sums.extend([0.0] * missing)
            self.counts.extend([0] * missing)
        self.sums[number] += value
        self.counts[number] += 1


@dataclass(slots=True)
class Observed:
    """One metric: its units, and a column for each setting and model."""

    units: dict[Unit, int] = field(default_factory=dict)
    columns: dict[tuple[str, str], Column] = field(default_factory=dict)

    def add(self, observation: Observation) -> None:
        """Keep the sum of what was observed."""
        unit = Unit(observation.person_id, observation.session, observation.unit)
        number = self.units.setdefault(unit, len(self.units))
        column = self.columns.setdefault((observation.setting, observation.model), Column())
        column.add(number, observation.value)

    def of(self, column: Column) -> Iterator[tuple[Unit, float, int]]:
        """Yield the units of a column with their sums and counts."""
        for unit, total, count in zip(self.units, column.sums, column.counts, strict=False):
            if count:
                yield unit, total, count


def observe(observations: Iterable[Observation]) -> dict[str, Observed]:
    """Return the observations by metric."""
    found: dict[str, Observed] = {}
    for observation in observations:
        found.setdefault(observation.metric, Observed()).add(observation)
    return found
