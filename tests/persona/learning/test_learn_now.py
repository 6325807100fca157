"""Learning one persona now: the same steps, leases and limits as a tick."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from persona.learning.outcome import Learned
from persona.services import Services
from tests.persona.learning.test_learning import NAME, NOTHING, SCOPE, converse
from tests.support.clock import ManualClock
from tests.support.learning import claimed
from tests.support.model import Late, ScriptedModel, Status, updates

ME = (1, SCOPE)


@pytest.fixture
async def agreed(services: Services) -> Services:
    await services.consent.decide(1, "remember")
    return services


async def test_all_that_has_ended_is_learned_in_batches(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME), NOTHING)
    await converse(agreed, clock, "my name is Mei", "b", "c", "d")
    learned = await agreed.learner.learn_now(*ME)
    assert learned.result == "learned"
    assert len(learned.run_ids) == 2
    (version,) = await agreed.editor.versions(*ME)
    assert version.cause == learned.run_ids[0]
    assert await agreed.learner.learn_now(*ME) == Learned("nothing")


async def test_nothing_is_learned_without_consent(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    await converse(services, clock, "my name is Mei")
    await services.consent.decide(1, "chat_only")
    assert await services.learner.learn_now(*ME) == Learned("nothing")
    assert model.requests == []


async def test_what_another_worker_has_begun_is_left_to_it(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await converse(agreed, clock, "my name is Mei")
    assert await claimed(agreed) is not None
    assert await agreed.learner.learn_now(*ME) == Learned("busy")
    assert model.requests == []


async def test_asking_twice_at_once_learns_once(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    late = Late(updates(NAME))
    model.script(late, NOTHING)
    await converse(agreed, clock, "my name is Mei")
    first = asyncio.create_task(agreed.learner.learn_now(*ME))
    await asyncio.wait_for(late.begun.wait(), 20)
    assert await agreed.learner.learn_now(*ME) == Learned("busy")
    late.release.set()
    assert (await first).result == "learned"
    assert len(await agreed.editor.versions(*ME)) == 1


async def test_an_outage_is_said_and_the_next_wish_does_not_wait(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(Status(500))
    await converse(agreed, clock, "my name is Mei")
    assert await agreed.learner.learn_now(*ME) == Learned("outage")
    model.script(updates(NAME), NOTHING)
    clock.moment += timedelta(seconds=1)
    assert (await agreed.learner.learn_now(*ME)).result == "learned"


async def test_a_reset_meanwhile_leaves_nothing(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    late = Late(updates(NAME))
    model.script(late)
    await converse(agreed, clock, "my name is Mei")
    learning = asyncio.create_task(agreed.learner.learn_now(*ME))
    await asyncio.wait_for(late.begun.wait(), 20)
    await agreed.personas.reset(*ME)
    late.release.set()
    assert await learning == Learned("overtaken")
    assert (await agreed.personas.load(*ME)).items == ()
