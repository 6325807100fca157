"""The key file: every person's data keys, wrapped by the operator's master key."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, Self

import aiosql
import aiosqlite

from persona.errors import StoreError
from persona.store.crypto import DataKey, decrypt, encrypt, new_key
from persona.store.database import pragma

_SCHEMA = resources.files("persona.store").joinpath("keys.sql")
_CHECK = b"rapport master key"


class KeyFile:
    """An open key file. Data keys are made when first asked for, and destroyed for good."""

    def __init__(self, path: Path, connection: aiosqlite.Connection, master_key: bytes) -> None:
        self.path = path
        self._connection = connection
        self._master_key = master_key
        self._queries: Any = aiosql.from_path(str(_SCHEMA), "aiosqlite")
        self._lock = asyncio.Lock()
        self._opened: dict[tuple[int, str, int], DataKey] = {}

    @classmethod
    async def open(cls, path: Path, read_master_key: Callable[[bool], bytes]) -> Self:
        """Open the key file `path`, creating it if need be.

        `read_master_key` is called with True when no key has been wrapped yet, so that a new
        master key may be made. Raises `StoreError` when the master key is not the one in use.
        """
        connection: aiosqlite.Connection | None = None
        try:
            connection = await aiosqlite.connect(path, isolation_level=None)
            connection.row_factory = sqlite3.Row
            path.chmod(0o600)
            # A rollback journal, not WAL: what is deleted must leave no copy in a second file.
            for setting in ("journal_mode = DELETE", "secure_delete = ON", "synchronous = FULL"):
                await pragma(connection, setting)
            queries: Any = aiosql.from_path(str(_SCHEMA), "aiosqlite")
            await queries.create_tables(connection)
            check = await queries.get_check(connection)
            master_key = read_master_key(check is None)
            if check is None:
                sealed = encrypt(master_key, _CHECK, _CHECK)
                await queries.add_check(connection, sealed=sealed)
            else:
                _verify(master_key, check, path)
        except (sqlite3.Error, OSError) as error:
            if connection is not None:
                await connection.close()
            raise StoreError(f"The key file {path} cannot be used: {error}.") from error
        except StoreError:
            if connection is not None:
                await connection.close()
            raise
        return cls(path, connection, master_key)

    async def find(self, person_id: int, scope: str, epoch: int) -> DataKey | None:
        """Return the person's data key of that scope and epoch, or None where it is gone."""
        async with self._lock:
            return await self._find(person_id, scope, epoch)

    async def make(self, person_id: int, scope: str, epoch: int) -> DataKey:
        """Return the person's data key of that scope and epoch, made now if there is none."""
        async with self._lock:
            key = await self._find(person_id, scope, epoch)
            if key is None:
                secret = new_key()
                await self._queries.add_key(
                    self._connection,
                    person_id=person_id,
                    scope=scope,
                    epoch=epoch,
                    wrapped=encrypt(self._master_key, secret, _label(person_id, scope, epoch)),
                )
                key = self._opened[person_id, scope, epoch] = DataKey(secret)
            return key

    async def _find(self, person_id: int, scope: str, epoch: int) -> DataKey | None:
        name = (person_id, scope, epoch)
        if name not in self._opened:
            wrapped = await self._queries.get_key(
                self._connection, person_id=person_id, scope=scope, epoch=epoch
            )
            if wrapped is None:
                return None
            secret = decrypt(self._master_key, wrapped, _label(person_id, scope, epoch))
            self._opened[name] = DataKey(secret)
        return self._opened[name]

    async def destroy_before(self, person_id: int, scope: str, epoch: int) -> None:
        """Destroy the person's data keys of that scope from epochs before `epoch`."""
        async with self._lock:
            for name in [
                name for name in self._opened if name[:2] == (person_id, scope) and name[2] < epoch
            ]:
                del self._opened[name]
            end = {"person_id": person_id, "scope": scope, "epoch": epoch}
            # In this order: a crash in between leaves a key that the next start destroys.
            await self._queries.end_before(self._connection, **end)
            await self._queries.destroy_before(self._connection, **end)

    async def ended(self) -> dict[tuple[int, str], int]:
        """Return, by person and scope, the first epoch whose keys were not destroyed."""
        async with self._lock:
            return {
                (row["person_id"], row["scope"]): row["epoch"]
                async for row in self._queries.list_ended(self._connection)
            }

    async def names(self) -> list[tuple[int, str, int]]:
        """Return (person, scope, epoch) of every key there is."""
        async with self._lock:
            return [
                (row["person_id"], row["scope"], row["epoch"])
                async for row in self._queries.list_keys(self._connection)
            ]

    async def close(self) -> None:
        """Close the file and forget the opened keys."""
        self._opened.clear()
        await self._connection.close()


async def verify_master_key(path: Path, master_key: bytes) -> None:
    """Check, without changing anything, that `master_key` opens the key file `path`.

    Raises `StoreError` when it does not, or the file cannot be read.
    """
    queries: Any = aiosql.from_path(str(_SCHEMA), "aiosqlite")
    try:
        async with aiosqlite.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True) as connection:
            check = await queries.get_check(connection)
    except sqlite3.Error as error:
        raise StoreError(f"The key file {path} cannot be read: {error}.") from error
    if check is not None:
        _verify(master_key, check, path)


def _verify(master_key: bytes, check: bytes, path: Path) -> None:
    try:
        decrypt(master_key, check, _CHECK)
    except StoreError as error:
        raise StoreError(
            f"The master key does not open {path}. It was made with another master key; "
            "give that one back."
        ) from error


def _label(person_id: int, scope: str, epoch: int) -> bytes:
    return f"{person_id}:{scope}:{epoch}".encode()
