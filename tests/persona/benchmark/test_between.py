"""The difference between two runs, computed by hand."""

from __future__ import annotations

import pytest

from persona.benchmark.between import Between
from tests.persona.benchmark.lived import observed

# 97.5 % of Student's t with one degree of freedom: two persons have no skewness.
T1 = 12.7062
PEOPLE = {"a", "b", "c", "d"}


def test_what_both_runs_lived_is_paired_by_person_and_unit() -> None:
    first = [
        observed("a", 3, session=1, repetition=1),
        observed("a", 2, session=1, repetition=2),
        observed("a", 1, session=2),
        observed("b", 2, session=1),
        observed("b", 3, session=2),
        observed("c", 1, session=1),
    ]
    second = [
        observed("a", 1, session=1, model="m2"),
        observed("a", 2, session=2, model="m2"),
        observed("b", 3, session=1, model="m2"),
        observed("d", 3, session=1, model="m2"),
    ]
    found = Between(first, second, PEOPLE, 20).difference("utterances", "none", "m1", "m2")
    assert found is not None
    # a: the mean of 1 − 2.5 and 2 − 1; b: 3 − 2. Half of their distance is the standard error.
    assert (found.mean, found.clusters, found.n) == (0.375, 2, 3)
    assert found.low == pytest.approx(0.375 - 0.625 * T1, abs=1e-4)
    assert found.high == pytest.approx(0.375 + 0.625 * T1, abs=1e-4)


def test_only_people_with_the_same_data_count() -> None:
    first = [observed("a", 3), observed("b", 2), observed("c", 1)]
    second = [observed("a", 1), observed("b", 1), observed("c", 3)]
    found = Between(first, second, {"a", "b"}, 3).difference("utterances", "none", "m1", "m1")
    assert found is not None
    assert (found.mean, found.clusters) == (-1.5, 2)
    # Nobody can need more than three messages, nor fewer than one.
    assert (found.low, found.high) == (-2, 2)


def test_a_difference_of_shares_is_at_most_one() -> None:
    first = [observed("a", 0, metric="censored"), observed("b", 0, metric="censored")]
    second = [observed("a", 1, metric="censored"), observed("b", 0, metric="censored")]
    found = Between(first, second, PEOPLE, 3).difference("censored", "none", "m1", "m1")
    assert found is not None
    assert (found.low, found.mean, found.high) == (-1, 0.5, 1)


def test_runs_that_share_nothing_have_no_difference() -> None:
    both = Between(
        [observed("a", 1)], [observed("b", 1), observed("a", 1, setting="golden")], PEOPLE, 3
    )
    assert both.difference("utterances", "none", "m1", "m1") is None
    assert both.difference("utterances", "golden", "m1", "m1") is None
    assert both.difference("helpfulness", "none", "m1", "m1") is None
