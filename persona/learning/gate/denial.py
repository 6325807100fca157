"""What the person denies or takes back is not so, though the words of it are there."""

from __future__ import annotations

import re
from typing import Literal

from persona.learning.batch import BatchMessage
from persona.learning.gate.context import Context, Said
from persona.learning.gate.form import writes
from persona.learning.gate.lexicon import has, pattern, without
from persona.learning.gate.sentences import around, asks, clauses
from persona.learning.gate.support import position
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Proposal
from persona.normalise import normalise

_NUMBER = re.compile(r"\d+")
# "not at teaching": between the denial and what it denies there may be a short word.
_SHORT_WORD = re.compile(r"\W*(?:\w{1,3}\W+)?")


def negated(proposal: Proposal, context: Context) -> Refusal | None:
    """The quote says the opposite: "not" before the value or "is not for me" after it."""
    value = proposal.value or ""
    if proposal.op == "confirm":
        item = context.target(proposal)
        value = item.value if item is not None else ""

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
    if not writes(proposal):
        return None
    value = normalise(proposal.value or "")
    single = context.registry[proposal.slot].kind == "text"

    def is_taken_back(message: BatchMessage) -> bool:
        later = [
            (each, context.said[each.number].own)
            for each in context.messages.values()
            if each.number > message.number and each.author == "person"
        ]
        in_session = [said for each, said in later if each.session_id == message.session_id]
        return any(_takes_back(said, value, single) for said in in_session[:1]) or (
            single and any(_ends(said, value) for _, said in later)
        )

    if all(is_taken_back(message) for message, _, _ in context.cited(proposal)):
        return Refusal("corrected", "The person took that back in a later message.")
    return None


def _takes_back(said: str, value: str, single: bool) -> bool:
    """Whether the next thing `said` puts something else of the same kind in the place of `value`.

    The old value may be named in passing ("27, I am far from 72"), or denied without more ado.
    """
    for clause in _clauses(said):
        denial = _denial(clause, value) if position(value, clause) < len(clause) else None
        if denial is not None and (single or _SHORT_WORD.fullmatch(denial)):
            return True
    if not has(without(said, "kept"), "corrected"):
        return False
    numbers = _NUMBER.findall(said)
    if (_NUMBER.search(value) is not None) != bool(numbers):
        return False
    return value not in said or (value.isdigit() and any(number != value for number in numbers))


def _ends(said: str, value: str) -> bool:
    """Whether `said` tells that `value`, named by its first word, is no longer so."""
    head = value.split(" ", maxsplit=1)[0]
    head = head if len(head) > 2 else value
    return any(
        head in clause and _denial(clause, head) is not None and has(clause, "ended")
        for clause in _clauses(said)
    )


def _clauses(said: str) -> list[str]:
    return [clause for sentence in clauses(said, said) for clause, _ in sentence]


def _denial(clause: str, value: str) -> str | None:
    """Return what stands between the value and the word that denies it; None if none does."""
    kept = [match.span() for match in pattern("kept").finditer(clause)]
    place = position(value, clause)
    if any(first <= place < last for first, last in kept):
        return None

    def ends(key: Literal["negated", "denied"]) -> list[tuple[int, int]]:
        return [
            match.span()
            for match in pattern(key).finditer(clause)
            if not any(first <= match.start() < last for first, last in kept)
        ]

    before = [last for first, last in ends("negated") if first < place]
    if before:
        return clause[before[-1] : place]
    after = [first for first, _ in ends("denied") if first >= place]
    return clause[place + len(value) : after[0]] if after and place < len(clause) else None
