"""What is SQLite's own."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from persona.errors import StoreError
from persona.store.address import SqliteAddress
from persona.store.schema import DATA, KEYS
from persona.store.sqlite import SqliteDatabase, inspect, pragma
from tests.support.stores import rows


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await SqliteDatabase.open(SqliteAddress(tmp_path / "rapport.db"), DATA)
    yield opened
    await opened.close()


async def people(database: SqliteDatabase) -> int:
    ((number,),) = await rows(database, "SELECT COUNT(*) FROM people")
    return int(number)


async def test_the_connection_is_set_up_for_concurrency_and_erasure(
    database: SqliteDatabase,
) -> None:
    async with database.write() as connection:
        assert await pragma(connection, "journal_mode") == "wal"
        assert await pragma(connection, "foreign_keys") == 1
        assert await pragma(connection, "secure_delete") == 1
        assert await pragma(connection, "busy_timeout") >= 5000


async def test_keys_are_written_through_and_leave_no_second_file(tmp_path: Path) -> None:
    database = await SqliteDatabase.open(SqliteAddress(tmp_path / "keys.db"), KEYS)
    try:
        for opened in (database.read, database.write):
            async with opened() as connection:
                assert await pragma(connection, "journal_mode") == "delete"
                assert await pragma(connection, "synchronous") == 2
                assert await pragma(connection, "secure_delete") == 1
        assert [path.name for path in tmp_path.iterdir()] == ["keys.db"]
    finally:
        await database.close()


async def test_a_write_can_follow_a_purge_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cursor left open keeps the next transaction from being committed.

    When a cursor that nobody closed goes away is up to the interpreter; here none ever does.
    """
    kept: list[aiosqlite.Cursor] = []
    initialise = aiosqlite.Cursor.__init__

    def keep(cursor: aiosqlite.Cursor, *arguments: Any) -> None:
        kept.append(cursor)
        initialise(cursor, *arguments)

    monkeypatch.setattr(aiosqlite.Cursor, "__init__", keep)
    database = await SqliteDatabase.open(SqliteAddress(tmp_path / "kept.db"), DATA)
    try:
        for number in range(3):
            async with database.write() as connection:
                await database.queries.add_person(
                    connection, person_id=number, first_epoch=1, first_seen_at=0
                )
            await database.purge()
        assert await people(database) == 3
    finally:
        await database.close()
    assert kept


async def test_what_is_deleted_leaves_no_copy_in_the_unused_parts_of_pages(tmp_path: Path) -> None:
    """SQLite makes such copies when it moves rows to other pages, and does not overwrite them."""
    path, rng = tmp_path / "keys.db", random.Random(4)
    database = await SqliteDatabase.open(SqliteAddress(path), KEYS)
    held: dict[int, bytes] = {}
    deleted: list[bytes] = []
    try:
        async with database.write() as connection:
            for number in [66] * 9 + [100]:
                made = {rng.getrandbits(60): rng.randbytes(61) for _ in range(100)}
                insert = "INSERT INTO keys VALUES (?, 'dm', 1, ?)"
                await connection.executemany(insert, list(made.items()))
                held |= made
                gone = rng.sample(list(held), number)
                delete = "DELETE FROM keys WHERE person_id = ?"
                await connection.executemany(delete, [(person,) for person in gone])
                deleted += [held.pop(person) for person in gone]
        assert await database.purge()
    finally:
        await database.close()
    content = path.read_bytes()
    assert sum(value in content for value in deleted) == 0
    assert sum(value in content for value in held.values()) == len(held)


async def test_a_copy_that_cannot_be_erased_from_is_deleted(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    broken = tmp_path / "rapport.db.schema-1"
    broken.write_bytes(b"this is not a database, and long enough to look at" * 40)
    other = tmp_path / "rapport.db.schema-1.mine"
    other.write_bytes(b"the operator's own")
    await database.erase_from_copies(1)
    assert not broken.exists()
    assert other.read_bytes() == b"the operator's own"


async def test_a_migration_that_fails_leaves_the_schema_and_a_copy_from_before(
    tmp_path: Path,
) -> None:
    path, folder = tmp_path / "rapport.db", tmp_path / "migrations"
    folder.mkdir()
    address, schema = SqliteAddress(path), replace(DATA, migrations=folder)
    (folder / "0001_first.sql").write_text("CREATE TABLE first (id INTEGER);")
    await (await SqliteDatabase.open(address, schema)).close()
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER); SELECT * FROM no;")
    with pytest.raises(StoreError, match="0002_second"):
        await SqliteDatabase.open(address, schema)
    assert _tables(path) == {"first"}
    assert _tables(tmp_path / "rapport.db.schema-1") == {"first"}
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER);")
    await (await SqliteDatabase.open(address, schema)).close()
    assert _tables(path) == {"first", "second"}


def _tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    finally:
        connection.close()
    return {row[0] for row in rows}


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rapport.db"
    path.write_bytes(b"this is not a database, and long enough to look at" * 40)
    with pytest.raises(StoreError, match=r"rapport\.db"):
        await SqliteDatabase.open(SqliteAddress(path), DATA)
    with pytest.raises(StoreError, match=r"rapport\.db"):
        async with inspect(SqliteAddress(path), DATA):
            pass


async def test_an_unfinished_read_does_not_hide_what_was_written_since(
    database: SqliteDatabase,
) -> None:
    async with (
        database.read() as slow,
        slow.execute("SELECT name FROM sqlite_master") as cursor,
    ):
        await cursor.fetchone()
        async with database.write() as connection:
            await database.queries.add_person(
                connection, person_id=1, first_epoch=1, first_seen_at=0
            )
        assert await people(database) == 1


async def test_a_read_cut_short_does_not_keep_later_ones_in_the_past(
    database: SqliteDatabase,
) -> None:
    begun = asyncio.Event()
    kept: list[aiosqlite.Cursor] = []

    async def read() -> None:
        async with database.read() as connection:
            kept.append(await connection.execute("SELECT name FROM sqlite_master"))
            await kept[0].fetchone()
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(read())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with database.write() as connection:
        await database.queries.add_person(connection, person_id=1, first_epoch=1, first_seen_at=0)
    assert await people(database) == 1
