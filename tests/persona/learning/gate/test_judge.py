from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.learning.batch import BatchMessage
from persona.learning.gate import RULES, Context, judge
from persona.learning.proposal import Evidence, Proposal
from persona.persona import Item
from persona.registry import Registry, Slot
from persona.sessions import Author
from tests.support.model import proposal

REGISTRY = Registry()
SAID: tuple[tuple[Author, str], ...] = (
    ("person", "Hi, my name is Mei and I love  Green\nTea."),
    ("bot", "Nice to meet you, Mei! You must be a nurse."),
    ("person", "I prefer ｓｈｏｒｔ answers. I am a nurse, 我喜欢徒步。"),
    ("person", "I am no longer May. No more warm answers, but answers with jokes."),
)
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def message(number: int, author: Author, text: str) -> BatchMessage:
    sent_at = BEGIN + timedelta(days=number)
    return BatchMessage(number, number, 10 + number, 100 + number, author, sent_at, 5, text)


def context(
    *items: Item, inferred: Any = "ask", registry: Registry = REGISTRY, said: Any = SAID
) -> Context:
    messages = tuple(message(number, *line) for number, line in enumerate(said, 1))
    return Context.of(messages, items, registry, inferred)


def item(slot: str, value: str) -> Item:
    return Item(f"id-{value}", slot, value, "stated", "active")


def code(proposed: dict[str, Any], given: Context | None = None) -> str | None:
    accepted, refused = judge([Proposal.model_validate(proposed)], given or context())
    assert len(accepted) + len(refused) == 1
    return refused[0].refusal.code if refused else None


NAME = proposal("demographics.name", "Mei", 1, "my name is Mei")
TEA = proposal(
    "personality.values_and_interests", "green tea", 1, "I love Green Tea", op="add_item"
)


@pytest.mark.parametrize(
    "proposed",
    [
        NAME,
        TEA,
        TEA | {"evidence": [{"msg": 1, "quote": "i LOVE green    tea"}]},
        TEA | {"value": "徒步", "evidence": [{"msg": 3, "quote": "我喜欢徒步"}]},
        proposal("preference.styles", "short", 3, "short answers", op="add_item"),
        proposal("personality.thinking_feeling", "Feeling", 1, "I love"),
        NAME | {"evidence": [{"msg": 1, "quote": "Mei"}, {"msg": 3, "quote": "nurse"}]},
        TEA
        | {
            "basis": "inferred",
            "evidence": [{"msg": 1, "quote": "I love"}, {"msg": 3, "quote": "I prefer"}],
        },
    ],
)
def test_sound_proposals_pass(proposed: dict[str, Any]) -> None:
    assert code(proposed) is None


@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        (NAME | {"slot": "demographics.shoe_size"}, "unknown_slot"),
        (NAME | {"slot": ""}, "unknown_slot"),
        (NAME | {"op": "add_item"}, "wrong_kind"),
        (TEA | {"op": "set_slot"}, "wrong_kind"),
        (NAME | {"value": None}, "wrong_kind"),
        (NAME | {"value": " \n "}, "wrong_kind"),
        (proposal("personality.thinking_feeling", "both", 1, "I love"), "wrong_kind"),
        (NAME | {"value": "M" * 61}, "too_long"),
        (NAME | {"evidence": []}, "no_evidence"),
        (NAME | {"evidence": [{"msg": 5, "quote": "my name is Mei"}]}, "outside_batch"),
        (NAME | {"evidence": [{"msg": 0, "quote": "my name is Mei"}]}, "outside_batch"),
        (NAME | {"evidence": [{"msg": -1, "quote": "my name is Mei"}]}, "outside_batch"),
        (NAME | {"evidence": [{"msg": 2, "quote": "You must be a nurse"}]}, "not_by_person"),
        (
            NAME | {"evidence": [{"msg": 1, "quote": "Mei"}, {"msg": 2, "quote": "Mei"}]},
            "not_by_person",
        ),
        (NAME | {"evidence": [{"msg": 1, "quote": "my name is May"}]}, "quote_not_found"),
        (NAME | {"evidence": [{"msg": 3, "quote": "my name is Mei"}]}, "quote_not_found"),
        (NAME | {"evidence": [{"msg": 1, "quote": "  "}]}, "quote_not_found"),
        (NAME | {"about": "other"}, "about_other"),
        (NAME | {"basis": "inferred"}, "not_inferable"),
        (NAME | {"op": "confirm", "value": None}, "unknown_item"),
        (NAME | {"op": "remove_item", "item": 7}, "unknown_item"),
        (NAME | {"value": "\u200b\u2060"}, "wrong_kind"),
        (NAME | {"value": "\u200d"}, "wrong_kind"),
        (NAME | {"evidence": [{"msg": 1, "quote": "Mei"}] * 11}, "too_much_evidence"),
        (
            NAME | {"evidence": [{"msg": 1, "quote": "Mei"}, {"msg": 1, "quote": "May"}]},
            "quote_not_found",
        ),
    ],
)
def test_each_refusal_has_its_code(proposed: dict[str, Any], expected: str) -> None:
    assert code(proposed) == expected


