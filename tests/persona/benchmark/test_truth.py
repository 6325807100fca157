"""What is true of a person at a session, and who cannot be."""

from __future__ import annotations

import pytest

from persona.benchmark.consistency import contradictions
from persona.benchmark.schema import Event, Value
from persona.benchmark.truth import truth
from persona.registry import Registry
from tests.persona.benchmark.lived import change, forget
from tests.persona.benchmark.made import AGE, CAREER, EXTRAVERSION, INTERESTS, STYLES, someone

LIFE = someone(
    {CAREER: "baker", INTERESTS: ("chess", "jazz"), AGE: "42"},
    forget(9, AGE, "42"),
    change(3, CAREER, "Baker", "vet"),
    change(5, INTERESTS, "jazz", None),
    change(6, INTERESTS, None, "golf"),
    change(8, INTERESTS, "golf", "Jazz"),
    change(10, STYLES, None, "short"),
)


@pytest.mark.parametrize(
    ("session", "values", "former"),
    [
        (2, {CAREER: ("baker",), INTERESTS: ("chess", "jazz")}, {}),
        (3, {CAREER: ("vet",), INTERESTS: ("chess", "jazz")}, {CAREER: ("Baker",)}),
        (5, {INTERESTS: ("chess",)}, {INTERESTS: ("jazz",)}),
        (7, {INTERESTS: ("chess", "golf")}, {INTERESTS: ("jazz",)}),
        # What comes back is true again.
        (8, {INTERESTS: ("chess", "Jazz")}, {INTERESTS: ("golf",)}),
        (10, {STYLES: ("short",)}, {CAREER: ("Baker",)}),
    ],
)
def test_what_holds_and_what_held(
    session: int, values: dict[str, tuple[str, ...]], former: dict[str, tuple[str, ...]]
) -> None:
    now = truth(LIFE, session)
    assert {slot: now.values[slot] for slot in values} == values
    if session == 2:
        assert now.former == {}
    assert {slot: now.former[slot] for slot in former} == former


def test_what_is_to_be_forgotten_holds_but_is_not_usable() -> None:
    assert truth(LIFE, 8).usable[AGE] == ("42",)
    now = truth(LIFE, 9)
    assert (now.values[AGE], now.forgotten) == (("42",), {AGE: ("42",)})
    assert AGE not in now.usable
    assert now.usable[INTERESTS] == ("chess", "Jazz")


@pytest.mark.parametrize(
    ("slots", "events", "wrong"),
    [
        ({CAREER: "baker", INTERESTS: ("chess",)}, (), []),
        ({"demographics.shoe": "38"}, (), ["demographics.shoe is no slot"]),
        ({INTERESTS: "chess"}, (), [f"{INTERESTS} is a list"]),
        ({CAREER: ("baker",)}, (), [f"{CAREER} is a text"]),
        ({EXTRAVERSION: "shy"}, (), [f"{EXTRAVERSION} is one of: extraversion, introversion"]),
        ({INTERESTS: ("chess", "Chess ")}, (), [f"{INTERESTS} has a value twice"]),
        (
            {STYLES: tuple(map(str, range(11)))},
            (),
            [f"{STYLES} has more than 10 values"],
        ),
        (
            {CAREER: "baker"},
            (change(2, CAREER, "vet", "nurse"),),
            ["the event of session 2 ends what did not hold"],
        ),
        (
            {INTERESTS: ("chess", "go")},
            (change(4, INTERESTS, "go", "CHESS"),),
            ["the event of session 4 begins what held already"],
        ),
        ({}, (change(2, "a.b", None, "c"),), ["the event of session 2 is about no slot"]),
        ({CAREER: "a"}, (change(2, CAREER, "a", "b"), change(5, CAREER, "b", "a")), []),
        (
            {CAREER: "a"},
            (change(2, CAREER, "a", "b"), forget(3, CAREER, "a")),
            ["the event of session 3 ends what did not hold"],
        ),
    ],
)
def test_contradictions(
    slots: dict[str, Value], events: tuple[Event, ...], wrong: list[str]
) -> None:
    assert contradictions(someone(slots, *events), Registry()) == wrong
