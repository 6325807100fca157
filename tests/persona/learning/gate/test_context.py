from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as example
from hypothesis import strategies as st

from persona.learning.gate import Context, Tombstones
from persona.learning.gate.context import Said
from persona.normalise import normalise
from tests.support.gate import (
    BEGIN,
    CAREER,
    INTERESTS,
    NAME,
    REGISTRY,
    STYLES,
    USAGE,
    accept,
    context,
    item,
    message,
    propose,
)

SHORT, WARM = item(STYLES, "Short"), item(STYLES, "warm")


def test_a_message_is_read_whole_as_the_persons_own_and_in_quotations() -> None:
    said = Said.of('I  LOVE\n\n tea.\n> no\nShe said "I hate all tea"')
    assert said.text == 'i love tea. > no she said "i hate all tea"'
    assert said.own == 'i love\ntea.\nshe said "i hate all tea"'
    assert said.quotations == ("i hate all tea",)


@example(st.text())
def test_the_persons_own_words_are_normal_lines(text: str) -> None:
    own = Said.of(text).own
    assert all(line and line == normalise(line) for line in own.split("\n")) or own == ""


def test_nothing_is_deleted_without_tombstones() -> None:
    assert not Tombstones().bury(NAME, "Mei", [message(1, "I am Mei")])


def test_deleted_values_are_known_by_their_fingerprint() -> None:
    stones = Tombstones(frozenset({b"mei"}))
    assert stones.bury(NAME, " MEI", [])
    assert not stones.bury(NAME, "May", [])
    other = Tombstones(frozenset({b"iem"}), fingerprint=lambda value: value[::-1].encode())
    assert other.bury(NAME, "mei", [])
    assert not other.bury(NAME, "iem", [])


def test_no_fingerprint_is_made_when_nothing_was_deleted() -> None:
    def fails(value: str) -> bytes:
        raise AssertionError(value)

    assert not Tombstones(fingerprint=fails).bury(NAME, "Mei", [])


def test_a_slot_takes_nothing_from_the_messages_of_what_was_deleted() -> None:
    stones = Tombstones(messages=frozenset({(NAME, 101), (NAME, 102)}))
    first, second, third = (message(number, "Mei") for number in (1, 2, 3))
    assert stones.bury(NAME, "Mei", [first])
    assert stones.bury(NAME, "Mei", [first, second])
    assert not stones.bury(NAME, "Mei", [first, third])
    assert not stones.bury(CAREER, "Mei", [first])
    assert stones.bury(NAME, "Mei", []) is False


def test_a_context_holds_what_it_was_given() -> None:
    messages = (message(1, "Hi"), message(7, "I am Mei"))
    stones = Tombstones(frozenset({b"x"}))
    given = Context.of(
        messages,
        (SHORT, WARM, item(NAME, "Mei")),
        REGISTRY,
        "use",
        locked=frozenset({NAME}),
        tombstones=stones,
        most_ended=3,
        commanded=7,
    )
    assert given.registry is REGISTRY
    assert given.messages == {1: messages[0], 7: messages[1]}
    assert {number: said.text for number, said in given.said.items()} == {1: "hi", 7: "i am mei"}
    assert given.items == {1: SHORT, 2: WARM, 3: item(NAME, "Mei")}
    assert given.inferred == "use"
    assert given.held == {STYLES: {"short", "warm"}, NAME: {"mei"}}
    assert given.locked == {NAME}
    assert given.tombstones is stones
    assert given.most_ended == 3
    assert given.commanded == 7
    assert given.ended == frozenset()


def test_by_itself_a_context_forbids_nothing() -> None:
    given = Context.of((), (), REGISTRY, "ask")
    assert given.locked == frozenset()
    assert given.tombstones.values == frozenset()
    assert given.tombstones.messages == frozenset()
    assert given.most_ended >= 1_000_000
    assert given.commanded is None


def test_an_added_value_counts_and_ends_nothing() -> None:
    given = context("with Jokes", known=(SHORT, WARM))
    after = given.after(accept(propose(STYLES, "with  Jokes", (1, "with Jokes")), given))
    assert after.held == {STYLES: {"short", "warm", "with jokes"}}
    assert after.ended == frozenset()


def test_a_removed_value_no_longer_counts_and_has_ended() -> None:
    given = context("no", known=(SHORT, WARM, item(INTERESTS, "tea")))
    for number, held in ((2, {"short"}), (1, set())):
        removal = propose(STYLES, None, (1, "no"), op="remove_item", item=number)
        given = given.after(accept(removal, given))
        assert given.held == {STYLES: held, INTERESTS: {"tea"}}
    assert given.ended == {1, 2}


