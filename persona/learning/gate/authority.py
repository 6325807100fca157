"""Rules on who may change what: the person's own edit > stated > inferred (memory-systems 5.3)."""

from __future__ import annotations

from persona.learning.gate.context import Context
from persona.learning.gate.form import writes
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Proposal
from persona.persona import Item


def locked(proposal: Proposal, context: Context) -> Refusal | None:
    if proposal.slot in context.locked:
        return Refusal("locked", f"The person locked {proposal.slot}.")
    return None


def deleted(proposal: Proposal, context: Context) -> Refusal | None:
    """What was deleted comes back only by the person's own hand or express wish."""
    if context.is_commanded(proposal) or not writes(proposal):
        return None
    messages = [message for message, _, _ in context.cited(proposal)]
    if context.tombstones.bury(proposal.slot, proposal.value or "", messages):
        return Refusal("deleted", "The person deleted that.")
    return None


def own_edit(proposal: Proposal, context: Context) -> Refusal | None:
    """What a person typed in is changed by their hand; they may have it forgotten in words."""
    if context.is_forgetting(proposal):
        return None
    if any(item.basis == "edited" for item in _changed(proposal, context)):
        return Refusal("own_edit", "The person wrote that value themselves.")
    return None


def weaker(proposal: Proposal, context: Context) -> Refusal | None:
    changed = _changed(proposal, context)
    if proposal.basis == "inferred" and any(item.basis != "inferred" for item in changed):
        return Refusal("weaker", "What was stated is not changed by what is inferred.")
    return None


def outdated(proposal: Proposal, context: Context) -> Refusal | None:
    """Of two statements the later counts, also when it was learned first."""
    changed = [item for item in _changed(proposal, context) if item.said_at is not None]
    if not changed:
        return None
    newest = max(item.said_at for item in changed if item.said_at is not None)
    if context.said_at(proposal) < newest:
        return Refusal("outdated", "A newer message says otherwise.")
    return None


def too_much_change(proposal: Proposal, context: Context) -> Refusal | None:
    """One bad answer, or one poisoned message, must not turn a persona over."""
    ends = len(_changed(proposal, context))
    if ends and len(context.ended) + ends > context.most_ended:
        return Refusal("too_much_change", "One run changes only a part of what is known.")
    return None


def _changed(proposal: Proposal, context: Context) -> list[Item]:
    """Return the known items that the proposal would end."""
    if proposal.op == "remove_item":
        item = context.target(proposal)
        return [item] if item is not None else []
    return list(context.replaced(proposal).values())
