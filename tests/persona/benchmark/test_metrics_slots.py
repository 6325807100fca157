"""Precision, recall and F1 of learned slots, computed by hand."""

from __future__ import annotations

import pytest

from persona.benchmark.metrics.slots import measure
from persona.benchmark.schema import Value
from persona.registry import Registry
from tests.persona.benchmark.lived import (
    CAREER,
    INTERESTS,
    STYLES,
    change,
    forget,
    held,
    life,
    person,
    seen,
    session,
)

REGISTRY = Registry()
# Five values: one of text, four in two lists.
ANNA: dict[str, Value] = {
    CAREER: "Café owner",
    INTERESTS: ("jazz", "hiking", "chess"),
    STYLES: ("short answers",),
}


def test_pairs_are_compared() -> None:
    learned = session(
        1,
        held(CAREER, "cafe  owner"),
        held(INTERESTS, "jazz"),
        held(INTERESTS, "cooking"),
        held(INTERESTS, "chess", status="pending"),
        held(STYLES, "hiking"),
    )
    found = seen(measure(life(person(ANNA), learned), REGISTRY))
    # Right: the career, spelt otherwise, and jazz; 4 are learned, 5 wanted.
    assert found[1, "precision"] == pytest.approx(2 / 4)
    assert found[1, "recall"] == pytest.approx(2 / 5)
    assert found[1, "f1"] == pytest.approx(2 * 2 / (4 + 5))
    assert found[1, "f1_exact"] == pytest.approx(2 * 1 / (4 + 5))
    # Interests: 1 of 2 learned and of 3 wanted; styles: none.
    assert found[1, "f1_list"] == pytest.approx((2 * 1 / (2 + 3) + 0) / 2)


def test_what_holds_is_wanted_from_the_session_of_its_event_on() -> None:
    bob = person({CAREER: "baker"}, change(2, CAREER, "baker", "teacher"))
    learned = held(CAREER, "baker")
    found = seen(measure(life(bob, session(1, learned), session(2, learned)), REGISTRY))
    assert (found[1, "f1"], found[2, "f1"]) == (1, 0)


def test_what_is_to_be_forgotten_is_not_wanted() -> None:
    eva = person({INTERESTS: ("jazz", "chess")}, forget(2, INTERESTS, "jazz"))
    learned = (held(INTERESTS, "jazz"), held(INTERESTS, "chess"))
    found = seen(measure(life(eva, session(1, *learned), session(2, *learned)), REGISTRY))
    assert (found[1, "precision"], found[2, "precision"]) == (1, 0.5)
    assert (found[1, "recall"], found[2, "recall"]) == (1, 1)
    assert found[2, "f1_list"] == pytest.approx(2 * 1 / 3)


def test_of_nothing_there_is_no_share() -> None:
    nobody = person({CAREER: "baker"}, forget(2, CAREER, "baker"))
    found = seen(measure(life(nobody, session(1), session(2)), REGISTRY))
    assert found == {
        (1, "recall"): 0,
        (1, "f1"): 0,
        (1, "f1_exact"): 0,
        (2, "f1"): 1,
        (2, "f1_exact"): 1,
    }


@pytest.mark.parametrize("setting", ["none", "golden", "retrieval", "full_history"])
def test_settings_without_a_persona_are_not_measured(setting: str) -> None:
    assert not list(measure(life(person(ANNA), session(1), setting=setting), REGISTRY))


def test_the_unit_is_the_scene() -> None:
    [one, *_] = measure(life(person(ANNA), session(7)), REGISTRY)
    assert (one.unit, one.session, one.person_id, one.language) == ("s7", 7, "p1", "en")
    assert (one.setting, one.model, one.repetition) == ("persona-k3", "m1", 1)
