"""The difference between two runs, paired by person and scene of the people that both have."""

from __future__ import annotations

from collections.abc import Iterable, Set

from persona.benchmark.observed import Column, Observed, observe
from persona.benchmark.scores import Interval, Observation, bounds
from persona.benchmark.statistics import paired


class Between:
    """What was observed in two runs of `people`, whose data are the same in both.

    A session has at most `user_turns` in either.
    """

    def __init__(
        self,
        first: Iterable[Observation],
        second: Iterable[Observation],
        people: Set[str],
        user_turns: int,
    ) -> None:
        self.people = len(people)
        self._user_turns = user_turns
        self._first, self._second = (
            observe(each for each in observations if each.person_id in people)
            for observations in (first, second)
        )

    def difference(self, metric: str, setting: str, left: str, right: str) -> Interval | None:
        """Return the second run minus the first, None where they share nothing.

        `left` and `right` are the chat models of the setting in the first and second run.
        Repetitions of a unit are averaged; only units that both runs have count.
        """
        ours = _means(self._first.get(metric), (setting, left))
        theirs = _means(self._second.get(metric), (setting, right))
        found = paired(theirs, ours)
        least, greatest = bounds(metric, self._user_turns)
        return None if found is None else found.within(least - greatest, greatest - least)


def _means(observed: Observed | None, name: tuple[str, str]) -> dict[tuple[str, str], float]:
    if observed is None:
        return {}
    column = observed.columns.get(name, Column())
    return {
        (unit.person_id, unit.name): total / count for unit, total, count in observed.of(column)
    }
