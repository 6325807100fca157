"""What is PostgreSQL's own: a server that can be away, and other processes on the same database."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr

from bot.settings import Settings
from persona.errors import StoreError
from persona.services import open_services
from persona.store.address import PostgresqlAddress, parse_address
from persona.store.crypto import new_key
from persona.store.keys import KeyFile
from persona.store.opening import inspect, open_database
from persona.store.postgresql import PostgresqlDatabase
from persona.store.schema import DATA, KEYS, Schema
from persona.store.sqlite import SqliteDatabase
from persona.turns import Incoming
from tests.support.clock import ManualClock
from tests.support.learning import claimed
from tests.support.stores import Server, SqliteStores, Stores, rows, someone_waits_for_a_lock

pytestmark = pytest.mark.parametrize("stores", ["postgresql"], indirect=True)

NOWHERE = parse_address("postgresql://rapport@127.0.0.1:9/rapport")


@pytest.fixture
async def database(stores: Stores) -> AsyncIterator[PostgresqlDatabase]:
    opened = await open_database((await stores.new()).database, DATA)
    assert isinstance(opened, PostgresqlDatabase)
    yield opened
    await opened.close()


async def add(database: PostgresqlDatabase, person_id: int) -> None:
    async with database.write(person_id) as connection:
        await database.queries.add_person(
            connection, person_id=person_id, first_epoch=1, first_seen_at=0
        )


async def test_writes_wait_for_those_about_the_same_person_and_for_no_others(
    database: PostgresqlDatabase,
) -> None:
    async with database.write(1):
        same = asyncio.create_task(add(database, 1))
        await someone_waits_for_a_lock(database)
        await add(database, 2)
        async with database.write():
            pass
        assert not same.done()
    await same
    assert await rows(database, "SELECT person_id FROM people ORDER BY 1") == [(1,), (2,)]


async def test_a_connection_that_is_lost_is_a_sentence_and_the_next_one_works(
    database: PostgresqlDatabase,
) -> None:
    async def lose(connection: Any) -> None:
        pid = await connection.fetchval("SELECT pg_backend_pid()")
        async with database.read() as other:
            await other.execute("SELECT pg_terminate_backend($1)", pid)

    for opened in (database.write, database.read):
        with pytest.raises(StoreError, match=re.escape(str(database.address))):
            async with opened() as connection:
                await lose(connection)
                await database.queries.add_person(
                    connection, person_id=1, first_epoch=1, first_seen_at=0
                )
        await add(database, 2)
    assert await rows(database, "SELECT person_id FROM people") == [(2,)]


async def test_a_database_that_takes_no_connections_for_now_is_a_sentence(
    database: PostgresqlDatabase, server: Server
) -> None:
    address = database.address
    assert isinstance(address, PostgresqlAddress)
    allow = f'ALTER DATABASE "{address.name}" ALLOW_CONNECTIONS'
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{address.name}'"
    await server.execute(f"{allow} false", end)
    with pytest.raises(StoreError):  # Of a lost connection, or already of a refused one.
        await add(database, 1)
    for _ in range(2):
        with pytest.raises(StoreError, match="not currently accepting connections"):
            await add(database, 1)
    await server.execute(f"{allow} true")
    await add(database, 1)
    assert await rows(database, "SELECT person_id FROM people") == [(1,)]


async def test_a_mistake_of_ours_is_not_blamed_on_the_server(
    database: PostgresqlDatabase,
) -> None:
    with pytest.raises(asyncpg.DataError):
        async with database.write() as connection:
            await database.queries.add_person(
                connection, person_id="Mei", first_epoch=1, first_seen_at=0
            )
    await add(database, 1)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.write() as connection:
            await connection.execute("INSERT INTO people VALUES (1, 1, 0)")


async def test_a_server_that_does_not_answer_is_named_without_the_password(
    stores: Stores,
) -> None:
    hush = SecretStr("hush-hush")
    with pytest.raises(StoreError, match=r"rapport@127\.0\.0\.1:9/rapport") as caught:
        await open_database(NOWHERE, DATA, password=hush)
    assert "hush" not in str(caught.value)
    with pytest.raises(StoreError, match=r"rapport@127\.0\.0\.1:9/rapport") as caught:
        async with inspect(NOWHERE, DATA, password=hush):
            pass
    assert "hush" not in str(caught.value)


async def test_a_database_that_does_not_exist_is_named(stores: Stores) -> None:
    address = parse_address(f"{(await stores.new()).database}_not")
    with pytest.raises(StoreError, match="does not exist"):
        await open_database(address, DATA)


async def test_processes_that_start_at_once_make_the_tables_once(stores: Stores) -> None:
    address = await stores.empty()
    opened = await asyncio.gather(*(open_database(address, DATA) for _ in range(4)))
    for database in opened:
        await database.close()
    async with inspect(address, DATA) as inspection:
        assert inspection.schema_number == len(DATA.scripts("asyncpg"))


@pytest.mark.parametrize("schema", [DATA, KEYS], ids=["data", "keys"])
async def test_both_databases_have_the_same_tables_and_columns(
    stores: Stores, tmp_path: Any, schema: Schema
) -> None:
    embedded = await open_database(await SqliteStores(tmp_path).empty(), schema)
    server = await open_database(await stores.empty(), schema)
    assert isinstance(embedded, SqliteDatabase)
    try:
        ours = await rows(
            embedded,
            'SELECT t.name, c.name, c."notnull" OR c.pk > 0 FROM sqlite_master AS t,'
            " pragma_table_info(t.name) AS c WHERE t.type = 'table' ORDER BY 1, 2",
        )
        theirs = await rows(
            server,
            "SELECT table_name, column_name, is_nullable = 'NO' FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name <> 'schema_migrations' ORDER BY 1, 2",
        )
        indexes = [
            await rows(embedded, "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE%INDEX%'"),
            await rows(
                server,
                "SELECT i.indexname FROM pg_indexes AS i WHERE i.schemaname = 'public'"
                " AND NOT EXISTS (SELECT 1 FROM pg_constraint AS c WHERE c.conname = i.indexname)",
            ),
        ]
    finally:
        await embedded.close()
        await server.close()
    assert sorted(ours) == sorted((table, column, bool(null)) for table, column, null in theirs)
    assert sorted(indexes[0]) == sorted(indexes[1])


async def test_keys_can_be_read_on_while_others_are_destroyed(stores: Stores) -> None:
    """The table is written anew; what was prepared before must go on to work."""
    master = new_key()
    address = (await stores.new()).keys
    first = await KeyFile.open(address, lambda _: master)
    second = await KeyFile.open(address, lambda _: master)
    try:
        made = [await first.make(person, "dm", 1) for person in range(1, 9)]
        assert await second.find(1, "dm", 1) == made[0]
        await asyncio.gather(
            *(first.destroy_before({(person, "dm"): 2}) for person in range(5, 9)),
            *(second.find(person, "dm", 1) for person in range(1, 5)),
        )
        assert await second.find(4, "dm", 1) == made[3]
        assert len(await second.names()) == 4
    finally:
        await first.close()
        await second.close()


async def test_a_dump_of_the_keys_does_not_keep_a_reset_waiting(
    stores: Stores, caplog: pytest.LogCaptureFixture
) -> None:
    address = (await stores.new()).keys
    keys = await KeyFile.open(address, lambda _: bytes(32))
    try:
        await keys.make(1, "dm", 1)
        assert isinstance(address, PostgresqlAddress)
        dump = await asyncpg.connect(address.url)
        try:
            async with dump.transaction():
                await dump.execute("LOCK TABLE keys IN ACCESS SHARE MODE")
                await keys.destroy_before({(1, "dm"): 2})
        finally:
            await dump.close()
        assert await keys.names() == []
    finally:
        await keys.close()
    assert "not written anew" in caplog.text


async def test_two_processes_share_the_database_and_divide_the_work(
    settings: Settings, clock: ManualClock
) -> None:
    async with open_services(settings, clock=clock) as first:
        await first.consent.decide(1, "remember")
        for number in (1000, 1010, 1020):
            await first.sessions.receive(Incoming(number, 1, number, 7, "hello", clock.now()))
            await first.closing.thread(number, "archived")
        held = await claimed(first)
        assert held is not None
        async with open_services(settings, clock=clock) as second:
            assert await claimed(second) is None
            again = Incoming(1000, 1, 50, 7, "hello", clock.now())
            new = Incoming(2000, 1, 50, 7, "hello", clock.now())
            assert await second.sessions.receive(again) is None
            turns = await asyncio.gather(
                *(one.sessions.receive(new) for one in (first, second, first, second))
            )
            assert sum(turn is not None for turn in turns) == 1
            for services in (first, second):
                await services.personas.reset(1, "guild:7")
            assert await second.personas.access(1, "guild:7") == await first.personas.access(
                1, "guild:7"
            )


def test_without_its_driver_it_says_what_to_install(stores: Stores) -> None:
    script = (
        "import sys, asyncio; sys.modules['asyncpg'] = None\n"
        "from persona.errors import StoreError\n"
        "from persona.store.address import parse_address\n"
        "from persona.store.opening import open_database\n"
        "from persona.store.schema import DATA\n"
        "address = parse_address('postgresql://rapport@127.0.0.1:9/rapport')\n"
        "try: asyncio.run(open_database(address, DATA))\n"
        "except StoreError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "install requirements/postgres.txt" in done.stdout
