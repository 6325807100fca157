"""Guards: words that tell, without understanding, that a sentence is not a fact about the person.

What takes understanding is the model's part, and its prompt says so. These catch what careless
models miss most often, and may not cost a sound fact. One sound quote is enough to pass.
"""

from __future__ import annotations

from collections.abc import Callable

from persona.learning.gate.context import Context, Said
from persona.learning.gate.lexicon import Key, has, without
from persona.learning.gate.sentences import around, asks
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Proposal


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
        return all(map(asks, found)) and not any(
            has(clause, "self_words")
            for clause in around(said.own, quote, "clause")
            if not asks(clause)
        )

    if proposal.basis == "inferred" or context.registry[proposal.slot].shapes_replies:
        return None  # What people keep asking for tells of them; "could you be brief?" is a wish.
    return _refuse(proposal, context, only_asks, "question", "is a question")


def not_ended(proposal: Proposal, context: Context) -> Refusal | None:
    """A removal needs the person's word that it is over or wrong (memory-systems 5.2)."""
    if proposal.op != "remove_item" or context.is_forgetting(proposal):
        return None
    if any(
        has(without(piece, "kept"), "ended")
        for _, said, quote in context.cited(proposal)
        for piece in around(said.own, quote, "clause")
    ):
        return None
    return Refusal("not_ended", "The quotes do not say that it is over or was wrong.")


def _marked(proposal: Proposal, context: Context, key: Key, what: str) -> Refusal | None:
    def has_mark(said: Said, quote: str) -> bool:
        # "My character is a knight, but in real life I am a nurse."
        if any(has(clause, "in_earnest") for clause in around(said.own, quote, "clause")):
            return False
        return all(has(piece, key) for piece in around(said.own, quote))

    return _refuse(proposal, context, has_mark, key, what)


def _refuse(
    proposal: Proposal,
    context: Context,
    unsound: Callable[[Said, str], bool],
    code: str,
    what: str,
) -> Refusal | None:
    if not context.is_forgetting(proposal) and context.all_cited(proposal, unsound):
        return Refusal(code, f"What is quoted {what}.")
    return None
