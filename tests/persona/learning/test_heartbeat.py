"""A lease is renewed for as long as the model takes; work that became another's is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from persona.changes import Overtaken
from persona.clock import to_milliseconds
from persona.errors import ModelUnavailable
from persona.learning.batch import Run
from persona.learning.heartbeat import beating
from persona.services import Services
from tests.persona.learning.test_learning import NAME, converse, values
from tests.support.clock import ManualClock
from tests.support.learning import Worker, claimed
from tests.support.model import Late, ScriptedModel, Status, updates
from tests.support.stores import rows
from tests.support.waiting import PATIENCE_SECONDS

BEAT_SECONDS = 0.02
NEVER_SECONDS = 3600.0
EXPIRES = "SELECT expires_at FROM leases"


@pytest.fixture
async def worker(services: Services, clock: ManualClock) -> Worker:
    """A worker that is about to ask about three sessions."""
    await services.consent.decide(1, "remember")
    await converse(services, clock, "my name is Mei", "b", "c")
    return await Worker.claim(services)


@pytest.fixture
async def late(model: ScriptedModel) -> AsyncIterator[Late]:
    """An answer that the model holds back."""
    held = Late(updates(NAME))
    model.script(held)
    yield held
    held.release.set()


def beat(worker: Worker, every: float = BEAT_SECONDS) -> asyncio.Task[None]:
    services = worker.services
    return asyncio.create_task(
        beating(
            services.database,
            worker.batch.run,
            services.settings.learning,
            services.clock,
            worker.ask(),
            every=every,
        )
    )


async def test_the_lease_is_renewed_for_as_long_as_the_model_takes(
    worker: Worker, clock: ManualClock, late: Late
) -> None:
    services = worker.services
    lease = timedelta(seconds=services.settings.learning.lease_seconds)
    task = beat(worker)
    await late.begun.wait()
    for _ in range(3):
        clock.advance(lease - timedelta(seconds=1))
        renewed = [(to_milliseconds(clock.now() + lease),)]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await rows(services.database, EXPIRES) != renewed:  # noqa: ASYNC110
                await asyncio.sleep(BEAT_SECONDS)
    assert await claimed(services) is None
    late.release.set()
    await task
    assert not late.dropped.is_set()
    await worker.commit()
    assert await values(services) == {"demographics.name": ["Mei"]}


async def test_work_that_another_worker_took_over_is_stopped(
    worker: Worker, clock: ManualClock, late: Late
) -> None:
    task = beat(worker)
    await late.begun.wait()
    other: Run | None = None
    async with asyncio.timeout(PATIENCE_SECONDS):
        while other is None:  # A renewal may come between.
            clock.advance(timedelta(hours=1))
            other = await claimed(worker.services)
    with pytest.raises(Overtaken):
        await task
    assert other.fence == worker.batch.run.fence + 1
    assert (worker.proposed.accepted, worker.proposed.refused) == ([], [])
    async with asyncio.timeout(PATIENCE_SECONDS):
        await late.dropped.wait()


async def test_work_whose_lease_was_given_back_is_stopped(worker: Worker, late: Late) -> None:
    task = beat(worker)
    await late.begun.wait()
    await worker.postpone()
    with pytest.raises(Overtaken):
        await task
    async with asyncio.timeout(PATIENCE_SECONDS):
        await late.dropped.wait()


async def test_stopping_the_heartbeat_stops_the_work(worker: Worker, late: Late) -> None:
    task = beat(worker)
    await late.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(PATIENCE_SECONDS):
        await late.dropped.wait()


@pytest.mark.parametrize("every", [BEAT_SECONDS, NEVER_SECONDS])
async def test_what_goes_wrong_with_the_work_is_told(
    worker: Worker, model: ScriptedModel, every: float
) -> None:
    model.script(Status(500))
    with pytest.raises(ModelUnavailable):
        await beat(worker, every)


async def test_work_that_is_done_does_not_wait_for_the_next_beat(
    worker: Worker, model: ScriptedModel
) -> None:
    model.script(updates(NAME))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await beat(worker, NEVER_SECONDS)
    assert len(worker.proposed.accepted) == 1
