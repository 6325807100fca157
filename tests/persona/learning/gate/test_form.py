from __future__ import annotations

from typing import Any

import pytest

from persona.learning.gate import Refusal, form
from persona.registry import Registry, Slot
from tests.support.gate import (
    INTERESTS,
    MIND,
    NAME,
    STYLES,
    accept,
    context,
    item,
    propose,
)

LIMITED = Registry(
    (
        Slot(NAME, "text", "Name", "", 5),
        Slot(STYLES, "list", "Styles", "", 40, 2),
    )
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("feeling", "feeling"),
        (" ＦＥＥＬＩＮＧ ", "feeling"),
        ("thinking", "thinking"),
        ("both", None),
        ("xxxx", None),
        ("", None),
        (None, None),
    ],
)
def test_a_choice_is_found_in_whatever_spelling(value: str | None, expected: str | None) -> None:
    slot = Slot(MIND, "choice", "", "", choices=("thinking", "feeling"))
    assert form.choice(slot, value) == expected


def test_a_choice_comes_back_as_declared() -> None:
    slot = Slot(MIND, "choice", "", "", choices=("Thinking", "FEELING"))
    assert form.choice(slot, "feeling") == "FEELING"
    assert form.choice(Slot(MIND, "choice", "", "", choices=("XXXX", "yes")), None) is None


@pytest.mark.parametrize(
    ("operation", "expected"),
    [("set_slot", True), ("add_item", True), ("remove_item", False), ("confirm", False)],
)
def test_two_operations_write(operation: str, expected: bool) -> None:
    assert form.writes(propose(NAME, "Mei", op=operation)) is expected


def test_only_what_is_about_the_person_counts() -> None:
    assert form.about_other(propose(NAME, "Mei"), context()) is None
    assert form.about_other(propose(NAME, "Mei", about="other"), context()) == Refusal(
        "about_other", "Only facts about the person themselves are recorded."
    )


def test_a_slot_must_exist() -> None:
    assert form.unknown_slot(propose(NAME, "Mei"), context()) is None
    assert form.unknown_slot(propose("demographics.shoe_size", "44"), context()) == Refusal(
        "unknown_slot", "There is no slot 'demographics.shoe_size'."
    )


@pytest.mark.parametrize("slot", [NAME, MIND, INTERESTS])
@pytest.mark.parametrize("operation", ["set_slot", "add_item", "remove_item", "confirm"])
def test_each_kind_of_slot_has_its_operations(slot: str, operation: str) -> None:
    refusal = form.wrong_kind(propose(slot, "feeling", op=operation), context())
    wrong = {(NAME, "add_item"), (MIND, "add_item"), (INTERESTS, "set_slot")}
    assert (refusal is not None) == ((slot, operation) in wrong)


@pytest.mark.parametrize(
    ("slot", "value", "changes", "reason"),
    [
        (NAME, "Mei", {"op": "add_item"}, f"{NAME} is a text; use set_slot."),
        (MIND, "feeling", {"op": "add_item"}, f"{MIND} is a choice; use set_slot."),
        (INTERESTS, "tea", {"op": "set_slot"}, f"{INTERESTS} is a list; use add_item."),
        (NAME, None, {}, "set_slot needs a value."),
        (NAME, " \u200d\n", {}, "set_slot needs a value."),
        (INTERESTS, "", {}, "add_item needs a value."),
        (MIND, None, {}, "set_slot needs a value."),
        (MIND, "both", {}, f"{MIND} is one of: thinking, feeling."),
    ],
)
def test_a_value_must_fit_its_slot(
    slot: str, value: str | None, changes: dict[str, Any], reason: str
) -> None:
    refusal = form.wrong_kind(propose(slot, value, **changes), context())
    assert refusal == Refusal("wrong_kind", reason)


def test_a_choice_is_removed_without_naming_one() -> None:
    assert form.wrong_kind(propose(MIND, None, op="remove_item"), context()) is None


def test_items_are_known_by_their_number_and_slot() -> None:
    given = context(known=(item(NAME, "Mei"), item(STYLES, "short")))
    for operation in ("remove_item", "confirm"):
        right = propose(NAME, None, op=operation, item=1)
        assert form.unknown_item(right, given) is None
        for number, shown in ((2, "2"), (3, "3"), (0, "0"), (None, "None")):
            wrong = right.model_copy(update={"item": number})
            assert form.unknown_item(wrong, given) == Refusal(
                "unknown_item", f"Item {shown} is not one of {NAME}."
            )
    assert form.unknown_item(propose(NAME, "Mei"), given) is None


def test_what_ended_in_this_run_is_not_taken_up_again() -> None:
    given = context(known=(item(STYLES, "short"), item(STYLES, "warm")))
    gone = form.already_ended(propose(STYLES, None, op="remove_item", item=1), given)
    assert gone is None
    removed = propose(STYLES, None, op="remove_item", item=1)
    given = given.after(accept(removed, given))
    assert form.already_ended(removed, given) == Refusal(
        "already_ended", "Item 1 was removed or replaced already."
    )
    assert form.already_ended(removed.model_copy(update={"item": 2}), given) is None
    assert form.already_ended(propose(STYLES, "short", item=1), given) is None


@pytest.mark.parametrize("value", ["N/A", "none", "(unknown)", "不明", "Unbekannt"])
def test_a_value_that_says_nothing_is_none(value: str) -> None:
    assert form.null_phrase(propose(NAME, value), context()) == Refusal(
        "null_phrase", "Leave out what is not known; that is no value."
    )


def test_only_written_values_must_say_something() -> None:
    assert form.null_phrase(propose(NAME, "Mei"), context()) is None
    assert form.null_phrase(propose(NAME, None), context()) is None
    assert form.null_phrase(propose(NAME, "none", op="remove_item", item=1), context()) is None


@pytest.mark.parametrize("operation", ["set_slot", "confirm"])
def test_a_value_may_be_as_long_as_its_slot_holds(operation: str) -> None:
    given = context(registry=LIMITED)
    assert form.too_long(propose(NAME, "12345", op=operation), given) is None
    assert form.too_long(propose(NAME, "  1 \n 345 ", op=operation), given) is None
    assert form.too_long(propose(NAME, None, op=operation), given) is None
    assert form.too_long(propose(NAME, "123456", op=operation), given) == Refusal(
        "too_long", f"{NAME} holds at most 5 characters."
    )


def test_a_list_takes_as_many_as_it_holds() -> None:
    full = Refusal("too_many", f"{STYLES} is full with 2 items.")
    add = propose(STYLES, "with jokes")
    for known, expected in (
        ((), None),
        ((item(STYLES, "short"),), None),
        ((item(STYLES, "short"), item(STYLES, "warm")), full),
        ((item(STYLES, "short"), item(STYLES, "SHORT")), None),
        ((item(STYLES, "short"), item(NAME, "Mei")), None),
    ):
        assert form.too_many(add, context(known=known, registry=LIMITED)) == expected


def test_what_a_full_list_holds_may_be_said_again() -> None:
    given = context(known=(item(STYLES, "short"), item(STYLES, "warm")), registry=LIMITED)
    assert form.too_many(propose(STYLES, "ＷＡＲＭ"), given) is None
    assert form.too_many(propose(STYLES, None), given) is None
    assert form.too_many(propose(STYLES, "new", op="remove_item", item=1), given) is None
    assert form.too_many(propose(STYLES, "new", op="set_slot"), given) is None
