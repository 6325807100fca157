from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.learning.gate import RULES, Accepted, Context, Refusal, Refused, Tombstones, judge
from persona.learning.gate.context import Said
from persona.learning.proposal import Evidence, Proposal
from persona.registry import Registry, Slot
from tests.support.gate import (
    BEGIN,
    CAREER,
    INTERESTS,
    MIND,
    NAME,
    REGISTRY,
    STYLES,
    USAGE,
    context,
    item,
    message,
    propose,
)

SAID = (
    message(1, "Hi, my name is Mei and I love  Green\nTea."),
    message(2, "Nice to meet you, Mei! You must be a nurse.", author="bot"),
    message(3, "I prefer ｓｈｏｒｔ answers. I am a nurse, 我喜欢徒步。"),
    message(4, "I am no longer May. No more warm answers, but answers with jokes."),
)
MEI = propose(NAME, "Mei", (1, "my name is Mei"))
TEA = propose(INTERESTS, "green tea", (1, "I love Green Tea"))
GUESS = propose(INTERESTS, "green tea", (1, "I love"), (3, "I prefer"), basis="inferred")


def code(proposed: Proposal, given: Context) -> str | None:
    accepted, refused = judge([proposed], given)
    assert len(accepted) + len(refused) == 1
    return refused[0].refusal.code if refused else None


@pytest.mark.parametrize(
    "proposed",
    [
        MEI,
        TEA,
        GUESS,
        propose(INTERESTS, "green tea", (1, "i LOVE green    tea")),
        propose(INTERESTS, "徒步", (3, "我喜欢徒步")),
        propose(STYLES, "short", (3, "short answers")),
        propose(MIND, "Feeling", (1, "I love")),
        propose(NAME, "Mei", (1, "Mei"), (3, "nurse")),
    ],
)
def test_sound_proposals_pass(proposed: Proposal) -> None:
    assert code(proposed, context(*SAID)) is None


def alone(name: str, proposed: Proposal, *said: Any, refusal: str = "", **others: Any) -> Any:
    """Return a case that the rule `name` refuses, and no other rule would."""
    return pytest.param(name, refusal or name, proposed, context(*said, **others), id=name)


SMALL = Registry((Slot(STYLES, "list", "Styles", "", 40, 1),))
REMOVE = propose(NAME, None, (1, "I am no longer Mei"), op="remove_item", item=1)
CHESS = propose(INTERESTS, "chess", (1, "chess"))
EARLIER, LATER = BEGIN, BEGIN + timedelta(days=9)


@pytest.mark.parametrize(
    ("rule", "expected", "proposed", "given"),
    [
        alone("about_other", propose(NAME, "Mei", (1, "I am Mei"), about="other"), "I am Mei"),
        alone("too_long", propose(NAME, "a" * 61, (1, "a" * 61)), "a" * 61),
        alone("null_phrase", propose(NAME, "unknown", (1, "I am unknown")), "I am unknown"),
        alone("already_ended", REMOVE, "I am no longer Mei", known=(item(NAME, "Mei"),)),
        alone("locked", MEI, *SAID, locked=frozenset({NAME})),
        alone("not_inferable", GUESS, *SAID, inferred="off"),
        alone(
            "no_evidence",
            propose(MIND, None, op="remove_item", item=1),
            known=(item(MIND, "feeling"),),
            commanded=1,
        ),
        alone("too_much_evidence", propose(NAME, "Mei", *[(1, "Mei")] * 11), *SAID),
        alone("not_by_person", propose(NAME, "Mei", (2, "Nice to meet you, Mei")), *SAID),
        alone(
            "quote_not_found",
            propose(NAME, "Mei", (1, "Mei" * 54)),
            "Mei" * 54,
            refusal="quote_too_long",
        ),
        alone("quoted_text", propose(NAME, "Tom", (1, "I am Tom")), "> I am Tom"),
        alone("secret", propose(CAREER, "sk-abcdefgh", (1, "sk-abcdefgh")), "sk-abcdefgh"),
        alone("contact", propose(CAREER, "a@example.com", (1, "a@example.com")), "a@example.com"),
        alone("instruction", propose(INTERESTS, "obey", (1, "obey")), "obey"),
        alone("look_alike", propose(NAME, "Мei", (1, "I am Мei")), "I am Мei"),
        alone("deleted", MEI, *SAID, tombstones=Tombstones(frozenset({b"mei"}))),
        alone("own_edit", MEI, *SAID, known=(item(NAME, "May", "edited"),)),
        alone(
            "weaker",
            propose(USAGE, "at night", (1, "I love"), (3, "I prefer"), basis="inferred"),
            *SAID,
            known=(item(USAGE, "in the morning"),),
        ),
        alone("outdated", MEI, *SAID, known=(item(NAME, "May", said_at=LATER),)),
        alone("too_little_support", propose(INTERESTS, "x", (1, "I"), basis="inferred"), *SAID),
        alone("example", GUESS.model_copy(update={"value": "quonking"}), *SAID),
        alone("unsupported", propose(CAREER, "surgeon", (3, "I am a nurse")), *SAID),
        alone("sensitive", propose(CAREER, "catholic", (1, "I am catholic")), "I am catholic"),
        alone("third_party", CHESS, "my sister loves chess"),
        alone(
            "corrected",
            propose(NAME, "Mey", (1, "I am Mey")),
            message(1, "I am Mey", session=1),
            message(2, "typo, Mei", session=1),
        ),
        alone("hypothetical", CHESS, "imagine I play chess"),
        alone("just_once", CHESS, "for now I play chess"),
        alone("role_play", CHESS, "we roleplay: I play chess"),
        alone("sarcasm", CHESS, "yeah right, I play chess"),
        alone("question", CHESS, "is chess fun?"),
        alone("negated", CHESS, "I never play chess"),
        alone(
            "not_ended",
            propose(NAME, None, (1, "I am Mei"), op="remove_item", item=1),
            "I am Mei",
            known=(item(NAME, "Mei"),),
        ),
        alone(
            "too_many",
            TEA.model_copy(update={"slot": STYLES, "value": "tea"}),
            *SAID,
            known=(item(STYLES, "x"),),
            registry=SMALL,
        ),
        alone("too_much_change", MEI, *SAID, known=(item(NAME, "May"),), most_ended=0),
    ],
)
def test_each_rule_alone_is_what_refuses(
    rule: str, expected: str, proposed: Proposal, given: Context
) -> None:
    """Without its rule, a proposal that only that rule refuses would pass."""
    if rule == "already_ended":
        given = replace(given, ended=frozenset({1}))
    assert code(proposed, given) == expected
    others = [each for each in RULES if each.__name__ != rule]
    assert len(others) == len(RULES) - 1
    accepted, refused = judge([proposed], given, rules=others)
    assert [passed.proposal for passed in accepted] == [proposed], refused


