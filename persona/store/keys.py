"""The key file: every person's data keys, wrapped by the operator's master key.

It is a SQLite file or a PostgreSQL database of its own, apart from the data.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Self

from pydantic import SecretStr

from persona.errors import StoreError
from persona.failpoints import reach
from persona.store.address import Address
from persona.store.crypto import DataKey, decrypt, encrypt, keyed_hash, new_key
from persona.store.database import Database, Inspection
from persona.store.opening import inspect, open_database
from persona.store.schema import KEYS
from persona.store.search import find_person

_CHECK = b"rapport master key"


class EpochOver(Exception):
    """What was to be sealed is of an epoch that a reset or an erasure has ended."""


class KeyFile:
    """An open key file. Data keys are made when first asked for, and destroyed for good."""

    def __init__(self, database: Database, master_key: bytes) -> None:
        self.address = database.address
        self._database = database
        self._queries = database.queries
        self._master_key = master_key
        self._lock = asyncio.Lock()
        self._opened: dict[tuple[int, str, int], DataKey] = {}

    @classmethod
    async def open(
        cls,
        address: Address,
        read_master_key: Callable[[bool], bytes],
        *,
        password: SecretStr | None = None,
    ) -> Self:
        """Open the key file at `address`, creating it if need be.

        `read_master_key` is called with True when no key has been wrapped yet, so that a new
        master key may be made. Raises `StoreError` when the master key is not the one in use.
        """
        database = await open_database(address, KEYS, password=password)
        try:
            return cls(database, await _checked_master_key(database, read_master_key))
        except BaseException:
            await database.close()
            raise

    async def find(self, person_id: int, scope: str, epoch: int) -> DataKey | None:
        """Return the person's data key of that scope and epoch, or None where it is gone."""
        async with self._lock:
            return await self._find(person_id, scope, epoch)

    async def make(self, person_id: int, scope: str, epoch: int) -> DataKey:
        """Return the person's data key of that scope and epoch, made now if there is none.

        Raises `EpochOver` when a key of that epoch was destroyed, or is not to be made any more.
        """
        async with self._lock:
            key = await self._find(person_id, scope, epoch)
            if key is None:
                wrapped = encrypt(self._master_key, new_key(), _label(person_id, scope, epoch))
                name = {"person_id": person_id, "scope": scope}
                async with self._database.write(person_id) as connection:
                    first = await self._queries.get_first_epoch(
                        connection, **name, mark=self._mark(person_id)
                    )
                    if epoch < first:
                        raise EpochOver
                    await self._queries.add_key(connection, **name, epoch=epoch, wrapped=wrapped)
                # Another process may have made it first.
                key = await self._find(person_id, scope, epoch)
            if key is None:
                raise StoreError(f"A key was not written to {self.address}.")
            return key

    async def _find(self, person_id: int, scope: str, epoch: int) -> DataKey | None:
        name = (person_id, scope, epoch)
        if name not in self._opened:
            async with self._database.read() as connection:
                wrapped = await self._queries.get_key(
                    connection, person_id=person_id, scope=scope, epoch=epoch
                )
            if wrapped is None:
                return None
            self._opened[name] = _unwrap(self._master_key, wrapped, person_id, scope, epoch)
        return self._opened[name]

    async def destroy_before(self, epochs: Mapping[tuple[int, str], int]) -> None:
        """Destroy, by person and scope, the data keys from epochs before the one given."""
        async with self._lock:
            for person_id, scope, epoch in list(self._opened):
                if epoch < epochs.get((person_id, scope), 0):
                    del self._opened[person_id, scope, epoch]
            for (person_id, scope), epoch in epochs.items():
                end = {"person_id": person_id, "scope": scope, "epoch": epoch}
                async with self._database.write(person_id) as connection:
                    await self._queries.end_before(connection, **end)
                    await self._queries.destroy_before(connection, **end)
        await self._database.purge()

    async def erase(self, person_id: int, newest_epoch: int) -> int:
        """Destroy all data keys of a person; return how many there were.

        `newest_epoch` is the newest in the database, 0 if the person is not in it. From now on the
        person's text begins with a later one, so that whatever is older counts as erased. What
        remains here is that epoch, under a keyed hash of the person's id.
        """
        person, mark = {"person_id": person_id}, self._mark(person_id)
        async with self._lock:
            for name in [name for name in self._opened if name[0] == person_id]:
                del self._opened[name]
            async with self._database.write(person_id) as connection:
                before: int | None = await self._queries.get_erased(connection, mark=mark)
                held = await self._queries.get_newest_epoch(connection, **person)
                first = max(before or 1, newest_epoch + 1, held + 1)
                if first != (before or 1):
                    await self._queries.set_erased(connection, mark=mark, epoch=first)
                destroyed: int = await self._queries.count_keys(connection, **person)
                await self._queries.delete_keys(connection, **person)
                await self._queries.delete_ended(connection, **person)
        reach("erase.destroyed")
        await self._database.purge()
        return destroyed

    async def purge(self) -> None:
        """See to it that destroyed keys leave the file; it was tried when they were destroyed."""
        await self._database.purge()

    async def first_epoch(self, person_id: int, scope: str | None = None) -> int:
        """Return the first epoch of the person, or of their persona, that was not erased."""
        async with self._database.read() as connection:
            first: int = await self._queries.get_first_epoch(
                connection, person_id=person_id, scope=scope or "", mark=self._mark(person_id)
            )
        return first

    async def erased(self, people: Iterable[int]) -> dict[int, int]:
        """Return, of those of `people` who were erased, the first epoch that was not."""
        async with self._database.read() as connection:
            epochs = {
                bytes(row["mark"]): row["epoch"]
                async for row in self._queries.list_erased(connection)
            }
        if not epochs:
            return {}
        marks = {person_id: self._mark(person_id) for person_id in people}
        return {person: epochs[mark] for person, mark in marks.items() if mark in epochs}

    def _mark(self, person_id: int) -> bytes:
        return keyed_hash(self._master_key, str(person_id), purpose="erased")

    async def ended(self) -> dict[tuple[int, str], int]:
        """Return, by person and scope, the first epoch whose keys were not destroyed."""
        async with self._database.read() as connection:
            return {
                (row["person_id"], row["scope"]): row["epoch"]
                async for row in self._queries.list_ended(connection)
            }

    async def names(self) -> list[tuple[int, str, int]]:
        """Return (person, scope, epoch) of every key there is."""
        async with self._database.read() as connection:
            return [
                (row["person_id"], row["scope"], row["epoch"])
                async for row in self._queries.list_keys(connection)
            ]

    async def find_person(self, person_id: int) -> dict[str, int]:
        """Return how many rows of each table name the person."""
        return await find_person(self._database, person_id)

    async def close(self) -> None:
        """Close the file and forget the opened keys."""
        self._opened.clear()
        await self._database.close()


