"""The embedded database: one writer, readers beside it, numbered migrations.

SQL lives in queries/*.sql; each query is a function of `Database.queries` that takes the
connection first. Writes go through `write()`, one at a time; reads through `read()`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path
from typing import Any, Self

import aiosql
import aiosqlite

from persona.errors import StoreError

logger = logging.getLogger(__name__)

_PACKAGE = resources.files("persona.store")


# Each is a thread; more would wait for the same disk.
_READERS = 4


class Database:
    """An open SQLite file. Use `Database.open`; close it with `close`."""

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, busy_timeout_seconds: float
    ) -> None:
        self.path = path
        self.queries: Any = aiosql.from_path(str(_PACKAGE.joinpath("queries")), "aiosqlite")
        self._writer = writer
        self._writing = asyncio.Lock()
        self._busy_timeout_seconds = busy_timeout_seconds
        self._idle_readers: list[aiosqlite.Connection] = []
        self._reading = asyncio.Semaphore(_READERS)

    @classmethod
    async def open(
        cls, path: Path, *, busy_timeout_seconds: float = 5.0, migrations: Path | None = None
    ) -> Self:
        """Open `path`, creating it and bringing its schema up to date first.

        `migrations` is the folder of numbered .sql files, the package's own by default.
        Raises `StoreError` when the file is no database of ours or is newer than this program.
        """
        folder = migrations or Path(str(_PACKAGE.joinpath("migrations")))
        writer: aiosqlite.Connection | None = None
        try:
            writer = await connect(path, busy_timeout_seconds)
            await _migrate(writer, path, folder)
        except (sqlite3.Error, OSError) as error:
            if writer is not None:
                await writer.close()
            raise StoreError(f"The database {path} cannot be used: {error}.") from error
        except StoreError:
            if writer is not None:
                await writer.close()
            raise
        return cls(path, writer, busy_timeout_seconds)

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[aiosqlite.Connection]:
        """Yield the connection inside a transaction: committed at the end, or undone whole."""
        async with self._writing:
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
    async def read(self) -> AsyncIterator[aiosqlite.Connection]:
        """Yield a connection that sees what has been committed. Do not nest.

        It is the caller's alone meanwhile: as long as any statement on a connection is unfinished,
        all others on it see the database as it was when that one began.
        """
        async with self._reading:
            if self._idle_readers:
                reader = self._idle_readers.pop()
            else:
                reader = await connect(self.path, self._busy_timeout_seconds)
            try:
                yield reader
            except BaseException:
                # Whoever was cut short may have left a statement unfinished.
                await asyncio.shield(reader.close())
                raise
            self._idle_readers.append(reader)

    async def purge(self) -> None:
        """Move the write-ahead log into the database and empty it, so erased text is gone.

        Where readers keep it from being emptied, the next purge or the closing does it; till then
        what lies there is sealed like the rest.
        """
        async with self._writing:
            if await pragma(self._writer, "wal_checkpoint(TRUNCATE)"):
                logger.info("the write-ahead log is in use and was not emptied")

    async def close(self) -> None:
        """Close every connection, the readers first."""
        while self._idle_readers:
            await self._idle_readers.pop().close()
        await self._writer.close()


async def connect(path: Path, busy_timeout_seconds: float) -> aiosqlite.Connection:
    """Return a connection with the settings every one of ours has.

    Autocommit is on: transactions are begun and ended by `Database.write` alone.
    """
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        path.chmod(0o600)  # SQLite gives its side files the same mode.
        for setting in (
            f"busy_timeout = {int(busy_timeout_seconds * 1000)}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            await pragma(connection, setting)
    except BaseException:
        await connection.close()
        raise
    return connection


async def pragma(connection: aiosqlite.Connection, setting: str) -> Any:
    """Run a PRAGMA and return the first value it gives, or None.

    Its cursor is closed at once: one left open is a statement in progress, and nothing can be
    committed until it is collected.
    """
    async with connection.execute(f"PRAGMA {setting}") as cursor:
        rows = list(await cursor.fetchall())
    return rows[0][0] if rows else None


async def _migrate(connection: aiosqlite.Connection, path: Path, folder: Path) -> None:
    scripts = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    current = int(await pragma(connection, "user_version"))
    if current > len(scripts):
        raise StoreError(
            f"The database {path} was written by a newer version (schema {current}, this program "
            f"knows {len(scripts)}). Upgrade Rapport, or start from a backup."
        )
    if 0 < current < len(scripts):
        await _back_up(connection, path, current)
    for number, script in enumerate(scripts[current:], current + 1):
        sql = script.read_text(encoding="utf-8")
        try:
            await connection.executescript(
                f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;"
            )
        except sqlite3.Error as error:
            if connection.in_transaction:
                await connection.rollback()
            raise StoreError(f"Migration {script.name} failed on {path}: {error}.") from error
        logger.info("database migrated", extra={"schema": number})


async def _back_up(connection: aiosqlite.Connection, path: Path, version: int) -> None:
    """Sealed data only; its keys are in another file, so an erasure reaches the copy too."""
    copy = path.with_name(f"{path.name}.schema-{version}")
    async with aiosqlite.connect(copy) as target:
        await connection.backup(target)
    copy.chmod(0o600)


async def inspect(path: Path, *, in_use: bool = False) -> int:
    """Return the schema number of the database `path` without changing it.

    `in_use` says whether another process has it open. Raises `StoreError` when it is damaged, no
    database, or newer than this program.
    """
    newest = len(list(Path(str(_PACKAGE.joinpath("migrations"))).glob("*.sql")))
    # Reading a WAL database makes files beside it, unless SQLite may trust that nobody writes.
    mode = "mode=ro" if in_use else "immutable=1"
    try:
        async with aiosqlite.connect(f"{path.absolute().as_uri()}?{mode}", uri=True) as connection:
            healthy = await pragma(connection, "quick_check(1)") == "ok"
            schema = int(await pragma(connection, "user_version"))
    except sqlite3.Error as error:
        raise StoreError(f"The database {path} cannot be read: {error}.") from error
    if not healthy:
        raise StoreError(f"The database {path} is damaged; restore a backup.")
    if schema > newest:
        raise StoreError(f"The database {path} was written by a newer version; upgrade Rapport.")
    return schema
