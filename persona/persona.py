"""A persona: what is known about one person in one scope, and forgetting it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from persona.attachments.held import Held
from persona.clock import Clock, from_milliseconds
from persona.normalise import bare, normalise
from persona.people import People, check_agreed, note_purge, purge
from persona.settings import Scoping
from persona.store.crypto import DataKey
from persona.store.database import Database
from persona.store.keys import EpochOver, KeyFile

# Who says so, in falling authority: the person by hand, the person in passing, the optimizer.
Basis = Literal["edited", "stated", "inferred"]
Status = Literal["active", "pending"]


def scope_of(guild_id: int | None, scoping: Scoping) -> str:
    """Return the scope a conversation belongs to: one server, direct messages, or everywhere."""
    if scoping == "user":
        return "user"
    return "dm" if guild_id is None else f"guild:{guild_id}"


@dataclass(frozen=True, slots=True)
class Item:
    """One value of one slot. A pending item is not used until the person approves it.

    `messages` and `sessions` count those its evidence is from, `said_at` is when the newest of
    them was said, `known_since` when the item was written. After the day `valid_until` it is not
    used any more.
    """

    item_id: str
    slot: str
    value: str
    basis: Basis
    status: Status
    valid_until: date | None = None
    messages: int = 0
    sessions: int = 0
    said_at: datetime | None = None
    known_since: datetime | None = None

    def snapshot(self) -> dict[str, str | None]:
        """Return what a version keeps of the item."""
        return {
            "item_id": self.item_id,
            "slot": self.slot,
            "value": self.value,
            "basis": self.basis,
            "status": self.status,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
        }


@dataclass(frozen=True, slots=True)
class Persona:
    """What is known about one person in one scope, as of one version and one day."""

    person_id: int
    scope: str
    epoch: int
    version: int
    items: tuple[Item, ...]
    today: date = date.min

    def item(self, item_id: str) -> Item | None:
        """Return the item of that id, or None when it is not known any more."""
        return next((item for item in self.items if item.item_id == item_id), None)

    def used(self, slot: str) -> list[Item]:
        """Return the items of `slot` that may be used: approved, and not out of date."""
        return [
            item
            for item in self.items
            if item.slot == slot
            and item.status == "active"
            and (item.valid_until is None or item.valid_until >= self.today)
        ]

    def values(self, slot: str) -> list[str]:
        """Return the values of `slot` that may be used."""
        return [item.value for item in self.used(slot)]


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to read or write a person's sealed text: the epoch and its key."""

    person_id: int
    scope: str
    epoch: int
    version: int
    key: DataKey

    def fingerprint(self, value: str) -> bytes:
        """Return the keyed hash by which equal values are found."""
        return self.key.fingerprint(normalise(value), context="items")

    def tombstone(self, value: str) -> bytes:
        """Return the keyed hash by which a deleted value is known again, in whatever spelling."""
        return self.key.fingerprint(bare(value), context="tombstones")


