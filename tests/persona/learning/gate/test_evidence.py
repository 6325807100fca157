from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import given as example
from hypothesis import strategies as st

from persona.learning.gate import Refusal, evidence
from persona.learning.proposal import Proposal
from persona.normalise import normalise
from tests.support.gate import (
    BEGIN,
    CAREER,
    INTERESTS,
    MIND,
    NAME,
    Quote,
    context,
    item,
    message,
    propose,
)


@pytest.mark.parametrize(
    ("slot", "inferred", "refused"),
    [
        (INTERESTS, "off", True),
        (INTERESTS, "ask", False),
        (INTERESTS, "use", False),
        (NAME, "off", True),
        (NAME, "ask", True),
        (NAME, "use", True),
    ],
)
def test_inferring_is_for_some_slots_and_can_be_switched_off(
    slot: str, inferred: str, refused: bool
) -> None:
    given = context(inferred=inferred)
    refusal = evidence.not_inferable(propose(slot, "tea", basis="inferred"), given)
    expected = Refusal("not_inferable", f"{slot} takes only what was plainly stated.")
    assert refusal == (expected if refused else None)
    assert evidence.not_inferable(propose(slot, "tea"), given) is None


def test_an_update_needs_a_quote() -> None:
    assert evidence.no_evidence(propose(NAME, "Mei"), context()) == Refusal(
        "no_evidence", "Every update needs a quote."
    )
    assert evidence.no_evidence(propose(NAME, "Mei", (1, "Mei")), context()) is None


def test_an_update_has_at_most_ten_quotes() -> None:
    ten = propose(NAME, "Mei", *[(1, "Mei")] * 10)
    eleven = propose(NAME, "Mei", *[(1, "Mei")] * 11)
    assert evidence.too_much_evidence(ten, context()) is None
    assert evidence.too_much_evidence(eleven, context()) == Refusal(
        "too_much_evidence", "An update has at most 10 quotes."
    )


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_quote_is_from_a_message_of_the_batch(number: int) -> None:
    given = context("I am Mei", "hello")
    sound = propose(NAME, "Mei", (1, "Mei"), (2, "hello"))
    assert evidence.outside_batch(sound, given) is None
    wrong = propose(NAME, "Mei", (1, "Mei"), (number, "Mei"))
    assert evidence.outside_batch(wrong, given) == Refusal(
        "outside_batch", f"There is no message {number}."
    )


def test_a_quote_is_from_a_message_of_the_person() -> None:
    given = context("I am Mei", message(2, "Hi Mei", author="bot"))
    assert evidence.not_by_person(propose(NAME, "Mei", (1, "Mei")), given) is None
    wrong = propose(NAME, "Mei", (1, "Mei"), (2, "Mei"))
    assert evidence.not_by_person(wrong, given) == Refusal(
        "not_by_person", "Message 2 is not by the person."
    )


NOT_FOUND = Refusal("quote_not_found", "Message 1 does not say that.")


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("I love  Green\nTea", None),
        ("i LOVE green tea", None),
        ("Ｉ ｌｏｖｅ", None),
        ("I love\u200b", None),
        ("I hate", NOT_FOUND),
        ("", NOT_FOUND),
        (" \u200b", NOT_FOUND),
        ("I love green tea, mate", NOT_FOUND),
    ],
)
def test_a_quote_is_found_whatever_its_spacing_and_case(
    quote: str, expected: Refusal | None
) -> None:
    given = context("Honestly, I love green  tea", "I hate tea")
    assert evidence.quote_not_found(propose(INTERESTS, "tea", (1, quote)), given) == expected


def test_every_quote_must_be_found() -> None:
    given = context("I love tea", "hello")
    proposed = propose(INTERESTS, "tea", (1, "I love tea"), (2, "I love tea"))
    assert evidence.quote_not_found(proposed, given) == Refusal(
        "quote_not_found", "Message 2 does not say that."
    )


def test_a_quote_has_at_most_160_characters() -> None:
    given = context("tea" * 100)
    longest = propose(INTERESTS, "tea", (1, ("tea" * 54)[:160]))
    assert evidence.quote_not_found(longest, given) is None
    longer = propose(INTERESTS, "tea", (1, "tea"), (1, ("tea" * 54)[:161]))
    assert evidence.quote_not_found(longer, given) == Refusal(
        "quote_too_long", "A quote has at most 160 characters."
    )


