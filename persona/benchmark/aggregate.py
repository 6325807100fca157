"""From observations to scores, differences between settings, and gaps between languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from persona.benchmark.clusters import Clusters
from persona.benchmark.observed import Column, Observed, Unit
from persona.benchmark.scores import (
    GROUPS,
    METRICS,
    OVERALL,
    Difference,
    Gap,
    Observation,
    Score,
    bounds,
)
from persona.benchmark.statistics import interval, paired

# What every setting is compared with: the paper's bounds below and above (section 5.1).
AGAINST = ("none", "golden")

# Metrics of which a curve over the sessions is drawn (paper, Figure 3).
_BY_SESSION = ("utterances", "f1")
_SINCE_CHANGE = "stale"


class Over(NamedTuple):
    """What a score is of, in the order of the tables: kinds of it, and the numbers of one kind."""

    kind: int
    number: int
    label: str


ALL = Over(0, 0, OVERALL)
_GROUP, _LANGUAGE, _SESSION, _SINCE = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Aggregated:
    """The scores of a run that come from observations."""

    scores: tuple[Score, ...]
    differences: tuple[Difference, ...]
    gaps: tuple[Gap, ...]


def aggregate(observations: Iterable[Observation], user_turns: int) -> Aggregated:
    """Return means, differences and gaps with their intervals over persons.

    Only sums by person and unit are kept of the observations. Differences are those of every
    setting from "none" and from "golden" with the same model, of the units that both have,
    repetitions of a unit averaged. A session has at most `user_turns`. Raises `ValueError` for a
    metric that `METRICS` lacks.
    """
    observed: dict[str, Observed] = {}
    languages: dict[str, str] = {}
    for observation in observations:
        observed.setdefault(observation.metric, Observed()).add(observation)
        languages[observation.person_id] = observation.language
    scores: list[Score] = []
    differences: list[Difference] = []
    for metric in sorted(observed, key=list(METRICS).index):
        found = observed[metric]
        units = {
            name: _by_over(metric, found, column, languages)
            for name, column in sorted(found.columns.items())
        }
        limits = bounds(metric, user_turns)
        scores += _scores(metric, units, limits)
        differences += _differences(metric, units, limits)
    spoken = set(languages.values())
    return Aggregated(tuple(scores), tuple(differences), tuple(_gaps(scores, spoken)))


_Units = Mapping[Over, Clusters[tuple[str, str]]]
_Columns = Mapping[tuple[str, str], _Units]
_Limits = tuple[float, float]


def _by_over(
    metric: str, observed: Observed, column: Column, languages: Mapping[str, str]
) -> _Units:
    found: dict[Over, Clusters[tuple[str, str]]] = {}
    for unit, total, count in observed.of(column):
        for over in _overs(metric, unit, languages[unit.person_id]):
            clusters = found.setdefault(over, Clusters())
            clusters.add((unit.person_id, unit.name), total, count)
    return dict(sorted(found.items()))


def _overs(metric: str, unit: Unit, language: str) -> Iterator[Over]:
    yield ALL
    for number, (first, last) in enumerate(GROUPS):
        if first <= unit.session <= last:
            yield Over(_GROUP, number, f"{first}-{last}")
    yield Over(_LANGUAGE, 0, language)
    if metric in _BY_SESSION:
        yield Over(_SESSION, unit.session, f"session {unit.session}")
    if metric == _SINCE_CHANGE:
        since = unit.name.partition(":")[0]
        yield Over(_SINCE, int(since.removeprefix("since ")), since)


def _scores(metric: str, columns: _Columns, limits: _Limits) -> Iterator[Score]:
    for (setting, model), units in columns.items():
        for over, clusters in units.items():
            persons: Clusters[str] = Clusters()
            for (person_id, name), total in clusters.sums.items():
                persons.add(person_id, total, clusters.counts[person_id, name])
            yield Score(
                setting=setting,
                model=model,
                metric=metric,
                over=over.label,
                interval=interval(persons).within(*limits),
            )


def _differences(metric: str, columns: _Columns, limits: _Limits) -> Iterator[Difference]:
    least, greatest = limits
    means = {
        name: {over: found.means for over, found in units.items() if over.kind < _SESSION}
        for name, units in columns.items()
    }
    for (setting, model), ours in means.items():
        for against in AGAINST:
            theirs = means.get((against, model), {})
            for over in ours:
                difference = paired(ours[over], theirs.get(over, {}))
                if setting != against and difference is not None:
                    yield Difference(
                        setting=setting,
                        against=against,
                        model=model,
                        metric=metric,
                        over=over.label,
                        interval=difference.within(least - greatest, greatest - least),
                    )


def _gaps(scores: Iterable[Score], languages: set[str]) -> Iterator[Gap]:
    """Yield the gap of each setting, model and metric that there are two languages of.

    It is below 0 for metrics of which less is better.
    """
    spoken = (score for score in scores if score.over in languages)
    for (setting, model, metric), group in groupby(
        spoken, key=lambda score: (score.setting, score.model, score.metric)
    ):
        means = {score.over: score.interval.mean for score in group}
        ranked = sorted(means, key=lambda language: (means[language], language))
        if METRICS[metric][1]:
            ranked.reverse()
        best, worst = ranked[0], ranked[-1]
        if len(means) > 1:
            yield Gap(
                setting=setting,
                model=model,
                metric=metric,
                best=best,
                worst=worst,
                gap=means[best] - means[worst],
            )
