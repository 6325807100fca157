"""What is denied, and what is taken back later."""

from __future__ import annotations

import pytest

from persona.learning.batch import BatchMessage
from persona.learning.gate import Context, Refusal, denial
from tests.support.gate import (
    CAREER,
    INTERESTS,
    MIND,
    NAME,
    context,
    item,
    judged,
    message,
    propose,
)

CORRECTED = Refusal("corrected", "The person took that back in a later message.")
NEGATED = Refusal("negated", "What is quoted says the opposite.")


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
        ("我不仅没喝茶", "茶", "", True),
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
    assert denial.negated(confirm, given) == NEGATED


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("I play chess", False),
        ("I never play chess", True),
        ("chess is what I sold my house for", True),
        ("I never cook, but I play chess", False),
    ],
)
def test_what_is_denied_confirms_nothing(text: str, refused: bool) -> None:
    given = context(text, known=(item(INTERESTS, "chess"),))
    confirm = propose(INTERESTS, None, (1, text), op="confirm", item=1)
    assert denial.negated(confirm, given) == (NEGATED if refused else None)
    remove = propose(INTERESTS, None, (1, text), op="remove_item", item=1)
    assert denial.negated(remove, given) is None


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
        ("テニス", "あ、テニスだけじゃなくてサッカーも", False),
        ("テニス", "あ、サッカーだけじゃなくて野球も", False),
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


@pytest.mark.parametrize(
    ("slot", "value", "following", "refused"),
    [
        (NAME, "Mey", "not Mey", True),
        (NAME, "Mey", "Mei, never ever call me by the name of Mey", True),
        (NAME, "Mey", "no, Mey it is", False),
        (NAME, "Mey", "not Kim", False),
        (NAME, "Mey", "nein Mey", False),  # an answer to the bot
        (NAME, "26", "not 26, 25", True),
        (NAME, "25", "not 26 but 25", False),
        (NAME, "Mey Lin", "typo, not Meyer Linn but Kim", True),  # in another form, with the word
        (NAME, "Meyer", "not Meyers", False),
        (NAME, "Meyer", "typo, not Meyers", True),
        (NAME, "Mey", "neither you nor I say Mey", True),
        (INTERESTS, "chess", "neither you nor I play chess", False),
        (INTERESTS, "chess", "chess is what I sold my house for", False),
        (INTERESTS, "chess", "not chess", True),
        (INTERESTS, "chess", "erm not at chess", True),
        (INTERESTS, "chess", "not today, chess tires me", False),
        (INTERESTS, "chess", "I am not that good at chess", False),
        (INTERESTS, "chess", "I can't live without chess", False),
    ],
)
def test_what_is_denied_next_needs_no_other_word(
    slot: str, value: str, following: str, refused: bool
) -> None:
    given = said(f"I like {value}", following)
    proposed = propose(slot, value, (1, value))
    assert denial.corrected(proposed, given) == (CORRECTED if refused else None)


@pytest.mark.parametrize(
    ("slot", "value", "later", "refused"),
    [
        (CAREER, "nurse in Bonn", "I am not a nurse any more", True),
        (CAREER, "nurse in Bonn", "I am a nurse still", False),
        (CAREER, "nurse in Bonn", "I never go to Bonn any more", False),
        (CAREER, "nurse in Bonn", "I love my job, not tired any more", False),
        (CAREER, "a nurse", "I am not a nurse any more", True),
        (CAREER, "a nurse", "I do not have a clue any more", False),
        (CAREER, "an actor", "I am not an early bird any more", False),
        (CAREER, "vet in Bonn", "I am not a vet any more", True),
        (INTERESTS, "chess", "I do not play chess any more", False),  # an end, in its time
    ],
)
def test_what_is_over_by_a_later_session_is_not_so(
    slot: str, value: str, later: str, refused: bool
) -> None:
    begin = message(1, f"I am {value}", session=1)
    bot = message(2, later, author="bot", session=2)
    proposed = propose(slot, value, (1, value))
    after = said(begin, bot, "hello", message(4, later, session=2))
    assert denial.corrected(proposed, after) == (CORRECTED if refused else None)
    assert denial.corrected(proposed, said(begin, bot)) is None
    before = said(message(1, later, session=1), message(2, f"I am {value}", session=2))
    assert denial.corrected(propose(slot, value, (2, value)), before) is None


def test_all_quotes_must_be_taken_back() -> None:
    given = said("I am Mey", "typo, Mei", "Mey it is")
    both = propose(NAME, "Mey", (1, "I am Mey"), (3, "Mey it is"))
    assert denial.corrected(both, given) is None
    assert denial.corrected(propose(NAME, "Mey", (1, "I am Mey")), given) == CORRECTED


def test_what_is_taken_back_in_the_same_message() -> None:
    text = "I am Mey, well Mei, not Mey"
    given = said(text)
    assert denial.corrected(propose(NAME, "Mey", (1, "I am Mey")), given) == CORRECTED
    assert denial.corrected(propose(NAME, "Mei", (1, "well Mei")), given) is None
    assert denial.corrected(propose(INTERESTS, "Mey", (1, "I am Mey")), given) is None
    # The first mention counts, and between the denial and the only value there may be more words.
    given = said("I am Mey. Well, I am not really called Mey. Mei it is")
    for quote in ("I am Mey", "Mey"):
        assert denial.corrected(propose(NAME, "Mey", (1, quote)), given) == CORRECTED


def test_what_is_denied_may_be_removed() -> None:
    text = "chess is not for me any more, I sold my chess set"
    remove = propose(INTERESTS, None, (1, text), op="remove_item", item=1)
    assert denial.negated(remove, context(text, known=(item(INTERESTS, "chess"),))) is None


def test_of_two_values_only_one_is_denied() -> None:
    text = "it is 25, not 26"
    assert denial.negated(propose(NAME, "25", (1, text)), context(text)) is None
    assert denial.negated(propose(NAME, "26", (1, text)), context(text)) == NEGATED


def test_what_is_taken_back_is_neither_written_nor_confirmed_but_may_be_removed() -> None:
    given = said("I am Mey", "typo, Mei")
    remove = propose(NAME, "Mey", (1, "I am Mey"), op="remove_item", item=1)
    assert denial.corrected(remove, given) is None
    confirm = propose(NAME, "Mey", (1, "I am Mey"), op="confirm", item=1)
    assert denial.corrected(confirm, given) == CORRECTED
    assert denial.corrected(propose(NAME, None, (1, "I am Mey")), given) is None
    proposed = propose(NAME, "xxxx", (1, "I am Mey"))
    assert denial.corrected(proposed, given) == CORRECTED
