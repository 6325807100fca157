"""What a person may do with their persona by hand. Every change is a version, and can be undone."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime

from persona.changes import Change, State, evidence_context
from persona.clock import Clock, from_milliseconds, to_milliseconds
from persona.errors import EditError
from persona.history import (
    Diff,
    Version,
    diff,
    go_back,
    list_versions,
    not_taken_back,
    read_version,
    read_versions,
    take_back,
)
from persona.learning.gate.hand import check
from persona.people import check_agreed
from persona.persona import Item, Personas
from persona.registry import Registry, Slot
from persona.store.database import Database


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for a value: what the person said, where and when.

    `thread_id` is None when the conversation is not kept, or its thread was deleted.
    """

    message_id: int
    session_id: int
    said_at: datetime
    quote: str
    thread_id: int | None = None


class Editor:
    """Changes personas for the person themselves; their own word goes before all others."""

    def __init__(
        self, database: Database, personas: Personas, registry: Registry, clock: Clock
    ) -> None:
        self._database = database
        self._queries = database.queries
        self._personas = personas
        self._registry = registry
        self._clock = clock

    async def set(
        self,
        person_id: int,
        scope: str,
        slot: str,
        value: str,
        *,
        valid_until: date | None = None,
        replaces: str | None = None,
    ) -> str:
        """Write `value` into `slot`, in place of the item `replaces` if given; return its item id.

        Raises `EditError` saying what is wrong with the value, or that the person does not want to
        be remembered.
        """
        await self._personas.access(person_id, scope, agreed=True)
        async with self._change(person_id, scope, "edit") as (change, items):
            await check_agreed(self._queries, change.connection, person_id)
            declared = self._slot(slot)
            others = [item for item in items.values() if item.item_id != replaces]
            value = check(declared, value, others, self._registry)
            if replaces is not None and replaces in items:
                await change.bury(replaces)
            await change.unbury(value)
            return await change.put(declared, value, State("edited", "active", valid_until))

    async def forget(self, person_id: int, scope: str, item_id: str) -> None:
        """End an item and see that it is never learned again.

        Raises `EditError` when there is no such item.
        """
        async with self._change(person_id, scope, "forget") as (change, items):
            await change.bury(self._item(items, item_id).item_id)

    async def approve(self, person_id: int, scope: str, item_id: str) -> None:
        """Let a pending item be used: the person vouches for it. Raises `EditError`."""
        async with self._change(person_id, scope, "approve") as (change, items):
            item = self._item(items, item_id)
            state = State("edited", "active", item.valid_until)
            await change.support(item_id, self._slot(item.slot), state)

    async def decline(self, person_id: int, scope: str, item_id: str) -> None:
        """Forget a pending item. Raises `EditError` when there is no such item."""
        async with self._change(person_id, scope, "decline") as (change, items):
            await change.bury(self._item(items, item_id).item_id)

    async def undo(
        self, person_id: int, scope: str, version: int, *, epoch: int | None = None
    ) -> int | None:
        """Take back what `version` changed; return the new version, or None if nothing was left.

        Raises `EditError` when there is no such version, or `epoch` is given and over.
        """
        async with self._change(person_id, scope, f"undo:{version}", epoch) as (change, items):
            versions = await self._versions(change)
            number = self._number(versions, version)
            difference = diff(_before(versions, number), versions[number].items)
            await take_back(change, self._registry, items, difference)
        return change.version

    async def undo_run(self, person_id: int, scope: str, run_id: str) -> int | None:
        """Take back what a learning run changed. Raises `EditError` when it changed nothing."""
        for version in await self.versions(person_id, scope):
            if version.cause == run_id:
                return await self.undo(person_id, scope, version.number)
        raise EditError("That learning run changed nothing, or was erased.", code="no_run")

    async def rollback(
        self, person_id: int, scope: str, version: int, *, epoch: int | None = None
    ) -> int | None:
        """Make the persona what it was at `version` (0: empty), as a new version; return that.

        Raises `EditError` when there is no such version, or `epoch` is given and over.
        """
        async with self._change(person_id, scope, f"rollback:{version}", epoch) as (change, items):
            versions = await self._versions(change)
            then = versions[self._number(versions, version)].items if version else {}
            await go_back(change, items, then)
        return change.version

    async def versions(self, person_id: int, scope: str) -> list[Version]:
        """Return every version, the oldest first."""
        access = await self._personas.find(person_id, scope)
        return await list_versions(self._database, access) if access is not None else []

    async def last_change(self, person_id: int, scope: str) -> tuple[int, int] | None:
        """Return epoch and number of the version that `undo` would take back next, if any.

        Versions that only brought more evidence have nothing to take back.
        """
        access = await self._personas.find(person_id, scope)
        if access is None:
            return None
        name = {"person_id": person_id, "scope": scope}
        async with self._database.read() as connection:
            rows = [row async for row in self._queries.list_causes(connection, **name)]
            for number in not_taken_back([(row["version"], row["cause"]) for row in rows]):
                pair = [
                    read_version(row, access).items
                    async for row in self._queries.list_some_versions(
                        connection, **name, first=number - 1, last=number
                    )
                ]
                if diff(pair[0] if len(pair) > 1 else {}, pair[-1]) != Diff((), (), ()):
                    return access.epoch, number
        return None

    async def diff(self, person_id: int, scope: str, first: int, second: int) -> Diff:
        """Return what changed from version `first` (0: empty) to `second`. Raises `EditError`."""
        versions = await self.versions(person_id, scope)
        before = versions[self._number(versions, first)].items if first else {}
        after = versions[self._number(versions, second)].items if second else {}
        return diff(before, after)

    async def why(self, person_id: int, scope: str, item_id: str) -> list[Why]:
        """Return the quotes an item rests on, the oldest first."""
        access = await self._personas.find(person_id, scope)
        if access is None:
            return []
        async with self._database.read() as connection:
            return [
                Why(
                    row["message_id"],
                    row["session_id"],
                    from_milliseconds(row["said_at"]),
                    access.key.open(
                        row["quote_sealed"], context=evidence_context(item_id, row["message_id"])
                    ),
                    row["thread_id"],
                )
                async for row in self._queries.list_evidence(
                    connection, person_id=person_id, item_id=item_id
                )
            ]

    async def lock(self, person_id: int, scope: str, slot: str) -> None:
        """Keep the optimizer from changing `slot`.

        Raises `EditError` when there is no such slot, or no persona.
        """
        self._slot(slot)
        name = {"person_id": person_id, "scope": scope}
        at = to_milliseconds(self._clock.now())
        async with self._database.write(person_id) as connection:
            if await self._queries.get_persona(connection, **name) is None:
                raise _gone()
            await self._queries.add_lock(
                connection, person_id=person_id, scope=scope, slot=slot, at=at
            )

    async def unlock(self, person_id: int, scope: str, slot: str) -> None:
        """Let the optimizer change `slot` again."""
        async with self._database.write(person_id) as connection:
            await self._queries.delete_lock(connection, person_id=person_id, scope=scope, slot=slot)

    async def locked(self, person_id: int, scope: str) -> frozenset[str]:
        """Return the slots the person locked."""
        async with self._database.read() as connection:
            return frozenset(
                [
                    row["slot"]
                    async for row in self._queries.list_locks(
                        connection, person_id=person_id, scope=scope
                    )
                ]
            )

    @contextlib.asynccontextmanager
    async def _change(
        self, person_id: int, scope: str, cause: str, epoch: int | None = None
    ) -> AsyncIterator[tuple[Change, dict[str, Item]]]:
        """Yield a change, in `epoch` if given, and the items before it."""
        access = await self._personas.find(person_id, scope)
        if epoch is not None and (access is None or access.epoch != epoch):
            raise EditError("Everything was erased since then.", code="erased")
        if access is None:
            raise _gone()
        async with self._database.write(person_id) as connection:
            change = await Change.begin_by_hand(
                self._queries, connection, access, cause=cause, now=self._clock.now()
            )
            yield change, await change.items()
            await change.finish("person")

    async def _versions(self, change: Change) -> list[Version]:
        return await read_versions(self._queries, change.connection, change.access)

    def _slot(self, name: str) -> Slot:
        if name not in self._registry:
            raise EditError(f"There is no slot {name!r}.", code="unknown_slot", slot=name)
        return self._registry[name]

    @staticmethod
    def _item(items: dict[str, Item], item_id: str) -> Item:
        if item_id not in items:
            raise _gone()
        return items[item_id]

    @staticmethod
    def _number(versions: list[Version], version: int) -> int:
        for number, each in enumerate(versions):
            if each.number == version:
                return number
        raise EditError(f"There is no version {version}.", code="no_version")


def _gone() -> EditError:
    return EditError("That is not known any more.", code="gone")


def _before(versions: list[Version], number: int) -> dict[str, Item]:
    return dict(versions[number - 1].items) if number else {}
