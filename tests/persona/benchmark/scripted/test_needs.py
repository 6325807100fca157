"""What a reply meets of a scene's needs, and the form by which it is read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from persona.benchmark.schema import Need
from persona.benchmark.scripted.needs import Missing, Wrong, unmet, wanted
from persona.benchmark.scripted.reply import is_understood, values_of, write, write_unread
from persona.benchmark.truth import truth
from persona.normalise import normalise
from tests.persona.benchmark.lived import change, forget
from tests.persona.benchmark.made import AGE, CAREER, FORMATS, INTERESTS, STYLES, scene, someone

PERSON = someone(
    {CAREER: "Baker", INTERESTS: ("chess", "jazz"), STYLES: ("plain words",)},
    change(4, CAREER, "Baker", "vet"),
    forget(6, INTERESTS, "chess"),
)
CHESS, JAZZ = Need(slot=INTERESTS, item="chess"), Need(slot=INTERESTS, item="jazz")
CAREER_NEED, ANY_INTEREST = Need(slot=CAREER), Need(slot=INTERESTS)

values = st.text(min_size=1, max_size=40).filter(normalise)


def test_the_form_of_a_reply() -> None:
    reply = write({CAREER: ["vet"], STYLES: ['"plain" words', "一"]}, {"weather": "dry\nand warm"})
    assert reply == (
        "Here is something that fits you:\n"
        '- demographics.career: "vet"\n'
        '- preference.styles: "\\"plain\\" words"\n'
        '- preference.styles: "一"\n'
        '- weather: "dry\\nand warm"'
    )
    assert values_of(reply, STYLES) == ('"plain" words', "一")
    assert values_of(reply, "weather") == ("dry and warm",)
    assert values_of(reply, AGE) == ()
    assert write({}, {}) == "Here is something that fits most people."


def test_what_is_not_understood_is_told_from_what_is() -> None:
    assert [is_understood(each) for each in (write({}, {}), write({AGE: ["3"]}, {}))] == [True] * 2
    assert not is_understood(write_unread())
    assert not is_understood("")


@given(st.dictionaries(st.sampled_from((CAREER, AGE, INTERESTS)), st.lists(values)))
def test_what_is_written_is_read_back(told: dict[str, list[str]]) -> None:
    reply = write(told, {})
    for slot in (CAREER, AGE, INTERESTS):
        assert values_of(reply, slot) == tuple(map(normalise, told.get(slot, [])))


@given(st.text(st.sampled_from('- abu.:"\\\n\t01')), st.text())
def test_any_reply_can_be_read(text: str, more: str) -> None:
    for reply in (text, more, f'- a: "{text}"', f'- a: "{more}"'):
        assert isinstance(values_of(reply, "a"), tuple)


def test_what_only_looks_like_a_value_is_none() -> None:
    assert values_of('- a: "\\x"\n- a: "\\u12"\n- a: "\t"\n- a: "b"', "a") == ("b",)


def test_wanted_are_the_values_that_hold_and_may_be_known() -> None:
    needs = (CAREER_NEED, CHESS, JAZZ, ANY_INTEREST, Need(slot=FORMATS), Need(slot=AGE))
    three, six = scene(3, *needs), scene(6, *needs)
    assert wanted(three, truth(PERSON, 3)) == [
        (CAREER_NEED, "Baker"), (CHESS, "chess"), (JAZZ, "jazz"), (ANY_INTEREST, "chess"),
    ]  # fmt: skip
    assert wanted(six, truth(PERSON, 6)) == [
        (CAREER_NEED, "vet"), (JAZZ, "jazz"), (ANY_INTEREST, "jazz"),
    ]  # fmt: skip


def test_wrong_stands_before_missing_and_once_a_value() -> None:
    now = truth(PERSON, 5)
    asked = scene(5, CHESS, JAZZ, CAREER_NEED)
    reply = write({INTERESTS: ["go", "JAZZ"], CAREER: ["baker"]}, {})
    assert unmet(asked, now, reply) == [
        Wrong(CHESS, "go"),
        Wrong(CAREER_NEED, "baker"),
        Missing(CHESS, "chess"),
        Missing(CAREER_NEED, "vet"),
    ]
    # Nothing asks for these.
    assert unmet(asked, now, write({**now.values, STYLES: ["verse"]}, {})) == []


def test_what_is_to_be_forgotten_is_neither_needed_nor_wrong() -> None:
    now = truth(PERSON, 6)
    asked = scene(6, CHESS, JAZZ)
    assert unmet(asked, now, write({INTERESTS: ["jazz"]}, {})) == []
    assert unmet(asked, now, write({INTERESTS: ["jazz", "chess"]}, {})) == []


people = st.builds(
    lambda career, interests: someone({CAREER: career, INTERESTS: tuple(interests)}),
    values,
    st.lists(values, min_size=1, max_size=4, unique_by=normalise),
)


@given(people, st.data())
def test_golden_satisfies_nothing_does_not_and_wrong_never_does(
    person: object, data: st.DataObject
) -> None:
    assert isinstance(person, type(PERSON))
    items = [Need(slot=INTERESTS, item=item) for item in person.slots[INTERESTS]]
    needs = data.draw(st.lists(st.sampled_from([CAREER_NEED, *items]), min_size=1, unique_by=repr))
    now, asked = truth(person, 1), scene(1, *needs)
    assert unmet(asked, now, write(now.usable, {})) == []
    assert len(unmet(asked, now, write({}, {}))) == len(needs)
    slot = data.draw(st.sampled_from(needs)).slot
    wrong = data.draw(values.filter(lambda value: normalise(value) not in _held(now.values[slot])))
    told = {**now.usable, slot: (*now.usable[slot], wrong)}
    found = unmet(asked, now, write(told, {}))
    assert [type(each) for each in found] == [Wrong]


def _held(given: tuple[str, ...]) -> set[str]:
    return set(map(normalise, given))
