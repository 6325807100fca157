"""What is said on the scripted track is read back as what it says, in every language, or not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.benchmark.schema import Need
from persona.benchmark.scripted.sentences import (
    Statement,
    can_say,
    read,
    read_all,
    says,
    spoken_by,
)
from persona.benchmark.scripted.table import HINTED, STATED, Table, languages, table
from tests.persona.benchmark.made import CAREER, EXTRAVERSION, NAME, STYLES, someone


@pytest.fixture(params=languages())
def spoken(request: pytest.FixtureRequest) -> Table:
    return table(request.param)


def _statements(spoken: Table) -> Iterator[tuple[str, Statement]]:
    for slot in STATED:
        for value in spoken.values[slot]:
            yield spoken.state(slot, value), Statement("state", slot, value)
            yield spoken.end(slot, value), Statement("end", slot, value)
            yield spoken.forget(slot, value), Statement("forget", slot, value)
    for slot in HINTED:
        for value, sentences in spoken.hints[slot].items():
            for sentence in sentences:
                yield sentence, Statement("hint", slot, value)


def test_every_sentence_is_read_as_what_it_says(spoken: Table) -> None:
    wrong = [(said, read(said)) for said, meant in _statements(spoken) if read(said) != meant]
    assert wrong == []


def test_no_sentence_is_one_of_another_language_that_says_something_else() -> None:
    meant: dict[str, Statement] = {}
    for language in languages():
        for said, statement in _statements(table(language)):
            assert meant.setdefault(said, statement) == statement, (language, said)


def test_questions_say_nothing_of_who_asks(spoken: Table) -> None:
    asked = [*spoken.topics.values(), *spoken.contexts, *spoken.not_yet, spoken.probe]
    asked += [f"{topic} {spoken.contexts[0]}" for topic in spoken.topics.values()]
    assert [said for said in asked if read(said) is not None] == []


@pytest.mark.parametrize("slot", STATED)
def test_words_of_ones_own_are_read_too(spoken: Table, slot: str) -> None:
    assert read(spoken.state(slot, "Qxz")) == Statement("state", slot, "Qxz")
    assert read(spoken.end(slot, "Qxz")) == Statement("end", slot, "Qxz")
    assert read(spoken.forget(slot, "Qxz")) == Statement("forget", slot, "Qxz")
    assert read(spoken.state(slot, "")) is None


@given(st.text())
def test_whatever_is_said_nothing_is_raised(text: str) -> None:
    found = read(text)
    assert found is None or found.value in text
    assert list(read_all([text])) == ([] if found is None else [found])


@given(st.text(min_size=1))
def test_any_value_is_read_back(value: str) -> None:
    said = table("en").forget(STYLES, value)
    assert read(said) == Statement("forget", STYLES, value)


def test_what_means_nothing_is_left_out_in_order() -> None:
    said = ["Hello!", "I am from Peru.", "I no longer speak Irish.", "My name is Kemi. Bye"]
    assert list(read_all(said)) == [
        Statement("state", "demographics.nationality", "Peru"),
        Statement("end", "demographics.languages", "Irish"),
    ]


def test_hints_take_turns_and_what_has_no_words_is_not_said() -> None:
    one, other = table("en").hints[EXTRAVERSION]["introversion"]
    person = someone({})
    said = [says(person, EXTRAVERSION, "introversion", session) for session in (1, 2, 3)]
    assert said == [other, one, other]
    assert says(person, EXTRAVERSION, "no such", 1) is None
    assert says(person, "demographics.shoe_size", "38", 1) is None
    assert says(person, NAME, "Kemi", 1) == "My name is Kemi."
    assert can_say(person, Need(slot=CAREER), "baker")
    assert not can_say(person, Need(slot="pattern.usage"), "no such")


def test_who_has_no_table_speaks_english() -> None:
    assert spoken_by(someone({}, language="tlh")) == table("en")
    assert spoken_by(someone({}, language="ko")) == table("ko")
    with pytest.raises(KeyError):
        table("tlh")
