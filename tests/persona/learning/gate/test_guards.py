"""Guards by the plainest words of their kind; the corpus has those of every language."""

from __future__ import annotations

import pytest

from persona.learning.gate import Refusal, guards
from persona.learning.gate.judge import Rule
from tests.support.gate import (
    CAREER,
    INTERESTS,
    STYLES,
    context,
    item,
    judged,
    propose,
)

HYPOTHETICAL = Refusal("hypothetical", "What is quoted is not real.")
JUST_ONCE = Refusal("just_once", "What is quoted is for this once.")
ROLE_PLAY = Refusal("role_play", "What is quoted is said in a role.")
SARCASM = Refusal("sarcasm", "What is quoted is not meant so.")
QUESTION = Refusal("question", "What is quoted is a question.")
NOT_ENDED = Refusal("not_ended", "The quotes do not say that it is over or was wrong.")


MARKED = [
    (guards.hypothetical, "imagine I lived for chess", HYPOTHETICAL),
    (guards.just_once, "for now I like chess", JUST_ONCE),
    (guards.role_play, "let's roleplay: I play chess", ROLE_PLAY),
    (guards.sarcasm, "yeah right, I love chess", SARCASM),
]


@pytest.mark.parametrize(("rule", "text", "expected"), MARKED)
def test_a_marked_sentence_is_no_fact(rule: Rule, text: str, expected: Refusal) -> None:
    assert judged(rule, text, "chess") == expected
    assert judged(rule, text, "chess", quote="chess") == expected
    assert judged(rule, f"I am Mei. {text}. I love tea", "chess", quote="chess") == expected
    assert judged(rule, "I love chess", "chess") is None


@pytest.mark.parametrize(("rule", "text", "expected"), MARKED)
def test_a_mark_elsewhere_costs_no_fact(rule: Rule, text: str, expected: Refusal) -> None:
    assert judged(rule, f"I love chess. {text}", "chess", quote="I love chess") is None
    assert judged(rule, f"I love chess. {text}", "chess") is None  # one sentence is sound
    sound = context(text, "I love chess")
    assert rule(propose(INTERESTS, "chess", (1, text), (2, "chess")), sound) is None
    unsound = context(text, text)
    assert rule(propose(INTERESTS, "chess", (1, text), (2, "chess")), unsound) == expected


@pytest.mark.parametrize(("rule", "text", "expected"), MARKED)
def test_a_marked_sentence_changes_nothing_unless_it_is_asked_for(
    rule: Rule, text: str, expected: Refusal
) -> None:
    known = (item(INTERESTS, "chess"),)
    for operation in ("remove_item", "confirm"):
        proposed = propose(INTERESTS, None, (1, text), op=operation, item=1)
        assert rule(proposed, context(text, known=known)) == expected
    forget = propose(INTERESTS, None, (1, text), op="remove_item", item=1)
    assert rule(forget, context(text, known=known, commanded=1)) is None


@pytest.mark.parametrize(("rule", "text", "expected"), MARKED)
def test_what_is_said_in_earnest_is_a_fact(rule: Rule, text: str, expected: Refusal) -> None:
    mixed = f"{text}, but in real life I like tea"
    assert judged(rule, mixed, "tea", quote="in real life I like tea") is None
    assert judged(rule, mixed, "tea", quote="I like tea") is None
    assert judged(rule, mixed, "chess", quote=text) == expected


def test_a_fact_of_life_is_not_for_once() -> None:
    given = context("for now I am a nurse")
    assert guards.just_once(propose(CAREER, "nurse", (1, "for now I am a nurse")), given) is None
    wish = propose(STYLES, "short", (1, "for now I am a nurse"))
    assert guards.just_once(wish, given) == JUST_ONCE


@pytest.mark.parametrize(
    ("text", "quote", "refused"),
    [
        ("do you like chess?", "", True),
        ("how does chess work", "", True),  # without a question mark
        ("how do I learn chess", "", False),
        ("is it chess?!~ ", "", True),
        ("你会下棋吗", "", True),
        ("チェスは好きですか。", "", True),
        ("chess is great", "", False),
        ("I love chess", "", False),
        ("I love chess. how does chess work?", "", False),
        ("I love chess. how does chess work?", "how does chess work?", True),
        ("I love chess, do you?", "", False),  # says so beside it
        ("the rules, do you know them?", "", True),
        ("did you know that I love chess?", "", False),  # takes it for known
        ("so, what is chess", "what is chess", False),
    ],
)
def test_asking_tells_nothing_of_the_person(text: str, quote: str, refused: bool) -> None:
    assert judged(guards.question, text, "chess", quote) == (QUESTION if refused else None)


def test_a_wish_or_a_habit_may_be_a_question() -> None:
    text = "could you be brief?"
    given = context(text)
    assert guards.question(propose(STYLES, "brief", (1, text)), given) is None
    assert guards.question(propose(INTERESTS, "brief", (1, text)), given) == QUESTION
    assert judged(guards.question, text, "brief", basis="inferred") is None
    assert judged(guards.question, text, "brief", op="confirm", item=1) == QUESTION


@pytest.mark.parametrize(
    ("text", "quote", "refused"),
    [
        ("I no longer play chess", "chess", False),
        ("I love chess", "chess", True),
        ("I no longer cook. I love chess", "chess", True),
        ("I no longer cook. I love chess", "cook. I love chess", False),
        ("I can't live without chess", "chess", True),
        ("I no longer cook, but I love chess", "I love chess", True),
        ("I never get tired of chess", "chess", True),
        ("I love chess, but I no longer play", "I no longer play", False),
    ],
)
def test_a_removal_needs_word_that_it_is_over(text: str, quote: str, refused: bool) -> None:
    given = context(text, known=(item(INTERESTS, "chess"),))
    remove = propose(INTERESTS, None, (1, quote), op="remove_item", item=1)
    assert guards.not_ended(remove, given) == (NOT_ENDED if refused else None)
    for operation in ("add_item", "confirm"):
        other = remove.model_copy(update={"op": operation})
        assert guards.not_ended(other, given) is None


def test_one_quote_that_says_so_is_enough_to_remove() -> None:
    given = context("I love chess", "I no longer play chess", known=(item(INTERESTS, "chess"),))
    quotes = ((1, "I love chess"), (2, "chess"))
    remove = propose(INTERESTS, None, *quotes, op="remove_item", item=1)
    assert guards.not_ended(remove, given) is None


def test_a_removal_asked_for_in_so_many_words_needs_no_reason() -> None:
    remove = propose(INTERESTS, None, (1, "I love chess"), op="remove_item", item=1)
    known = (item(INTERESTS, "chess"),)
    assert guards.not_ended(remove, context("I love chess", known=known, commanded=1)) is None
    elsewhere = context("I love chess", "x", known=known, commanded=2)
    assert guards.not_ended(remove, elsewhere) == NOT_ENDED
