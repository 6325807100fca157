"""Runs that fail: how long they wait, whose they are, what they cost, and whom they hold up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from persona.services import Services
from tests.persona.learning.test_learning import NAME, converse, runs, unlearned, values
from tests.support.clock import ManualClock
from tests.support.learning import Worker, optimizer_usage, stored
from tests.support.model import Call, ScriptedModel, Status, updates
from tests.support.stores import change, rows

INVALID = Call("apply_persona_updates", "{")


@pytest.fixture
async def waiting(services: Services, clock: ManualClock) -> Services:
    """Services with three sessions to learn."""
    await services.consent.decide(1, "remember")
    await converse(services, clock, "my name is Mei", "b", "c")
    return services


async def tries(services: Services) -> tuple[object, ...]:
    """Return state, invalid answers and outages of the only run."""
    (only,) = await rows(
        services.database, "SELECT state, attempts, outages FROM runs WHERE person_id = 1"
    )
    return only


async def test_pauses_double_up_to_six_hours(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(Status(500))
    await waiting.learner.tick()
    for asked, minutes in enumerate((5, 10, 20, 40, 80, 160, 320, 360, 360, 360), 1):
        clock.advance(timedelta(minutes=minutes) - timedelta(seconds=1))
        await waiting.learner.tick()
        assert len(model.requests) == asked
        clock.advance(timedelta(seconds=1))
        await waiting.learner.tick()
        assert len(model.requests) == asked + 1


async def test_after_sixty_outages_in_a_row_learning_is_still_tried_and_succeeds(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(Status(500))
    for _ in range(60):
        await waiting.learner.tick()
        clock.advance(timedelta(hours=6))
    assert len(model.requests) == 60
    assert await tries(waiting) == ("waiting", 0, 60)
    model.script(updates(NAME))
    await waiting.learner.tick()
    assert await values(waiting) == {"demographics.name": ["Mei"]}
    assert await unlearned(waiting) == 0


async def test_a_worker_that_lost_its_lease_does_not_put_off_the_others_run(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME))
    slow = await Worker.begin(waiting)
    clock.advance(timedelta(hours=1))
    quick = await Worker.begin(waiting)
    before = await stored(waiting)
    assert not await slow.postpone()
    assert await stored(waiting) == before
    await quick.commit()
    assert await values(waiting) == {"demographics.name": ["Mei"]}


async def test_a_worker_that_lost_its_lease_does_not_park_the_others_run(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(INVALID)
    for _ in range(2):
        await waiting.learner.tick()
        clock.advance(timedelta(hours=6))
    model.script(updates(NAME))
    slow = await Worker.begin(waiting)
    assert slow.batch.run.attempts == 2
    clock.advance(timedelta(hours=1))
    quick = await Worker.begin(waiting)
    assert not await slow.postpone("invalid_answer")
    await quick.commit()
    assert await runs(waiting) == {"applied": 1}


async def test_what_failed_tries_cost_is_recorded_for_each_of_them(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(INVALID)
    for _ in range(2):
        await waiting.learner.tick()
        clock.advance(timedelta(hours=6))
    assert await optimizer_usage(waiting) == [(20, 10), (20, 10)]
    model.script(updates(NAME))
    await waiting.learner.tick()
    assert await optimizer_usage(waiting) == [(20, 10), (20, 10), (10, 5)]


async def test_an_outage_costs_what_was_asked_before_it(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    await converse(services, clock, "my name is Mei. " + "word " * 11_000, "x " * 6000)
    model.script(Status(500))
    await services.learner.tick()
    assert await optimizer_usage(services) == []
    clock.advance(timedelta(hours=6))
    model.script(updates(NAME), Status(500))
    await services.learner.tick()
    assert await optimizer_usage(services) == [(10, 5)]
    assert await values(services) == {}
    assert await tries(services) == ("waiting", 0, 2)


async def test_one_persons_damaged_message_stops_nobody_else_and_loses_nothing(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await waiting.consent.decide(2, "remember")
    await converse(waiting, clock, "my name is Mei", "b", "c", person=2, begin=2000)
    seal = "UPDATE messages SET text_sealed = :sealed WHERE message_id = 1000"
    query = "SELECT text_sealed FROM messages WHERE message_id = 1000"
    ((whole,),) = await rows(waiting.database, query)
    await change(waiting.database, seal, sealed=b"\x01")
    model.script(updates(NAME))
    await waiting.learner.tick()
    assert await values(waiting, 2) == {"demographics.name": ["Mei"]}
    assert await tries(waiting) == ("waiting", 0, 1)
    for _ in range(5):
        clock.advance(timedelta(hours=6))
        await waiting.learner.tick()
    assert await tries(waiting) == ("waiting", 0, 6)
    assert await unlearned(waiting) == 3
    await change(waiting.database, seal, sealed=whole)
    clock.advance(timedelta(hours=6))
    await waiting.learner.tick()
    assert await values(waiting) == {"demographics.name": ["Mei"]}
    assert await unlearned(waiting) == 0
