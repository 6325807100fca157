"""Rules on what may never be kept: secrets, contact data, orders to a machine, sensitive facts."""

from __future__ import annotations

from persona.learning.gate.context import Context
from persona.learning.gate.form import writes
from persona.learning.gate.lexicon import has
from persona.learning.gate.look_alike import mixes_scripts
from persona.learning.gate.private_data import holds_contact, holds_secret
from persona.learning.gate.sentences import around
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Proposal
from persona.normalise import normalise


def look_alike(proposal: Proposal, context: Context) -> Refusal | None:
    if writes(proposal) and mixes_scripts(proposal.value or ""):
        return Refusal("look_alike", "The value mixes letters of scripts that look alike.")
    return None


def secret(proposal: Proposal, context: Context) -> Refusal | None:
    if any(map(holds_secret, _kept(proposal))):
        return Refusal("secret", "Passwords, keys and numbers of accounts are not kept.")
    return None


def contact(proposal: Proposal, context: Context) -> Refusal | None:
    if any(map(holds_contact, _kept(proposal))):
        return Refusal("contact", "Addresses, numbers, links and handles are not kept.")
    return None


def instruction(proposal: Proposal, context: Context) -> Refusal | None:
    """Only style slots may shape behaviour, and none may change the rules (memory-systems 5.7).

    A clause that tries to is no evidence for anything else either.
    """
    if not writes(proposal):
        return None
    value = normalise(proposal.value or "")
    shapes = context.registry[proposal.slot].shapes_replies
    if (
        has(value, "override")
        or (not shapes and has(value, "order"))
        or any(
            has(clause, "override")
            for _, said, quote in context.cited(proposal)
            for clause in around(said.own, quote, "clause")
        )
    ):
        return Refusal("instruction", "A value tells of the person; it gives no orders.")
    return None


def sensitive(proposal: Proposal, context: Context) -> Refusal | None:
    """Health, sexuality, religion, politics, ethnicity, union, biometrics (GDPR, article 9)."""
    if context.is_commanded(proposal) or not writes(proposal):
        return None
    if has(normalise(proposal.value or ""), "sensitive"):
        return Refusal("sensitive", "That is kept only when the person asks for it plainly.")
    return None


def _kept(proposal: Proposal) -> list[str]:
    """Return, normalised, all that would be stored: the value and its quotes."""
    texts = [item.quote for item in proposal.evidence]
    if proposal.value is not None:
        texts.append(proposal.value)
    return [normalise(text) for text in texts]
