"""Intervals over clusters: by hand, and against textbook values."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from statistics import NormalDist

import pytest

from persona.benchmark.clusters import Clusters, Values
from persona.benchmark.scores import Interval
from persona.benchmark.statistics import interval, paired, student, studentised
from persona.errors import SettingsError

# Means 1, 2, 3, 6: their mean is 3, their variance 14 / 3, so the standard error 1.0801.
FOUR = {"a": [0.0, 2.0], "b": [2.0], "c": [3.0, 3.0, 3.0], "d": [6.0]}
ERROR = (14 / 3 / 4) ** 0.5
# 97.5 % of Student's t with three degrees of freedom, from the table.
T3 = 3.18245

Method = Callable[[Values], Interval]
METHODS: list[Method] = [interval, student, lambda values: studentised(values, 1)]


def test_every_cluster_weighs_alike() -> None:
    found = student(FOUR)
    assert found.mean == 3
    assert (found.clusters, found.n) == (4, 7)
    assert found.low == pytest.approx(3 - T3 * ERROR, abs=1e-5)
    assert found.high == pytest.approx(3 + T3 * ERROR, abs=1e-5)


def test_the_skewness_is_corrected_for() -> None:
    # Cubes of -2, -1, 0, 3 sum up to 18, so the skewness is 4.5 / (14 / 3) ** 1.5 = 0.446378, over
    # the root of four 0.223189. Hall's transformation of 2.60695 and of -4.63316 is +-3.18245.
    found = interval(FOUR)
    skew = 0.223189
    for quantile in (2.60695, -4.63316):
        transformed = quantile + skew * quantile**2 / 3 + skew**2 * quantile**3 / 27 + skew / 6
        assert abs(transformed) == pytest.approx(T3, abs=1e-4)
    assert found.low == pytest.approx(3 - 2.60695 * ERROR, abs=1e-4)
    assert found.high == pytest.approx(3 + 4.63316 * ERROR, abs=1e-4)


def test_symmetric_clusters_need_no_correction() -> None:
    values = {"a": [1.0], "b": [2.0], "c": [3.0]}
    assert interval(values) == student(values)


@pytest.mark.parametrize("method", METHODS)
def test_pairs_and_sums_are_as_good_as_lists(method: Method) -> None:
    pairs = [(cluster, value) for cluster, values in FOUR.items() for value in values]
    sums: Clusters[str] = Clusters()
    for cluster, values in FOUR.items():
        sums.add(cluster, sum(values), len(values))
    assert method(iter(pairs)) == method(FOUR) == method(sums)


@pytest.mark.parametrize("method", METHODS)
def test_one_cluster_has_no_bounds(method: Method) -> None:
    assert method({"a": [1.0, 4.0]}) == Interval(mean=2.5, clusters=1, n=2)


@pytest.mark.parametrize("method", METHODS)
def test_equal_clusters_have_their_mean_as_bounds(method: Method) -> None:
    values = {"a": [0.1], "b": [0.0, 0.2], "c": [0.1]}
    assert method(values) == Interval(mean=0.1, low=0.1, high=0.1, clusters=3, n=4)


@pytest.mark.parametrize("method", METHODS)
def test_of_nothing_there_is_no_mean(method: Method) -> None:
    with pytest.raises(ValueError, match="no value"):
        method({})


def test_the_bootstrap_is_near_t_where_clusters_are_many_and_normal() -> None:
    # Quantiles of the normal distribution at 1/50, 2/50, ... 49/50.
    values = {place: [NormalDist().inv_cdf(place / 50)] for place in range(1, 50)}
    one, other = studentised(values, 1), student(values)
    assert one.low == pytest.approx(other.low, abs=0.03)
    assert one.high == pytest.approx(other.high, abs=0.03)
    assert studentised(values, 1) == one != studentised(values, 2)


def test_the_bootstrap_leans_to_the_long_tail() -> None:
    values = {place: [2.0 ** (place / 2)] for place in range(12)}
    one, other = studentised(values, 1), student(values)
    assert one.low is not None and other.low is not None and one.low > other.low
    assert one.high is not None and other.high is not None and one.high > other.high


def test_a_bound_the_bootstrap_cannot_give_is_none() -> None:
    # Two thirds of the resamples of 0, 0, 0, 0, 0, 1 hold the 1; a third are zeros only.
    values = {place: [0.0] for place in range(5)} | {5: [1.0]}
    found = studentised(values, 1)
    assert found.high is None
    assert found.low is not None


def test_differences_are_paired_by_cluster_and_unit() -> None:
    # a: 3 - 1 and 5 - 5, so 1; b: 4 - 1, so 3. The mean is 2, and the standard error 1.
    one = {("a", "x"): 3.0, ("a", "y"): 5.0, ("b", "x"): 4.0, ("c", "x"): 9.0}
    other = {("a", "x"): 1.0, ("a", "y"): 5.0, ("b", "x"): 1.0, ("b", "y"): 9.0}
    found = paired(one, other)
    assert found is not None
    assert (found.mean, found.clusters, found.n) == (2, 2, 3)
    # With one degree of freedom the quantile is 12.7062.
    assert found.low == pytest.approx(2 - 12.7062, abs=1e-4)
    assert found.high == pytest.approx(2 + 12.7062, abs=1e-4)
    assert paired(one, {("z", "x"): 1.0}) is None


def test_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(SettingsError, match=r"install requirements/bench\.txt of Rapport's folder"):
        studentised({"a": [1.0], "b": [2.0]}, 1)


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    script = (
        "import sys, persona.benchmark.statistics; assert not {'numpy', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
