"""Rules on what a proposal rests on: quotes from the person's own words, and enough of them."""

from __future__ import annotations

from datetime import timedelta

from persona.learning.examples import EXAMPLES
from persona.learning.gate.context import Context
from persona.learning.gate.form import writes
from persona.learning.gate.lexicon import has
from persona.learning.gate.sentences import around
from persona.learning.gate.support import is_supported, position
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Proposal
from persona.normalise import bare

QUOTE_LENGTH = 160
# Far more than a value gives rise to: an answer beyond these has run wild.
QUOTES = 10
# An implicit trait is no matter of one remark (memory-systems 5.3, 5.8).
INFERRED_MESSAGES = 2
INFERRED_SESSIONS = 2


def not_inferable(proposal: Proposal, context: Context) -> Refusal | None:
    if proposal.basis == "stated":
        return None
    if context.inferred == "off" or not context.registry[proposal.slot].inferable:
        return Refusal("not_inferable", f"{proposal.slot} takes only what was plainly stated.")
    return None


def no_evidence(proposal: Proposal, context: Context) -> Refusal | None:
    if not proposal.evidence:
        return Refusal("no_evidence", "Every update needs a quote.")
    return None


def too_much_evidence(proposal: Proposal, context: Context) -> Refusal | None:
    if len(proposal.evidence) > QUOTES:
        return Refusal("too_much_evidence", f"An update has at most {QUOTES} quotes.")
    return None


def outside_batch(proposal: Proposal, context: Context) -> Refusal | None:
    for evidence in proposal.evidence:
        if evidence.msg not in context.messages:
            return Refusal("outside_batch", f"There is no message {evidence.msg}.")
    return None


def not_by_person(proposal: Proposal, context: Context) -> Refusal | None:
    for evidence in proposal.evidence:
        if context.messages[evidence.msg].author != "person":
            return Refusal("not_by_person", f"Message {evidence.msg} is not by the person.")
    return None


def quote_not_found(proposal: Proposal, context: Context) -> Refusal | None:
    if any(len(evidence.quote) > QUOTE_LENGTH for evidence in proposal.evidence):
        return Refusal("quote_too_long", f"A quote has at most {QUOTE_LENGTH} characters.")
    for message, said, quote in context.cited(proposal):
        if not quote or quote not in said.text:
            return Refusal("quote_not_found", f"Message {message.number} does not say that.")
    return None


def quoted_text(proposal: Proposal, context: Context) -> Refusal | None:
    """Code, quotations and forwarded text may be anybody's words."""
    for message, said, quote in context.cited(proposal):
        own = said.own.replace("\n", " ")
        quoted = any(quote in piece for piece in said.quotations)
        alone = own.count(quote) <= sum(piece.count(quote) for piece in said.quotations)
        if quote not in own or (quoted and alone):
            return Refusal(
                "quoted_text", f"In message {message.number} those are not the person's own words."
            )
    return None


def already_over(proposal: Proposal, context: Context) -> Refusal | None:
    """What ends lasts until some day to come; what is over is removed, by a rule of its own."""
    if proposal.valid_until is None or not proposal.evidence:
        return None
    # Where the person is, it may be the day before.
    if proposal.valid_until < context.said_at(proposal).date() - timedelta(days=1):
        return Refusal("already_over", "valid_until lies before the day it was said.")
    return None


def unsupported(proposal: Proposal, context: Context) -> Refusal | None:
    """A stated value is what its quotes say; a choice is the registry's word, not the person's.

    To confirm a guess is to state it: no other words make it a fact.
    """
    if proposal.op == "remove_item":
        return _not_mentioned(proposal, context)
    if proposal.basis == "inferred":
        return None
    if context.registry[proposal.slot].kind == "choice":
        return _nobody_speaks(proposal, context)
    if not is_supported(context.value(proposal), (item.quote for item in proposal.evidence)):
        return Refusal("unsupported", "The quotes do not say that value; use the person's words.")
    return None


def example(proposal: Proposal, context: Context) -> Refusal | None:
    """The prompt's examples are nobody's words, until the person says them (memory-systems 5.8)."""
    if not writes(proposal):
        return None
    value = bare(proposal.value or "")
    quotes = [bare(item.quote) for item in proposal.evidence]
    for word in (bare(shown.word) for shown in EXAMPLES):
        if word in value and not any(word in quote for quote in quotes):
            return Refusal("example", "That is from the examples; the person did not say it.")
    return None


def too_little_support(proposal: Proposal, context: Context) -> Refusal | None:
    if proposal.basis == "stated":
        return None
    messages = {message.message_id for message, _, _ in context.cited(proposal)}
    sessions = {message.session_id for message, _, _ in context.cited(proposal)}
    if len(messages) < INFERRED_MESSAGES or len(sessions) < INFERRED_SESSIONS:
        return Refusal(
            "too_little_support",
            f"What is inferred needs quotes from {INFERRED_MESSAGES} messages in "
            f"{INFERRED_SESSIONS} sessions.",
        )
    return None


def _nobody_speaks(proposal: Proposal, context: Context) -> Refusal | None:
    """A choice is the registry's word; at least the person must speak of themselves."""
    value = context.value(proposal)
    for _, said, quote in context.cited(proposal):
        spoken = " ".join(around(said.own, quote))
        if has(spoken, "self_words") or position(value, spoken) < len(spoken):
            return None
    return Refusal("unsupported", "The quotes are not about the person.")


def _not_mentioned(proposal: Proposal, context: Context) -> Refusal | None:
    """What is to be removed must be spoken of; a choice is the registry's word."""
    item = context.target(proposal)
    if item is None or context.registry[proposal.slot].kind == "choice":
        return None
    if any(position(item.value, quote) < len(quote) for _, _, quote in context.cited(proposal)):
        return None
    return Refusal("unsupported", "The quotes do not speak of that value.")
