"""Whose fact it is."""

from __future__ import annotations

import pytest

from persona.learning.gate import Refusal, subject
from tests.support.gate import (
    INTERESTS,
    context,
    item,
    judged,
    propose,
)

THIRD_PARTY = Refusal("third_party", "What is quoted speaks of somebody else.")


@pytest.mark.parametrize(
    ("text", "value", "quote", "refused"),
    [
        ("my sister loves chess", "chess", "", True),
        ("she loves chess", "chess", "", True),
        ("I love chess", "chess", "", False),
        ("my sister and I love chess", "chess", "", False),
        ("I love chess and my sister is a nurse", "chess", "", False),
        ("I taught my sister chess", "chess", "", False),
        # A clause without a subject has that of the one before.
        ("my sister is a nurse, loves chess", "chess", "", True),
        ("my sister is a nurse, loves chess", "chess", "loves chess", True),
        ("my sister is a nurse, I love chess", "chess", "", False),
        ("my sister is a nurse, I love chess", "nurse", "", True),
        ("I am a nurse, my sister loves chess", "nurse", "", False),
        ("I am a nurse, my sister loves chess", "chess", "", True),
        ("my sister is a nurse, I teach, love chess", "chess", "", False),
        # But not that of another sentence.
        ("my sister is a nurse. loves chess", "chess", "loves chess", False),
        # The value's own clause decides; without one, all that are quoted must be of others.
        ("my sister loves chess, I think", "surfing", "", False),
        ("my sister loves chess, so does she", "surfing", "", True),
        ("my sister loves chess, I think", "surfing", "my sister loves chess", True),
        ("my sister loves chess. I do too", "surfing", "", False),
        # The first clause that names it is the one.
        ("my sister loves chess, I love chess", "chess", "", True),
        ("I love chess, my sister loves chess", "chess", "", False),
        ("I love chess, my sister loves chess", "chess", "my sister loves chess", True),
        # Somebody else is the value itself.
        ("I think my sister loves chess", "my sister", "", True),
        ("I think my sister loves chess", "think", "", False),
        ("chess", "chess", "", False),
        # What is said of the speaker after the value makes it no fact about them.
        ("my sister loves chess with me", "chess", "", True),
        ("她喜欢下棋陪我", "下棋", "", True),
        ("so yesterday she taught me chess", "chess", "", False),
        ("chess my sister plays with me", "chess", "", False),
        # Who stands next to the value speaks.
        ("I live with my sister who loves chess", "chess", "", True),
        ("I think my sister loves chess", "chess", "", True),
        ("my sister loves that I play chess", "chess", "", False),
        # Relatives are the subject without a verb, but only before the value.
        ("my brother a chess player", "chess player", "", True),
        ("my brother: chess player", "chess player", "", True),
        ("my brother got me into chess", "chess", "", False),
        ("me and my sister love chess", "chess", "", False),
        ("gardening with my kids", "gardening", "", False),
        ("gardening with my kids", "my kids", "", False),
        ("love my kids", "my kids", "", False),
        ("chess for the kids, my brother", "chess", "", False),
        ("playing with my brother chess", "chess", "", False),
        ("my job chess", "chess", "", False),
        ("my brother chess", "surfing", "", True),
    ],
)
def test_a_fact_about_somebody_else_is_none_about_the_person(
    text: str, value: str, quote: str, refused: bool
) -> None:
    assert judged(subject.third_party, text, value, quote) == (THIRD_PARTY if refused else None)


def test_a_sound_quote_beside_one_about_somebody_else_is_enough() -> None:
    given = context("my sister loves chess", "I love chess")
    both = propose(INTERESTS, "chess", (1, "my sister loves chess"), (2, "I love chess"))
    assert subject.third_party(both, given) is None
    assert judged(subject.third_party, "my sister loves chess", None) == THIRD_PARTY


@pytest.mark.parametrize("operation", ["confirm", "remove_item"])
def test_what_others_do_neither_confirms_nor_removes(operation: str) -> None:
    known = (item(INTERESTS, "chess"),)
    for text, refused in (("my sister gave up chess", True), ("I gave up chess", False)):
        proposed = propose(INTERESTS, None, (1, text), op=operation, item=1)
        expected = THIRD_PARTY if refused else None
        assert subject.third_party(proposed, context(text, known=known)) == expected
        commanded = context(text, known=known, commanded=1)
        if operation == "remove_item":
            assert subject.third_party(proposed, commanded) is None
