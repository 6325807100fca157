"""Reads the corpus and puts it before the gate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from persona.learning.batch import BatchMessage
from persona.learning.gate import Context, Tombstones, judge
from persona.learning.gate.wish import asks_to
from persona.learning.proposal import Proposal
from persona.normalise import bare
from persona.persona import Basis, Item
from persona.registry import Registry

FOLDER = Path(__file__).parent
_BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Model):
    """One message."""

    by: Literal["person", "bot"]
    session: int
    text: str


class Known(_Model):
    """A value known before."""

    slot: str
    value: str
    basis: Basis


class Deleted(_Model):
    """A value the person deleted, and the messages of this case it came from."""

    slot: str
    value: str
    messages: tuple[int, ...] = ()


class Proposed(_Model):
    """An update, whether it is sound, and what may be said of it."""

    update: Proposal
    legitimate: bool
    expect: Literal["accept"] | tuple[str, ...]


class Case(_Model):
    """A conversation, the persona before it, and the updates proposed after it."""

    id: str
    language: str
    category: str
    mechanical: bool
    messages: tuple[Line, ...]
    known: tuple[Known, ...] = ()
    locked: tuple[str, ...] = ()
    deleted: tuple[Deleted, ...] = ()
    inferred: Literal["off", "ask", "use"] = "ask"
    command: bool = False
    proposals: tuple[Proposed, ...]


@dataclass(frozen=True)
class Verdict:
    """What the gate said of one proposal; `code` is None when it was accepted."""

    case: Case
    proposed: Proposed
    code: str | None

    @property
    def is_right(self) -> bool:
        return (self.code is None) == self.proposed.legitimate


def read_cases() -> Iterator[Case]:
    """Yield every case of every language."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield Case.model_validate_json(line)


def verdicts(case: Case) -> list[Verdict]:
    """Return what the gate says of each proposal, each for itself."""
    registry = Registry()
    return [
        Verdict(case, proposed, refused[0].refusal.code if refused else None)
        for proposed in case.proposals
        for _, refused in [judge([proposed.update], _context(case, registry))]
    ]


def _context(case: Case, registry: Registry) -> Context:
    messages = [
        BatchMessage(
            number, line.session, line.session, number, line.by,
            _BEGIN + timedelta(days=line.session, minutes=number), 10, line.text,
        )
        for number, line in enumerate(case.messages, 1)
    ]  # fmt: skip
    # The chat tool sees the message it is called for, under its number here.
    return Context.of(
        messages,
        [
            Item(str(number), known.slot, known.value, known.basis, "active")
            for number, known in enumerate(case.known, 1)
        ],
        registry,
        case.inferred,
        locked=frozenset(case.locked),
        tombstones=Tombstones(
            frozenset(bare(deleted.value).encode() for deleted in case.deleted),
            frozenset(
                (deleted.slot, number) for deleted in case.deleted for number in deleted.messages
            ),
        ),
        commanded=(
            len(messages) if case.command and asks_to("remember", case.messages[-1].text) else None
        ),
    )
