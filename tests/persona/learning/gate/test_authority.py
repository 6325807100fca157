from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from persona.learning.gate import Context, Refusal, Tombstones, authority
from persona.persona import Basis
from tests.support.gate import (
    BEGIN,
    CAREER,
    INTERESTS,
    NAME,
    STYLES,
    accept,
    context,
    item,
    propose,
)

SAID = ("I am Mei", "call me Mei, I love green tea")
MEI = propose(NAME, "Mei", (1, "I am Mei"))
TEA = propose(INTERESTS, "green tea", (2, "I love green tea"))
REMOVE = propose(NAME, None, (1, "I am Mei"), op="remove_item", item=1)
CONFIRM = propose(NAME, None, (1, "I am Mei"), op="confirm", item=1)

LOCKED = Refusal("locked", f"The person locked {NAME}.")
DELETED = Refusal("deleted", "The person deleted that.")
OWN_EDIT = Refusal("own_edit", "The person wrote that value themselves.")
WEAKER = Refusal("weaker", "What was stated is not changed by what is inferred.")
OUTDATED = Refusal("outdated", "A newer message says otherwise.")
TOO_MUCH_CHANGE = Refusal("too_much_change", "One run changes only a part of what is known.")


def test_a_locked_slot_stays_as_it_is() -> None:
    given = context(*SAID, locked=frozenset({NAME}))
    for proposed in (MEI, REMOVE, CONFIRM):
        assert authority.locked(proposed, given) == LOCKED
        assert authority.locked(proposed, context(*SAID)) is None
    assert authority.locked(TEA, given) is None


def buried(*values: str, messages: tuple[tuple[str, int], ...] = (), **others: Any) -> Context:
    stones = Tombstones(frozenset(map(str.encode, values)), frozenset(messages))
    return context(*SAID, tombstones=stones, **others)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (context(*SAID), None),
        (buried("mei"), DELETED),
        (buried("may"), None),
        (buried("may", "mei"), DELETED),
        (buried(messages=((NAME, 101),)), DELETED),
        (buried(messages=((NAME, 102),)), None),
        (buried(messages=((CAREER, 101),)), None),
        (buried("mei", commanded=2), DELETED),
        (buried("mei", messages=((NAME, 101),), commanded=1), None),
    ],
)
def test_what_was_deleted_comes_back_only_by_express_wish(
    given: Context, expected: Refusal | None
) -> None:
    assert authority.deleted(MEI, given) == expected


def test_a_deleted_value_is_known_in_whatever_spelling() -> None:
    shouted = MEI.model_copy(update={"value": " ＭＥＩ "})
    assert authority.deleted(shouted, buried("mei")) == DELETED


def test_what_also_rests_on_another_message_is_not_deleted() -> None:
    both = propose(NAME, "Mei", (1, "I am Mei"), (2, "call me Mei"))
    assert authority.deleted(both, buried(messages=((NAME, 101),))) is None
    assert authority.deleted(both, buried(messages=((NAME, 101), (NAME, 102)))) == DELETED


@pytest.mark.parametrize("proposed", [REMOVE, CONFIRM])
def test_only_what_is_written_can_bring_back(proposed: Any) -> None:
    given = buried("", "mei", "xxxx", messages=((NAME, 101),), known=(item(NAME, "Mei"),))
    assert authority.deleted(proposed, given) is None


def test_a_proposal_without_a_value_has_an_empty_one() -> None:
    nameless = MEI.model_copy(update={"value": None})
    assert authority.deleted(nameless, buried("")) == DELETED
    assert authority.deleted(nameless, buried("xxxx")) is None


@pytest.mark.parametrize(
    ("basis", "expected"), [("edited", OWN_EDIT), ("stated", None), ("inferred", None)]
)
def test_an_own_edit_is_not_changed_in_passing(basis: Basis, expected: Refusal | None) -> None:
    given = context(*SAID, known=(item(NAME, "May", basis),))
    assert authority.own_edit(MEI, given) == expected
    assert authority.own_edit(REMOVE, given) == expected
    assert authority.own_edit(CONFIRM, given) is None
    assert authority.own_edit(TEA, given) is None


def test_an_own_edit_may_be_forgotten_in_words() -> None:
    given = context(*SAID, known=(item(NAME, "May", "edited"),), commanded=1)
    assert authority.own_edit(REMOVE, given) is None
    assert authority.own_edit(MEI, given) == OWN_EDIT
    elsewhere = context(*SAID, known=(item(NAME, "May", "edited"),), commanded=2)
    assert authority.own_edit(REMOVE, elsewhere) == OWN_EDIT