@pytest.mark.parametrize(
    ("text", "quote", "borrowed"),
    [
        ("I love green tea", "I love green tea", False),
        ("> I love green tea\nme too", "I love green tea", True),
        ("> I love green tea\nI love green tea", "I love green tea", False),
        ("```I love green tea``` is what it prints", "I love green tea", True),
        ("`I love green tea` is what it prints", "I love green tea", True),
        ('she said "I love green tea" again', "I love green tea", True),
        ('she said "I love green tea" and I love green tea', "I love green tea", False),
        ('she said "I love green tea" again', "again", False),
        ('"I love green tea" and "I love green tea a lot"', "I love green tea", True),
        ('"I love tea and I love tea", I love tea', "I love tea", False),
        ('she said "I love green tea" again', "she said", False),
        ("I love\ngreen tea", "I love green tea", False),
        ("Fwd:\nI love green tea", "I love green tea", True),
    ],
)
def test_words_of_others_are_not_evidence(text: str, quote: str, borrowed: bool) -> None:
    refusal = evidence.quoted_text(propose(INTERESTS, "tea", (1, quote)), context(text))
    expected = Refusal("quoted_text", "In message 1 those are not the person's own words.")
    assert refusal == (expected if borrowed else None)


def test_one_quote_of_words_of_others_is_enough_to_refuse() -> None:
    given = context("I love tea", "> I love tea")
    proposed = propose(INTERESTS, "tea", (1, "I love tea"), (2, "I love tea"))
    assert evidence.quoted_text(proposed, given) == Refusal(
        "quoted_text", "In message 2 those are not the person's own words."
    )


TOO_LITTLE = Refusal(
    "too_little_support", "What is inferred needs quotes from 2 messages in 2 sessions."
)


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        ([], TOO_LITTLE),
        ([(1, "tea")], TOO_LITTLE),
        ([(1, "tea"), (1, "green")], TOO_LITTLE),
        ([(1, "tea"), (2, "tea")], TOO_LITTLE),  # of one session
        ([(1, "tea"), (3, "tea")], None),
        ([(1, "tea"), (2, "tea"), (3, "tea")], None),
    ],
)
def test_an_inference_needs_two_messages_in_two_sessions(
    quotes: list[Quote], expected: Refusal | None
) -> None:
    given = context(
        message(1, "green tea", session=1),
        message(2, "green tea", session=1),
        message(3, "green tea", session=2),
    )
    proposed = propose(INTERESTS, "tea", *quotes, basis="inferred")
    assert evidence.too_little_support(proposed, given) == expected
    assert evidence.too_little_support(propose(INTERESTS, "tea", *quotes), given) is None


UNSUPPORTED = Refusal("unsupported", "The quotes do not say that value; use the person's words.")


@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        (propose(CAREER, "nurse", (1, "I am a nurse")), None),
        (propose(CAREER, "night nurse", (1, "I am a nurse"), (2, "on night shifts")), None),
        (propose(CAREER, "surgeon", (1, "I am a nurse")), UNSUPPORTED),
        (propose(CAREER, "nurse", (2, "on night shifts")), UNSUPPORTED),
        (propose(CAREER, None, (2, "on night shifts")), None),  # an empty value says nothing
        (propose(CAREER, "surgeon", (1, "I am a nurse"), basis="inferred"), None),
        # To confirm is to say it, too.
        (propose(CAREER, None, (1, "I am a nurse"), op="confirm", item=1), UNSUPPORTED),
        (propose(CAREER, None, (3, "surgeons"), op="confirm", item=1), None),
        (propose(CAREER, None, (1, "nurse"), op="confirm", item=1, basis="inferred"), None),
    ],
)
def test_a_stated_value_is_what_its_quotes_say(
    proposed: Proposal, expected: Refusal | None
) -> None:
    said = ("I am a nurse", "on night shifts", "we surgeons")
    given = context(*said, known=(item(CAREER, "surgeon"),))
    assert evidence.unsupported(proposed, given) == expected


ALREADY_OVER = Refusal("already_over", "valid_until lies before the day it was said.")


