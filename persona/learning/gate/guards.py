"""Guards: words that tell, without understanding, that a sentence is not a fact about the person.

What takes understanding is the model's part, and its prompt says so. These catch what careless
models miss most often, and may not cost a sound fact. One sound quote is enough to pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from persona.learning.gate.context import Context, Said
from persona.learning.gate.form import writes
from persona.learning.gate.lexicon import Key, pattern
from persona.learning.gate.sentences import around, clauses, touches
from persona.learning.gate.support import position
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Proposal
from persona.normalise import normalise

_QUESTION_END = re.compile(r"(?:[?？]|吗|嗎|么|呢|か|かな|っけ)[\s.!~〜～。！]*$")
_NUMBER = re.compile(r"\d")


def third_party(proposal: Proposal, context: Context) -> Refusal | None:
    """The subject of the clause is somebody else; a clause without one has that before it."""
    value = proposal.value or ""

    def speaks_of_others(said: Said, quote: str) -> bool:
        verdicts: list[bool] = []
        for sentence in around(said.own, quote):
            others = False
            for clause in clauses(sentence):
                if _has(clause, "third_party") and not _first_person(clause):
                    others = True
                elif _has(clause, "self_words"):
                    others = False
                if touches(clause, quote):
                    verdicts.append(others)
                    if position(value, clause) < len(clause):
                        verdicts = [others]
                        break
        return bool(verdicts) and all(verdicts)

    return _refuse(proposal, context, speaks_of_others, "third_party", "speaks of somebody else")


def corrected(proposal: Proposal, context: Context) -> Refusal | None:
    """What the person's next message takes back ("typo, I meant") is not so."""
    if not writes(proposal):
        return None
    value = normalise(proposal.value or "")
    numbers = _NUMBER.search(value) is not None
    for message, _, _ in context.cited(proposal):
        following = (
            context.said[later.number]
            for later in context.messages.values()
            if later.number > message.number
            and later.session_id == message.session_id
            and later.author == "person"
        )
        said = next(following, None)
        if (
            said is None
            or not _has(said.own, "corrected")
            or value in said.own
            or (_NUMBER.search(said.own) is not None) != numbers
        ):
            return None
    return Refusal("corrected", "The person corrected that in their next message.")


def hypothetical(proposal: Proposal, context: Context) -> Refusal | None:
    return _marked(proposal, context, "hypothetical", "is not real")


def just_once(proposal: Proposal, context: Context) -> Refusal | None:
    if context.registry[proposal.slot].group == "demographics":
        return None
    return _marked(proposal, context, "just_once", "is for this once")


def role_play(proposal: Proposal, context: Context) -> Refusal | None:
    return _marked(proposal, context, "role_play", "is said in a role")


def sarcasm(proposal: Proposal, context: Context) -> Refusal | None:
    return _marked(proposal, context, "sarcasm", "is not meant so")


def question(proposal: Proposal, context: Context) -> Refusal | None:
    """Asking about a thing tells nothing of the person, unless they say so beside it."""

    def only_asks(said: Said, quote: str) -> bool:
        found = around(said.own, quote)
        return all(map(_asks, found)) and not any(
            _has(clause, "self_words")
            for clause in around(said.own, quote, "clause")
            if not _asks(clause)
        )

    if proposal.basis == "inferred" or context.registry[proposal.slot].shapes_replies:
        return None  # What people keep asking for tells of them; "could you be brief?" is a wish.
    return _refuse(proposal, context, only_asks, "question", "is a question")


def negated(proposal: Proposal, context: Context) -> Refusal | None:
    """The quote says the opposite: a word of denial before the value, and none in it."""
    value = proposal.value or ""

    def denies(said: Said, quote: str) -> bool:
        pieces = [_without(piece, "kept") for piece in around(said.own, quote, "clause")]
        pieces = (
            [piece for piece in pieces if normalise(value) in piece]
            or [piece for piece in pieces if position(value, piece) < len(piece)]
            or pieces
        )
        return all(
            _has(piece[: position(value, piece)], "negated") or _has(piece, "denied")
            for piece in pieces
        )

    if context.registry[proposal.slot].kind == "choice" or pattern("negated").search(
        value.casefold()
    ):
        return None
    return _refuse(proposal, context, denies, "negated", "says the opposite")


def not_ended(proposal: Proposal, context: Context) -> Refusal | None:
    """A removal needs the person's word that it is over or wrong (memory-systems 5.2)."""
    if proposal.op != "remove_item" or context.is_commanded(proposal):
        return None
    if any(
        _has(piece, "ended")
        for _, said, quote in context.cited(proposal)
        for piece in around(said.own, quote)
    ):
        return None
    return Refusal("not_ended", "The quotes do not say that it is over or was wrong.")


def _marked(proposal: Proposal, context: Context, key: Key, what: str) -> Refusal | None:
    def has_mark(said: Said, quote: str) -> bool:
        return all(_has(piece, key) for piece in around(said.own, quote))

    return _refuse(proposal, context, has_mark, key, what)


def _refuse(
    proposal: Proposal,
    context: Context,
    unsound: Callable[[Said, str], bool],
    code: str,
    what: str,
) -> Refusal | None:
    if not writes(proposal):
        return None
    if all(unsound(said, quote) for _, said, quote in context.cited(proposal)):
        return Refusal(code, f"What is quoted {what}.")
    return None


def _has(text: str, key: Key) -> bool:
    return pattern(key).search(text) is not None


def _without(text: str, key: Key) -> str:
    return pattern(key).sub(" ", text)


def _asks(text: str) -> bool:
    """People leave question marks out, but then begin with the question word."""
    begins = pattern("asking").match(text) is not None and not _has(text, "self_words")
    return begins or _QUESTION_END.search(text) is not None


def _first_person(text: str) -> bool:
    """Whether the speaker is the subject; "my sister" begins with somebody else."""
    return _has(pattern("third_party").sub(" ", text), "self_words")
