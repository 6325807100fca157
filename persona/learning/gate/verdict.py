"""What the gate says about a proposal."""

from __future__ import annotations

from dataclasses import dataclass

from persona.learning.batch import BatchMessage
from persona.learning.proposal import Proposal
from persona.persona import Item, Status
from persona.registry import Slot


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
