"""The controls of a run: each holds where it should, and fails where the machinery is at fault."""

from __future__ import annotations

from typing import Literal

import pytest

from persona.benchmark.controls import check, gather
from persona.benchmark.scores import Control, Observation
from tests.persona.benchmark.lived import observed

PEOPLE = ("a", "b", "c", "d")
Track = Literal["scripted", "model"]


def run(setting: str, *values: float, metric: str = "personalization") -> list[Observation]:
    return [
        observed(person, value, setting=setting, metric=metric)
        for person, value in zip(PEOPLE, values, strict=True)
    ]


def checked(track: Track, *lives: list[Observation]) -> dict[str, Control]:
    observations = [each for life in lives for each in life]
    settings = {each.setting for each in observations}
    return {control.name: control for control in check(track, settings, gather(observations))}


@pytest.mark.parametrize(
    ("values", "holds"),
    [((0, 0, 0, 1), True), ((5, 5, 5, 5), True), ((5, 6, 4, 6), True), ((7, 7, 8, 7), False)],
)
def test_a_shuffled_persona_must_be_no_better_than_none(
    values: tuple[float, ...], holds: bool
) -> None:
    found = checked("scripted", run("none", 5, 5, 5, 5), run("control-shuffled", *values))
    assert {name: control.holds for name, control in found.items()} == {"shuffled persona": holds}


def test_what_is_less_the_better_is_no_gain() -> None:
    none = run("none", 3, 3, 3, 3, metric="utterances")
    fewer = run("control-shuffled", 1, 2, 1, 2, metric="utterances")
    more = run("control-shuffled", 3, 4, 3, 4, metric="utterances")
    assert not checked("scripted", none, fewer)["shuffled persona"].holds
    assert checked("scripted", none, more)["shuffled persona"].holds


@pytest.mark.parametrize(
    ("track", "values", "holds"),
    [
        ("scripted", (5, 5, 7, 5), True),
        # One session in which they differ is a fault, whatever its interval.
        ("scripted", (5, 5, 7, 5.1), False),
        ("model", (5, 5, 7, 6), True),
        ("model", (6, 6, 8.1, 6), False),
    ],
)
@pytest.mark.parametrize(
    ("control", "other", "name"),
    [
        ("control-no-learning", "none", "learner that returns nothing"),
        ("control-silent", "control-silent-none", "user who reveals nothing"),
    ],
)
def test_what_must_be_equal(
    track: Track, values: tuple[float, ...], holds: bool, control: str, other: str, name: str
) -> None:
    found = checked(track, run(other, 5, 5, 7, 5), run(control, *values))
    assert found[name].holds is holds


def test_no_persona_may_be_better_than_golden() -> None:
    golden = run("golden", 9, 9, 8, 9)
    found = checked("scripted", golden, run("persona-k1", 7, 8, 8, 9), run("persona-k3", *[10] * 4))
    assert found["persona-k1 against golden"].holds
    assert not found["persona-k3 against golden"].holds
    assert "personalization" in found["persona-k3 against golden"].seen


def test_a_control_with_nothing_to_compare_does_not_hold() -> None:
    others = [observed("e", 5, setting="control-no-learning", metric="personalization")]
    found = checked("scripted", run("none", 5, 5, 5, 5), others)
    control = found["learner that returns nothing"]
    assert (control.holds, control.seen) == (False, "nothing to compare")