class Personas:
    """Loads and resets personas."""

    def __init__(
        self, database: Database, keys: KeyFile, people: People, held: Held, clock: Clock
    ) -> None:
        self._database = database
        self._keys = keys
        self._people = people
        self._held = held
        self._clock = clock

    async def access(self, person_id: int, scope: str, *, agreed: bool = False) -> Access:
        """Return access to the person's text in `scope`, beginning an empty persona if new.

        With `agreed`, none is begun for who does not want to be remembered: it raises `EditError`.
        """
        while (access := await self.find(person_id, scope)) is None:
            await self._begin(person_id, scope, agreed=agreed)
        return access

    async def find(self, person_id: int, scope: str) -> Access | None:
        """Return access to the person's text in `scope`; None when there is none, or no more."""
        async with self._database.read() as connection:
            row = await self._database.queries.get_persona(
                connection, person_id=person_id, scope=scope
            )
        if row is None:
            return None
        try:
            key = await self._keys.make(person_id, scope, row["epoch"])
        except EpochOver:
            return None
        return Access(person_id, scope, row["epoch"], row["version"], key)

    async def _begin(self, person_id: int, scope: str, *, agreed: bool) -> None:
        """Begin an empty persona, also in the place of one whose keys are destroyed."""
        queries, name = self._database.queries, {"person_id": person_id, "scope": scope}
        async with self._database.write(person_id) as connection:
            if agreed:
                await check_agreed(queries, connection, person_id)
            await self._people.add(connection, person_id)
            epoch = await self._keys.first_epoch(person_id, scope)
            await queries.add_persona(connection, **name, epoch=epoch)
            await erase_before(self._database, connection, person_id, scope, epoch)

    async def load(self, person_id: int, scope: str) -> Persona:
        """Return the person's persona in `scope`; empty when nothing is known."""
        queries = self._database.queries
        async with self._database.read() as connection:
            rows = [
                row
                async for row in queries.list_items(connection, person_id=person_id, scope=scope)
            ]
        today = self._clock.now().date()
        if not rows:
            return Persona(person_id, scope, 0, 0, (), today)
        epoch, version = rows[0]["epoch"], rows[0]["version"]
        key = await self._keys.find(person_id, scope, epoch)
        items = tuple(read_items(rows, key)) if key is not None else ()
        return Persona(person_id, scope, epoch, version, items, today)

    async def reset(self, person_id: int, scope: str, *, epoch: int | None = None) -> int | None:
        """Erase what is known about the person in `scope`, and what it was learned from.

        Conversations, items, evidence, versions and learning runs go in one transaction that also
        begins a new epoch, so a learning run under way commits nothing; then the old data key is
        destroyed, so no copy can be opened again. With `epoch`, nothing more is erased when that
        epoch is already over. Returns the number of values erased, or None when there was nothing.
        """
        erased: int | None = None
        async with self._database.write(person_id) as connection:
            persona = await self._database.queries.get_persona(
                connection, person_id=person_id, scope=scope
            )
            if persona is None:
                return None
            begun = persona["epoch"]
            if epoch is None or begun == epoch:
                begun += 1
                erased = await erase(self._database, connection, person_id, scope, begun)
                self._held.drop_person(person_id)
        # Also when that epoch was over: destroying its key may have failed the time before.
        await self._keys.destroy_before({(person_id, scope): begun})
        await purge(self._database)
        return erased


async def erase_before(
    database: Database, connection: Any, person_id: int, scope: str, epoch: int
) -> None:
    """Erase a persona from before `epoch`, if there is one, inside a transaction."""
    persona = await database.queries.get_persona(connection, person_id=person_id, scope=scope)
    if persona is not None and persona["epoch"] < epoch:
        await erase(database, connection, person_id, scope, epoch)


async def erase(database: Database, connection: Any, person_id: int, scope: str, epoch: int) -> int:
    """Delete everything sealed and begin `epoch`; return how many values there were.

    It happens inside the transaction of `connection`. The keys are the caller's to destroy, and
    the files to purge.
    """
    queries, name = database.queries, {"person_id": person_id, "scope": scope}
    await database.erase_from_copies(person_id, scope)
    kept = await queries.count_kept(connection, **name)
    await queries.begin_epoch(connection, **name, epoch=epoch)
    await queries.delete_items(connection, **name)
    await queries.delete_locks(connection, **name)
    await queries.delete_versions(connection, **name)
    await queries.delete_runs(connection, **name)
    await queries.delete_sessions(connection, **name)
    await note_purge(database, connection)
    return int(kept["items"])


def read_items(rows: Iterable[Any], key: DataKey) -> list[Item]:
    """Return the items in the rows of `list_items`, opened."""
    return [
        Item(
            item_id=row["item_id"],
            slot=row["slot"],
            value=key.open(row["value_sealed"], context=f"items:{row['item_id']}"),
            basis=row["basis"],
            status=row["status"],
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            messages=row["messages"],
            sessions=row["sessions"],
            said_at=from_milliseconds(row["said_at"]) if row["said_at"] is not None else None,
            known_since=from_milliseconds(row["created_at"]),
        )
        for row in rows
        if row["item_id"] is not None
    ]
