"""Learned values that nothing supports."""

from __future__ import annotations

import pytest

from persona.benchmark.log import Held
from persona.benchmark.metrics.support import measure
from persona.registry import Registry
from tests.persona.benchmark.lived import (
    CAREER,
    INTERESTS,
    change,
    held,
    life,
    person,
    seen,
    session,
)

REGISTRY = Registry()
TYPE = "personality.extraversion_introversion"
PURCHASE = "pattern.purchase"
EVA = person(
    {CAREER: "baker", TYPE: "introversion", PURCHASE: "compares prices"},
    change(9, PURCHASE, "compares prices", "buys at once"),
)


def test_the_share_of_what_nobody_said() -> None:
    learned = (held(CAREER, "baker"), held(INTERESTS, "sailing"), held(INTERESTS, "old maps"))
    lived = life(
        EVA,
        session(1, said="I am a baker."),
        session(2, *learned, said="What could I cook?"),
        session(3, *learned, said="I love sailing."),
        session(4, *learned, said="And old maps."),
    )
    # After the first session nothing is held; then two of three are invented, one, and none.
    found = seen(measure(lived, REGISTRY))
    assert found == {
        (2, "unsupported"): pytest.approx(2 / 3),
        (3, "unsupported"): pytest.approx(1 / 3),
        (4, "unsupported"): 0,
    }


@pytest.mark.parametrize(
    ("value", "unsupported"),
    [
        (held(TYPE, "introversion"), 0),
        (held(TYPE, "extraversion"), 1),
        (held(PURCHASE, "Compares prices.", basis="inferred"), 0),
        (held(PURCHASE, "buys at once", basis="inferred"), 0),
        (held(PURCHASE, "never pays cash", basis="inferred"), 1),
        (held(PURCHASE, "compares prices", basis="stated"), 1),
        (held(INTERESTS, "sailing", basis="edited"), 0),
    ],
)
def test_what_is_not_in_the_persons_words_must_be_true_of_them(
    value: Held, unsupported: float
) -> None:
    found = seen(measure(life(EVA, session(1, value)), REGISTRY))
    assert found == {(1, "unsupported"): unsupported}


def test_what_is_pending_was_not_learned() -> None:
    lived = life(EVA, session(1, held(INTERESTS, "sailing", status="pending")))
    assert not list(measure(lived, REGISTRY))


def test_settings_without_a_persona_are_not_measured() -> None:
    lived = life(EVA, session(1, held(INTERESTS, "sailing")), setting="golden")
    assert not list(measure(lived, REGISTRY))
