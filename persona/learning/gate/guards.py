"""Guards: words that tell, without understanding, that a sentence is not a fact about the person.

What takes understanding is the model's part, and its prompt says so. These catch what careless
models miss most often, and may not cost a sound fact. One sound quote is enough to pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from persona.learning.batch import BatchMessage
from persona.learning.gate.context import Context, Said
from persona.learning.gate.form import writes
from persona.learning.gate.lexicon import Key, pattern
from persona.learning.gate.sentences import around, clauses
from persona.learning.gate.support import position
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Proposal
from persona.normalise import normalise

_QUESTION_END = re.compile(r"(?:[?？]|吗|嗎|么|呢|か|っけ)[\s.!~〜～。！]*$")
_NUMBER = re.compile(r"\d+")


def third_party(proposal: Proposal, context: Context) -> Refusal | None:
    """The subject of the clause is somebody else; a clause without one has that before it."""
    value = proposal.value or ""

    def speaks_of_others(said: Said, quote: str) -> bool:
        verdicts: list[bool] = []
        for sentence in clauses(said.own, quote):
            others = False
            for clause, touched in sentence:
                place = position(value, clause)
                others = _others(clause, place, place + len(normalise(value)), others)
                if touched and place < len(clause):
                    verdicts = [others]
                    break
                if touched:
                    verdicts.append(others)
        return bool(verdicts) and all(verdicts)

    return _refuse(proposal, context, speaks_of_others, "third_party", "speaks of somebody else")


def corrected(proposal: Proposal, context: Context) -> Refusal | None:
    """What the person's next message takes back ("typo, I meant") is not so."""
    if not writes(proposal):
        return None
    value = normalise(proposal.value or "")
    if all(
        said is not None and _takes_back(said.own, value)
        for said in (_next(message, context) for message, _, _ in context.cited(proposal))
    ):
        return Refusal("corrected", "The person corrected that in their next message.")
    return None


def _next(message: BatchMessage, context: Context) -> Said | None:
    """Return what the person said next in the session."""
    return next(
        (
            context.said[later.number]
            for later in context.messages.values()
            if later.number > message.number
            and later.session_id == message.session_id
            and later.author == "person"
        ),
        None,
    )


def _takes_back(said: str, value: str) -> bool:
    """Whether `said` puts something else of the same kind in the place of `value`.

    The old value may be named in passing: "27, I am far from 72".
    """
    if not _has(_without(said, "kept"), "corrected"):
        return False
    numbers = _NUMBER.findall(said)
    if (_NUMBER.search(value) is not None) != bool(numbers):
        return False
    return value not in said or (value.isdigit() and any(number != value for number in numbers))


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
    """The quote says the opposite: "not" before the value or "is not for me" after it."""
    value = proposal.value or ""

    def denies(said: Said, quote: str) -> bool:
        parts = around(said.own, quote, "clause")
        # A topic asked of, and the answer: "Football? Never."
        parts = [
            " ".join(parts[number:]) if _QUESTION_END.search(part) else part
            for number, part in enumerate(parts)
        ]
        parts = (
            [part for part in parts if normalise(value) in part]
            or [part for part in parts if position(value, part) < len(part)]
            or parts
        )
        return all(_denied(part, value) for part in parts)

    if context.registry[proposal.slot].kind == "choice" or any(
        _has(normalise(value), key) for key in ("negated", "denied")
    ):
        return None
    return _refuse(proposal, context, denies, "negated", "says the opposite")


def not_ended(proposal: Proposal, context: Context) -> Refusal | None:
    """A removal needs the person's word that it is over or wrong (memory-systems 5.2)."""
    if proposal.op != "remove_item" or context.is_commanded(proposal):
        return None
    if any(
        _has(_without(piece, "kept"), "ended")
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


def _denied(clause: str, value: str) -> bool:
    place = position(value, clause)
    if any(kept.start() <= place < kept.end() for kept in pattern("kept").finditer(clause)):
        return False
    clause = _without(clause, "kept")
    place = position(value, clause)
    return _has(clause[:place], "negated") or _has(clause[place:], "denied")


def _without(text: str, key: Key) -> str:
    return pattern(key).sub(" ", text)


def _asks(text: str) -> bool:
    """People leave question marks out, but then begin with the question word.

    "Did you know that I am a beekeeper?" asks nothing.
    """
    if _has(text, "presupposed"):
        return False
    begins = pattern("asking").match(text) is not None and not _has(text, "self_words")
    return begins or _QUESTION_END.search(text) is not None


def _others(clause: str, start: int, end: int, before: bool) -> bool:
    """Whether a clause with the value from `start` to `end` is about somebody else.

    One without a subject has that `before` it. "My sister" begins with somebody else, and "her dad
    is Norwegian and corrects my knots" is not about the speaker either.
    """
    found = [match.span() for match in pattern("third_party").finditer(clause)]
    if not found:
        return before and not _has(clause, "self_words")
    if any(first <= start < last for first, last in found):
        return True
    spoken = clause[:end] if found[0][0] < start else clause
    for first, last in found:
        spoken = spoken[:first] + " " * len(spoken[first:last]) + spoken[last:]
    return not _has(spoken, "self_words")
