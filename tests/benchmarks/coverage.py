"""How often 95 % intervals hold the truth: `python -m tests.benchmarks.coverage`.

Data are made as the benchmark makes them, with a mean that is known: sessions of one person
resemble each other, most metrics are shares or have few values, and many are skewed. Every run
calls the product's own functions; numbers are per cent of 2,000 runs, and their own 95 % range is
about one point.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy

from persona.benchmark.clusters import Clusters
from persona.benchmark.scores import Interval
from persona.benchmark.statistics import interval, student, studentised

RUNS = 2000
SESSIONS = 30
PERSONS = (6, 20, 200)
RANDOM_SEED = 20260101
# Latent bounds between the judge's 0, 5, 7 and 10.
BOUNDS = (-1.6, 0.0, 1.2)
PERSON_SPREAD = 0.7

Random = numpy.random.Generator
Array = numpy.ndarray[Any, Any]
Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Kind:
    """Data of one kind: `make` returns runs by persons by sessions, `truth` is their mean."""

    name: str
    make: Callable[[Random, Shape], Array]
    truth: float


def persons(shape: Shape) -> Shape:
    return (shape[0], shape[1], 1)


def utterances(random: Random, shape: Shape) -> Array:
    """One to three, mostly one."""
    share = random.beta(0.8, 2.4, persons(shape))
    return 1 + random.binomial(2, numpy.broadcast_to(share, shape))


def sessions_with(mean: float, alike: float) -> Callable[[Random, Shape], Array]:
    """Yes or no: persons' shares are beta around `mean`, and differ more the smaller `alike`."""

    def make(random: Random, shape: Shape) -> Array:
        share = random.beta(mean * alike, (1 - mean) * alike, persons(shape))
        return random.random(shape) < share

    return make


def judged(latent: Array) -> Array:
    return numpy.take([0.0, 5.0, 7.0, 10.0], numpy.digitize(latent, BOUNDS))


def latent(random: Random, shape: Shape) -> Array:
    return PERSON_SPREAD * random.standard_normal(persons(shape)) + random.standard_normal(shape)


def judge_scores(random: Random, shape: Shape) -> Array:
    return judged(latent(random, shape))


def differences(random: Random, shape: Shape) -> Array:
    """Two settings in the same scenes; how much personalization helps differs by person."""
    scene = latent(random, shape)
    gain = 0.3 + 0.3 * random.standard_normal(persons(shape))
    return judged(scene + gain + 0.5 * random.standard_normal(shape)) - judged(
        scene + 0.5 * random.standard_normal(shape)
    )


def rare_differences(random: Random, shape: Shape) -> Array:
    """Yes or no in two settings: of the 5 % that were yes, most are no with personalization."""
    share = random.beta(1.0, 19.0, persons(shape))
    before = random.random(shape) < share
    return (before & (random.random(shape) < 0.3)).astype(float) - before


def tokens(random: Random, shape: Shape) -> Array:
    return numpy.exp(
        7 + 0.5 * random.standard_normal(persons(shape)) + 0.4 * random.standard_normal(shape)
    )


def judged_mean(shift: float, variance: float) -> float:
    below = [NormalDist(shift, math.sqrt(variance)).cdf(bound) for bound in BOUNDS]
    return 5 * (below[1] - below[0]) + 7 * (below[2] - below[1]) + 10 * (1 - below[2])


_SPREAD = PERSON_SPREAD**2 + 1 + 0.25
KINDS = (
    Kind("utterances, 1 to 3", utterances, 1.5),
    Kind("share of 0.5", sessions_with(0.5, 8), 0.5),
    Kind("share of 0.05, persons alike", sessions_with(0.05, 200), 0.05),
    Kind("share of 0.05, persons differ", sessions_with(0.05, 20), 0.05),
    Kind("share of 0.05, of a few persons", sessions_with(0.05, 5), 0.05),
    Kind("share of 0.01, persons differ", sessions_with(0.01, 20), 0.01),
    Kind("scores of 0, 5, 7, 10", judge_scores, judged_mean(0, PERSON_SPREAD**2 + 1)),
    Kind(
        "paired differences of scores",
        differences,
        judged_mean(0.3, _SPREAD + 0.09) - judged_mean(0, _SPREAD),
    ),
    Kind("paired differences of a share of 0.05", rare_differences, -0.05 * 0.7),
    Kind("tokens, lognormal", tokens, math.exp(7 + 0.5**2 / 2 + 0.4**2 / 2)),
)
METHODS: tuple[tuple[str, Callable[[Clusters[int]], Interval]], ...] = (
    ("t, skewness corrected (used)", interval),
    ("Student's t", student),
    ("studentised bootstrap", lambda clusters: studentised(clusters, RANDOM_SEED)),
)


@dataclass(slots=True)
class Tally:
    held: int = 0
    unbounded: int = 0

    def add(self, found: Interval, truth: float) -> None:
        low = -math.inf if found.low is None else found.low
        high = math.inf if found.high is None else found.high
        self.held += low <= truth <= high
        self.unbounded += math.isinf(high - low)


def measure(kind: Kind, count: int) -> list[Tally]:
    """Return how the methods fare with `count` persons."""
    random = numpy.random.default_rng([RANDOM_SEED, count, len(kind.name)])
    sums = kind.make(random, (RUNS, count, SESSIONS)).sum(axis=2, dtype=float).tolist()
    tallies = [Tally() for _ in METHODS]
    for run in sums:
        clusters = Clusters(dict(enumerate(run)), dict.fromkeys(range(count), SESSIONS))
        for tally, (_, method) in zip(tallies, METHODS, strict=True):
            tally.add(method(clusters), kind.truth)
    return tallies


def cell(tally: Tally) -> str:
    note = f" ({100 * tally.unbounded / RUNS:.1f} unbounded)" if tally.unbounded else ""
    return f"{100 * tally.held / RUNS:.1f}{note}"


def main() -> None:
    print("| Data | Persons | " + " | ".join(name for name, _ in METHODS) + " |")
    print("|---|---|" + "---|" * len(METHODS))
    for kind in KINDS:
        for count in PERSONS:
            cells = " | ".join(map(cell, measure(kind, count)))
            print(f"| {kind.name} | {count} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
