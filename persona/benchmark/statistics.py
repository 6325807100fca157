"""Intervals of 95 % over persona clusters: what one person's sessions have in common counts once.

What is estimated is the mean over clusters of the clusters' means. Intervals are Student's t on
those means, corrected for their skewness by Hall's transformation (P. Hall, On the removal of
skewness by transformation, 1992): many metrics are shares near 0 or 1, or have a long tail.
`python -m tests.benchmarks.coverage` measures how often each method holds the truth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from persona.benchmark.clusters import Clusters, Values
from persona.benchmark.scores import Interval
from persona.errors import SettingsError

_RESAMPLES = 1999
_UPPER = 0.975
# Skewness this small moves no bound by more than rounding does.
_SYMMETRIC = 1e-6


def interval(values: Values) -> Interval:
    """Return the mean over clusters and its bounds by Student's t, corrected for skewness.

    `values` are lists by cluster, pairs of a cluster and a value, or their sums. Where no cluster
    differs the bounds are the mean. Raises `ValueError` when there is no value.
    """
    return _by_t(values, skewed=True)


def student(values: Values) -> Interval:
    """Return what `interval` does without the correction: Student's t on the clusters' means."""
    return _by_t(values, skewed=False)


def studentised(values: Values, random_seed: int) -> Interval:
    """Return what `interval` does with bounds by the studentised bootstrap over clusters.

    A bound is None where the resamples give none: few clusters, most of them alike. Raises
    `SettingsError` without numpy.
    """
    clusters = Clusters.of(values)
    means = list(clusters.means.values())
    centre, error = _centre(means), _standard_error(means)
    if len(means) < 2 or error == 0:
        return _interval(clusters, centre, centre)
    numpy = _library("numpy")
    weights = _weights(len(means), random_seed)
    away = numpy.asarray(means) - centre
    shifts = weights @ away
    variances = numpy.maximum(weights @ away**2 - shifts**2, 0)
    errors = numpy.sqrt(variances / (len(means) - 1))
    # A resample in which all clusters are alike says that the mean is off by any number of errors.
    alike = errors <= error * 1e-9
    with numpy.errstate(divide="ignore", invalid="ignore"):
        scaled = numpy.where(alike, numpy.copysign(numpy.inf, shifts), shifts / errors)
    scaled.sort()
    place = round((_RESAMPLES + 1) * _UPPER)
    low = centre - float(scaled[place - 1]) * error
    high = centre - float(scaled[_RESAMPLES - place]) * error
    return _interval(clusters, low, high)


def paired(
    one: Mapping[tuple[Any, Any], float], other: Mapping[tuple[Any, Any], float]
) -> Interval | None:
    """Return the interval of `one` minus `other`, both by cluster and unit.

    Only what both have is compared; None when that is nothing.
    """
    differences: Clusters[Any] = Clusters()
    for key, value in one.items():
        if key in other:
            differences.add(key[0], value - other[key])
    return interval(differences) if differences.sums else None


def _by_t(values: Values, *, skewed: bool) -> Interval:
    clusters = Clusters.of(values)
    means = list(clusters.means.values())
    centre, error = _centre(means), _standard_error(means)
    if len(means) < 2 or error == 0:
        return _interval(clusters, centre, centre)
    quantile = _quantile(len(means) - 1)
    skew = _skew(means, centre, error) if skewed else 0.0
    return _interval(
        clusters,
        centre - _unskewed(quantile, skew) * error,
        centre - _unskewed(-quantile, skew) * error,
    )


def _interval(clusters: Clusters[Any], low: float, high: float) -> Interval:
    few = len(clusters.sums) < 2
    return Interval(
        mean=_centre(list(clusters.means.values())),
        low=None if few or math.isinf(low) else low,
        high=None if few or math.isinf(high) else high,
        clusters=len(clusters.sums),
        n=sum(clusters.counts.values()),
    )


def _centre(means: list[float]) -> float:
    if not means:
        raise ValueError("There is no value to estimate a mean from.")
    # Rounding must not carry the mean of equal values beyond them.
    return min(max(math.fsum(means) / len(means), min(means)), max(means))


def _standard_error(means: list[float]) -> float:
    if len(means) < 2 or min(means) == max(means):
        return 0.0
    centre = _centre(means)
    squares = math.fsum((mean - centre) ** 2 for mean in means)
    return math.sqrt(squares / (len(means) - 1) / len(means))


def _skew(means: list[float], centre: float, error: float) -> float:
    """Return the skewness of the clusters' means, over the root of their number."""
    cubes = math.fsum((mean - centre) ** 3 for mean in means)
    return cubes / len(means) / error**3 / len(means) ** 2


def _unskewed(quantile: float, skew: float) -> float:
    """Return where Hall's transformation of the t statistic is `quantile`."""
    if abs(skew) < _SYMMETRIC:
        return quantile
    return 3 / skew * (math.cbrt(1 + skew * (quantile - skew / 6)) - 1)


@cache
def _quantile(degrees: int) -> float:
    return float(_library("scipy.special").stdtrit(degrees, _UPPER))


@lru_cache(maxsize=4)
def _weights(clusters: int, random_seed: int) -> Any:
    """Return each cluster's share in each resample."""
    numpy = _library("numpy")
    random = numpy.random.default_rng(random_seed)
    drawn = random.multinomial(clusters, [1 / clusters] * clusters, size=_RESAMPLES)
    return drawn / clusters


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise SettingsError(
            "The intervals of scores need more: install requirements/bench.txt of Rapport's folder."
        ) from error