def test_a_quote_too_long_to_be_one_is_refused() -> None:
    text = "I love green tea " * 20
    given = context(said=(("person", text),))
    assert code(TEA | {"evidence": [{"msg": 1, "quote": text[:161]}]}, given) == "quote_too_long"
    assert code(TEA | {"evidence": [{"msg": 1, "quote": text[:159]}]}, given) is None


def test_inferring_can_be_switched_off() -> None:
    guess = TEA | {
        "basis": "inferred",
        "evidence": [{"msg": 1, "quote": "I love"}, {"msg": 3, "quote": "I prefer"}],
    }
    assert code(guess, context(inferred="off")) == "not_inferable"
    assert code(guess, context(inferred="use")) is None


def test_items_are_named_by_the_numbers_the_model_was_shown() -> None:
    given = context(item("demographics.name", "May"), item("demographics.career", "cook"))
    wrong = proposal("demographics.name", None, 4, "no longer May", op="remove_item", item=2)
    assert code(wrong, given) == "unknown_item"
    accepted, _ = judge([Proposal.model_validate(wrong | {"item": 1})], given)
    assert accepted[0].target == item("demographics.name", "May")


def test_a_full_list_takes_no_more_until_something_goes() -> None:
    small = Registry((Slot("preference.styles", "list", "Styles", "", 40, 2),))
    known = (item("preference.styles", "short"), item("preference.styles", "warm"))
    given = context(*known, registry=small)
    add = proposal("preference.styles", "with jokes", 4, "answers with jokes", op="add_item")
    again = proposal("preference.styles", "SHORT", 3, "short answers", op="add_item")
    over = [{"msg": 4, "quote": "No more warm answers"}]
    remove = add | {"op": "remove_item", "item": 2, "value": None, "evidence": over}
    proposals = [Proposal.model_validate(item) for item in (add, again, remove, add, add)]
    accepted, refused = judge(proposals, given)
    assert [(refusal.proposal.value, refusal.refusal.code) for refusal in refused] == [
        ("with jokes", "too_many")
    ]
    assert [passed.proposal.op for passed in accepted] == [
        "add_item",
        "remove_item",
        "add_item",
        "add_item",
    ]


def test_what_was_accepted_before_counts_against_the_limit() -> None:
    small = Registry((Slot("preference.styles", "list", "Styles", "", 40, 1),))
    given = context(registry=small)
    first = Proposal.model_validate(
        proposal("preference.styles", "short", 3, "short answers", op="add_item")
    )
    second = first.model_copy(update={"value": "short answers"})
    accepted, _ = judge([first], given)
    _, refused = judge([second], given, before=accepted)
    assert [item.refusal.code for item in refused] == ["too_many"]


def test_values_are_written_with_single_spaces_and_choices_as_declared() -> None:
    proposals = [
        Proposal.model_validate(TEA | {"value": "  green \n tea "}),
        Proposal.model_validate(
            proposal("personality.thinking_feeling", "ＦＥＥＬＩＮＧ", 1, "I love")
        ),
    ]
    accepted, _ = judge(proposals, context())
    assert [passed.value for passed in accepted] == ["green tea", "feeling"]


def test_each_rule_alone_is_what_refuses() -> None:
    """Without its rule, a proposal that only that rule refuses would pass."""
    broken = NAME | {"about": "other"}
    rest = [rule for rule in RULES if rule.__name__ != "about_other"]
    accepted, refused = judge([Proposal.model_validate(broken)], context(), rules=rest)
    assert accepted
    assert not refused


