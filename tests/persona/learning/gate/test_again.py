"""What a message that was edited still says."""

from __future__ import annotations

import pytest

from persona.learning.gate.again import still_says
from persona.persona import Item
from persona.registry import Registry
from tests.support.gate import CAREER, INTERESTS, MIND, REGISTRY, USAGE, item, message

CHESS = item(INTERESTS, "chess")


@pytest.mark.parametrize(
    ("text", "still"),
    [
        ("I love chess", True),
        ("Well, I  LOVE\nchess. And tea", True),
        ("I love tea", False),
        ("", False),
        ("> I love chess", False),
        ('she said "you know I love chess"', False),
        ("I never said I love chess", False),
        ("imagine I love chess", False),
        ("for now I love chess", False),
        ("let's roleplay: I love chess", False),
        ("yeah right, I love chess", False),
        ("do you think I love chess?", False),
        ("I love chess. Typo, I love cheese", True),  # a list has room for both
    ],
)
def test_a_quote_counts_as_long_as_it_speaks_for_the_value(text: str, still: bool) -> None:
    assert still_says(message(7, text), CHESS, "I love chess", REGISTRY) is still


def test_what_is_now_said_of_somebody_else_is_not_said() -> None:
    assert still_says(message(1, "the kids and I love chess"), CHESS, "love chess", REGISTRY)
    assert not still_says(message(1, "my sisters love chess"), CHESS, "love chess", REGISTRY)


def test_a_value_taken_back_beside_its_quote_is_not_said() -> None:
    nurse = item(CAREER, "nurse")
    assert still_says(message(1, "I am a nurse"), nurse, "I am a nurse", REGISTRY)
    taken_back = message(1, "I am a nurse, well, not a nurse, a surgeon")
    assert not still_says(taken_back, nurse, "I am a nurse", REGISTRY)


def test_what_was_inferred_may_rest_on_questions() -> None:
    asked = message(1, "at night again, why is that?")
    for basis, still in (("inferred", True), ("stated", False), ("edited", False)):
        habit = Item("1", USAGE, "at night", basis, "pending")  # type: ignore[arg-type]
        assert still_says(asked, habit, "at night again", REGISTRY) is still


def test_of_a_slot_that_is_gone_the_words_are_looked_for() -> None:
    none = Registry(())
    assert still_says(message(1, "imagine I love chess"), CHESS, "I love chess", none)
    assert not still_says(message(1, "I love tea"), CHESS, "I love chess", none)


def test_a_choice_needs_no_word_of_it() -> None:
    feeling = item(MIND, "feeling")
    assert still_says(message(1, "I go with my heart"), feeling, "with my heart", REGISTRY)
    assert not still_says(message(1, "imagine, with my heart"), feeling, "with my heart", REGISTRY)
