"""Databases for tests: SQLite files, or databases of a PostgreSQL server; and raw SQL for both."""

from __future__ import annotations

import asyncio
import functools
import itertools
import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol, Self

import aiosql
import asyncpg

from bot.sandbox.world import store_beside
from persona.settings import StoreSettings
from persona.store.address import Address, PostgresqlAddress, SqliteAddress, parse_address
from persona.store.database import Database
from persona.store.postgresql import PostgresqlDatabase
from persona.store.schema import DATA, KEYS

VARIABLE = "RAPPORT_TEST_POSTGRESQL"
SERVER = os.environ.get(VARIABLE, "postgresql://postgres@127.0.0.1:5432/postgres")
_NEW = "TEMPLATE template0 ENCODING 'UTF8'"


class Stores(Protocol):
    """Makes what a store needs, and does to it what befalls an operator's disk."""

    async def new(self, name: str = "rapport") -> StoreSettings:
        """Return settings of a new store."""

    async def empty(self) -> Address:
        """Return an address where nothing is yet."""

    async def contents(self, address: Address) -> bytes:
        """Return what a thief of the disk finds: every file the database at `address` has."""

    async def back_up(self, address: Address) -> Address:
        """Return where a copy of the database now is. Nobody may have it open."""

    async def put(self, copy: Address, address: Address) -> None:
        """Put a copy in the place of the database at `address`."""

    async def lose(self, address: Address) -> None:
        """Have an empty database at `address`."""


class SqliteStores:
    """Files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def new(self, name: str = "rapport") -> StoreSettings:
        return store_beside(self._folder / f"{name}.db")

    async def empty(self) -> Address:
        return SqliteAddress(self._folder / "empty.db")

    async def contents(self, address: Address) -> bytes:
        assert isinstance(address, SqliteAddress)
        folder, name = address.path.parent, address.path.name
        return b"".join(path.read_bytes() for path in folder.glob(f"{name}*"))

    async def back_up(self, address: Address) -> Address:
        copy = SqliteAddress(self._folder / f"{uuid.uuid4().hex}.copy")
        await self.put(address, copy)
        return copy

    async def put(self, copy: Address, address: Address) -> None:
        assert isinstance(copy, SqliteAddress)
        assert isinstance(address, SqliteAddress)
        shutil.copy(copy.path, address.path)

    async def lose(self, address: Address) -> None:
        assert isinstance(address, SqliteAddress)
        address.path.unlink()


class Server:
    """A PostgreSQL server, with a database of each schema to copy for every test."""

    def __init__(self, worker: str) -> None:
        self._prefix = f"rapport_test_{worker}_{uuid.uuid4().hex[:8]}"
        self.data = self.address("data")
        self.keys = self.address("keys")

    @classmethod
    async def prepare(cls, worker: str) -> Self:
        """Connect and make the templates. Raises `OSError` where no server answers."""
        server = cls(worker)
        for address, schema in ((server.data, DATA), (server.keys, KEYS)):
            await server.execute(f'CREATE DATABASE "{address.name}" {_NEW}')
            await (await PostgresqlDatabase.open(address, schema)).close()
        return server

    def address(self, name: str) -> PostgresqlAddress:
        """Return the address of a database of this test run."""
        address = parse_address(f"{SERVER.rpartition('/')[0]}/{self._prefix}_{name}")
        assert isinstance(address, PostgresqlAddress)
        return address

    async def execute(self, *statements: str) -> None:
        connection = await asyncpg.connect(SERVER)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def read_files(self, address: PostgresqlAddress) -> bytes:
        """Return the files of a database's tables, as they are on the server's disk."""
        connection = await asyncpg.connect(address.url)
        try:
            await connection.execute("CHECKPOINT")
            folder = await connection.fetchval(
                "SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()"
            )
            files = await connection.fetch(
                "SELECT pg_read_binary_file($1 || '/' || name, 0, 1 << 24, TRUE) AS content"
                " FROM pg_ls_dir($1) AS name WHERE name ~ '^[0-9]+(\\.[0-9]+)?$'",
                folder,
            )
        finally:
            await connection.close()
        return b"".join(row["content"] or b"" for row in files)

    async def drop(self, addresses: Iterable[PostgresqlAddress]) -> None:
        await self.execute(
            *(f'DROP DATABASE IF EXISTS "{address.name}" WITH (FORCE)' for address in addresses)
        )


class PostgresqlStores:
    """Databases of `server`. Use `close` to drop them."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._numbers = itertools.count(1)
        self._made: set[PostgresqlAddress] = set()

    async def new(self, name: str = "rapport") -> StoreSettings:
        data, keys = self._unused(), self._unused()
        await self.put(self._server.data, data)
        await self.put(self._server.keys, keys)
        return StoreSettings(
            database_url=data.url,
            key_url=keys.url,
            master_key_file=self._folder / f"{name}.master.key",
        )

    async def empty(self) -> Address:
        address = self._unused()
        await self._server.execute(f'CREATE DATABASE "{address.name}" {_NEW}')
        self._made.add(address)
        return address

    async def contents(self, address: Address) -> bytes:
        assert isinstance(address, PostgresqlAddress)
        return await self._server.read_files(address)

    async def back_up(self, address: Address) -> Address:
        copy = self._unused()
        await self.put(address, copy)
        return copy

    async def put(self, copy: Address, address: Address) -> None:
        assert isinstance(copy, PostgresqlAddress)
        assert isinstance(address, PostgresqlAddress)
        if address in self._made:
            await self._server.drop([address])
        await self._server.execute(f'CREATE DATABASE "{address.name}" TEMPLATE "{copy.name}"')
        self._made.add(address)

    async def lose(self, address: Address) -> None:
        await self.put(self._server.keys, address)

    async def close(self) -> None:
        await self._server.drop(self._made)

    def _unused(self) -> PostgresqlAddress:
        return self._server.address(str(next(self._numbers)))


async def rows(database: Database, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Return what `sql` finds; it names its parameters as queries do, ":name"."""
    query = _query(database.address.driver, sql, "", tuple(parameters))
    async with database.read() as connection:
        return [tuple(row) async for row in query(connection, **parameters)]


async def change(database: Database, sql: str, **parameters: Any) -> None:
    """Change the database in a way that no service offers."""
    query = _query(database.address.driver, sql, "!", tuple(parameters))
    async with database.write() as connection:
        await query(connection, **parameters)


async def someone_waits_for_a_lock(database: Database) -> None:
    """Return once a write in a PostgreSQL database waits for another about the same person."""
    query = (
        "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    async with asyncio.timeout(30):
        while await rows(database, query) != [(1,)]:
            pass


@functools.cache
def _query(driver: str, sql: str, kind: str, parameters: tuple[str, ...]) -> Any:
    text = f"-- name: query({', '.join(parameters)}){kind}\n{sql};"
    return aiosql.from_str(text, driver).query