def test_a_value_set_ends_those_it_replaces() -> None:
    given = context("I am Mei", known=(item(NAME, "May"), SHORT, item(CAREER, "cook")))
    for number, slot in ((1, NAME), (3, CAREER)):
        given = given.after(accept(propose(slot, "Mei", (1, "I am Mei")), given))
        assert number in given.ended
    assert given.ended == {1, 3}
    assert given.held[NAME] == {"may", "mei"}


def test_a_value_that_waits_ends_nothing_but_counts() -> None:
    given = context("at night", known=(item(USAGE, "in the evening", "inferred"),))
    guess = propose(USAGE, "at night", (1, "at night"), basis="inferred")
    after = given.after(accept(guess, given))
    assert after.ended == frozenset()
    assert after.held[USAGE] == {"in the evening", "at night"}
    at_once = replace(given, inferred="use")
    assert at_once.after(accept(guess, at_once)).ended == {1}


def test_a_confirmation_changes_nothing() -> None:
    given = context("short", known=(SHORT,))
    confirm = propose(STYLES, None, (1, "short"), op="confirm", item=1)
    after = given.after(accept(confirm, given))
    assert (after.held, after.ended) == (given.held, given.ended)


def test_only_setting_replaces() -> None:
    may, known = item(NAME, "May"), (item(NAME, "May"), item(NAME, "MEI"), item(CAREER, "Mei x"))
    given = context("I am Mei", known=known)
    assert given.replaced(propose(NAME, " Mei", (1, "Mei"))) == {1: may}
    for operation in ("add_item", "remove_item", "confirm"):
        assert given.replaced(propose(NAME, "Mei", (1, "Mei"), op=operation)) == {}
    assert replace(given, ended=frozenset({1})).replaced(propose(NAME, "Mei", (1, "Mei"))) == {}
    assert set(given.replaced(propose(NAME, None))) == {1, 2}
    assert context(known=(item(NAME, "xxxx"),)).replaced(propose(NAME, None)) != {}


def test_a_confirmation_takes_the_place_of_what_is_used() -> None:
    used, waiting = item(NAME, "May"), replace(item(NAME, "Mei"), status="pending")
    given = context("Mei", known=(used, waiting, replace(item(NAME, "Mai"), status="pending")))
    confirm = propose(NAME, None, (1, "Mei"), op="confirm", item=2)
    assert given.replaced(confirm) == {1: used}
    # A value that is set leaves none to be confirmed beside it.
    assert set(given.replaced(propose(NAME, "Mia", (1, "Mia")))) == {1, 2, 3}


def test_a_list_has_room_for_what_is_confirmed() -> None:
    given = context("short", known=(SHORT, WARM))
    assert given.replaced(propose(STYLES, None, (1, "short"), op="confirm", item=1)) == {}


@pytest.mark.parametrize(
    ("slot", "number", "found"),
    [(STYLES, 1, True), (NAME, 1, False), (STYLES, 2, False), (STYLES, 0, False)],
)
def test_a_target_is_an_item_of_its_slot(slot: str, number: int, found: bool) -> None:
    target = context(known=(SHORT,)).target(propose(slot, None, op="confirm", item=number))
    assert target == (SHORT if found else None)


def test_without_a_number_there_is_no_target() -> None:
    assert context(known=(SHORT,)).target(propose(STYLES, None, op="confirm")) is None


def test_what_is_cited_comes_with_its_message() -> None:
    given = context("I am Mei", "call me Mei")
    proposed = propose(NAME, "Mei", (2, " Call ME"), (1, "Mei"))
    assert given.cited(proposed) == [
        (given.messages[2], given.said[2], "call me"),
        (given.messages[1], given.said[1], "mei"),
    ]


@pytest.mark.parametrize(
    ("commanded", "numbers", "expected"),
    [
        (None, [1], False),
        (1, [1], True),
        (1, [1, 1], True),
        (1, [2], False),
        (1, [1, 2], False),
        (2, [1, 2], False),
    ],
)
def test_a_command_covers_what_rests_on_its_message_alone(
    commanded: int | None, numbers: list[int], expected: bool
) -> None:
    given = context("remember tea", "and this", commanded=commanded)
    proposed = propose(INTERESTS, "tea", *((number, "x") for number in numbers))
    assert given.is_commanded(proposed) is expected


def test_a_thing_was_said_when_its_newest_quote_was() -> None:
    given = context("a", "b", "c")
    proposed = propose(INTERESTS, "x", (2, "b"), (1, "a"))
    assert given.said_at(proposed) == BEGIN + timedelta(days=2)


@pytest.mark.parametrize(
    ("basis", "inferred", "status"),
    [
        ("stated", "ask", "active"),
        ("stated", "use", "active"),
        ("inferred", "ask", "pending"),
        ("inferred", "use", "active"),
    ],
)
def test_what_is_inferred_may_have_to_be_approved(basis: str, inferred: str, status: str) -> None:
    proposed = propose(INTERESTS, "tea", basis=basis)
    assert context(inferred=inferred).status_for(proposed) == status
