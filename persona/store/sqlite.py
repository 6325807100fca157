"""The embedded database: one writer, readers beside it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Self

import aiosqlite

from persona.errors import StoreError
from persona.store.address import Address, SqliteAddress
from persona.store.database import Database, Inspection, frozen
from persona.store.schema import SQLITE_COLUMNS, Schema, check_columns, check_not_newer

logger = logging.getLogger(__name__)

# Each is a thread; more would wait for the same disk.
_READERS = 4

# What a copy made before a migration is named after: this and the schema's number.
_COPY = ".schema-"

_BEGIN_READING = "BEGIN"


class SqliteDatabase(Database):
    """An open SQLite file. Use `SqliteDatabase.open`; close it with `close`."""

    shared = False

    def __init__(
        self,
        address: SqliteAddress,
        schema: Schema,
        writer: aiosqlite.Connection,
        busy_timeout_seconds: float,
    ) -> None:
        super().__init__(address, schema.load_queries("aiosqlite"))
        self._path = address.path
        self._schema = schema
        self._writer = writer
        self._writing = asyncio.Lock()
        self._busy_timeout_seconds = busy_timeout_seconds
        self._idle_readers: list[aiosqlite.Connection] = []
        self._reading = asyncio.Semaphore(_READERS)
        self._closed = False

    @classmethod
    async def open(
        cls, address: SqliteAddress, schema: Schema, *, busy_timeout_seconds: float = 5.0
    ) -> Self:
        """Open the file, creating it and bringing its schema up to date first.

        Raises `StoreError` when the file is no database of ours or is newer than this program.
        """
        writer: aiosqlite.Connection | None = None
        try:
            writer = await _connect(address.path, schema, busy_timeout_seconds)
            await _migrate(writer, address, schema)
        except (sqlite3.Error, OSError) as error:
            if writer is not None:
                await writer.close()
            raise StoreError(f"The database {address} cannot be used: {error}.") from error
        except StoreError:
            if writer is not None:
                await writer.close()
            raise
        return cls(address, schema, writer, busy_timeout_seconds)

    @contextlib.asynccontextmanager
    async def write(self, person_id: int | None = None) -> AsyncIterator[aiosqlite.Connection]:
        """Yield the connection inside a transaction; whoever it is about, one at a time."""
        async with self._use(self._writing):
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                await asyncio.shield(self._writer.commit())
            except BaseException:
                # Shielded, because a cancelled task must not leave the transaction open; it may
                # have been cancelled while the database thread was beginning it.
                await asyncio.shield(self._writer.rollback())
                raise

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[aiosqlite.Connection]:
        """Yield a connection inside a transaction that only reads."""
        async with self.read() as reader, frozen(reader, _BEGIN_READING):
            yield reader

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[aiosqlite.Connection]:
        """Yield a connection that sees what has been committed. Do not nest.

        It is the caller's alone meanwhile: as long as any statement on a connection is unfinished,
        all others on it see the database as it was when that one began.
        """
        async with self._use(self._reading):
            if self._idle_readers:
                reader = self._idle_readers.pop()
            else:
                reader = await _connect(self._path, self._schema, self._busy_timeout_seconds)
            try:
                yield reader
            except BaseException:
                # Whoever was cut short may have left a statement unfinished.
                await asyncio.shield(reader.close())
                raise
            self._idle_readers.append(reader)

    async def purge(self) -> bool:
        """Write the file anew and empty its write-ahead log, so that erased text is gone.

        SQLite overwrites what is deleted, but not the copies of it that stay in unused parts of
        pages when rows are moved from one to another. Where readers keep the log from being
        emptied, the next purge or the closing does it.
        """
        async with self._use(self._writing):
            try:
                await _write_anew(self._writer)
            except sqlite3.OperationalError as error:
                logger.warning("the database was not written anew", extra={"reason": str(error)})
                return False
            if self._schema.keeps_keys:
                return True
            busy = bool(await pragma(self._writer, "wal_checkpoint(TRUNCATE)"))
        if busy:
            logger.info("the write-ahead log is in use and was not emptied")
        return not busy

    async def erase_from_copies(self, person_id: int, scope: str | None = None) -> None:
        for copy in await asyncio.to_thread(_copies, self._path):
            try:
                connection = await _connect(copy, self._schema, self._busy_timeout_seconds)
                try:
                    if scope is None:
                        await self.queries.delete_person(connection, person_id=person_id)
                    else:
                        await self.queries.delete_persona(
                            connection, person_id=person_id, scope=scope
                        )
                    await _write_anew(connection)
                finally:
                    await connection.close()
            except sqlite3.DatabaseError as error:
                logger.warning("a copy was deleted", extra={"reason": str(error)})
                for suffix in ("", "-wal", "-shm", "-journal"):
                    copy.with_name(copy.name + suffix).unlink(missing_ok=True)

    async def close(self) -> None:
        """Close every connection, the readers first, when nobody uses it any more."""
        self._closed = True
        async with self._writing, contextlib.AsyncExitStack() as all_readers:
            for _ in range(_READERS):
                await all_readers.enter_async_context(self._reading)
            # One left open is a thread that keeps the process from ending.
            while self._idle_readers:
                await self._idle_readers.pop().close()
            await self._writer.close()

    @contextlib.asynccontextmanager
    async def _use(self, turn: asyncio.Lock | asyncio.Semaphore) -> AsyncIterator[None]:
        """Wait for `turn`. Raises `StoreError` when the database is closed before it comes."""
        # Before too: closing waits for whoever already uses it, and they must not wait for it.
        self._check_open()
        async with turn:
            self._check_open()
            yield

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError(f"The database {self.address} is closed.")


async def _connect(path: Path, schema: Schema, busy_timeout_seconds: float) -> aiosqlite.Connection:
    """Return a connection with the settings every one of ours has.

    Autocommit is on: transactions are begun and ended by `SqliteDatabase.write` alone.
    """
    _check_openable(str(path))
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    # Keys have a rollback journal: a write-ahead log would keep a copy of what is deleted.
    journal = ("DELETE", "FULL") if schema.keeps_keys else ("WAL", "NORMAL")
    try:
        path.chmod(0o600)  # SQLite gives its side files the same mode.
        for setting in (
            f"busy_timeout = {int(busy_timeout_seconds * 1000)}",
            f"journal_mode = {journal[0]}",
            f"synchronous = {journal[1]}",
            "foreign_keys = ON",
            "secure_delete = ON",
            # Writing a file anew goes through a temporary copy.
            f"temp_store = {'MEMORY' if schema.keeps_keys else 'DEFAULT'}",
        ):
            await pragma(connection, setting)
    except BaseException:
        await connection.close()
        raise
    return connection


def _check_openable(database: str, *, uri: bool = False) -> None:
    """Raise `sqlite3.Error` when a file cannot be opened.

    aiosqlite would leave a thread behind then, which ends with a stack trace.
    """
    sqlite3.connect(database, uri=uri).close()


async def pragma(connection: aiosqlite.Connection, setting: str) -> Any:
    """Run a PRAGMA and return the first value it gives, or None.

    Its cursor is closed at once: one left open is a statement in progress, and nothing can be
    committed until it is collected.
    """
    async with connection.execute(f"PRAGMA {setting}") as cursor:
        rows = list(await cursor.fetchall())
    return rows[0][0] if rows else None


async def _write_anew(connection: aiosqlite.Connection) -> None:
    async with connection.execute("VACUUM"):
        pass


async def _migrate(
    connection: aiosqlite.Connection, address: SqliteAddress, schema: Schema
) -> None:
    scripts = schema.scripts("aiosqlite")
    current = int(await pragma(connection, "user_version"))
    check_not_newer(address, current, len(scripts))
    await _check_columns(connection, address, schema, current)
    if 0 < current < len(scripts) and not schema.keeps_keys:
        await _back_up(connection, address.path, current)
    for number, (name, sql) in enumerate(scripts[current:], current + 1):
        try:
            await connection.executescript(
                f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;"
            )
        except sqlite3.Error as error:
            if connection.in_transaction:
                await connection.rollback()
            raise StoreError(f"Migration {name} failed on {address}: {error}.") from error
        logger.info("database migrated", extra={"schema": number})


async def _check_columns(
    connection: aiosqlite.Connection, address: SqliteAddress, schema: Schema, number: int
) -> None:
    async with connection.execute(SQLITE_COLUMNS) as cursor:
        found = [(row[0], row[1]) async for row in cursor]
    check_columns(address, schema, number, found)


async def _back_up(connection: aiosqlite.Connection, path: Path, version: int) -> None:
    """Sealed data only: of the key file there is never a copy."""
    copy = path.with_name(f"{path.name}{_COPY}{version}")
    async with aiosqlite.connect(copy) as target:
        await connection.backup(target)
    copy.chmod(0o600)


def _copies(path: Path) -> list[Path]:
    """Return the copies beside the database `path`, without their side files."""
    pattern = re.compile(re.escape(path.name + _COPY) + r"\d+")
    return sorted(other for other in path.parent.iterdir() if pattern.fullmatch(other.name))


@contextlib.asynccontextmanager
async def inspect(address: SqliteAddress, schema: Schema) -> AsyncIterator[Inspection]:
    """Yield the database at `address` for reading, without a change to what it holds.

    Raises `StoreError` when it is not there, damaged, no database, or newer than this program.
    """
    if not address.path.exists():
        raise StoreError(f"There is no database {address}.")
    log = address.path.with_name(f"{address.path.name}-wal")
    # The log of a running bot, or of one that was killed, belongs to the database; without one,
    # SQLite would make one, unless it may trust that nobody writes.
    alone = not schema.keeps_keys and not log.exists()
    url = f"{address.path.absolute().as_uri()}?{'immutable=1' if alone else 'mode=ro'}"
    with _failures_of(address):
        _check_openable(url, uri=True)
        connection = await aiosqlite.connect(url, uri=True, isolation_level=None)
    try:
        with _failures_of(address):
            connection.row_factory = sqlite3.Row
            if await pragma(connection, "quick_check(1)") != "ok":
                raise StoreError(f"The database {address} is damaged; restore a backup.")
            number = int(await pragma(connection, "user_version"))
            check_not_newer(address, number, len(schema.scripts("aiosqlite")))
            await _check_columns(connection, address, schema, number)
        queries = schema.load_queries("aiosqlite")
        yield Inspection(address, connection, queries, number, _BEGIN_READING, _failures_of)
    finally:
        await connection.close()
    if alone and log.exists():
        raise StoreError(f"Rapport was started while {address} was read. Try again.")


@contextlib.contextmanager
def _failures_of(address: Address) -> Iterator[None]:
    """Turn what the file is to blame for into a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"The database {address} cannot be read: {error}.") from error