def test_one_own_edit_among_what_changes_is_enough() -> None:
    given = context(*SAID, known=(item(NAME, "May"), item(NAME, "Maya", "edited")))
    assert authority.own_edit(MEI, given) == OWN_EDIT


@pytest.mark.parametrize(
    ("known", "proposed", "expected"),
    [
        ("inferred", "inferred", None),
        ("stated", "inferred", WEAKER),
        ("edited", "inferred", WEAKER),
        ("inferred", "stated", None),
        ("stated", "stated", None),
        ("edited", "stated", None),
    ],
)
def test_what_is_inferred_changes_only_what_was_inferred(
    known: Basis, proposed: str, expected: Refusal | None
) -> None:
    given = context(*SAID, known=(item(NAME, "May", known),))
    for each in (MEI, REMOVE):
        assert authority.weaker(each.model_copy(update={"basis": proposed}), given) == expected
    assert authority.weaker(TEA.model_copy(update={"basis": proposed}), given) is None


def at(days: float) -> Any:
    return BEGIN + timedelta(days=days)


@pytest.mark.parametrize(
    ("said_at", "expected"),
    [
        ((None,), None),
        ((at(0.9),), None),
        ((at(1),), None),
        ((at(1.1),), OUTDATED),
        ((at(0), at(1.1)), OUTDATED),
        ((at(1.1), None), OUTDATED),
        ((None, at(0)), None),
    ],
)
def test_of_two_statements_the_later_counts(said_at: Any, expected: Refusal | None) -> None:
    known = tuple(item(NAME, f"May {n}", said_at=moment) for n, moment in enumerate(said_at))
    assert authority.outdated(MEI, context(*SAID, known=known)) == expected


def test_the_newest_quote_tells_when_a_thing_was_said() -> None:
    both = propose(NAME, "Mei", (1, "I am Mei"), (2, "call me Mei"))
    for days, expected in ((1.5, None), (2, None), (2.1, OUTDATED)):
        given = context(*SAID, known=(item(NAME, "May", said_at=at(days)),))
        assert authority.outdated(both, given) == expected


def test_a_newer_message_keeps_from_removing_but_not_from_adding() -> None:
    given = context(
        *SAID, known=(item(NAME, "May", said_at=at(9)), item(INTERESTS, "x", said_at=at(9)))
    )
    assert authority.outdated(REMOVE, given) == OUTDATED
    assert authority.outdated(TEA, given) is None
    assert authority.outdated(CONFIRM, given) is None


KNOWN = (item(NAME, "May"), item(NAME, "Maya"), item(STYLES, "short"), item(CAREER, "cook"))


@pytest.mark.parametrize(
    ("most", "expected"), [(0, TOO_MUCH_CHANGE), (1, TOO_MUCH_CHANGE), (2, None), (3, None)]
)
def test_one_run_changes_only_a_part(most: int, expected: Refusal | None) -> None:
    given = context(*SAID, known=KNOWN, most_ended=most)
    assert authority.too_much_change(MEI, given) == expected


@pytest.mark.parametrize(("most", "expected"), [(2, TOO_MUCH_CHANGE), (3, None)])
def test_what_the_run_ended_before_counts(most: int, expected: Refusal | None) -> None:
    given = context(*SAID, known=KNOWN, most_ended=most)
    given = given.after(accept(MEI, given))
    remove = propose(STYLES, None, (1, "I am Mei"), op="remove_item", item=3)
    assert authority.too_much_change(remove, given) == expected


def test_what_ends_nothing_passes_when_nothing_more_may_end() -> None:
    given = context(*SAID, known=KNOWN, most_ended=0)
    assert authority.too_much_change(TEA, given) is None
    alone = context(*SAID, known=KNOWN[1:], most_ended=0)
    assert authority.too_much_change(CONFIRM, alone) is None
    # A confirmed value takes the place of the other in a slot that is no list.
    assert authority.too_much_change(CONFIRM, given) == TOO_MUCH_CHANGE
    unknown = REMOVE.model_copy(update={"item": 3})
    assert authority.too_much_change(unknown, given) is None
    assert authority.too_much_change(REMOVE, given) == TOO_MUCH_CHANGE
