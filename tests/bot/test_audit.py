"""`rapport audit`, in a process of its own, on both databases."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from persona.errors import StoreError
from persona.services import Services, open_services
from persona.settings import StoreSettings
from persona.store.address import SqliteAddress
from persona.store.opening import inspect
from persona.store.schema import DATA, KEYS, check_current
from tests.bot.test_run import assert_one_sentence
from tests.conftest import settings_for
from tests.persona.learning.test_crashes import KILLED
from tests.persona.learning.test_learning import SCOPE, converse
from tests.support.clock import ManualClock
from tests.support.command import Ended, rapport
from tests.support.learner import Task, learn
from tests.support.model import ScriptedModel, proposal, updates
from tests.support.stores import SqliteStores, Stores, change

VALUE = "velvet-axolotl"
FAULT = "DELETE FROM messages WHERE message_id = 1000"
NAMED = updates(proposal("demographics.name", VALUE, 1, f"my name is {VALUE}"))


async def audit(store: StoreSettings, folder: Path, *options: str, **variables: str) -> Ended:
    named = {
        "RAPPORT_STORE__DATABASE_URL": store.database_url,
        "RAPPORT_STORE__KEY_URL": store.key_url,
        "RAPPORT_STORE__MASTER_KEY_FILE": str(store.master_key_file),
    }
    ended = await rapport("audit", *options, folder=folder, **(named | variables))
    assert VALUE not in ended.out + ended.err
    return ended


def hashes(folder: Path) -> dict[str, str]:
    """Return a hash of every file, but for the index that SQLite's readers share."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file() and not path.name.endswith("-shm")
    }


@pytest.fixture
async def store(stores: Stores) -> StoreSettings:
    return await stores.new()


@pytest.fixture
async def services(
    store: StoreSettings, model: ScriptedModel, clock: ManualClock, tmp_path: Path
) -> AsyncIterator[Services]:
    """A bot at work: it holds its lock, and what it learned is written."""
    settings = settings_for(model.base_url, tmp_path, store=store)
    model.script(NAMED)
    async with open_services(settings, clock=clock) as opened:
        await opened.consent.decide(1, "remember")
        await converse(opened, clock, f"my name is {VALUE}", "b", "c")
        await opened.learner.tick()
        yield opened


async def test_it_finds_nothing_while_a_bot_runs_and_writes(
    services: Services, store: StoreSettings, tmp_path: Path
) -> None:
    stopped = asyncio.Event()

    async def write() -> int:
        number = 0
        while not stopped.is_set():
            number += 1
            await services.editor.set(1, SCOPE, "demographics.age", str(20 + number % 40))
            await asyncio.sleep(0)
        return number

    writing = asyncio.create_task(write())
    try:
        ended = await audit(store, tmp_path)
    finally:
        stopped.set()
        versions = await writing
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "1 persona(s) with 2 value(s): nothing found.\n"
    assert len(await services.editor.versions(1, SCOPE)) == versions + 1


