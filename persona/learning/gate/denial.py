"""What the person denies or takes back is not so, though the words of it are there."""

from __future__ import annotations

import re
from typing import Literal

from persona.learning.batch import BatchMessage
from persona.learning.gate.context import Context, Said
from persona.learning.gate.lexicon import has, pattern, without
from persona.learning.gate.sentences import around, asks, clauses
from persona.learning.gate.support import names, position
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Proposal
from persona.normalise import normalise

_NUMBER = re.compile(r"\d+")
_NO = re.compile(r"^(?:nope|nah|nein|nee|non|нет)\s+")
# "not at teaching": between the denial and what it denies there may be a short word.
_SHORT_WORD = re.compile(r"\W*(?:\w{1,3}\W+)?")


def negated(proposal: Proposal, context: Context) -> Refusal | None:
    """The quote says the opposite: "not" before the value or "is not for me" after it."""
    value = context.value(proposal)

    def denies(said: Said, quote: str) -> bool:
        parts = around(said.own, quote, "clause")
        # A topic asked of, and the answer: "Football? Never."
        parts = [
            " ".join(parts[number:]) if asks(part) else part for number, part in enumerate(parts)
        ]
        parts = (
            [part for part in parts if normalise(value) in part]
            or [part for part in parts if position(value, part) < len(part)]
            or parts
        )
        return all(_denial(part, value) is not None for part in parts)

    if (
        proposal.op == "remove_item"
        or context.registry[proposal.slot].kind == "choice"
        or any(has(normalise(value), key) for key in ("negated", "denied"))
        or not context.all_cited(proposal, denies)
    ):
        return None
    return Refusal("negated", "What is quoted says the opposite.")


def corrected(proposal: Proposal, context: Context) -> Refusal | None:
    """What the person takes back afterwards ("typo, I meant", "I am no trainee any more")."""
    if proposal.op == "remove_item":
        return None
    value = normalise(context.value(proposal))
    single = context.registry[proposal.slot].kind == "text"

    def is_taken_back(message: BatchMessage, quote: str) -> bool:
        rest = context.said[message.number].own.partition(quote)[2]
        if single and rest and _is_denied(rest, value, single):
            return True
        later = [
            (each, context.said[each.number].own)
            for each in context.messages.values()
            if each.number > message.number and each.author == "person"
        ]
        in_session = [said for each, said in later if each.session_id == message.session_id]
        return any(_takes_back(said, value, single) for said in in_session[:1]) or (
            single and any(_ends(said, value) for _, said in later)
        )

    if all(is_taken_back(message, quote) for message, _, quote in context.cited(proposal)):
        return Refusal("corrected", "The person took that back in a later message.")
    return None


def _takes_back(said: str, value: str, single: bool) -> bool:
    """Whether the next thing `said` puts something else of the same kind in the place of `value`.

    The old value may be named in passing ("27, I am far from 72"), or denied without more ado.
    """
    if _is_denied(said, value, single):
        return True
    if not has(without(said, "kept"), "corrected"):
        return False
    if _is_denied(said, value, single, inflected=True):
        return True
    numbers = _NUMBER.findall(said)
    if (_NUMBER.search(value) is not None) != bool(numbers):
        return False
    return value not in said or (value.isdigit() and any(number != value for number in numbers))


def _is_denied(said: str, value: str, single: bool, *, inflected: bool = False) -> bool:
    """Whether a clause denies `value`; right before it where there may be other values."""
    return any(
        denial is not None and (single or _SHORT_WORD.fullmatch(denial) is not None)
        for clause in _clauses(said)
        if (position(value, clause) < len(clause) if inflected else names(clause, value))
        for denial in (_denial(clause, value),)
    )


def _ends(said: str, value: str) -> bool:
    """Whether `said` tells that `value`, named by its first word, is no longer so."""
    head = value.split(" ", maxsplit=1)[0]
    head = head if len(head) > 2 else value
    return any(
        names(clause, head) and _denial(clause, head) is not None and has(clause, "ended")
        for clause in _clauses(said)
    )


def _clauses(said: str) -> list[str]:
    """Return the clauses of `said` without the "no" they begin with: it answers the bot."""
    found = [clause for sentence in clauses(said, said) for clause, _ in sentence]
    return [_NO.sub("", clause) for clause in found]


def _denial(clause: str, value: str) -> str | None:
    """Return what stands between the value and the word that denies it; None if none does."""
    place = position(value, clause)
    kept = [match.span() for match in pattern("kept").finditer(clause)]
    if any(first <= place < last for first, last in kept):
        return None

    def found(key: Literal["negated", "denied"]) -> list[tuple[int, int]]:
        return [
            match.span()
            for match in pattern(key).finditer(clause)
            if not any(first <= match.start() < last for first, last in kept)
        ]

    before = [last for first, last in found("negated") if first < place]
    if before:
        return clause[before[-1] : place]
    after = [first for first, _ in found("denied") if first >= place]
    return clause[place + len(value) : after[0]] if after and place < len(clause) else None
