"""A golden persona that is wrong in everything."""

from __future__ import annotations

import pytest

from persona.benchmark.shuffled import shuffled
from tests.persona.benchmark.lived import change
from tests.persona.benchmark.made import AGE, CAREER, INTERESTS, someone


@pytest.mark.parametrize("seed", range(5))
def test_every_value_is_anothers_and_never_was_the_persons(seed: int) -> None:
    people = [
        someone({CAREER: "baker", INTERESTS: ("chess", "go")}, change(3, CAREER, "baker", "vet")),
        someone({CAREER: "Vet", INTERESTS: ("go",)}, person_id="p2"),
        someone({CAREER: "nurse", INTERESTS: ("tea",)}, person_id="p3"),
        someone({CAREER: "cook", INTERESTS: ("films",)}, person_id="p4", language="de"),
    ]
    found = shuffled(people, seed)
    # The vet is no stranger to who becomes one; and there is an English nurse, so no German cook.
    assert found["p1"] == {CAREER: ("nurse",), INTERESTS: ("tea",)}
    assert set(found["p2"]) == set(found["p3"]) == set(found["p4"]) == {CAREER, INTERESTS}
    assert found["p3"][CAREER] in {("baker",), ("Vet",)}


def test_without_a_foreign_value_a_slot_is_left_out() -> None:
    people = [
        someone({CAREER: "baker", AGE: "30"}),
        someone({CAREER: "BAKER", AGE: "31"}, person_id="p2"),
    ]
    assert shuffled(people, 0) == {"p1": {AGE: ("31",)}, "p2": {AGE: ("30",)}}
