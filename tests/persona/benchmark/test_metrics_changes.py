"""Values that are held after they changed."""

from __future__ import annotations

from persona.benchmark.metrics.changes import measure
from tests.persona.benchmark.lived import (
    CAREER,
    INTERESTS,
    change,
    forget,
    held,
    life,
    person,
    session,
)

BAKER = held(CAREER, "Baker")


def test_a_former_value_is_stale_while_it_is_held() -> None:
    bob = person({CAREER: "baker"}, change(2, CAREER, "baker", "teacher"))
    lived = life(
        bob,
        session(1, BAKER),
        session(2, BAKER),
        session(3, held(CAREER, "baker", status="pending")),
        session(4, BAKER, held(CAREER, "teacher")),
        session(5, held(CAREER, "teacher"), held(INTERESTS, "baker")),
    )
    found = [(one.session, one.unit, one.metric, one.value) for one in measure(lived)]
    assert found == [
        (2, f"since 0:{CAREER}:2", "stale", 1),
        (3, f"since 1:{CAREER}:2", "stale", 0),
        (4, f"since 2:{CAREER}:2", "stale", 1),
        (5, f"since 3:{CAREER}:2", "stale", 0),
    ]


def test_what_is_true_again_is_not_stale() -> None:
    bob = person(
        {CAREER: "baker"},
        change(2, CAREER, "baker", "teacher"),
        change(4, CAREER, "teacher", "baker"),
    )
    found = measure(life(bob, *(session(number, BAKER) for number in range(1, 6))))
    assert [(one.session, one.unit, one.value) for one in found] == [
        (2, f"since 0:{CAREER}:2", 1),
        (3, f"since 1:{CAREER}:2", 1),
        (4, f"since 0:{CAREER}:4", 0),
        (5, f"since 1:{CAREER}:4", 0),
    ]


def test_only_changes_of_something_count() -> None:
    bob = person({CAREER: "baker"}, change(2, INTERESTS, None, "chess"), forget(2, CAREER, "baker"))
    assert not list(measure(life(bob, session(2, BAKER))))


def test_a_wish_to_forget_what_changed_counts_nothing_twice() -> None:
    bob = person(
        {CAREER: "baker"}, change(2, CAREER, "baker", "teacher"), forget(3, CAREER, "baker")
    )
    assert len(list(measure(life(bob, session(2, BAKER), session(3, BAKER))))) == 2


def test_settings_without_a_persona_are_not_measured() -> None:
    bob = person({CAREER: "baker"}, change(2, CAREER, "baker", "teacher"))
    assert not list(measure(life(bob, session(2), setting="retrieval")))
