"""Erased means erased: what was saved beforehand opens nothing, and nothing names the person."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from bot.settings import Settings
from persona.attachments.attachment import Attachment
from persona.changes import Overtaken
from persona.completion import Usage
from persona.erasure import Erased
from persona.errors import EditError
from persona.failpoints import ERASURE
from persona.services import Services, open_services
from persona.settings import StoreSettings
from persona.store.address import Address, SqliteAddress
from persona.store.schema import DATA
from persona.store.sqlite import SqliteDatabase
from persona.turns import Incoming
from tests.persona.learning.test_learning import NOTHING, converse
from tests.support.clock import ManualClock
from tests.support.learner import Task, erase
from tests.support.learning import Worker
from tests.support.model import Late, ScriptedModel, proposal, updates
from tests.support.stores import Stores, change, rows
from tests.support.traces import Saved, count_rows, opens_with, readable, traces, whereabouts

# As large as Discord's are, so that they can be told from other bytes.
MEI, TOM = 1187654321098765432, 1187654321098760101
HERE, THERE, DIRECT = "guild:7", "guild:8", "dm"
SAID = "my name is Zephyrine, I love quartz narwhals"
NAME = proposal("demographics.name", "Zephyrine", 1, "my name is Zephyrine")
NARWHALS = proposal(
    "personality.values_and_interests",
    "quartz narwhals",
    1,
    "I love quartz narwhals",
    op="add_item",
)
WORDS = ("Zephyrine", "Quillon", "quartz narwhals", "velvet axolotl", "cinnamon quokka")
KILLED = -9


async def live(services: Services, clock: ManualClock, model: ScriptedModel) -> None:
    """Let Mei and Tom do a lot; in three scopes there is then something to learn about Mei."""
    editor = services.editor
    for person in (MEI, TOM):
        begin = 1000 if person == MEI else 2000
        await services.consent.decide(person, "remember")
        await services.sessions.opened(person, begin)
        model.script(updates(NAME, NARWHALS), NOTHING)
        await converse(services, clock, SAID, "b", "c", person=person, begin=begin)
        await services.learner.tick()
        first, second = (await services.personas.load(person, HERE)).items
        await editor.set(person, HERE, first.slot, "Quillon", replaces=first.item_id)
        await editor.forget(person, HERE, second.item_id)
        await editor.undo(person, HERE, 1)
        await editor.forget(
            person, HERE, (await services.personas.load(person, HERE)).items[0].item_id
        )
        await editor.set(person, HERE, NARWHALS["slot"], "velvet axolotl")
        await editor.lock(person, HERE, "demographics.languages")
        await services.corrections.edited(begin + 10, "cinnamon quokka is what I said instead")
        await services.incognito.begin(person, begin + 9, HERE)
    for guild, begin in ((7, 3000), (8, 4000), (None, 5000)):
        await converse(services, clock, SAID, "b", "c", person=MEI, begin=begin, guild=guild)
    came = (Attachment("text", "velvet axolotl.txt", SAID), Attachment("pdf", "a.pdf", SAID))
    turn = await services.sessions.receive(Incoming(6000, MEI, 50, 7, SAID, clock.now(), came))
    assert turn is not None
    await services.answers.note_part(turn, 0, 6001)


@dataclass(frozen=True)
class Working:
    """Runs about Mei: one about to commit, one that waits, one whose model is still thinking."""

    about_to_commit: Worker
    thinking: asyncio.Task[None]
    model: Late

    @classmethod
    async def begin(cls, services: Services, model: ScriptedModel) -> Working:
        model.script(updates(NAME), NOTHING)
        about_to_commit = await Worker.begin(services, MEI, HERE)
        waiting = await Worker.claim(services, MEI, THERE)
        assert not await waiting.postpone("outage")
        late = Late(updates(NAME))
        model.script(late, NOTHING)
        thinking = asyncio.create_task(services.learner.tick())
        await late.begun.wait()
        return cls(about_to_commit, thinking, late)

    async def commits(self) -> bool:
        """Let the first run go on; return whether it commits anything."""
        try:
            await self.about_to_commit.commit()
        except Overtaken:
            return False
        return True

    async def end(self) -> None:
        self.model.release.set()
        await self.thinking


@dataclass(frozen=True)
class Case:
    """A store in which Mei and Tom did a lot, and what was saved of it."""

    settings: Settings
    stores: Stores
    clock: ManualClock
    model: ScriptedModel
    mei: Saved
    mei_here: Saved
    tom: Saved
    backup: Address

    @property
    def store(self) -> StoreSettings:
        return self.settings.store

    @contextlib.asynccontextmanager
    async def started(self) -> AsyncIterator[Services]:
        async with open_services(self.settings, clock=self.clock) as services:
            yield services

    async def traces(self) -> set[str]:
        return await traces(self.stores, self.store, self.mei, *WORDS)

    async def whereabouts(self) -> set[str]:
        return await whereabouts(self.stores, self.store, MEI)


@pytest.fixture
async def case(
    settings: Settings, stores: Stores, clock: ManualClock, model: ScriptedModel
) -> Case:
    async with open_services(settings, clock=clock) as services:
        await live(services, clock, model)
        counted = await count_rows(services.database, MEI)
        mei = await Saved.of(services, MEI, [HERE, THERE, DIRECT])
        mei_here = await Saved.of(services, MEI, [HERE])
        tom = await Saved.of(services, TOM, [HERE])
    # What the database has no rows of, the tests would not miss.
    assert {table for table, number in counted.items() if not number} == set()
    backup = await stores.back_up(settings.store.database)
    if isinstance(settings.store.database, SqliteAddress):
        await migrate(settings.store.database)
    return Case(settings, stores, clock, model, mei, mei_here, tom, backup)


async def migrate(address: SqliteAddress) -> None:
    """Have a newer program migrate the database, which leaves a copy, and go back to this one."""
    folder = address.path.parent / "migrations"
    shutil.copytree(DATA.migrations, folder)
    number = len(DATA.scripts("aiosqlite"))
    (folder / f"{number + 1:04d}_later.sql").write_text("CREATE TABLE later (id INTEGER);")
    await (await SqliteDatabase.open(address, replace(DATA, migrations=folder))).close()
    with contextlib.closing(sqlite3.connect(address.path)) as connection:
        connection.executescript(f"DROP TABLE later; PRAGMA user_version = {number};")
    assert copy_of(address).exists()


def copy_of(address: SqliteAddress) -> Path:
    number = len(DATA.scripts("aiosqlite"))
    return address.path.with_name(f"{address.path.name}.schema-{number}")


async def test_before_an_erasure_everything_is_found(case: Case) -> None:
    """Else the tests below would find nothing either way."""
    everything = {"wrapped key", "row"}
    tables = {"people", "consent", "messages", "attachments", "items", "versions", "usage", "keys"}
    if isinstance(case.store.database, SqliteAddress):
        everything |= {"sealed value", "readable value"}
        tables |= {"files"}
        copied = copy_of(case.store.database).read_bytes()
        assert all(readable(copied, key) for key in case.mei.keys)
    assert await case.traces() == everything
    assert await case.whereabouts() >= tables
    assert await opens_with(case.store, case.backup, MEI)
    async with case.started() as services:
        working = await Working.begin(services, case.model)
        assert await working.commits()
        await working.end()
        assert (await services.personas.load(MEI, DIRECT)).items


async def test_after_an_erasure_nothing_is_found(case: Case) -> None:
    async with case.started() as services:
        working = await Working.begin(services, case.model)
        counted = await count_rows(services.database, MEI)
        erased = await services.erasure.erase(MEI)
        assert await case.traces() == set()
        assert await case.whereabouts() == set()
        assert not await working.commits()
        await working.end()
        case.clock.advance(timedelta(days=2))
        await services.learner.tick()
        assert await case.whereabouts() == set()
        assert await services.erasure.erase(MEI) == Erased(dict.fromkeys(counted, 0), 0)
        assert await services.personas.reset(MEI, HERE) is None
    assert erased == Erased(counted, 3)
    assert await case.traces() == set()
    assert await case.whereabouts() == set()
    assert not await opens_with(case.store, case.backup, MEI)
    assert await opens_with(case.store, case.backup, TOM)


async def test_after_a_reset_nothing_of_that_scope_is_found_and_the_others_are_as_before(
    case: Case,
) -> None:
    async with case.started() as services:
        working = await Working.begin(services, case.model)
        assert await services.personas.reset(MEI, HERE) == 1
        assert await here(case) == set()
        assert not await working.commits()
        await working.end()
        assert await learned(services, DIRECT) == {"Zephyrine"}
        case.clock.advance(timedelta(days=2))
        case.model.script(updates(NAME), NOTHING)
        await services.learner.tick()
        assert await learned(services, THERE) == {"Zephyrine"}
        assert await learned(services, HERE) == set()
        assert await services.consent.decision(MEI) == "remember"
    assert await here(case) == set()
    assert await case.traces() >= {"wrapped key", "row"}


async def here(case: Case) -> set[str]:
    return await traces(case.stores, case.store, case.mei_here, *WORDS)


async def learned(services: Services, scope: str) -> set[str]:
    return {item.value for item in (await services.personas.load(MEI, scope)).items}


async def test_others_are_as_before(case: Case) -> None:
    async with case.started() as services:
        before = await count_rows(services.database, TOM)
        await services.erasure.erase(MEI)
        assert await count_rows(services.database, TOM) == before
        persona = await services.personas.load(TOM, HERE)
        assert {item.value for item in persona.items} == {"velvet axolotl"}
        assert len(await services.editor.versions(TOM, HERE)) == persona.version
        assert "row" in await traces(case.stores, case.store, case.tom)


async def test_who_was_erased_begins_anew(case: Case) -> None:
    async with case.started() as services:
        await services.erasure.erase(MEI)
        await services.consent.decide(MEI, "chat_only")
        turn = await services.sessions.receive(
            Incoming(7000, MEI, 50, 7, "hello", case.clock.now())
        )
        assert turn is not None
        assert await services.sessions.history(turn, 1000) == []
        assert (await services.personas.load(MEI, HERE)).items == ()
    async with case.started() as services:
        assert [turn.text for turn in await services.sessions.waiting()] == ["hello"]
        assert await services.consent.decision(MEI) == "chat_only"
    assert await case.traces() == set()
    async with case.started() as services:
        assert (await services.erasure.erase(MEI)).keys == 1
    assert await case.whereabouts() == set()


async def test_a_run_from_before_does_not_touch_the_one_that_began_after(case: Case) -> None:
    """Their leases have the same fence, because that of the first was erased."""
    async with case.started() as services:
        before = await Worker.claim(services, MEI, DIRECT)
        await services.erasure.erase(MEI)
        await services.consent.decide(MEI, "remember")
        await converse(services, case.clock, "a", "b", "c", person=MEI, begin=7000, guild=None)
        after = await Worker.claim(services, MEI, DIRECT)
        assert after.batch.run.fence == before.batch.run.fence
        before.proposed.usage += Usage(prompt_tokens=7)
        assert not await before.postpone("invalid_answer")
        assert await rows(services.database, "SELECT 1 FROM usage WHERE prompt_tokens = 7") == []
        ((expires_at,),) = await rows(
            services.database, f"SELECT expires_at FROM leases WHERE person_id = {MEI}"
        )
        assert expires_at > 0
        with pytest.raises(Overtaken):
            await before.commit()
        await after.commit()


async def test_a_wish_to_learn_does_not_outlast_a_reset(case: Case) -> None:
    async with case.started() as services:
        await services.learner.ask(MEI, HERE)
        await services.personas.reset(MEI, HERE)
        await converse(services, case.clock, SAID, person=MEI, begin=7000)
        case.model.script(updates(NAME))
        await services.learner.tick()
        assert await learned(services, HERE) == set()


@pytest.mark.parametrize("returned", [False, True], ids=["gone", "returned"])
async def test_a_backup_from_before_brings_nothing_back(case: Case, *, returned: bool) -> None:
    async with case.started() as services:
        await services.erasure.erase(MEI)
        if returned:
            await services.sessions.receive(Incoming(7000, MEI, 50, 7, "a", case.clock.now()))
            await services.personas.reset(MEI, HERE)
            await services.sessions.receive(Incoming(7001, MEI, 50, 7, "b", case.clock.now()))
    await case.stores.put(case.backup, case.store.database)
    async with case.started() as services:
        assert await case.traces() == set()
        await services.sessions.receive(Incoming(8000, MEI, 50, 7, "c", case.clock.now()))
        assert [turn.text for turn in await services.sessions.waiting()] == ["c"]
        assert (await services.personas.load(TOM, HERE)).items
    async with case.started() as services:
        assert len(await services.sessions.waiting()) == 1
        await services.erasure.erase(MEI)
    assert await case.whereabouts() == set()


@pytest.mark.parametrize("failpoint", ERASURE)
async def test_an_erasure_that_was_cut_short_is_finished_by_the_next_start(
    case: Case, failpoint: str
) -> None:
    task = Task(store=case.store, base_url=case.model.base_url, now=case.clock.now())
    assert await erase(task, MEI, failpoint) == KILLED
    begun = failpoint not in ("erase.before", "erase.locked")
    assert await opens_with(case.store, case.backup, MEI) != begun
    async with case.started() as services:
        await services.learner.tick()
        if not begun:
            await services.erasure.erase(MEI)
        assert await case.traces() == set()
        assert await case.whereabouts() == set()
    assert await case.traces() == set()
    assert await case.whereabouts() == set()


@pytest.mark.parametrize("do", ["speaks", "decides"])
async def test_who_comes_back_finishes_an_erasure_that_was_cut_short(case: Case, do: str) -> None:
    """The bot may go on when the database was out of reach for a moment."""
    async with case.started() as services:
        await services.keys.erase(MEI, 1)
        if do == "speaks":
            incoming = Incoming(7000, MEI, 50, 7, "hello", case.clock.now())
            turn = await services.sessions.receive(incoming)
            assert turn is not None
            assert await services.sessions.history(turn, 1000) == []
            kept = {"people": 1, "personas": 1, "sessions": 1, "messages": 1}
        else:
            await services.consent.decide(MEI, "chat_only")
            kept = {"people": 1, "consent": 1}
        counted = await count_rows(services.database, MEI)
        assert {table: number for table, number in counted.items() if number} == kept
    async with case.started() as services:
        assert await count_rows(services.database, MEI) == counted
    assert await case.traces() == set()


async def test_what_happens_at_the_same_time_is_erased_or_begins_anew(
    services: Services, clock: ManualClock, stores: Stores
) -> None:
    async def lock() -> None:
        with contextlib.suppress(EditError):  # There may be nobody just then.
            await services.editor.lock(MEI, THERE, "demographics.name")

    number = 0
    for _ in range(10):
        messages = [
            Incoming(number + more, MEI, 50, (7, 8)[more % 2], "hello", clock.now())
            for more in range(1, 7)
        ]
        number += len(messages)
        await asyncio.gather(
            *(services.sessions.receive(message) for message in messages[:3]),
            services.erasure.erase(MEI),
            services.consent.decide(MEI, "remember"),
            services.personas.reset(MEI, HERE),
            *(services.sessions.receive(message) for message in messages[3:]),
            lock(),
            services.sessions.opened(MEI, number),
        )
        waiting = await services.sessions.waiting()
        sealed = await rows(services.database, "SELECT message_id FROM messages")
        assert len(waiting) == len(sealed)
    await services.erasure.erase(MEI)
    assert await whereabouts(stores, services.settings.store, MEI) == set()


# Erasures with one thing left out. The checks above must find what each leaves behind.

Broken = Callable[[Case], Awaitable[None]]


async def nothing_deleted(case: Case) -> None:
    """What a command that only says it did would do."""


async def key_kept(case: Case) -> None:
    await delete_rows(case)


async def key_not_overwritten(case: Case) -> None:
    await delete_rows(case)
    delete = f"DELETE FROM keys WHERE person_id = {MEI}"
    if isinstance(case.store.keys, SqliteAddress):
        delete_carelessly(case.store.keys.path, delete)
        return
    connection = await asyncpg.connect(case.store.key_url)
    await connection.execute(delete)
    await connection.close()


async def rows_not_overwritten(case: Case) -> None:
    await delete_rows(case, "DELETE FROM notes")
    assert isinstance(case.store.database, SqliteAddress)
    delete_carelessly(case.store.database.path, f"DELETE FROM people WHERE person_id = {MEI}")
    await delete_keys(case)


async def rows_kept(case: Case) -> None:
    async with case.started() as services:
        await services.keys.erase(MEI, 1)


async def copy_kept(case: Case) -> None:
    assert isinstance(case.store.database, SqliteAddress)
    copy = copy_of(case.store.database)
    content = copy.read_bytes()
    async with case.started() as services:
        await services.erasure.erase(MEI)
    copy.write_bytes(content)


async def delete_rows(case: Case, sql: str = f"DELETE FROM people WHERE person_id = {MEI}") -> None:
    """Delete as one should, in the copy too."""
    async with case.started() as services:
        await change(services.database, sql)
        await services.database.purge()
    if isinstance(case.store.database, SqliteAddress):
        copy_of(case.store.database).unlink()


async def delete_keys(case: Case) -> None:
    async with case.started() as services:
        await services.keys.erase(MEI, 1)


def delete_carelessly(path: Path, sql: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA secure_delete = OFF; PRAGMA foreign_keys = ON; {sql};")


READABLE = {"sealed value", "readable value"}


@pytest.mark.parametrize(
    ("stores", "broken", "found", "named", "opens"),
    [
        ("sqlite", nothing_deleted, READABLE | {"wrapped key", "row"}, {"people", "files"}, True),
        ("sqlite", key_kept, {"wrapped key"}, {"keys", "files"}, True),
        ("sqlite", key_not_overwritten, {"wrapped key"}, {"files"}, False),
        ("sqlite", rows_not_overwritten, READABLE, {"files"}, False),
        ("sqlite", rows_kept, READABLE | {"row"}, {"people", "files"}, False),
        ("sqlite", copy_kept, READABLE, {"files"}, False),
        ("postgresql", nothing_deleted, {"wrapped key", "row"}, {"people", "keys"}, True),
        ("postgresql", key_kept, {"wrapped key"}, {"keys"}, True),
        ("postgresql", key_not_overwritten, {"wrapped key"}, set(), False),
        ("postgresql", rows_kept, {"row"}, {"people"}, False),
    ],
    indirect=["stores"],
)
async def test_an_erasure_that_leaves_something_out_is_found_out(
    case: Case, broken: Broken, found: set[str], named: set[str], *, opens: bool
) -> None:
    await broken(case)
    assert await case.traces() == found
    left = await case.whereabouts()
    assert left >= named
    assert bool(left) == bool(named)
    assert await opens_with(case.store, case.backup, MEI) == opens
