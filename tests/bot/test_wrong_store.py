"""What `rapport audit`, `doctor` and `run` say of databases that are not Rapport's."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import asyncpg
import pytest
from pydantic import SecretStr

from persona.services import open_store
from persona.settings import StoreSettings
from persona.store.address import Address, PostgresqlAddress, SqliteAddress
from tests.bot.test_run import assert_one_sentence
from tests.support.command import configure, rapport
from tests.support.stores import Stores

MASTER_KEY = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
NOWHERE = "http://127.0.0.1:9/v1"


@pytest.fixture
async def store(stores: Stores) -> StoreSettings:
    made = await stores.new()
    async with open_store(made, master_key=SecretStr(MASTER_KEY)):
        pass
    return made


async def assert_refused(
    folder: Path, database: Address | str, keys: Address | str, *parts: str
) -> None:
    """Assert that each command ends with a sentence that holds `parts`."""
    configure(folder, NOWHERE)
    for command, code in (("audit", 74), ("run", 74), ("doctor", 1)):
        ended = await rapport(
            command,
            folder=folder,
            DISCORD_TOKEN="x.y.z",
            RAPPORT_MASTER_KEY=MASTER_KEY,
            RAPPORT_STORE__DATABASE_URL=url(database),
            RAPPORT_STORE__KEY_URL=url(keys),
        )
        said = ended.out + ended.err
        assert ended.code == code, (command, said)
        assert all(part in said for part in parts), (command, said)
        assert "Traceback" not in said


def url(address: Address | str) -> str:
    return f"sqlite:{address}" if isinstance(address, SqliteAddress) else str(address)


async def execute(address: Address, sql: str) -> None:
    if isinstance(address, SqliteAddress):
        with contextlib.closing(sqlite3.connect(address.path)) as file:
            file.executescript(sql)
        return
    connection = await asyncpg.connect(address.url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def test_databases_in_each_others_place(store: StoreSettings, tmp_path: Path) -> None:
    await assert_refused(
        tmp_path, store.keys, store.database, "is not that of Rapport's", "may be swapped"
    )


async def test_a_database_without_one_of_its_tables_or_columns(
    store: StoreSettings, tmp_path: Path
) -> None:
    for sql, missing in (
        ("DROP TABLE evidence", "there is no table evidence"),
        ("ALTER TABLE items RENAME COLUMN basis TO basis2", "no column basis in its table items"),
    ):
        await execute(store.database, sql)
        said = f"{store.database} is not that of Rapport's data, or is damaged"
        await assert_refused(tmp_path, store.database, store.keys, said, missing)


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
async def test_what_cannot_be_opened_leaves_no_trace_of_a_thread(
    store: StoreSettings, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    await assert_refused(tmp_path, "sqlite:folder", store.keys, "unable to open database file")


@pytest.mark.parametrize("stores", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "columns", ["version VARCHAR PRIMARY KEY", "number INTEGER PRIMARY KEY, name TEXT"]
)
async def test_a_database_of_another_program(
    store: StoreSettings, stores: Stores, tmp_path: Path, columns: str
) -> None:
    other = await stores.empty()
    await execute(other, f"CREATE TABLE schema_migrations ({columns})")
    await assert_refused(tmp_path, other, store.keys, f"{other} belongs to another program")


@pytest.mark.parametrize("stores", ["postgresql"], indirect=True)
async def test_an_option_of_the_url_that_nobody_knows(store: StoreSettings, tmp_path: Path) -> None:
    await assert_refused(tmp_path, f"{store.database_url}?foo=bar", store.keys, 'parameter "foo"')


@pytest.mark.parametrize("stores", ["postgresql"], indirect=True)
async def test_a_database_that_accepts_no_connections(
    store: StoreSettings, stores: Stores, tmp_path: Path
) -> None:
    closed = await stores.empty()
    assert isinstance(closed, PostgresqlAddress)
    await execute(store.database, f'ALTER DATABASE "{closed.name}" ALLOW_CONNECTIONS FALSE')
    await assert_refused(tmp_path, closed, store.keys, "not currently accepting connections")


async def test_the_audit_needs_keys_where_there_are_data(
    store: StoreSettings, stores: Stores, tmp_path: Path
) -> None:
    empty = await stores.empty()
    if isinstance(empty, SqliteAddress):
        empty.path.touch()
    ended = await rapport(
        "audit",
        folder=tmp_path,
        RAPPORT_MASTER_KEY=MASTER_KEY,
        RAPPORT_STORE__DATABASE_URL=store.database_url,
        RAPPORT_STORE__KEY_URL=url(empty),
    )
    assert_one_sentence(ended, 74, f"There is nothing in {empty}", "store.key_url")


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
async def test_what_tells_the_master_key_was_overwritten(
    store: StoreSettings, tmp_path: Path
) -> None:
    await execute(store.keys, "UPDATE checks SET sealed = 5")
    await assert_refused(tmp_path, store.database, store.keys, f"{store.keys} is damaged")
