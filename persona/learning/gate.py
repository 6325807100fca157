"""gate: the pure function that accepts or refuses each proposed update.

Every rule is a small function from a proposal and its context to a refusal or None. To add one,
write it and put it in `RULES`. The first rule that refuses decides the code, so rules that ask
what a proposal *is* stand before rules that ask whether it is *true*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from persona.learning.batch import Batch, BatchMessage
from persona.learning.proposal import Operation, Proposal
from persona.normalise import fold, normalise
from persona.persona import Item, Status
from persona.registry import Registry, Slot
from persona.settings import Inferred

QUOTE_LENGTH = 160
# Far more than a batch gives rise to: an answer beyond these has run wild.
UPDATES = 100
QUOTES = 10


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a proposal was refused: a stable code for logs, a sentence for the model's retry."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposal that passed, its references resolved.

    `value` is the value to write (white space folded, a choice in its declared spelling) and
    `status` the one it gets; `target` is the known item a removal or confirmation means.
    """

    proposal: Proposal
    slot: Slot
    value: str | None
    status: Status
    target: Item | None
    evidence: tuple[tuple[BatchMessage, str], ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A proposal that did not pass."""

    proposal: Proposal
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a rule may look at. Numbers are those the model was shown.

    `texts` are the messages' normalised texts. What was accepted before in this run counts in
    `held`, the normalised values of each slot, and `ended`, the numbers of items that were removed
    or replaced.
    """

    registry: Registry
    messages: Mapping[int, BatchMessage]
    texts: Mapping[int, str]
    items: Mapping[int, Item]
    inferred: Inferred
    held: Mapping[str, frozenset[str]]
    ended: frozenset[int] = frozenset()

    @classmethod
    def of(cls, batch: Batch, registry: Registry, inferred: Inferred) -> Context:
        """Return the context in which proposals for `batch` are judged."""
        held: dict[str, frozenset[str]] = {}
        for item in batch.items:
            held[item.slot] = held.get(item.slot, frozenset()) | {normalise(item.value)}
        return cls(
            registry=registry,
            messages={message.number: message for message in batch.messages},
            texts={message.number: normalise(message.text) for message in batch.messages},
            items=dict(enumerate(batch.items, 1)),
            inferred=inferred,
            held=held,
        )

    def after(self, accepted: Accepted) -> Context:
        """Return the context once `accepted` is applied."""
        proposal, name = accepted.proposal, accepted.slot.name
        values, ended = self.held.get(name, frozenset()), self.ended
        if proposal.op == "remove_item" and proposal.item is not None:
            values -= {normalise(self.items[proposal.item].value)}
            ended |= {proposal.item}
        elif accepted.value is not None:
            value = normalise(accepted.value)
            values |= {value}
            if proposal.op == "set_slot" and accepted.status == "active":
                ended |= {
                    number
                    for number, item in self.items.items()
                    if item.slot == name and normalise(item.value) != value
                }
        return replace(self, held={**self.held, name: values}, ended=ended)

    def status_for(self, proposal: Proposal) -> Status:
        """Return the status a new value gets: inferred ones may have to be approved first."""
        waits = proposal.basis == "inferred" and self.inferred == "ask"
        return "pending" if waits else "active"


Rule = Callable[[Proposal, Context], Refusal | None]

_OPERATIONS: Mapping[str, frozenset[Operation]] = {
    "text": frozenset({"set_slot", "remove_item", "confirm"}),
    "choice": frozenset({"set_slot", "remove_item", "confirm"}),
    "list": frozenset({"add_item", "remove_item", "confirm"}),
}


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
    if proposal.op in ("set_slot", "add_item"):
        if not fold(proposal.value or ""):
            return Refusal("wrong_kind", f"{proposal.op} needs a value.")
        if slot.kind == "choice" and _choice(slot, proposal.value) is None:
            return Refusal("wrong_kind", f"{slot.name} is one of: {', '.join(slot.choices)}.")
    return None


def unknown_item(proposal: Proposal, context: Context) -> Refusal | None:
    if proposal.op not in ("remove_item", "confirm"):
        return None
    item = context.items.get(proposal.item) if proposal.item is not None else None
    if item is None or item.slot != proposal.slot:
        return Refusal("unknown_item", f"Item {proposal.item} is not one of {proposal.slot}.")
    return None


def already_ended(proposal: Proposal, context: Context) -> Refusal | None:
    if proposal.op in ("remove_item", "confirm") and proposal.item in context.ended:
        return Refusal("already_ended", f"Item {proposal.item} was removed or replaced already.")
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
    for evidence in proposal.evidence:
        if len(evidence.quote) > QUOTE_LENGTH:
            return Refusal("quote_too_long", f"A quote has at most {QUOTE_LENGTH} characters.")
        quote = normalise(evidence.quote)
        if not quote or quote not in context.texts[evidence.msg]:
            return Refusal("quote_not_found", f"Message {evidence.msg} does not say that.")
    return None


def not_inferable(proposal: Proposal, context: Context) -> Refusal | None:
    if proposal.basis == "stated":
        return None
    if context.inferred == "off" or not context.registry[proposal.slot].inferable:
        return Refusal("not_inferable", f"{proposal.slot} takes only what was plainly stated.")
    return None


RULES: tuple[Rule, ...] = (
    about_other,
    unknown_slot,
    wrong_kind,
    unknown_item,
    already_ended,
    too_long,
    not_inferable,
    no_evidence,
    too_much_evidence,
    outside_batch,
    not_by_person,
    quote_not_found,
    too_many,
)


_TOO_MANY_UPDATES = Refusal("too_many_updates", f"At most {UPDATES} updates are read.")


def judge(
    proposals: Sequence[Proposal],
    context: Context,
    *,
    before: Sequence[Accepted] = (),
    rules: Sequence[Rule] = RULES,
) -> tuple[list[Accepted], list[Refused]]:
    """Return what passed and what did not, each in the order proposed.

    `before` is what this run accepted earlier. All references are resolved against the state
    before the run, so the order of proposals cannot make one mean another item; but what was
    accepted already counts for the limits of lists, and an item it ended cannot come back. Of more
    than `UPDATES` proposals the rest is refused unread.
    """
    for earlier in before:
        context = context.after(earlier)
    accepted: list[Accepted] = []
    refused: list[Refused] = []
    for proposal in proposals[:UPDATES]:
        refusal = next(filter(None, (rule(proposal, context) for rule in rules)), None)
        if refusal is not None:
            refused.append(Refused(proposal, refusal))
            continue
        passed = _resolve(proposal, context)
        context = context.after(passed)
        accepted.append(passed)
    refused += (Refused(proposal, _TOO_MANY_UPDATES) for proposal in proposals[UPDATES:])
    return accepted, refused


def _resolve(proposal: Proposal, context: Context) -> Accepted:
    slot = context.registry[proposal.slot]
    value = target = None
    if proposal.op in ("set_slot", "add_item"):
        chosen = _choice(slot, proposal.value) if slot.kind == "choice" else None
        value = chosen or fold(proposal.value or "")
    else:
        target = context.items[proposal.item or 0]
    evidence = tuple((context.messages[item.msg], item.quote) for item in proposal.evidence)
    return Accepted(proposal, slot, value, context.status_for(proposal), target, evidence)


def _choice(slot: Slot, value: str | None) -> str | None:
    wanted = normalise(value or "")
    return next((choice for choice in slot.choices if normalise(choice) == wanted), None)
