"""Scores, differences and gaps of observations, computed by hand."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from persona.benchmark.aggregate import Aggregated
from persona.benchmark.aggregate import aggregate as aggregate_of
from persona.benchmark.scores import Difference, Gap, Interval, Observation, Score
from tests.persona.benchmark.lived import observed

# 97.5 % of Student's t with one degree of freedom: two persons have no skewness.
T1 = 12.7062


def aggregate(observations: Iterable[Observation], user_turns: int = 20) -> Aggregated:
    return aggregate_of(observations, user_turns)


def scores(found: Aggregated) -> dict[str, Score]:
    by_over = {score.over: score for score in found.scores}
    assert len(by_over) == len(found.scores)
    return by_over


def differences(found: Aggregated) -> dict[tuple[str, str, str], Difference]:
    by_name = {(one.setting, one.against, one.over): one for one in found.differences}
    assert len(by_name) == len(found.differences)
    return by_name


def test_every_person_weighs_alike_over_all_that_is_told_apart() -> None:
    found = scores(
        aggregate(
            [
                observed("a", 3, session=1),
                observed("a", 2, session=10),
                observed("a", 1, session=11),
                observed("b", 1, session=21, language="de"),
                observed("b", 1, session=32, language="de"),
                observed("b", 1, session=11, language="de"),
            ],
            user_turns=3,
        )
    )
    assert list(found) == [
        "overall", "1-10", "11-20", "21-32", "de", "en",
        "session 1", "session 10", "session 11", "session 21", "session 32",
    ]  # fmt: skip
    everything = found["overall"].interval
    # Persons' means are 2 and 1; the standard error is half their distance.
    assert (everything.mean, everything.clusters, everything.n) == (1.5, 2, 6)
    # It would be 1.5 ± T1 / 2 = 6.4, but nobody says less than one message, nor more than three.
    assert (everything.low, everything.high) == (1, 3)
    assert found["1-10"].interval == Interval(mean=2.5, clusters=1, n=2)
    assert found["11-20"].interval == Interval(mean=1, low=1, high=1, clusters=2, n=2)
    assert found["de"].interval == Interval(mean=1, clusters=1, n=3)
    assert found["session 10"].interval == Interval(mean=2, clusters=1, n=1)


def test_only_curves_are_by_session() -> None:
    assert "session 1" in scores(aggregate([observed("a", 1, metric="f1")]))
    assert "session 1" not in scores(aggregate([observed("a", 1, metric="recall")]))


def test_stale_values_are_by_the_sessions_since_the_change() -> None:
    found = scores(
        aggregate(
            [
                observed("a", 1, metric="stale", session=5, unit="since 0:x:5"),
                observed("a", 0, metric="stale", session=6, unit="since 1:x:5"),
                observed("a", 1, metric="stale", session=16, unit="since 1:y:15"),
                observed("a", 0, metric="stale", session=16, unit="since 11:x:5"),
            ]
        )
    )
    assert list(found) == ["overall", "1-10", "11-20", "en", "since 0", "since 1", "since 11"]
    assert found["since 1"].interval == Interval(mean=0.5, clusters=1, n=2)


def test_differences_are_paired_by_person_and_scene() -> None:
    observations = [
        observed("a", 3, session=1),
        observed("a", 3, session=2),
        observed("b", 2, session=1, language="de"),
        observed("b", 9, session=12, language="de"),
        observed("a", 2, session=1, setting="persona-k3"),
        observed("a", 3, session=2, setting="persona-k3"),
        observed("b", 1, session=1, setting="persona-k3", language="de"),
        observed("c", 1, session=1, setting="persona-k3", language="de"),
        observed("a", 1, session=1, setting="golden"),
        observed("a", 7, session=1, setting="golden", model="m2"),
    ]
    found = differences(aggregate(observations))
    against_none = found["persona-k3", "none", "overall"].interval
    # a: -1 and 0, so -0.5; b: -1. The mean is -0.75, the standard error half their distance.
    assert (against_none.mean, against_none.clusters, against_none.n) == (-0.75, 2, 3)
    assert against_none.low == pytest.approx(-0.75 - T1 / 4, abs=1e-4)
    assert found["persona-k3", "none", "en"].interval == Interval(mean=-0.5, clusters=1, n=2)
    assert found["persona-k3", "golden", "overall"].interval == Interval(mean=1, clusters=1, n=1)
    assert found["golden", "none", "1-10"].interval.mean == -2
    assert found["none", "golden", "1-10"].interval.mean == 2
    assert ("persona-k3", "none", "11-20") not in found
    assert ("none", "none", "overall") not in found
    assert ("persona-k3", "none", "session 1") not in found
    assert {one.model for one in found.values()} == {"m1"}


def test_repetitions_of_a_scene_are_averaged() -> None:
    found = aggregate(
        [
            observed("a", 3, repetition=1),
            observed("a", 2, repetition=2),
            observed("a", 1, repetition=2, setting="golden"),
        ]
    )
    assert scores(Aggregated(tuple(one for one in found.scores if one.setting == "none"), (), ()))[
        "overall"
    ].interval == Interval(mean=2.5, clusters=1, n=2)
    assert differences(found)["golden", "none", "overall"].interval.mean == -1.5


def test_ends_of_lives_are_paired_wherever_they_were() -> None:
    found = aggregate(
        [
            observed("a", 8, metric="similarity", session=30, unit="end", setting="persona-k1"),
            observed("a", 5, metric="similarity", session=12, unit="end", setting="golden"),
        ]
    )
    assert differences(found)["persona-k1", "golden", "overall"].interval.mean == 3


def test_the_gap_is_between_the_best_language_and_the_worst() -> None:
    observations = [
        observed("a", 8, metric="helpfulness", language="en"),
        observed("b", 4, metric="helpfulness", language="en"),
        observed("c", 9, metric="helpfulness", language="de"),
        observed("d", 7, metric="helpfulness", language="sw"),
        observed("a", 1, language="en"),
        observed("d", 3, language="sw"),
        observed("a", 1, metric="f1", language="en"),
    ]
    assert aggregate(observations).gaps == (
        Gap(setting="none", model="m1", metric="helpfulness", best="de", worst="en", gap=3),
        Gap(setting="none", model="m1", metric="utterances", best="en", worst="sw", gap=-2),
    )


def test_the_order_of_observations_tells_nothing() -> None:
    observations = [
        observed(person, value, setting=setting, session=session, metric=metric)
        for person in "abc"
        for setting in ("none", "golden")
        for metric in ("f1", "utterances")
        for session, value in ((1, 1), (15, 2))
    ]
    shuffled = random.Random(1).sample(observations, len(observations))
    assert aggregate(shuffled) == aggregate(iter(observations))


def test_of_nothing_there_are_no_scores() -> None:
    assert aggregate([]) == Aggregated((), (), ())


def test_a_metric_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="charm"):
        aggregate([observed("a", 1, metric="charm")])
