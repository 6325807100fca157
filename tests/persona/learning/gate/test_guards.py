"""Guards by the plainest words of their kind; the corpus has those of every language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from persona.learning.batch import BatchMessage
from persona.learning.gate import Context, Refusal, denial, guards, subject
from persona.learning.proposal import Proposal
from tests.support.gate import (
    CAREER,
    INTERESTS,
    MIND,
    NAME,
    STYLES,
    context,
    item,
    message,
    propose,
)

Rule = Callable[[Proposal, Context], Refusal | None]

THIRD_PARTY = Refusal("third_party", "What is quoted speaks of somebody else.")
CORRECTED = Refusal("corrected", "The person took that back in a later message.")
HYPOTHETICAL = Refusal("hypothetical", "What is quoted is not real.")
JUST_ONCE = Refusal("just_once", "What is quoted is for this once.")
ROLE_PLAY = Refusal("role_play", "What is quoted is said in a role.")
SARCASM = Refusal("sarcasm", "What is quoted is not meant so.")
QUESTION = Refusal("question", "What is quoted is a question.")
NEGATED = Refusal("negated", "What is quoted says the opposite.")
NOT_ENDED = Refusal("not_ended", "The quotes do not say that it is over or was wrong.")


def judged(rule: Rule, text: str, value: str | None, quote: str = "", **changes: object) -> object:
    """Return what `rule` says of an interest quoted from `text`, by itself from all of it."""
    proposed = propose(INTERESTS, value, (1, quote or text), **changes)
    return rule(proposed, context(text))


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
def test_only_what_is_written_is_guarded(rule: Rule, text: str, expected: Refusal) -> None:
    for operation in ("remove_item", "confirm"):
        assert judged(rule, text, "chess", op=operation, item=1) is None


def test_a_fact_of_life_is_not_for_once() -> None:
    given = context("for now I am a nurse")
    assert guards.just_once(propose(CAREER, "nurse", (1, "for now I am a nurse")), given) is None
    wish = propose(STYLES, "short", (1, "for now I am a nurse"))
    assert guards.just_once(wish, given) == JUST_ONCE


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
        ("my sister and I love long games", "love long games", "", False),
        ("chess my sister plays with me", "chess", "", False),
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
    assert judged(subject.third_party, "my sister loves chess", "x", op="confirm", item=1) is None
    assert judged(subject.third_party, "my sister loves chess", None) == THIRD_PARTY


def said(*lines: str | BatchMessage) -> Context:
    """Return the context of `lines` said in one session."""
    return context(
        *(
            message(number, line, session=1) if isinstance(line, str) else line
            for number, line in enumerate(lines, 1)
        )
    )


@pytest.mark.parametrize(
    ("value", "following", "refused"),
    [
        ("Mey", "typo, Mei", True),
        ("Mey", "I meant Mei", True),
        ("Mey", "I love tea", False),
        ("Mey", "typo, it is Mey with an e", False),
        ("Mey", "typo, 27 it is", False),  # another kind of thing
        ("72", "typo, 27", True),
        ("72", "typo, I am Mei", False),
        ("72", "typo, 27, I am far from 72", True),
        ("72", "typo: 72", False),
        ("72 years", "typo, 72 years, not 27", False),
        ("MEY", "typo, it is mey", False),
        ("テニス", "テニスだけじゃなくてサッカーも", False),
        ("テニス", "サッカーだけじゃなくて野球も", False),
    ],
)
def test_what_the_next_message_takes_back_is_not_so(
    value: str, following: str, refused: bool
) -> None:
    given = said(f"I am {value}", following)
    proposed = propose(NAME, value, (1, value))
    assert denial.corrected(proposed, given) == (CORRECTED if refused else None)


def test_only_the_persons_next_message_in_the_session_corrects() -> None:
    proposed = propose(NAME, "Mey", (1, "I am Mey"))
    bot = message(2, "typo, Mei", author="bot", session=1)
    later = message(3, "typo, Mei", session=2)
    assert denial.corrected(proposed, said("I am Mey")) is None
    assert denial.corrected(proposed, said("I am Mey", bot)) is None
    assert denial.corrected(proposed, said("I am Mey", bot, "typo, Mei")) == CORRECTED
    assert denial.corrected(proposed, said("I am Mey", "I love tea", "typo, Mei")) is None
    assert denial.corrected(proposed, said("I am Mey", bot, later)) is None
    assert denial.corrected(proposed, said("I am Mey, no typo")) is None
    earlier = propose(NAME, "Mey", (2, "I am Mey"))
    assert denial.corrected(earlier, said("typo, Mei", "I am Mey")) is None


def test_all_quotes_must_be_taken_back() -> None:
    given = said("I am Mey", "typo, Mei", "Mey it is")
    both = propose(NAME, "Mey", (1, "I am Mey"), (3, "Mey it is"))
    assert denial.corrected(both, given) is None
    assert denial.corrected(propose(NAME, "Mey", (1, "I am Mey")), given) == CORRECTED


def test_only_what_is_written_is_corrected() -> None:
    given = said("I am Mey", "typo, Mei")
    for operation in ("remove_item", "confirm"):
        proposed = propose(NAME, "Mey", (1, "I am Mey"), op=operation, item=1)
        assert denial.corrected(proposed, given) is None
    assert denial.corrected(propose(NAME, None, (1, "I am Mey")), given) is None
    proposed = propose(NAME, "xxxx", (1, "I am Mey"))
    assert denial.corrected(proposed, given) == CORRECTED


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
    assert judged(guards.question, text, "brief", op="confirm", item=1) is None


@pytest.mark.parametrize(
    ("text", "value", "quote", "refused"),
    [
        ("I never play chess", "chess", "", True),
        ("I play chess", "chess", "", False),
        ("I play chess, never cards", "chess", "", False),
        ("I play chess, never cards", "cards", "", True),
        ("I play chess and never stop", "chess", "", False),
        ("I sold my chess set", "chess", "", False),
        ("chess is what I sold my house for", "chess", "", True),  # the lexicon's denial after it
        ("never play with chess players", "chess", "chess players", True),
        # In words that turn into no opposite.
        ("I can't live without chess", "chess", "", False),
        ("not only chess", "chess", "", False),
        ("I never play, not only chess", "chess", "", False),
        ("I not only never play chess", "chess", "", True),
        ("I never say never miss out", "miss out", "", False),
        ("I never ask why not", "why", "", False),
        ("我没喝不仅茶", "茶", "", True),
        # A topic asked of, and the answer.
        ("I love chess, sold my cards", "chess", "", False),
        ("football? sold my ball", "football", "", True),
        ("football? sold my ball", "football", "football?", False),
        ("football? yes", "football", "", False),
        ("sold my ball. football? yes", "football", "", False),
        # The value word for word stands before parts of it, and those before none of it.
        ("I never play chess games, but chess matches", "chess matches", "", False),
        ("I play chess games, but never chess matches", "chess matches", "", True),
        ("I never cook, but chess is great", "chess matches", "", False),
        ("I cook, but never chess", "chess matches", "", True),
        ("I never cook", "chess", "", True),
        ("I never cook, but I sew", "chess", "", False),
        # A denial that is the value.
        ("I never eat meat", "never eats meat", "", False),
        ("I never eat meat", "CAN'T STAND meat", "", False),
        ("I never eat meat", "sold my meat", "", False),
        ("I NEVER play chess", "CHESS", "", True),
    ],
)
def test_the_opposite_is_not_the_value(text: str, value: str, quote: str, refused: bool) -> None:
    assert judged(denial.negated, text, value, quote) == (NEGATED if refused else None)


def test_a_choice_is_not_found_in_words() -> None:
    text = "I never go with my heart"
    given = context(text)
    assert denial.negated(propose(MIND, "feeling", (1, text)), given) is None
    assert denial.negated(propose(INTERESTS, "feeling", (1, text)), given) == NEGATED
    assert denial.negated(propose(INTERESTS, None, (1, text)), given) is None
    confirm = propose(INTERESTS, "feeling", (1, text), op="confirm", item=1)
    assert denial.negated(confirm, given) is None


@pytest.mark.parametrize(
    ("text", "quote", "refused"),
    [
        ("I no longer play chess", "chess", False),
        ("I love chess", "chess", True),
        ("I no longer cook. I love chess", "chess", True),
        ("I no longer cook. I love chess", "cook. I love chess", False),
        ("I can't live without chess", "chess", True),
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
