"""What the gate's rules are asked about: messages, what is known, and proposals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from persona.learning.batch import BatchMessage
from persona.learning.gate import Accepted, Context, judge
from persona.learning.gate.judge import Rule
from persona.learning.proposal import Proposal
from persona.persona import Basis, Item
from persona.registry import Registry
from persona.settings import Inferred
from persona.turns import Author
from tests.support.model import proposal

REGISTRY = Registry()
NAME = "demographics.name"
CAREER = "demographics.career"
INTERESTS = "personality.values_and_interests"
MIND = "personality.thinking_feeling"
USAGE = "pattern.usage"
STYLES = "preference.styles"

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)

# A number of a message, and what is quoted from it.
Quote = tuple[int, str]


def message(
    number: int, text: str, author: Author = "person", session: int | None = None
) -> BatchMessage:
    """Return a message `number` days after `BEGIN`, in a session of its own unless told."""
    session = number if session is None else session
    sent_at = BEGIN + timedelta(days=number)
    return BatchMessage(number, session, 10 + session, 100 + number, author, sent_at, 5, text)


def context(*said: str | BatchMessage, known: tuple[Item, ...] = (), **others: Any) -> Context:
    """Return the context of the messages `said`, the person's if only their text is given."""
    messages = [
        message(number, line) if isinstance(line, str) else line
        for number, line in enumerate(said, 1)
    ]
    inferred: Inferred = others.pop("inferred", "ask")
    registry: Registry = others.pop("registry", REGISTRY)
    return Context.of(messages, known, registry, inferred, **others)


def item(slot: str, value: str, basis: Basis = "stated", said_at: datetime | None = None) -> Item:
    """Return a known item."""
    return Item(f"id-{value}", slot, value, basis, "active", said_at=said_at)


def propose(slot: str, value: str | None, *quotes: Quote, **changes: Any) -> Proposal:
    """Return a proposal resting on `quotes`; lists are added to unless `changes` say otherwise."""
    is_list = slot in REGISTRY and REGISTRY[slot].kind == "list"
    changes = {"op": "add_item" if is_list else "set_slot"} | changes
    changes["evidence"] = [{"msg": number, "quote": quote} for number, quote in quotes]
    return Proposal.model_validate(proposal(slot, value, 0, "", **changes))


def accept(proposed: Proposal, given: Context) -> Accepted:
    """Return `proposed` as accepted by no rule at all."""
    accepted, _ = judge([proposed], given, rules=())
    return accepted[0]


def judged(rule: Rule, text: str, value: str | None, quote: str = "", **changes: object) -> object:
    """Return what `rule` says of an interest quoted from `text`, by itself from all of it."""
    proposed = propose(INTERESTS, value, (1, quote or text), **changes)
    return rule(proposed, context(text))
