"""Keeping the pace that Discord's answers ask for."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogs.text.pace import Pace
from tests.support.clock import ManualClock

CHANNEL = 300
POST = ("POST", f"/api/v10/channels/{CHANNEL}/messages")
EDIT = ("PATCH", f"/api/v10/channels/{CHANNEL}/messages/1000")


def limits(left: object, renewed_in: object, bucket: str | None = "b") -> dict[str, str | None]:
    named: dict[str, str | None] = {"X-RateLimit-Bucket": bucket} if bucket else {}
    return named | {
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset-After": str(renewed_in),
    }


def wait(pace: Pace, clock: ManualClock, channel: int = CHANNEL, floor: float = 1.0) -> float:
    """How long the next edit waits, in seconds."""
    earliest = clock.now() + timedelta(seconds=floor)
    return (pace.next_edit_at(channel, earliest) - clock.now()).total_seconds()


@pytest.fixture
def pace(clock: ManualClock) -> Pace:
    return Pace(clock)


def test_where_nothing_was_heard_the_interval_alone_counts(pace: Pace, clock: ManualClock) -> None:
    assert wait(pace, clock) == 1.0


@pytest.mark.parametrize(
    ("left", "renewed_in", "waits"),
    [(4, 2.0, 1.0), (4, 8.0, 2.0), (1, 5.0, 5.0), (0, 5.0, 5.0), (0, 0.2, 1.0), (2, 1e9, 1800.0)],
)
def test_what_is_left_is_spread_and_the_last_is_kept(
    pace: Pace, clock: ManualClock, left: int, renewed_in: float, waits: float
) -> None:
    pace.heard(*EDIT, 200, limits(left, renewed_in))
    assert wait(pace, clock) == waits
    assert wait(pace, clock, CHANNEL + 1) == 1.0
    clock.advance(timedelta(seconds=renewed_in))
    assert wait(pace, clock) == 1.0


def test_posts_count_where_they_share_the_limit(pace: Pace, clock: ManualClock) -> None:
    pace.heard(*POST, 200, limits(0, 4.0, "posts"))
    pace.heard(*EDIT, 200, limits(5, 4.0, "edits"))
    assert wait(pace, clock) == 1.0
    pace.heard(*POST, 200, limits(0, 4.0, "edits"))
    assert wait(pace, clock) == 4.0


def test_without_the_name_of_a_limit_kinds_are_told_apart(pace: Pace, clock: ManualClock) -> None:
    pace.heard(*POST, 200, limits(0, 4.0, None))
    assert wait(pace, clock) == 1.0
    pace.heard(*EDIT, 200, limits(0, 3.0, None))
    assert wait(pace, clock) == 3.0


def test_a_refusal_holds_up_its_channel_or_all(pace: Pace, clock: ManualClock) -> None:
    pace.heard(*POST, 429, {"Retry-After": "7"})
    assert (wait(pace, clock), wait(pace, clock, 1)) == (7.0, 1.0)
    pace.heard("GET", "/api/v10/users/@me", 429, {"Retry-After": "9", "X-RateLimit-Global": "true"})
    assert (wait(pace, clock), wait(pace, clock, 1)) == (9.0, 9.0)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", POST[1]),
        ("DELETE", EDIT[1]),
        ("PATCH", POST[1]),
        ("POST", f"{EDIT[1]}/reactions"),
        ("POST", "/api/v10/channels/300/typing"),
        ("PATCH", "/api/v10/webhooks/300/messages/1"),
    ],
)
def test_other_requests_tell_nothing(
    pace: Pace, clock: ManualClock, method: str, path: str
) -> None:
    pace.heard(method, path, 200, limits(0, 30.0))
    pace.heard(method, path, 429, {"Retry-After": "30"})
    assert wait(pace, clock) == 1.0


@pytest.mark.parametrize("odd", ["", "x", "-1", "nan", "-inf"])
def test_headers_without_sense_are_passed_over(pace: Pace, clock: ManualClock, odd: str) -> None:
    pace.heard(*EDIT, 429, {"Retry-After": odd})
    pace.heard(*EDIT, 200, limits(odd, 5))
    pace.heard(*EDIT, 200, limits(1, odd))
    pace.heard(*EDIT, 200, {"X-RateLimit-Remaining": "0"})
    assert wait(pace, clock) == 1.0


def test_it_does_not_grow_for_ever(pace: Pace, clock: ManualClock) -> None:
    for channel in range(10_000):
        path = f"/channels/{channel}/messages/1"
        pace.heard("PATCH", path, 429, limits(0, 50, f"b{channel}") | {"Retry-After": "60"})
    kept = sum(wait(pace, clock, channel) > 1 for channel in range(10_000))
    assert kept == 2000
    assert wait(pace, clock, 9_999) == 60


HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("X-RateLimit-Remaining", "X-RateLimit-Reset-After", "X-RateLimit-Bucket"),
            *("Retry-After", "X-RateLimit-Global"),
        ]
    ),
    st.one_of(st.text(max_size=5), st.floats().map(str), st.integers(-2, 10).map(str)),
)
ANSWERS = st.tuples(st.sampled_from([POST, EDIT]), st.sampled_from([200, 429, 500]), HEADERS)


@given(st.lists(ANSWERS, max_size=20), st.floats(0, 30))
@example(
    [
        (
            ("POST", "/api/v10/channels/300/messages"),
            200,
            {"X-RateLimit-Remaining": "INF", "X-RateLimit-Reset-After": "0"},
        )
    ],
    0.0,
)
def test_never_sooner_than_the_interval_nor_held_up_for_ever(
    answers: list[tuple[tuple[str, str], int, dict[str, str | None]]], floor: float
) -> None:
    clock = ManualClock()
    pace = Pace(clock)
    for (method, path), status, headers in answers:
        pace.heard(method, path, status, headers)
        assert floor - 1e-5 <= wait(pace, clock, floor=floor) <= 3600


@given(
    st.integers(1, 10),
    st.floats(0.1, 20),
    st.floats(0, 3),
    st.lists(st.floats(0.01, 5), max_size=60),
)
def test_a_limit_that_is_honoured_always_leaves_room_for_the_final_edit(
    limit: int, window: float, floor: float, pauses: list[float]
) -> None:
    """Discord counts edits in windows that begin with the first request in them."""
    clock = ManualClock()
    pace = Pace(clock)
    ends, left, last = clock.now(), 0, clock.now()
    for pause in pauses:
        clock.advance(timedelta(seconds=pause))
        now = clock.now()
        if now < pace.next_edit_at(CHANNEL, last + timedelta(seconds=floor)):
            continue
        if now >= ends:
            ends, left = now + timedelta(seconds=window), limit
        left -= 1
        assert left >= 0
        if limit > 1:
            assert left >= 1, "The final edit has no room."
        last = now
        renewed_in = math.ceil((ends - now).total_seconds() * 1000) / 1000
        pace.heard(*EDIT, 200, limits(left, renewed_in))