@pytest.mark.parametrize(
    ("day", "refused"), [(None, False), (1, True), (2, True), (3, False), (4, False), (90, False)]
)
def test_what_ends_does_not_end_before_it_was_said(day: int | None, refused: bool) -> None:
    until = BEGIN.date() + timedelta(days=day - 1) if day is not None else None
    given = context("x", "y", "I am a nurse", known=(item(CAREER, "nurse"),))  # the fourth day
    for changes in ({}, {"op": "confirm", "item": 1}):
        proposed = propose(CAREER, "nurse", (1, "x"), (3, "nurse"), **changes)
        proposed = proposed.model_copy(update={"valid_until": until})
        assert evidence.already_over(proposed, given) == (ALREADY_OVER if refused else None)
        assert evidence.already_over(proposed.model_copy(update={"evidence": []}), given) is None


NOBODY = Refusal("unsupported", "The quotes are not about the person.")


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        ([(1, "go with my heart")], None),
        ([(2, "what is the weather")], NOBODY),
        ([(2, "what is the weather"), (1, "heart")], None),
        ([(3, "a feeling type")], None),  # names the choice
        ([(4, "with the heart")], None),  # the sentence around it is in the first person
        ([(4, "rain tomorrow")], NOBODY),
        ([(5, "not for me rain tomorrow")], None),  # of two lines
    ],
)
def test_a_choice_needs_the_person_to_speak_of_themselves(
    quotes: list[Quote], expected: Refusal | None
) -> None:
    given = context(
        "I go with my heart",
        "what is the weather",
        "clearly a feeling type",
        "I decide with the heart. rain tomorrow",
        "not for me\nrain tomorrow",
    )
    assert evidence.unsupported(propose(MIND, "feeling", *quotes), given) == expected


NOT_MENTIONED = Refusal("unsupported", "The quotes do not speak of that value.")


@pytest.mark.parametrize(
    ("slot", "number", "quotes", "expected"),
    [
        (CAREER, 1, [(1, "no longer a nurse")], None),
        (CAREER, 1, [(1, "I am no longer")], NOT_MENTIONED),
        (CAREER, 1, [(2, "forget it")], NOT_MENTIONED),
        (CAREER, 1, [(2, "forget it"), (1, "nurse")], None),
        (MIND, 2, [(2, "forget it")], None),
        (CAREER, 2, [(2, "forget it")], None),  # no item of the slot, which another rule refuses
        (CAREER, None, [(2, "forget it")], None),
    ],
)
def test_what_is_removed_must_be_spoken_of(
    slot: str, number: int | None, quotes: list[Quote], expected: Refusal | None
) -> None:
    given = context(
        "I am no longer a nurse", "forget it", known=(item(CAREER, "nurse"), item(MIND, "feeling"))
    )
    for basis in ("stated", "inferred"):
        changes: dict[str, Any] = {"op": "remove_item", "item": number, "basis": basis}
        proposed = propose(slot, None, *quotes, **changes)
        assert evidence.unsupported(proposed, given) == expected


@example(st.text().map(lambda text: text.replace("\n", " ")), st.text())
def test_no_quote_from_a_quoted_line_is_evidence(line: str, after: str) -> None:
    assume("xyzzy" not in normalise(line + after))
    given = context(f"> {line} xyzzy {line}\n{after}")
    refusal = evidence.quoted_text(propose(INTERESTS, "tea", (1, "xyzzy")), given)
    assert refusal is not None
    assert refusal.code == "quoted_text"


@pytest.mark.parametrize(
    ("value", "quotes", "refused"),
    [
        ("quonking", ((1, "I love tea"),), True),
        ("tea and Quónk-ing", ((1, "I love tea"),), True),
        ("ＺＯＲＢＬＡＴ", ((1, "I love tea"), (1, "tea")), True),
        ("quonking", ((2, "Quonking is fun"),), False),
        ("quonking", ((1, "I love tea"), (2, "QUONKING")), False),
        ("quonking, Zorblat", ((2, "Quonking is fun"),), True),
        ("tea", ((1, "I love tea"),), False),
        (None, ((1, "I love tea"),), False),
    ],
)
def test_words_of_the_examples_are_the_persons_only_once_they_say_them(
    value: str | None, quotes: tuple[Quote, ...], refused: bool
) -> None:
    given = context("I love tea", "Quonking is fun")
    expected = Refusal("example", "That is from the examples; the person did not say it.")
    assert evidence.example(propose(INTERESTS, value, *quotes), given) == (
        expected if refused else None
    )
    removed = propose(INTERESTS, value, *quotes, op="remove_item", item=1)
    assert evidence.example(removed, given) is None