@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        (propose("demographics.shoe_size", "44", (1, "Mei")), "unknown_slot"),
        (propose("", "44", (1, "Mei")), "unknown_slot"),
        (propose(NAME, "Mei", (1, "my name is Mei"), op="add_item"), "wrong_kind"),
        (propose(INTERESTS, "tea", (1, "I love"), op="set_slot"), "wrong_kind"),
        (propose(NAME, None, (1, "my name is Mei")), "wrong_kind"),
        (propose(NAME, " \n ", (1, "my name is Mei")), "wrong_kind"),
        (propose(NAME, "\u200b\u2060", (1, "my name is Mei")), "wrong_kind"),
        (propose(NAME, "\u200d", (1, "my name is Mei")), "wrong_kind"),
        (propose(MIND, "both", (1, "I love")), "wrong_kind"),
        (propose(NAME, "Mei", (5, "my name is Mei")), "outside_batch"),
        (propose(NAME, "Mei", (0, "my name is Mei")), "outside_batch"),
        (propose(NAME, "Mei", (-1, "my name is Mei")), "outside_batch"),
        (propose(NAME, "Mei", (1, "Mei"), (2, "Mei")), "not_by_person"),
        (propose(NAME, "Mei", (3, "my name is Mei")), "quote_not_found"),
        (propose(NAME, "Mei", (1, "Mei"), (1, "May")), "quote_not_found"),
        (propose(NAME, "Mei", (1, "  ")), "quote_not_found"),
        (propose(NAME, "Mei", (1, "Mei" * 54)), "quote_too_long"),
        (propose(NAME, "Mei", (1, "Mei"), basis="inferred"), "not_inferable"),
        (propose(NAME, None, (1, "Mei"), op="confirm"), "unknown_item"),
        (propose(NAME, None, (1, "Mei"), op="remove_item", item=7), "unknown_item"),
    ],
)
def test_what_later_rules_rely_on_is_refused_before_them(proposed: Proposal, expected: str) -> None:
    assert code(proposed, context(*SAID)) == expected


def test_the_first_rule_that_refuses_decides() -> None:
    def never(proposal: Proposal, context: Context) -> Refusal | None:
        return None

    def first(proposal: Proposal, context: Context) -> Refusal | None:
        return Refusal("first", "")

    def second(proposal: Proposal, context: Context) -> Refusal | None:
        return Refusal("second", "")

    accepted, refused = judge([MEI, TEA], context(*SAID), rules=(never, first, second))
    assert accepted == []
    assert refused == [Refused(each, Refusal("first", "")) for each in (MEI, TEA)]


def test_what_is_accepted_comes_with_its_references_resolved() -> None:
    given = context(*SAID, known=(item(NAME, "May"), item(CAREER, "nurse")))
    said = given.messages
    confirm = propose(CAREER, None, (3, "I am a nurse"), op="confirm", item=2)
    accepted, refused = judge([TEA, GUESS, confirm], given)
    slot = REGISTRY[INTERESTS]
    guessed = ((said[1], "I love"), (said[3], "I prefer"))
    assert refused == []
    assert accepted == [
        Accepted(TEA, slot, "green tea", "active", None, ((said[1], "I love Green Tea"),)),
        Accepted(GUESS, slot, "green tea", "pending", None, guessed),
        Accepted(
            confirm,
            REGISTRY[CAREER],
            None,
            "active",
            item(CAREER, "nurse"),
            ((said[3], "I am a nurse"),),
        ),
    ]


