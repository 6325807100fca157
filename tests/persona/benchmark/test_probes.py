"""Probes made of golden personas."""

from __future__ import annotations

import pytest

from persona.benchmark.probes import make_probes
from persona.benchmark.schema import Person
from tests.persona.benchmark.lived import change, forget
from tests.persona.benchmark.made import CAREER, FORMATS, INTERESTS, scene, someone

CAREERS = ("cook", "driver", "painter", "teacher")


def others() -> list[Person]:
    return [
        someone({CAREER: career, INTERESTS: (f"i{number}", f"j{number}")}, person_id=f"q{number}")
        for number, career in enumerate(CAREERS)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_change_is_probed_five_sessions_later_with_the_former_value(seed: int) -> None:
    person = someone({CAREER: "baker"}, change(4, CAREER, "baker", "nurse"))
    scenes = [scene(number) for number in range(1, 13)]
    (probe,) = make_probes([person, *others()], scenes, seed)
    assert (probe.person_id, probe.session, probe.slot) == ("p1", 9, CAREER)
    assert probe.options[probe.answer] == "nurse"
    assert probe.former is not None
    assert probe.options[probe.former] == "baker"
    wrong = set(probe.options) - {"nurse", "baker"}
    assert len(probe.options) == 4
    assert len(wrong) == 2


@pytest.mark.parametrize(("last", "session"), [(7, 7), (5, 5)])
def test_a_life_that_ends_earlier_is_probed_at_its_end(last: int, session: int) -> None:
    person = someone({CAREER: "baker"}, change(4, CAREER, "baker", "nurse"))
    scenes = [scene(number) for number in range(1, last + 1)]
    assert [probe.session for probe in make_probes([person, *others()], scenes, 1)] == [session]


def test_a_change_at_the_very_end_is_not_probed() -> None:
    person = someone({CAREER: "baker"}, change(4, CAREER, "baker", "nurse"))
    assert make_probes([person, *others()], [scene(number) for number in range(1, 5)], 1) == []


def test_a_session_that_was_dropped_is_not_probed() -> None:
    person = someone({CAREER: "baker"}, change(2, CAREER, "baker", "nurse"))
    scenes = [scene(number) for number in (1, 2, 3, 5, 6, 8, 9)]
    assert [probe.session for probe in make_probes([person, *others()], scenes, 1)] == [6]


@pytest.mark.parametrize("seed", range(5))
def test_what_was_never_true_is_asked_beside_what_is(seed: int) -> None:
    interests = ("chess", "i0")
    person = someone({INTERESTS: interests, FORMATS: ("lists",)})
    found = make_probes([person, *others()], [scene(1), scene(2)], seed)
    assert {(probe.slot, probe.session) for probe in found} == {(INTERESTS, 2), (FORMATS, 2)}
    for probe in found:
        right = interests if probe.slot == INTERESTS else ("lists",)
        assert probe.options[probe.answer] in right
        assert len(set(probe.options) & set(right)) == 1
        assert probe.former is None


def test_what_is_to_be_forgotten_is_not_asked() -> None:
    person = someone({CAREER: "baker"}, forget(2, CAREER, "baker"))
    scenes = [scene(number) for number in range(1, 9)]
    assert make_probes([person, *others()], scenes, 1) == []


def test_the_same_seed_gives_the_same_probes() -> None:
    people = [someone({INTERESTS: ("chess", "tea"), FORMATS: ("lists",)}), *others()]
    scenes = [scene(1, person_id=person.person_id) for person in people]
    assert make_probes(people, scenes, 3) == make_probes(people, scenes, 3)
    assert make_probes(people, scenes, 3) != make_probes(people, scenes, 4)


def test_a_new_value_that_is_to_be_forgotten_is_no_answer() -> None:
    events = (change(2, INTERESTS, "go", "tea"), forget(4, INTERESTS, "tea"))
    person = someone({INTERESTS: ("chess", "go")}, *events)
    (probe,) = make_probes([person, *others()], [scene(number) for number in range(1, 9)], 1)
    assert probe.options[probe.answer] == "chess"
