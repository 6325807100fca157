"""Finding things in the scores of a run."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from persona.benchmark.arms import CONTROLS
from persona.benchmark.scores import GROUPS, METRICS, OVERALL, Interval, Score, Scores

GROUP_NAMES = tuple(f"{first}-{last}" for first, last in GROUPS)
AGAINST = ("none", "golden")


class Reading:
    """The scores of one run, by setting, model, metric and what they are over."""

    def __init__(self, scores: Scores) -> None:
        self.scores = scores
        self.settings = tuple(name for name in scores.settings if name not in CONTROLS)
        self.controls = tuple(name for name in scores.settings if name in CONTROLS)
        self.scripted = scores.track == "scripted"

    @cached_property
    def _intervals(self) -> dict[tuple[str, str, str, str], Interval]:
        return {
            (score.setting, score.model, score.metric, score.over): score.interval
            for score in self.scores.scores
        }

    @cached_property
    def _differences(self) -> dict[tuple[str, str, str, str, str], Interval]:
        return {
            (each.setting, each.against, each.model, each.metric, each.over): each.interval
            for each in self.scores.differences
        }

    @cached_property
    def ran(self) -> frozenset[tuple[str, str]]:
        """The settings and models there are lives or scores of."""
        lived = {(each.setting, each.model) for each in self.scores.lives}
        return frozenset(lived | {(each.setting, each.model) for each in self.scores.scores})

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages there are scores over, in alphabetical order."""
        names = set(self.scores.dataset.languages)
        return tuple(sorted({each.over for each in self.scores.scores} & names))

    def interval(
        self, setting: str, model: str, metric: str, over: str = OVERALL
    ) -> Interval | None:
        """Return one score, None where there is none."""
        return self._intervals.get((setting, model, metric, over))

    def difference(self, setting: str, against: str, model: str, metric: str) -> Interval | None:
        """Return one difference over all sessions, None where there is none."""
        return self._differences.get((setting, against, model, metric, OVERALL))

    def metrics(self, overs: Iterable[str] = (OVERALL,)) -> tuple[str, ...]:
        """Return the metrics that have a score over any of these, in the order of the tables."""
        wanted = set(overs)
        there = {each.metric for each in self.scores.scores if each.over in wanted}
        return tuple(metric for metric in METRICS if metric in there)

    def series(self, setting: str, model: str, metric: str, prefix: str) -> list[tuple[int, Score]]:
        """Return the scores over "`prefix` N", by N."""
        found = [
            (int(each.over.removeprefix(prefix)), each)
            for each in self.scores.scores
            if each.over.startswith(f"{prefix} ")
            and (each.setting, each.model, each.metric) == (setting, model, metric)
        ]
        return sorted(found, key=lambda pair: pair[0])
