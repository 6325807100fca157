"""Whether a wish to forget is obeyed."""

from __future__ import annotations

import pytest

from persona.benchmark.log import Held, LoggedTurn
from persona.benchmark.metrics.forgetting import measure, says
from persona.benchmark.metrics.life import MismatchError
from tests.persona.benchmark.lived import (
    CAREER,
    INTERESTS,
    STYLES,
    change,
    forget,
    held,
    life,
    person,
    scene,
    session,
)

EVA = person({INTERESTS: ("jazz", "smooth jazz")}, forget(2, INTERESTS, "jazz"))
WISH = LoggedTurn(kind="forget", said="Forget that I love jazz.", reply="Jazz is forgotten.")


def replied(reply: str) -> tuple[LoggedTurn, ...]:
    return (WISH, LoggedTurn(kind="query", said="An idea?", reply=reply, satisfied=True))


def test_it_is_measured_from_the_wish_on_in_every_setting() -> None:
    lived = life(
        EVA,
        *(session(number) for number in (1, 2, 3)),
        setting="retrieval",
        scenes=[scene(number) for number in (1, 2, 3)],
    )
    found = [(one.session, one.unit, one.metric, one.value) for one in measure(lived)]
    assert found == [
        (2, f"s2/{INTERESTS}", "forgetting", 1),
        (3, f"s3/{INTERESTS}", "forgetting", 1),
    ]


@pytest.mark.parametrize(
    ("value", "obeyed"),
    [
        (held(INTERESTS, "Jazz"), 0),
        (held(INTERESTS, "jazz", status="pending"), 0),
        (held(INTERESTS, "j-á-z-z"), 0),
        (held(INTERESTS, "listening to jazz"), 0),
        (held(INTERESTS, "smooth jazz"), 1),
        (held(INTERESTS, "chess"), 1),
        (held(STYLES, "jazz"), 1),
    ],
)
def test_it_must_not_be_held(value: Held, obeyed: float) -> None:
    [one] = measure(life(EVA, session(2, value), scenes=[scene(2)]))
    assert one.value == obeyed


@pytest.mark.parametrize(
    ("reply", "needs", "obeyed"),
    [
        ("Put on some JAZZ.", (INTERESTS,), 0),
        ("Put on some JAZZ.", (STYLES,), 1),
        ("Put on some music.", (INTERESTS,), 1),
    ],
)
def test_it_must_not_be_used(reply: str, needs: tuple[str, ...], obeyed: float) -> None:
    lived = life(EVA, session(2, turns=replied(reply)), setting="none", scenes=[scene(2, *needs)])
    [one] = measure(lived)
    assert one.value == obeyed


def test_changes_are_no_wishes() -> None:
    bob = person({CAREER: "baker"}, change(2, CAREER, "baker", "teacher"))
    assert not list(measure(life(bob, session(2), scenes=[scene(2)])))


def test_another_dataset_is_named() -> None:
    with pytest.raises(MismatchError, match="scene s2 is not in the dataset"):
        list(measure(life(EVA, session(2))))


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("The art of it", "art", True),
        ("Start now, artist", "art", False),
        ("You are 27.", "7", False),
        ("7, then", "7", True),
        ("你喜欢爵士乐吗", "爵士乐", True),
        ("我用Java开发", "java", True),
        ("JavaScript", "java", False),
        ("재즈를 좋아하시니", "재즈", True),
        ("Start, then art.", "art", True),
    ],
)
def test_values_are_found_as_words(text: str, value: str, said: bool) -> None:
    assert says(text, value) is said
