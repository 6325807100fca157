"""How sure a value is: what adds to it, and what takes from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.confidence import confidence
from persona.persona import Basis, Item
from persona.registry import Registry, Slot

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
REGISTRY = Registry()
NAME, AGE = REGISTRY["demographics.name"], REGISTRY["demographics.age"]

slots = st.sampled_from(list(REGISTRY.values()))
ages = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=36_500))
bases = st.sampled_from(["stated", "inferred"])
sessions = st.integers(1, 12)
repeated = st.integers(0, 12)


def item(
    basis: Basis = "stated", sessions: int = 1, messages: int = 1, age: timedelta = timedelta(0)
) -> Item:
    said_at = NOW - age if messages else None
    return Item("id", "slot", "value", basis, "active", None, messages, sessions, said_at)


@given(st.sampled_from(["edited", "stated", "inferred"]), repeated, repeated, ages, slots)
def test_it_is_never_below_nothing_or_above_certain(
    basis: Basis, sessions: int, more: int, age: timedelta, slot: Slot
) -> None:
    assert 0 <= confidence(item(basis, sessions, sessions + more, age), slot, NOW) <= 1


@given(repeated, repeated, ages, slots)
def test_what_the_person_wrote_is_certain_whatever_its_evidence_and_age(
    sessions: int, more: int, age: timedelta, slot: Slot
) -> None:
    assert confidence(item("edited", sessions, sessions + more, age), slot, NOW) == 1


@given(bases, ages, slots)
def test_without_evidence_there_is_none(basis: Basis, age: timedelta, slot: Slot) -> None:
    assert confidence(item(basis, 0, 0, age), slot, NOW) == 0


@given(bases, sessions, repeated, ages, slots)
def test_another_session_adds_to_it_and_another_message_less(
    basis: Basis, sessions: int, more: int, age: timedelta, slot: Slot
) -> None:
    messages = sessions + more
    once = confidence(item(basis, sessions, messages, age), slot, NOW)
    again = confidence(item(basis, sessions, messages + 1, age), slot, NOW)
    elsewhere = confidence(item(basis, sessions + 1, messages + 1, age), slot, NOW)
    assert once < again < elsewhere or elsewhere < 1e-9


@given(sessions, repeated, ages, slots)
def test_a_statement_is_surer_than_a_guess(
    sessions: int, more: int, age: timedelta, slot: Slot
) -> None:
    guess = confidence(item("inferred", sessions, sessions + more, age), slot, NOW)
    said = confidence(item("stated", sessions, sessions + more, age), slot, NOW)
    assert guess < said or said < 1e-9


@given(bases, sessions, repeated, ages, st.timedeltas(timedelta(days=1), timedelta(days=3650)))
def test_it_falls_with_age_where_things_change(
    basis: Basis, sessions: int, more: int, age: timedelta, later: timedelta
) -> None:
    known = item(basis, sessions, sessions + more, age)
    before = confidence(known, AGE, NOW)
    assert confidence(known, AGE, NOW + later) < before or before < 1e-9


@given(bases, sessions, repeated, ages)
def test_it_does_not_fall_where_nothing_changes(
    basis: Basis, sessions: int, more: int, age: timedelta
) -> None:
    assert NAME.half_life_days is None
    known = item(basis, sessions, sessions + more, age)
    fresh = replace(known, said_at=NOW)
    assert confidence(known, NAME, NOW) == confidence(fresh, NAME, NOW)


def test_it_halves_with_every_half_life() -> None:
    assert AGE.half_life_days is not None
    fresh = confidence(item(), AGE, NOW)
    for lives in range(4):
        age = lives * timedelta(days=AGE.half_life_days)
        assert confidence(item(age=age), AGE, NOW) == pytest.approx(fresh / 2**lives)


def test_a_clock_set_back_makes_nothing_surer() -> None:
    ahead = item(age=-timedelta(days=400))
    assert confidence(ahead, AGE, NOW) == confidence(item(), AGE, NOW)


def test_one_plain_statement_is_worth_more_than_three_sessions_of_hints() -> None:
    assert confidence(item("stated"), NAME, NOW) > confidence(item("inferred", 3, 3), NAME, NOW)
