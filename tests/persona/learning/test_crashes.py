"""A process that learns, or corrects, is killed at every step; the next one goes on from there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from persona.audit import audit
from persona.failpoints import CORRECTION, LEARNING
from persona.offline.server import OfflineModel
from persona.services import Services, open_services
from tests.conftest import settings_for
from tests.persona.learning.test_learning import converse
from tests.support.clock import ManualClock
from tests.support.learner import Task, delete, learn
from tests.support.model import ScriptedModel, Status
from tests.support.stores import SqliteStores, Stores, rows

SAID = (
    "Hi! My name is Mei and I live for green tea. I love hiking.",
    "I work as a nurse. Please keep your answers short.",
    "I speak Japanese. I enjoy pottery.",
    "I'm 34 years old. I love jazz.",
    "My name is Ming now, please. I like chess.",
    "I love baking bread.",
)
KILLED = -9
FIRST = 1000  # The message with the name and the tea.

_found: list[Outcome] = []


@dataclass(frozen=True)
class Outcome:
    """What learning came to, without the ids of its runs."""

    items: list[tuple[str, str, str, str, int, int]]
    versions: list[int]
    runs: dict[str, int]
    findings: list[str]
    unlearned: int


async def outcome(services: Services) -> Outcome:
    persona = await services.personas.load(1, "guild:7")
    versions = await services.editor.versions(1, "guild:7")
    ((unlearned,),) = await rows(
        services.database, "SELECT COUNT(*) FROM sessions WHERE learned_by IS NULL"
    )
    found = await audit(services.database, services.keys, services.registry, services.clock.now())
    async with services.database.read() as connection:
        runs = {
            row["state"]: row["number"]
            async for row in services.database.queries.count_runs(connection)
        }
    return Outcome(
        sorted(
            (item.slot, item.value, item.basis, item.status, item.messages, item.sessions)
            for item in persona.items
        ),
        [version.number for version in versions],
        runs,
        [finding.problem for finding in found],
        unlearned,
    )


@pytest.fixture
async def offline() -> AsyncIterator[OfflineModel]:
    async with OfflineModel() as model:
        yield model


async def prepared(stores: Stores, base_url: str, folder: Path, name: str) -> Task:
    """Return the task of learning from six closed sessions."""
    store = await stores.new(name)
    clock = ManualClock()
    async with open_services(settings_for(base_url, folder, store=store), clock=clock) as services:
        await services.consent.decide(1, "remember")
        await converse(services, clock, *SAID)
    return Task(store=store, base_url=base_url, now=clock.now())


async def look(task: Task, folder: Path) -> Outcome:
    clock = ManualClock()
    clock.moment = task.now
    settings = settings_for(task.base_url, folder, store=task.store)
    async with open_services(settings, clock=clock) as services:
        return await outcome(services)


async def undisturbed(base_url: str, folder: Path) -> Outcome:
    """Return what comes of it when nobody is killed, which is found out once."""
    if not _found:
        task = await prepared(SqliteStores(folder), base_url, folder, "undisturbed")
        assert await learn(task) == 0
        _found.append(await look(task, folder))
    return _found[0]


async def test_undisturbed_learning_leaves_nothing_to_find(
    offline: OfflineModel, tmp_path: Path
) -> None:
    found = await undisturbed(offline.base_url, tmp_path)
    assert (found.runs, found.unlearned, found.findings) == ({"applied": 2}, 0, [])
    assert ("demographics.name", "Ming", "stated", "active", 1, 1) in found.items
    assert found.versions == [1, 2]


@pytest.mark.parametrize("failpoint", LEARNING)
async def test_a_killed_run_is_learned_once_by_the_next_process(
    stores: Stores,
    offline: OfflineModel,
    model: ScriptedModel,
    tmp_path: Path,
    failpoint: str,
) -> None:
    expected = await undisturbed(offline.base_url, tmp_path)
    task = await prepared(stores, offline.base_url, tmp_path, "killed")
    model.script(Status(500))
    failing = failpoint.startswith("postpone.")
    first = task.model_copy(update={"base_url": model.base_url}) if failing else task
    assert await learn(first, failpoint) == KILLED
    # On a shared database a dead worker's lease runs out by itself, and a failed run waits.
    later = task.model_copy(update={"now": task.now + timedelta(minutes=10)})
    assert await learn(later) == 0
    assert await look(later, tmp_path) == expected


@pytest.mark.parametrize("failpoint", CORRECTION)
async def test_a_message_and_what_rests_on_it_are_corrected_together(
    stores: Stores, offline: OfflineModel, tmp_path: Path, failpoint: str
) -> None:
    task = await prepared(stores, offline.base_url, tmp_path, "corrected")
    assert await learn(task) == 0
    before = await kept(task, tmp_path)
    assert await delete(task, FIRST, failpoint) == KILLED
    after = await kept(task, tmp_path)
    assert (after == before) == (failpoint != "correct.after")
    assert await delete(task, FIRST) == 0
    messages, quotes = await kept(task, tmp_path)
    assert FIRST not in messages | quotes
    assert (messages, quotes) == (before[0] - {FIRST}, before[1] - {FIRST})


async def kept(task: Task, folder: Path) -> tuple[set[int], set[int]]:
    """Return the ids of the messages kept, and of those quoted as evidence."""
    settings = settings_for(task.base_url, folder, store=task.store)
    async with open_services(settings, clock=ManualClock()) as services:
        messages = await rows(services.database, "SELECT message_id FROM messages")
        quoted = await rows(services.database, "SELECT message_id FROM evidence")
    return {number for (number,) in messages}, {number for (number,) in quoted}
