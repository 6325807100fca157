"""The gate for what a person types in: form and content count, evidence and authority do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from persona.errors import EditError
from persona.learning.gate import content, form
from persona.learning.gate.context import Context
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Proposal
from persona.normalise import fold, is_blank
from persona.persona import Item
from persona.registry import Registry, Slot

_RULES = (
    form.wrong_kind,
    form.null_phrase,
    form.too_long,
    form.too_many,
    content.look_alike,
    content.secret,
    content.contact,
    content.instruction,
)


def check(slot: Slot, value: str, others: Sequence[Item], registry: Registry) -> str:
    """Return `value` as it is stored beside `others`, the items that stay.

    Raises `EditError` with the reason when it may not be kept.
    """
    if is_blank(value):
        raise EditError(f"{slot.label} needs a value.", code="no_value", slot=slot.name)
    for refusal in refusals(slot, value, others, registry):
        raise EditError(refusal.reason, code=refusal.code, slot=slot.name)
    chosen = form.choice(slot, value) if slot.kind == "choice" else None
    return chosen or fold(value)


def refusals(
    slot: Slot, value: str, others: Sequence[Item], registry: Registry
) -> Iterator[Refusal]:
    """Yield what speaks against keeping `value` beside `others`."""
    proposal = Proposal(
        why="",
        evidence=[],
        about="self",
        basis="stated",
        op="add_item" if slot.kind == "list" else "set_slot",
        slot=slot.name,
        item=None,
        value=value,
    )
    context = Context.of((), others, registry, "off")
    for rule in _RULES:
        refusal = rule(proposal, context)
        if refusal is not None:
            yield refusal