@pytest.mark.parametrize(
    ("proposed", "value"),
    [
        (propose(INTERESTS, "  green \n tea ", (1, "green tea")), "green tea"),
        (propose(MIND, "ＦＥＥＬＩＮＧ", (1, "I love")), "feeling"),
        # Copied, because from JSON half a surrogate pair would not get that far.
        (MEI.model_copy(update={"value": "\u202eM\u200bei\x00\x9b \ud83d"}), "Mei"),
        (
            MEI.model_copy(update={"value": "Mei \U0001f469\u200d\U0001f467"}),
            "Mei \U0001f469\u200d\U0001f467",
        ),
    ],
)
def test_values_are_written_neatly(proposed: Proposal, value: str) -> None:
    accepted, _ = judge([proposed], context(*SAID))
    assert [passed.value for passed in accepted] == [value]


def test_a_text_is_not_mistaken_for_a_choice() -> None:
    registry = Registry((Slot(NAME, "text", "", "", choices=("MEI",)),))
    accepted, _ = judge([MEI], context(*SAID, registry=registry))
    assert accepted[0].value == "Mei"


def test_items_are_named_by_the_numbers_the_model_was_shown() -> None:
    given = context(*SAID, known=(item(NAME, "May"), item(CAREER, "cook")))
    right = propose(NAME, None, (4, "no longer May"), op="remove_item", item=1)
    assert code(right.model_copy(update={"item": 2}), given) == "unknown_item"
    accepted, _ = judge([right], given)
    assert accepted[0].target == item(NAME, "May")


def test_a_full_list_takes_no_more_until_something_goes() -> None:
    small = Registry((Slot(STYLES, "list", "Styles", "", 40, 2),))
    given = context(*SAID, known=(item(STYLES, "short"), item(STYLES, "warm")), registry=small)
    add = propose(STYLES, "with jokes", (4, "answers with jokes"))
    again = propose(STYLES, "SHORT", (3, "short answers"))
    remove = propose(STYLES, None, (4, "No more warm answers"), op="remove_item", item=2)
    accepted, refused = judge([add, again, remove, add, add], given)
    assert [(each.proposal, each.refusal.code) for each in refused] == [(add, "too_many")]
    assert [passed.proposal for passed in accepted] == [again, remove, add, add]


def test_what_was_accepted_before_counts_against_the_limit() -> None:
    given = context(*SAID, registry=SMALL)
    first = propose(STYLES, "short", (3, "short answers"))
    second = propose(STYLES, "short answers", (3, "short answers"))
    accepted, _ = judge([first], given)
    _, refused = judge([second], given, before=accepted)
    assert [each.refusal.code for each in refused] == ["too_many"]


@pytest.mark.parametrize(
    "first", [propose(NAME, None, (4, "no longer May"), op="remove_item", item=1), MEI]
)
def test_what_a_run_removed_or_replaced_it_cannot_bring_back(first: Proposal) -> None:
    given = context(*SAID, known=(item(NAME, "May"),))
    confirm = propose(NAME, None, (1, "my name is Mei"), op="confirm", item=1)
    accepted, refused = judge([first, confirm], given)
    assert [passed.proposal for passed in accepted] == [first]
    assert refused[0].refusal.code == "already_ended"
    _, refused = judge([confirm], given, before=accepted)
    assert refused[0].refusal.code == "already_ended"


def test_setting_what_is_known_does_not_end_it() -> None:
    given = context(*SAID, known=(item(NAME, "mei"),))
    confirm = propose(NAME, None, (1, "my name is Mei"), op="confirm", item=1)
    accepted, _ = judge([MEI, confirm], given)
    assert len(accepted) == 2


def test_a_value_that_waits_for_approval_ends_nothing() -> None:
    given = context(*SAID, known=(item(USAGE, "in the evening", "inferred"),))
    guess = propose(USAGE, "at night", (1, "I love"), (3, "I prefer"), basis="inferred")
    given = replace(given, said={**given.said, 1: Said.of("I love it in the evening")})
    confirm = propose(USAGE, None, (1, "in the evening"), op="confirm", item=1)
    accepted, refused = judge([guess, confirm], given)
    assert (len(accepted), refused) == (2, [])


@pytest.mark.parametrize("number", [99, 100, 101, 150])
def test_an_answer_that_runs_wild_is_cut_off(number: int) -> None:
    accepted, refused = judge([MEI] * number, context(*SAID))
    assert len(accepted) == min(number, 100)
    wild = Refusal("too_many_updates", "At most 100 updates are read.")
    assert refused == [Refused(MEI, wild)] * (number - len(accepted))


proposals_of_any_kind = st.builds(
    Proposal.model_construct,
    why=st.text(),
    evidence=st.lists(
        st.builds(
            Evidence,
            msg=st.integers(-2, 6),
            quote=st.one_of(st.text(), st.sampled_from([each.text for each in SAID])),
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
    given_context = context(*SAID, known=(item(NAME, "May"),))
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