async def _checked_master_key(
    database: Database, read_master_key: Callable[[bool], bytes]
) -> bytes:
    """Return the master key, tried on what the first start sealed with it."""
    queries = database.queries
    async with database.read() as connection:
        check = await queries.get_check(connection)
    master_key = read_master_key(check is None)
    if check is None:
        async with database.write() as connection:
            await queries.add_check(connection, sealed=encrypt(master_key, _CHECK, _CHECK))
            # Another process may have been first, with another master key.
            check = await queries.get_check(connection)
    _verify(master_key, check, database.address)
    return master_key


class KeyReader:
    """A key file that is only read. `schema_number` is 0 for an empty one."""

    def __init__(self, inspection: Inspection, master_key: bytes) -> None:
        self.schema_number = inspection.schema_number
        self._inspection = inspection
        self._master_key = master_key

    async def find(self, person_id: int, scope: str, epoch: int) -> DataKey | None:
        """Return the person's data key of that scope and epoch, or None where it is gone."""
        with self._inspection.read() as connection:
            wrapped = await self._inspection.queries.get_key(
                connection, person_id=person_id, scope=scope, epoch=epoch
            )
        return wrapped and _unwrap(self._master_key, wrapped, person_id, scope, epoch)


@contextlib.asynccontextmanager
async def inspect_keys(
    address: Address, master_key: bytes, *, password: SecretStr | None = None
) -> AsyncIterator[KeyReader]:
    """Yield the key file at `address` for reading, without changing anything.

    Raises `StoreError` when `master_key` does not open it, or it cannot be read.
    """
    async with inspect(address, KEYS, password=password) as inspection:
        if inspection.schema_number:
            with inspection.read() as connection:
                check = await inspection.queries.get_check(connection)
            if check is not None:
                _verify(master_key, check, address)
        yield KeyReader(inspection, master_key)


async def verify_master_key(
    address: Address, master_key: bytes, *, password: SecretStr | None = None
) -> None:
    """Check what `inspect_keys` checks, and read nothing."""
    async with inspect_keys(address, master_key, password=password):
        pass


def _verify(master_key: bytes, check: bytes, address: Address) -> None:
    if not isinstance(check, bytes):
        raise StoreError(f"{address} is damaged: what tells the master key is overwritten.")
    try:
        decrypt(master_key, check, _CHECK)
    except StoreError as error:
        raise StoreError(
            f"The master key does not open {address}. It was made with another master key; "
            "give that one back."
        ) from error


def _unwrap(master_key: bytes, wrapped: bytes, person_id: int, scope: str, epoch: int) -> DataKey:
    return DataKey(decrypt(master_key, wrapped, _label(person_id, scope, epoch)))


def _label(person_id: int, scope: str, epoch: int) -> bytes:
    return f"{person_id}:{scope}:{epoch}".encode()
