"""Rules on what a proposal is, whatever was said: they also hold for what a person types in."""

from __future__ import annotations

from collections.abc import Mapping

from persona.learning.gate.context import Context
from persona.learning.gate.lexicon import means_nothing
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Operation, Proposal
from persona.normalise import fold, normalise
from persona.registry import Slot

_OPERATIONS: Mapping[str, frozenset[Operation]] = {
    "text": frozenset({"set_slot", "remove_item", "confirm"}),
    "choice": frozenset({"set_slot", "remove_item", "confirm"}),
    "list": frozenset({"add_item", "remove_item", "confirm"}),
}


def choice(slot: Slot, value: str | None) -> str | None:
    """Return the choice of `slot` that `value` means, in its declared spelling."""
    wanted = normalise(value or "")
    return next((option for option in slot.choices if normalise(option) == wanted), None)


def writes(proposal: Proposal) -> bool:
    """Return whether the proposal brings a value of its own."""
    return proposal.op in ("set_slot", "add_item")


def about_other(proposal: Proposal, context: Context) -> Refusal | None:
    if proposal.about != "self":
        return Refusal("about_other", "Only facts about the person themselves are recorded.")
    return None


def unknown_slot(proposal: Proposal, context: Context) -> Refusal | None:
    if proposal.slot not in context.registry:
        return Refusal("unknown_slot", f"There is no slot {proposal.slot!r}.")
    return None


def wrong_kind(proposal: Proposal, context: Context) -> Refusal | None:
    slot = context.registry[proposal.slot]
    if proposal.op not in _OPERATIONS[slot.kind]:
        fitting = "add_item" if slot.kind == "list" else "set_slot"
        return Refusal("wrong_kind", f"{slot.name} is a {slot.kind}; use {fitting}.")
    if writes(proposal):
        if not fold(proposal.value or ""):
            return Refusal("wrong_kind", f"{proposal.op} needs a value.")
        if slot.kind == "choice" and choice(slot, proposal.value) is None:
            return Refusal("wrong_kind", f"{slot.name} is one of: {', '.join(slot.choices)}.")
    return None


def unknown_item(proposal: Proposal, context: Context) -> Refusal | None:
    if not writes(proposal) and context.target(proposal) is None:
        return Refusal("unknown_item", f"Item {proposal.item} is not one of {proposal.slot}.")
    return None


def already_ended(proposal: Proposal, context: Context) -> Refusal | None:
    if not writes(proposal) and proposal.item in context.ended:
        return Refusal("already_ended", f"Item {proposal.item} was removed or replaced already.")
    return None


def null_phrase(proposal: Proposal, context: Context) -> Refusal | None:
    if writes(proposal) and means_nothing(normalise(proposal.value or "")):
        return Refusal("null_phrase", "Leave out what is not known; that is no value.")
    return None


def too_long(proposal: Proposal, context: Context) -> Refusal | None:
    slot = context.registry[proposal.slot]
    if proposal.value is not None and len(fold(proposal.value)) > slot.max_length:
        return Refusal("too_long", f"{slot.name} holds at most {slot.max_length} characters.")
    return None


def too_many(proposal: Proposal, context: Context) -> Refusal | None:
    slot = context.registry[proposal.slot]
    if proposal.op != "add_item" or proposal.value is None:
        return None
    held = context.held.get(slot.name, frozenset())
    if normalise(proposal.value) not in held and len(held) >= slot.max_items:
        return Refusal("too_many", f"{slot.name} is full with {slot.max_items} items.")
    return None
