"""What holds for both databases."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from persona.errors import StoreError
from persona.settings import StoreSettings
from persona.store.address import Address, PostgresqlAddress
from persona.store.database import Database
from persona.store.opening import inspect, open_database
from persona.store.schema import DATA, KEYS, Schema
from tests.support.stores import Stores, change, rows

MIGRATIONS = sorted(DATA.migrations.glob("*.sql"))


@pytest.fixture
async def store(stores: Stores) -> StoreSettings:
    return await stores.new()


@pytest.fixture
async def database(store: StoreSettings) -> AsyncIterator[Database]:
    opened = await open_database(store.database, DATA)
    yield opened
    await opened.close()


@pytest.fixture
async def empty(stores: Stores) -> Address:
    """Where nothing is yet."""
    return await stores.empty()


async def open_and_close(address: Address, schema: Schema) -> None:
    await (await open_database(address, schema)).close()


async def number_of(address: Address) -> int:
    async with inspect(address, DATA) as inspection:
        return inspection.schema_number


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write(1) as connection:
            await database.queries.add_person(
                connection, person_id=1, first_epoch=1, first_seen_at=0
            )
            raise ZeroDivisionError
    assert await _people(database) == 0


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    inside = asyncio.Event()

    async def write() -> None:
        async with database.write(1) as connection:
            await database.queries.add_person(
                connection, person_id=1, first_epoch=1, first_seen_at=0
            )
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.write() as connection:
        await database.queries.add_person(connection, person_id=2, first_epoch=1, first_seen_at=0)
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
            await database.queries.add_person(
                connection, person_id=rounds, first_epoch=1, first_seen_at=0
            )
    assert await _people(database) == 8


async def test_transactions_do_not_mix(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.write() as connection:
            await database.queries.add_person(
                connection, person_id=number, first_epoch=1, first_seen_at=0
            )
            await asyncio.sleep(0)
            if number % 2:
                raise LookupError

    outcomes = await asyncio.gather(*(add(number) for number in range(40)), return_exceptions=True)
    assert sum(isinstance(outcome, LookupError) for outcome in outcomes) == 20
    assert await _people(database) == 20


async def test_reading_goes_on_during_a_write(database: Database) -> None:
    async with database.write() as connection:
        await database.queries.add_person(connection, person_id=1, first_epoch=1, first_seen_at=0)
        assert await _people(database) == 0
    assert await _people(database) == 1


async def _people(database: Database) -> int:
    async with database.read() as connection:
        row = await database.queries.count_conversations(connection)
    return int(row["people"])


async def test_numbers_read_and_raised_at_once_are_all_different(database: Database) -> None:
    """A decision's number is the last one's and one more; at once, two would be the same."""
    queries = database.queries
    async with database.write(1) as connection:
        await queries.add_person(connection, person_id=1, first_epoch=1, first_seen_at=0)

    async def decide() -> None:
        async with database.write(1) as connection:
            await queries.add_consent(
                connection, person_id=1, decided_at=0, decision="remember", text_version=1
            )

    await asyncio.gather(*(decide() for _ in range(20)))
    assert await rows(database, "SELECT COUNT(*), MAX(number) FROM consent") == [(20, 20)]


@pytest.mark.parametrize("schema", [DATA, KEYS], ids=["data", "keys"])
async def test_every_query_is_understood(store: StoreSettings, schema: Schema) -> None:
    """Also those no other test asks; and all numbers are whole, where SQLite has only such."""
    address = store.database if schema is DATA else store.keys
    database = await open_database(address, schema)
    names = [name for name in database.queries.available_queries if not name.endswith("_cursor")]
    assert len(names) > 6
    try:
        async with database.read() as connection:
            for name in names:
                sql = getattr(database.queries, name).sql
                if isinstance(address, PostgresqlAddress):
                    columns = (await connection.prepare(sql)).get_attributes()
                    types = {column.type.name for column in columns}
                    assert types <= {"int4", "int8", "text", "bytea", "bool"}, name
                else:
                    parameters = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
                    async with connection.execute(f"EXPLAIN {sql}", parameters) as cursor:
                        assert await cursor.fetchall(), name
    finally:
        await database.close()


async def test_opening_twice_changes_nothing(database: Database) -> None:
    async with database.write(1) as connection:
        await database.queries.add_person(connection, person_id=1, first_epoch=1, first_seen_at=0)
    await database.close()
    again = await open_database(database.address, DATA)
    try:
        assert await _people(again) == 1
    finally:
        await again.close()
    assert await number_of(database.address) == len(MIGRATIONS)


@pytest.mark.parametrize("number", range(1, len(MIGRATIONS) + 1))
async def test_each_migration_applies_to_the_schema_before_it(
    number: int, empty: Address, tmp_path: Path
) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for upto in (number - 1, number):
        for script in MIGRATIONS[:upto]:
            (folder / script.name).write_text(script.read_text())
        await open_and_close(empty, replace(DATA, migrations=folder))
    assert await number_of(empty) == number


async def test_a_migration_that_fails_leaves_the_schema_as_it_was(
    empty: Address, tmp_path: Path
) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    schema = replace(DATA, migrations=folder)
    (folder / "0001_first.sql").write_text("CREATE TABLE first (id INTEGER);")
    await open_and_close(empty, schema)
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER); SELECT * FROM no;")
    with pytest.raises(StoreError, match="0002_second"):
        await open_database(empty, schema)
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER);")
    database = await open_database(empty, schema)
    try:
        await change(database, "INSERT INTO second (id) VALUES (1)")
        assert await rows(database, "SELECT id FROM second") == [(1,)]
    finally:
        await database.close()


async def test_a_newer_database_is_left_alone(
    store: StoreSettings, database: Database, tmp_path: Path
) -> None:
    await database.close()
    older = replace(DATA, migrations=tmp_path)
    with pytest.raises(StoreError, match="newer"):
        await open_database(store.database, older)
    with pytest.raises(StoreError, match="newer"):
        async with inspect(store.database, older):
            pass


async def test_many_reads_at_once_wait_for_each_other(database: Database) -> None:
    async def read() -> int:
        async with database.read():
            await asyncio.sleep(0)
        return await _people(database)

    assert await asyncio.gather(*(read() for _ in range(200))) == [0] * 200


async def test_closing_waits_for_who_uses_it_and_turns_others_away(store: StoreSettings) -> None:
    before = set(threading.enumerate())
    database = await open_database(store.database, DATA)
    async with asyncio.timeout(30), database.write(1), database.read() as connection:
        closing = asyncio.create_task(database.close())
        await asyncio.wait((closing,), timeout=0.1)
        assert not closing.done()
        with pytest.raises(StoreError, match="clos"):
            async with database.read():
                pass
        await database.queries.get_first_epoch(connection, person_id=1)
    await closing
    for thread in set(threading.enumerate()) - before:
        if "connection_worker" in thread.name:
            await asyncio.to_thread(thread.join, 30)
            assert not thread.is_alive()
    for use in (database.read, database.write):
        with pytest.raises(StoreError, match="clos"):
            async with use():
                pass