proposals_of_any_kind = st.builds(
    Proposal.model_construct,
    why=st.text(),
    evidence=st.lists(
        st.builds(
            Evidence,
            msg=st.integers(-2, 6),
            quote=st.one_of(st.text(), st.sampled_from([text for _, text in SAID])),
        ),
        max_size=3,
    ),
    about=st.sampled_from(["self", "other"]),
    basis=st.sampled_from(["stated", "inferred"]),
    op=st.sampled_from(["set_slot", "add_item", "remove_item", "confirm"]),
    slot=st.one_of(st.sampled_from(sorted(REGISTRY)), st.text()),
    item=st.one_of(st.none(), st.integers(-1, 4)),
    value=st.one_of(st.none(), st.text()),
)


@given(st.lists(proposals_of_any_kind, max_size=8))
def test_the_gate_is_total_and_what_passes_is_backed(proposals: list[Proposal]) -> None:
    given_context = context(item("demographics.name", "May"))
    accepted, refused = judge(proposals, given_context)
    assert len(accepted) + len(refused) == len(proposals)
    for passed in accepted:
        assert passed.slot.name == passed.proposal.slot
        assert passed.evidence
        assert all(spoken.author == "person" for spoken, _ in passed.evidence)
        assert passed.proposal.about == "self"
        if passed.value is not None:
            assert 0 < len(passed.value) <= passed.slot.max_length
        else:
            assert passed.target is not None
    assert judge(proposals, given_context) == (accepted, refused)


def test_a_value_as_long_as_its_slot_holds_passes_and_white_space_does_not_count() -> None:
    assert code(NAME | {"value": "Mei " + "M" * 56}) is None
    assert code(NAME | {"value": "Mei   " * 15}) is None
    assert code(NAME | {"value": "Mei " + "M" * 57}) == "too_long"


def test_a_quote_of_exactly_the_length_allowed_passes() -> None:
    text = "I love green tea " * 20
    given = context(said=(("person", text),))
    assert code(TEA | {"evidence": [{"msg": 1, "quote": text[:160]}]}, given) is None


def test_values_hold_nothing_unseen() -> None:
    hidden = "\u202eM\u200bei\x00\x9b \ud83d"
    # Copied, because from JSON half a surrogate pair would not get that far.
    proposed = Proposal.model_validate(NAME).model_copy(update={"value": hidden})
    accepted, _ = judge([proposed], context())
    assert accepted[0].value == "Mei"


def test_joiners_stay_in_values() -> None:
    family = "Mei \U0001f469\u200d\U0001f467"
    accepted, _ = judge([Proposal.model_validate(NAME | {"value": family})], context())
    assert accepted[0].value == family


@pytest.mark.parametrize("first", [
    proposal("demographics.name", None, 4, "no longer May", op="remove_item", item=1),
    proposal("demographics.name", "Mei", 1, "my name is Mei"),
])  # fmt: skip
def test_what_a_run_removed_or_replaced_it_cannot_bring_back(first: dict[str, Any]) -> None:
    given = context(item("demographics.name", "May"))
    confirm = NAME | {"op": "confirm", "item": 1, "value": None}
    accepted, refused = judge([Proposal.model_validate(each) for each in (first, confirm)], given)
    assert [kept.proposal.op for kept in accepted] == [first["op"]]
    assert refused[0].refusal.code == "already_ended"
    accepted, refused = judge([Proposal.model_validate(confirm)], given, before=accepted)
    assert refused[0].refusal.code == "already_ended"


def test_setting_what_is_known_does_not_end_it() -> None:
    given = context(item("demographics.name", "mei"))
    confirm = NAME | {"op": "confirm", "item": 1, "value": None}
    accepted, _ = judge([Proposal.model_validate(each) for each in (NAME, confirm)], given)
    assert len(accepted) == 2


def test_a_value_that_waits_for_approval_ends_nothing() -> None:
    given = context(replace(item("pattern.usage", "in the evening"), basis="inferred"))
    guess = proposal("pattern.usage", "at night", 1, "I love", basis="inferred")
    guess["evidence"] += [{"msg": 3, "quote": "I prefer"}]
    confirm = guess | {"op": "confirm", "item": 1, "value": None, "basis": "stated"}
    accepted, refused = judge([Proposal.model_validate(each) for each in (guess, confirm)], given)
    assert (len(accepted), refused) == (2, [])


def test_an_answer_that_runs_wild_is_cut_off() -> None:
    accepted, refused = judge([Proposal.model_validate(NAME)] * 150, context())
    assert (len(accepted), len(refused)) == (100, 50)
    assert {kept.refusal.code for kept in refused} == {"too_many_updates"}