async def test_it_says_what_it_found_and_where_but_no_text(
    services: Services, store: StoreSettings, tmp_path: Path
) -> None:
    await change(services.database, FAULT)  # In the log of the running bot alone.
    (item,) = (await services.personas.load(1, SCOPE)).items
    before = hashes(tmp_path)
    ended = await audit(store, tmp_path, "--json")
    assert ended.code == 1
    assert json.loads(ended.out) == {
        "personas": 1,
        "values": 1,
        "counts": {"orphaned_evidence": 1},
        "findings": [
            {
                "problem": "orphaned_evidence",
                "person_id": "1",
                "scope": SCOPE,
                "slot": "demographics.name",
                "item_id": item.item_id,
                "detail": "message 1000 is gone",
            }
        ],
    }
    ended = await audit(store, tmp_path)
    assert ended.code == 1
    first, counted, where = ended.out.splitlines()
    assert first == "1 persona(s) with 1 value(s): 1 finding(s)."
    assert counted.split()[:3] == ["1", "orphaned_evidence", "a"]
    assert where == (
        f"orphaned_evidence: person 1, {SCOPE}, demographics.name, item {item.item_id}, "
        "message 1000 is gone"
    )
    assert hashes(tmp_path) == before


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
async def test_it_changes_no_file_of_a_bot_that_was_stopped_or_killed(
    stores: SqliteStores, model: ScriptedModel, clock: ManualClock, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    store = await SqliteStores(folder).new()
    settings = settings_for(model.base_url, folder, store=store)
    model.script(NAMED)
    async with open_services(settings, clock=clock) as services:
        await services.consent.decide(1, "remember")
        await converse(services, clock, f"my name is {VALUE}", "b", "c")
    stopped = hashes(folder)
    listed = sorted(folder.iterdir())
    ended = await audit(store, tmp_path)
    assert ended.out == "1 persona(s) with 0 value(s): nothing found.\n"
    assert (hashes(folder), sorted(folder.iterdir())) == (stopped, listed)
    task = Task(store=store, base_url=model.base_url, now=clock.now())
    assert await learn(task, "commit.after") == KILLED
    killed = hashes(folder)
    assert "rapport.db-wal" in killed
    ended = await audit(store, tmp_path)
    assert ended.out == "1 persona(s) with 1 value(s): nothing found.\n"
    assert hashes(folder) == killed


async def test_nothing_can_be_written_to_what_is_inspected(
    services: Services, store: StoreSettings
) -> None:
    for address, schema in ((store.database, DATA), (store.keys, KEYS)):
        table = "people" if schema is DATA else "keys"
        errors = (sqlite3.OperationalError, asyncpg.ReadOnlySQLTransactionError, StoreError)
        with pytest.raises(errors, match=r"read.?only"):
            async with inspect(address, schema) as inspection:
                await inspection.connection.execute(f"DELETE FROM {table}")
        with pytest.raises(errors, match=r"read.?only"):
            async with inspect(address, schema) as inspection, inspection.snapshot() as connection:
                await connection.execute(f"DELETE FROM {table}")


async def test_what_cannot_be_read_is_one_sentence(
    services: Services, store: StoreSettings, stores: Stores, tmp_path: Path
) -> None:
    wrong = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
    ended = await audit(store, tmp_path, RAPPORT_MASTER_KEY=wrong)
    assert_one_sentence(ended, 74, "The master key does not open")
    nothing = await stores.empty()
    url = str(nothing) if store.database_url.startswith("postgresql") else f"sqlite:{nothing}"
    ended = await audit(store, tmp_path, RAPPORT_STORE__DATABASE_URL=url)
    assert_one_sentence(ended, 74, "There is n", str(nothing))
    ended = await audit(store, tmp_path, RAPPORT_STORE__MASTER_KEY_FILE=str(tmp_path / "none"))
    assert_one_sentence(ended, 74, "The master key", "is missing")
    newer = "INSERT INTO schema_migrations VALUES (99, 'later')"
    if isinstance(store.database, SqliteAddress):
        assert not Path(str(nothing)).exists()
        newer = "PRAGMA user_version = 99"
    await change(services.database, newer)
    ended = await audit(store, tmp_path)
    assert_one_sentence(ended, 74, "newer version (schema 99")


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
async def test_an_older_schema_is_not_read_nor_brought_up_to_date(store: StoreSettings) -> None:
    for number, words in ((0, "first start"), (1, "next start"), (3, "newer")):
        with pytest.raises(StoreError, match=words):
            check_current(store.database, number, 2)
    check_current(store.database, 2, 2)


async def test_a_database_that_is_in_use_meanwhile_is_not_trusted(tmp_path: Path) -> None:
    store = await SqliteStores(tmp_path).new()
    address = store.database
    assert isinstance(address, SqliteAddress)
    with sqlite3.connect(address.path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    with pytest.raises(StoreError, match="was started"):
        async with inspect(address, DATA):
            writer = sqlite3.connect(address.path)
            writer.execute("CREATE TABLE meanwhile (id)")
    writer.close()
