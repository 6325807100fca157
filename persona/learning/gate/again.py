"""Whether a message that was edited still says what was learned from it."""

from __future__ import annotations

from persona.learning.batch import BatchMessage
from persona.learning.gate import denial, evidence, guards, subject
from persona.learning.gate.context import Context
from persona.learning.proposal import Evidence, Proposal
from persona.persona import Item
from persona.registry import Registry

_RULES = (
    evidence.quote_not_found,
    evidence.quoted_text,
    subject.third_party,
    denial.corrected,
    guards.hypothetical,
    guards.just_once,
    guards.role_play,
    guards.sarcasm,
    guards.question,
    denial.negated,
)


def still_says(message: BatchMessage, item: Item, quote: str, registry: Registry) -> bool:
    """Return whether `quote` is in the message as it is now, and speaks for `item` there."""
    proposal = Proposal(
        why="",
        evidence=[Evidence(msg=message.number, quote=quote)],
        about="self",
        basis="inferred" if item.basis == "inferred" else "stated",
        op="add_item",
        slot=item.slot,
        item=None,
        value=item.value,
    )
    context = Context.of([message], (), registry, "use")
    rules = _RULES if item.slot in registry else _RULES[:1]  # Operators may drop a slot.
    return all(rule(proposal, context) is None for rule in rules)
