from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from persona.errors import StoreError
from persona.store.database import Database, inspect

MIGRATIONS = sorted(Path(str(resources.files("persona.store"))).glob("migrations/*.sql"))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "rapport.db")
    yield opened
    await opened.close()


async def _pragma(database: Database, name: str) -> object:
    async with (
        database.write() as connection,
        connection.execute(f"PRAGMA {name}") as cursor,
    ):
        row = await cursor.fetchone()
    return row[0] if row else None


async def test_the_connection_is_set_up_for_concurrency_and_erasure(database: Database) -> None:
    assert await _pragma(database, "journal_mode") == "wal"
    assert await _pragma(database, "foreign_keys") == 1
    assert await _pragma(database, "secure_delete") == 1
    busy = await _pragma(database, "busy_timeout")
    assert isinstance(busy, int)
    assert busy >= 5000


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as connection:
            await database.queries.add_person(connection, person_id=1, first_seen_at=0)
            raise ZeroDivisionError
    assert await _people(database) == 0


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    inside = asyncio.Event()

    async def write() -> None:
        async with database.write() as connection:
            await database.queries.add_person(connection, person_id=1, first_seen_at=0)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.write() as connection:
        await database.queries.add_person(connection, person_id=2, first_seen_at=0)
    assert await _people(database) == 1


async def test_being_cancelled_while_beginning_blocks_nobody(database: Database) -> None:
    async def write() -> None:
        async with database.write():
            await asyncio.Event().wait()

    for rounds in range(8):
        task = asyncio.create_task(write())
        for _ in range(rounds):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with database.write() as connection:
            await database.queries.add_person(connection, person_id=rounds, first_seen_at=0)
    assert await _people(database) == 8


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
    database = await Database.open(tmp_path / "kept.db")
    try:
        for number in range(3):
            async with database.write() as connection:
                await database.queries.add_person(connection, person_id=number, first_seen_at=0)
            await database.purge()
        assert await _people(database) == 3
    finally:
        await database.close()
    assert kept


async def test_transactions_do_not_mix(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.write() as connection:
            await database.queries.add_person(connection, person_id=number, first_seen_at=0)
            await asyncio.sleep(0)
            if number % 2:
                raise LookupError

    outcomes = await asyncio.gather(*(add(number) for number in range(40)), return_exceptions=True)
    assert sum(isinstance(outcome, LookupError) for outcome in outcomes) == 20
    assert await _people(database) == 20


async def test_reading_goes_on_during_a_write(database: Database) -> None:
    async with database.write() as connection:
        await database.queries.add_person(connection, person_id=1, first_seen_at=0)
        assert await _people(database) == 0
    assert await _people(database) == 1


async def _people(database: Database) -> int:
    async with database.read() as connection:
        row = await database.queries.count_conversations(connection)
    return int(row["people"])


async def test_opening_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    async with database.write() as connection:
        await database.queries.add_person(connection, person_id=1, first_seen_at=0)
    await database.close()
    again = await Database.open(tmp_path / "rapport.db")
    try:
        assert await _people(again) == 1
        assert await inspect(tmp_path / "rapport.db") == len(MIGRATIONS)
    finally:
        await again.close()


@pytest.mark.parametrize("number", range(1, len(MIGRATIONS) + 1))
async def test_each_migration_applies_to_the_schema_before_it(number: int, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    path = tmp_path / "rapport.db"
    for upto in (number - 1, number):
        for script in MIGRATIONS[:upto]:
            (folder / script.name).write_text(script.read_text())
        await (await Database.open(path, migrations=folder)).close()
    assert await inspect(path) == number


async def test_a_migration_that_fails_leaves_the_schema_and_a_copy_from_before(
    tmp_path: Path,
) -> None:
    path, folder = tmp_path / "rapport.db", tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.sql").write_text("CREATE TABLE first (id INTEGER);")
    await (await Database.open(path, migrations=folder)).close()
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER); SELECT * FROM no;")
    with pytest.raises(StoreError, match="0002_second"):
        await Database.open(path, migrations=folder)
    assert _tables(path) == {"first"}
    assert _tables(tmp_path / "rapport.db.schema-1") == {"first"}
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER);")
    await (await Database.open(path, migrations=folder)).close()
    assert _tables(path) == {"first", "second"}


def _tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    finally:
        connection.close()
    return {row[0] for row in rows}


async def test_a_newer_database_is_left_alone(database: Database, tmp_path: Path) -> None:
    async with database.write() as connection:
        await connection.execute("PRAGMA user_version = 99")
    await database.close()
    with pytest.raises(StoreError, match="newer"):
        await Database.open(tmp_path / "rapport.db")
    with pytest.raises(StoreError, match="newer"):
        await inspect(tmp_path / "rapport.db")


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rapport.db"
    path.write_bytes(b"this is not a database, and long enough to look at" * 40)
    with pytest.raises(StoreError, match=r"rapport\.db"):
        await Database.open(path)
    with pytest.raises(StoreError, match=r"rapport\.db"):
        await inspect(path)


async def test_an_unfinished_read_does_not_hide_what_was_written_since(database: Database) -> None:
    async with (
        database.read() as slow,
        slow.execute("SELECT name FROM sqlite_master") as cursor,
    ):
        await cursor.fetchone()
        async with database.write() as connection:
            await database.queries.add_person(connection, person_id=1, first_seen_at=0)
        assert await _people(database) == 1


async def test_a_read_cut_short_does_not_keep_later_ones_in_the_past(database: Database) -> None:
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
        await database.queries.add_person(connection, person_id=1, first_seen_at=0)
    assert await _people(database) == 1


async def test_many_reads_at_once_wait_for_each_other(database: Database) -> None:
    async def read() -> int:
        async with database.read():
            await asyncio.sleep(0)
        return await _people(database)

    assert await asyncio.gather(*(read() for _ in range(200))) == [0] * 200
