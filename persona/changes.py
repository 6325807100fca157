"""Changing a persona: the one way items, evidence and versions are written.

A `Change` lives inside one transaction. Items are never rewritten, only ended and begun, so that
every version can be told from the next, and every change undone.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from persona.clock import to_milliseconds
from persona.errors import EditError
from persona.normalise import normalise
from persona.persona import Access, Basis, Item, Status, read_items
from persona.registry import Slot

Actor = Literal["learner", "person", "operator"]


class Overtaken(Exception):
    """The person reset or changed the persona, or another worker took over, in the meantime."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of one of the person's messages."""

    message_id: int
    session_id: int
    said_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class State:
    """What may change about an item; its slot and value never do."""

    basis: Basis
    status: Status
    valid_until: date | None = None


class Change:
    """A change of one persona. `begin` it, make it, and `finish` it as a new version.

    `version` is that version once it is finished, `added` the number of values that are new.
    """

    def __init__(
        self, queries: Any, connection: Any, access: Access, version: int, cause: str, at: int
    ) -> None:
        self.connection = connection
        self.access = access
        self.version: int | None = None
        self._queries = queries
        self._base = version
        self._cause = cause
        self._at = at
        self._person = {"person_id": access.person_id}
        self._name = {**self._person, "scope": access.scope}
        # Items that share a time are in the order of the changes, and then in the order given.
        self._prefix = f"{version + 1:08d}:{uuid.uuid4().hex}"
        self._touched = False
        self._ended: set[str] = set()  # slots that lost a value, and may have none now
        self.added = 0

    async def items(self) -> dict[str, Item]:
        """Return the items as they are now, by id."""
        rows = [row async for row in self._queries.list_items(self.connection, **self._name)]
        return {item.item_id: item for item in read_items(rows, self.access.key)}

    @classmethod
    async def begin(
        cls,
        queries: Any,
        connection: Any,
        access: Access,
        *,
        cause: str,
        now: datetime,
        base_version: int | None = None,
    ) -> Change:
        """Begin a change inside the transaction of `connection`.

        Raises `Overtaken` when another epoch has begun than that of `access`, or the persona is
        not at `base_version` any more.
        """
        row = await queries.get_persona(connection, person_id=access.person_id, scope=access.scope)
        if (
            row is None
            or row["epoch"] != access.epoch
            or base_version not in (None, row["version"])
        ):
            raise Overtaken
        return cls(queries, connection, access, row["version"], cause, to_milliseconds(now))

    @classmethod
    async def begin_by_hand(
        cls, queries: Any, connection: Any, access: Access, *, cause: str, now: datetime
    ) -> Change:
        """Begin a change that a person waits for, as `begin` does.

        Raises `EditError` when another epoch has begun.
        """
        try:
            return await cls.begin(queries, connection, access, cause=cause, now=now)
        except Overtaken as error:
            raise EditError("Everything was erased just now.", code="erased") from error

    async def put(
        self,
        slot: Slot,
        value: str,
        state: State,
        quotes: Sequence[Quote] = (),
    ) -> str:
        """Write `value`, strengthening it where it is known already; return the item's id.

        A slot that is no list has one active value: the one before is ended, and kept as history.
        """
        fingerprint = self.access.fingerprint(value)
        found = await self._queries.find_item(
            self.connection, **self._name, slot=slot.name, value_fingerprint=fingerprint
        )
        if found is not None:
            item_id = str(found["item_id"])
            if state.basis == "edited" and value != await self._value(item_id):
                await self.end(item_id)  # From now on spelt as the person spells it.
                found = None
        if found is not None:
            await self.support(found["item_id"], slot, state, quotes)
            return str(found["item_id"])
        item_id = f"{self._prefix}:{self.added:04d}"
        if state.status == "active":
            await self._make_room(slot, item_id)
        await self._queries.add_item(
            self.connection,
            **self._name,
            item_id=item_id,
            slot=slot.name,
            value_sealed=self.access.key.seal(value, context=f"items:{item_id}"),
            value_fingerprint=fingerprint,
            basis=state.basis,
            status=state.status,
            valid_until=_stored(state.valid_until),
            at=self._at,
        )
        self.added += 1
        self._touched = True
        await self._add_evidence(item_id, quotes)
        return item_id

    async def support(
        self, item_id: str, slot: Slot, state: State, quotes: Sequence[Quote] = ()
    ) -> None:
        """Add evidence to an item. One that was inferred and is now stated counts as stated."""
        row = await self._queries.get_item(self.connection, **self._person, item_id=item_id)
        if row is None or row["status"] == "removed":
            raise Overtaken
        before = _state(row)
        if state.basis == "inferred":
            after = before
        else:
            by_hand = before.basis == "edited" and state.basis != "edited"
            ends = before.valid_until
            if not by_hand:
                ends = state.valid_until or _unless_over(ends, quotes)
            after = State("edited" if by_hand else state.basis, "active", ends)
            await self._make_room(slot, item_id)
        if after != before:
            await self.set(item_id, after)
        await self._add_evidence(item_id, quotes)

    async def set(self, item_id: str, state: State) -> None:
        """Give an item another state; an ended one lives again."""
        await self._set(item_id, state.basis, state.status, _stored(state.valid_until))

    async def restore(self, item: Item) -> None:
        """Make an item what it was. One whose quotes are gone since then waits for approval."""
        status = item.status
        if item.basis != "edited" and not await self._has_evidence(item.item_id):
            status = "pending"
        row = await self._queries.get_item(self.connection, **self._person, item_id=item.item_id)
        state = State(item.basis, status, item.valid_until)
        if state != _state(row):
            await self.set(item.item_id, state)

    async def end(self, item_id: str) -> None:
        """End an item. It stays in the versions before, with its evidence."""
        row = await self._queries.get_item(self.connection, **self._person, item_id=item_id)
        if row is None or row["status"] == "removed":
            return
        self._ended.add(row["slot"])
        await self._set(item_id, row["basis"], "removed", row["valid_until"])

    async def bury(self, item_id: str) -> None:
        """End an item because the person does not want it: it is never learned again."""
        await self.end(item_id)
        await self._queries.add_tombstone(
            self.connection,
            **self._name,
            item_id=item_id,
            value_fingerprint=self.access.tombstone(await self._value(item_id)),
            at=self._at,
        )
        await self._queries.add_tombstone_messages(self.connection, **self._person, item_id=item_id)

    async def unbury(self, value: str) -> None:
        """Lift the tombstones of `value`: the person wants it again."""
        await self._queries.lift_tombstones(
            self.connection, **self._name, value_fingerprint=self.access.tombstone(value)
        )

    async def drop_evidence(self, item_id: str, message_id: int, run_id: str) -> None:
        """Drop a quote. An item left without any waits for approval, unless written by hand."""
        item = {**self._person, "item_id": item_id}
        self._touched = True
        await self._queries.delete_evidence(
            self.connection, **item, message_id=message_id, run_id=run_id
        )
        row = await self._queries.get_item(self.connection, **item)
        if (
            row is not None
            and row["status"] == "active"
            and row["basis"] != "edited"
            and not await self._has_evidence(item_id)
        ):
            await self._set(item_id, row["basis"], "pending", row["valid_until"])

    async def finish(self, actor: Actor) -> int | None:
        """Keep an immutable snapshot as the new version; return it, or None if nothing changed.

        A field the person left without values is locked no more.
        """
        if not self._touched:
            return None
        version = self._base + 1
        moved = await self._queries.set_version(
            self.connection,
            **self._name,
            epoch=self.access.epoch,
            base_version=self._base,
            version=version,
        )
        if moved is None:
            raise Overtaken
        if actor == "person":
            for slot in self._ended:
                await self._queries.delete_empty_lock(self.connection, **self._name, slot=slot)
        items = [item.snapshot() for item in (await self.items()).values()]
        await self._queries.add_version(
            self.connection,
            **self._name,
            version=version,
            parent=self._base or None,
            actor=actor,
            cause=self._cause,
            snapshot_sealed=self.access.key.seal(
                json.dumps(items, ensure_ascii=False),
                context=f"versions:{self.access.scope}:{version}",
            ),
            created_at=self._at,
        )
        self.version = version
        return version

    async def _has_evidence(self, item_id: str) -> bool:
        found: int = await self._queries.count_evidence(
            self.connection, **self._person, item_id=item_id
        )
        return found > 0

    async def _value(self, item_id: str) -> str:
        row = await self._queries.get_item(self.connection, **self._person, item_id=item_id)
        return self.access.key.open(row["value_sealed"], context=f"items:{item_id}")

    async def _set(self, item_id: str, basis: str, status: str, valid_until: str | None) -> None:
        self._touched = True
        await self._queries.set_item(
            self.connection,
            **self._person,
            item_id=item_id,
            basis=basis,
            status=status,
            valid_until=valid_until,
            at=self._at,
        )

    async def _make_room(self, slot: Slot, kept: str) -> None:
        if slot.kind == "list":
            return
        rows = [
            row
            async for row in self._queries.list_slot_items(
                self.connection, **self._name, slot=slot.name
            )
        ]
        for row in rows:
            if row["item_id"] != kept and row["status"] == "active":
                await self.end(row["item_id"])

    async def _add_evidence(self, item_id: str, quotes: Sequence[Quote]) -> None:
        for quote in quotes:
            self._touched = True
            context = evidence_context(item_id, quote.message_id)
            await self._queries.add_evidence(
                self.connection,
                **self._person,
                item_id=item_id,
                message_id=quote.message_id,
                session_id=quote.session_id,
                run_id=self._cause,
                said_at=to_milliseconds(quote.said_at),
                quote_sealed=self.access.key.seal(quote.text, context=context),
            )


def evidence_context(item_id: str, message_id: int) -> str:
    """Return what a quote is sealed with besides the key."""
    return f"evidence:{item_id}:{message_id}"


def same_value(one: str, other: str) -> bool:
    """Return whether two values count as one."""
    return normalise(one) == normalise(other)


def _state(row: Any) -> State:
    until = row["valid_until"]
    return State(row["basis"], row["status"], date.fromisoformat(until) if until else None)


def _unless_over(day: date | None, quotes: Sequence[Quote]) -> date | None:
    """What is said again after its last day lasts anew."""
    over = day is not None and any(quote.said_at.date() > day for quote in quotes)
    return None if over else day


def _stored(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
