"""What the gate may look at: the batch, the persona as it was read, and what the person decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from persona.learning.batch import BatchMessage
from persona.learning.gate.borrowed import own_words, quotations
from persona.learning.gate.verdict import Accepted
from persona.learning.proposal import Proposal
from persona.normalise import bare, normalise
from persona.persona import Item, Status
from persona.registry import Registry
from persona.settings import Inferred


@dataclass(frozen=True, slots=True)
class Tombstones:
    """What the person deleted: fingerprints of values, and by slot the messages they came from."""

    values: frozenset[bytes] = frozenset()
    messages: frozenset[tuple[str, int]] = frozenset()
    fingerprint: Callable[[str], bytes] = lambda value: bare(value).encode()

    def bury(self, slot: str, value: str, messages: Sequence[BatchMessage]) -> bool:
        """Return whether `value`, or anything for `slot` from all of `messages`, is deleted."""
        if self.values and self.fingerprint(value) in self.values:
            return True
        return bool(messages) and all(
            (slot, message.message_id) in self.messages for message in messages
        )


@dataclass(frozen=True, slots=True)
class Said:
    """A message in the forms the rules need, normalised: whole, the person's own, quotations."""

    text: str
    own: str
    quotations: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Said:
        own = own_words(text)
        # Sentences end at line ends too, which normalising would fold away.
        lines = "\n".join(filter(None, map(normalise, own.split("\n"))))
        return cls(normalise(text), lines, tuple(quotations(own)))


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a rule may look at. Numbers are those the model was shown.

    What was accepted before in this run counts in `held`, the normalised values of each slot, and
    `ended`, the numbers of items that were removed or replaced. `commanded` is the number of the
    message in which the person asks for just this to be remembered or forgotten.
    """

    registry: Registry
    messages: Mapping[int, BatchMessage]
    said: Mapping[int, Said]
    items: Mapping[int, Item]
    inferred: Inferred
    held: Mapping[str, frozenset[str]]
    locked: frozenset[str] = frozenset()
    tombstones: Tombstones = field(default_factory=Tombstones)
    most_ended: int = 1_000_000
    commanded: int | None = None
    ended: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        messages: Sequence[BatchMessage],
        items: Sequence[Item],
        registry: Registry,
        inferred: Inferred,
        *,
        locked: frozenset[str] = frozenset(),
        tombstones: Tombstones | None = None,
        most_ended: int = 1_000_000,
        commanded: int | None = None,
    ) -> Context:
        """Return the context in which proposals for `messages` are judged."""
        held: dict[str, frozenset[str]] = {}
        for item in items:
            held[item.slot] = held.get(item.slot, frozenset()) | {normalise(item.value)}
        return cls(
            registry=registry,
            messages={message.number: message for message in messages},
            said={message.number: Said.of(message.text) for message in messages},
            items=dict(enumerate(items, 1)),
            inferred=inferred,
            held=held,
            locked=locked,
            tombstones=tombstones or Tombstones(),
            most_ended=most_ended,
            commanded=commanded,
        )

    def after(self, accepted: Accepted) -> Context:
        """Return the context once `accepted` is applied."""
        proposal, name = accepted.proposal, accepted.slot.name
        values, ended = self.held.get(name, frozenset()), self.ended
        if proposal.op == "remove_item" and proposal.item is not None:
            values -= {normalise(self.items[proposal.item].value)}
            ended |= {proposal.item}
        elif accepted.value is not None:
            values |= {normalise(accepted.value)}
        if accepted.status == "active":
            ended |= frozenset(self.replaced(proposal))
        return replace(self, held={**self.held, name: values}, ended=ended)

    def replaced(self, proposal: Proposal) -> dict[int, Item]:
        """Return the items, by number, that `proposal` puts another value in the place of.

        What waited for approval takes a place too, once it is confirmed by a statement.
        """
        target = self.target(proposal)
        if proposal.op == "set_slot":
            value = normalise(proposal.value or "")
        elif proposal.op == "confirm" and proposal.basis == "stated" and target is not None:
            value = normalise(target.value)
        else:
            return {}
        return {
            number: item
            for number, item in self.items.items()
            if item.slot == proposal.slot
            and self.registry[item.slot].kind != "list"
            and number not in self.ended
            and normalise(item.value) != value
            and (proposal.op == "set_slot" or item.status == "active")
        }

    def target(self, proposal: Proposal) -> Item | None:
        """Return the known item that `proposal` names by its number, if it is one of its slot."""
        item = self.items.get(proposal.item) if proposal.item is not None else None
        return item if item is not None and item.slot == proposal.slot else None

    def value(self, proposal: Proposal) -> str:
        """Return the value that `proposal` brings, confirms or removes."""
        target = self.target(proposal)
        return target.value if target is not None else proposal.value or ""

    def cited(self, proposal: Proposal) -> list[tuple[BatchMessage, Said, str]]:
        """Return each quote, normalised, with the message it is from."""
        return [
            (self.messages[item.msg], self.said[item.msg], normalise(item.quote))
            for item in proposal.evidence
        ]

    def all_cited(self, proposal: Proposal, unsound: Callable[[Said, str], bool]) -> bool:
        """Return whether there are quotes and each is `unsound`, given what was said and it."""
        cited = self.cited(proposal)
        return bool(cited) and all(unsound(said, quote) for _, said, quote in cited)

    def is_commanded(self, proposal: Proposal) -> bool:
        """Return whether the person asks for it in so many words, in the message quoted."""
        return self.commanded is not None and all(
            evidence.msg == self.commanded for evidence in proposal.evidence
        )

    def is_forgetting(self, proposal: Proposal) -> bool:
        """Return whether the person asks for the value to be forgotten, for whatever reason."""
        return proposal.op == "remove_item" and self.is_commanded(proposal)

    def said_at(self, proposal: Proposal) -> datetime:
        """Return when the newest of the messages quoted was sent."""
        return max(message.sent_at for message, _, _ in self.cited(proposal))

    def status_for(self, proposal: Proposal) -> Status:
        """Return the status a new value gets: inferred ones may have to be approved first."""
        waits = proposal.basis == "inferred" and self.inferred == "ask"
        return "pending" if waits else "active"
