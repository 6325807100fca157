"""How alike people may be."""

from __future__ import annotations

from persona.benchmark.diversity import Diversity
from persona.benchmark.schema import Person, Value
from tests.persona.benchmark.made import AGE, CAREER, INTERESTS, NAME, someone

INTERESTED = ("chess", "go", "tea")


def person(number: int, career: str, **others: str) -> Person:
    slots: dict[str, Value] = {
        NAME: f"Name {number}",
        CAREER: career,
        INTERESTS: (f"a{number}", f"b{number}"),
    }
    return someone(slots, person_id=f"p{number}", **others)


def test_four_values_of_five_in_common_are_too_many() -> None:
    diversity = Diversity([someone({NAME: "Ann", CAREER: "baker", INTERESTS: INTERESTED})])
    near: dict[str, Value] = {NAME: "Bea", CAREER: "Baker", INTERESTS: ("Chess", "go", "tea")}
    assert diversity.refuses(someone(near, person_id="p2")) == "near-duplicate"
    further: dict[str, Value] = near | {CAREER: "nurse"}
    assert diversity.refuses(someone(further, person_id="p2")) is None
    # Two who speak different languages are not compared: values are words.
    assert diversity.refuses(someone(near, person_id="p2", language="de")) is None


def test_of_many_only_a_share_may_have_the_same_career() -> None:
    diversity = Diversity([person(number, "baker") for number in range(2)])
    for number in range(2, 7):
        diversity.add(person(number, f"career {number}"))
    # Two of seven are bakers; a third of eight would be more than three in ten.
    assert diversity.refuses(person(8, "baker")) == "quota"
    assert diversity.refuses(person(8, "baker", language="de")) is None
    assert diversity.refuses(person(8, "vet")) is None


def test_few_may_be_alike_in_one_thing() -> None:
    diversity = Diversity([person(number, "baker") for number in range(6)])
    assert diversity.refuses(person(7, "baker")) is None
    diversity.add(person(7, "baker"))
    assert diversity.refuses(person(8, "baker")) == "quota"


def test_slots_without_a_quota_may_be_the_same_for_all() -> None:
    common = "tea"
    people = [
        someone(
            {AGE: str(30 + number), NAME: f"N{number}", INTERESTS: (common,)},
            person_id=f"p{number}",
        )
        for number in range(9)
    ]
    diversity = Diversity(people[:8])
    assert diversity.refuses(people[8]) is None
