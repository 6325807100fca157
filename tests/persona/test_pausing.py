"""A pause: nothing new is learned, and nothing that was said during it is learned later."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.settings import Settings
from persona.changes import Overtaken
from persona.completion import Usage
from persona.learning.batch import claim
from persona.learning.due import Due, list_due
from persona.services import Services, open_services
from persona.turns import Incoming
from tests.persona.learning.test_learning import SCOPE, converse, runs, values
from tests.support.clock import ManualClock
from tests.support.learning import Worker
from tests.support.model import Call, Late, Say, ScriptedModel, proposal, updates
from tests.support.stores import Stores, rows
from tests.support.talking import Talk

NAME = proposal("demographics.name", "Mei", 1, "my name is Mei")
LEARNED = {"demographics.name": ["Mei"]}


@pytest.fixture
async def agreed(settings: Settings, stores: Stores, clock: ManualClock) -> AsyncIterator[Services]:
    store = await stores.new("pausing")
    async with open_services(settings.model_copy(update={"store": store}), clock=clock) as services:
        await services.consent.decide(1, "remember")
        yield services


async def kept(services: Services) -> int:
    ((number,),) = await rows(services.database, "SELECT COUNT(*) FROM messages")
    return int(number)


async def test_conversations_from_before_wait_and_are_learned_afterwards(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await converse(agreed, clock, "my name is Mei", "b", "c")
    assert await agreed.pausing.pause(1, SCOPE)
    clock.advance(timedelta(days=30))
    await agreed.learner.ask(1, SCOPE)
    assert await list_due(agreed.database, agreed.settings.learning, clock.now()) == []
    await agreed.learner.tick()
    assert model.requests == []
    assert await agreed.pausing.resume(1, SCOPE)
    model.script(updates(NAME))
    await agreed.learner.tick()
    assert await values(agreed) == LEARNED


async def test_what_is_said_meanwhile_is_deleted_with_its_conversation(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    before = Incoming(900, 1, 50, 7, "open at the pause", clock.now())
    assert await agreed.sessions.receive(before)
    await agreed.pausing.pause(1, SCOPE)
    await agreed.sessions.receive(Incoming(901, 1, 50, 7, "more", clock.now()))
    await agreed.sessions.receive(Incoming(902, 1, 51, 7, "begun during it", clock.now()))
    assert await kept(agreed) == 3
    await agreed.pausing.resume(1, SCOPE)
    await agreed.sessions.receive(Incoming(903, 1, 51, 7, "still open", clock.now()))
    clock.advance(timedelta(days=1))
    await agreed.closing.idle()
    assert await kept(agreed) == 0
    await converse(agreed, clock, "my name is Mei", "b", "c", begin=2000)
    model.script(updates(NAME))
    await agreed.learner.tick()
    assert await values(agreed) == LEARNED


async def test_other_scopes_and_people_go_on(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await agreed.consent.decide(2, "remember")
    await agreed.pausing.pause(1, SCOPE)
    await converse(agreed, clock, "my name is Mei", "b", "c", person=2)
    await converse(agreed, clock, "my name is Mei", "b", "c", begin=2000, guild=8)
    await converse(agreed, clock, "a", "b", "c", begin=3000)
    model.script(updates(NAME), updates(NAME))
    await agreed.learner.tick()
    assert await values(agreed, 2) == LEARNED
    assert len(model.requests) == 2
    assert await kept(agreed) == 12


async def test_a_run_under_way_commits_nothing_and_goes_on_afterwards(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await converse(agreed, clock, "my name is Mei", "b", "c")
    late = Late(updates(NAME))
    model.script(late)
    thinking = asyncio.create_task(agreed.learner.tick())
    await late.begun.wait()
    await agreed.pausing.pause(1, SCOPE)
    late.release.set()
    await thinking
    assert await values(agreed) == {}
    assert await runs(agreed) == {"waiting": 1}
    clock.advance(timedelta(days=1))
    await agreed.learner.tick()
    assert len(model.requests) == 1
    await agreed.pausing.resume(1, SCOPE)
    model.script(updates(NAME))
    await agreed.learner.tick()
    assert await values(agreed) == LEARNED


async def test_neither_claim_nor_commit_overlooks_a_pause(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await converse(agreed, clock, "my name is Mei", "b", "c")
    model.script(updates(NAME))
    worker = await Worker.begin(agreed, 1, SCOPE)
    await agreed.pausing.pause(1, SCOPE)
    with pytest.raises(Overtaken):
        await worker.commit()
    assert await values(agreed) == {}
    clock.advance(timedelta(days=1))
    due, settings = Due(1, SCOPE), agreed.settings.learning
    assert await claim(agreed.database, due, settings, owner="x", now=clock.now()) is None
    await agreed.pausing.resume(1, SCOPE)
    assert await claim(agreed.database, due, settings, owner="x", now=clock.now()) is not None


async def test_a_reset_does_not_end_it_and_an_erasure_does(agreed: Services) -> None:
    assert await agreed.pausing.since(1, SCOPE) is None
    assert not await agreed.pausing.resume(1, SCOPE)
    assert await agreed.pausing.pause(1, SCOPE)
    begun = await agreed.pausing.since(1, SCOPE)
    assert begun is not None
    assert not await agreed.pausing.pause(1, SCOPE)
    assert await agreed.personas.reset(1, SCOPE) == 0
    assert await agreed.pausing.since(1, SCOPE) == begun
    await agreed.erasure.erase(1)
    assert await agreed.pausing.since(1, SCOPE) is None


async def test_the_memory_tools_refuse_to_remember_but_forget(
    agreed: Services, model: ScriptedModel
) -> None:
    talk = Talk(agreed, model)
    await agreed.editor.set(1, SCOPE, "demographics.name", "Mei")
    await agreed.pausing.pause(1, SCOPE)
    asked = "please remember that I love tea"
    slot = "personality.values_and_interests"
    model.script(
        Call("remember", json.dumps({"slot": slot, "value": "tea", "quote": "I love tea"})),
        Say(("Sorry",)),
    )
    await talk.say(asked)
    assert "paused learning" in talk.told()[0]
    assert await values(agreed) == LEARNED
    model.script(
        Call(
            "forget",
            json.dumps(
                {"slot": "demographics.name", "value": "Mei", "quote": "forget that my name is Mei"}
            ),
        ),
        Say(("Done",)),
    )
    await talk.say("please forget that my name is Mei")
    assert talk.told() == ["Forgotten."]


async def test_it_outlives_a_restart(
    settings: Settings, clock: ManualClock, model: ScriptedModel
) -> None:
    async with open_services(settings, clock=clock) as services:
        await services.consent.decide(1, "remember")
        await converse(services, clock, "my name is Mei", "b", "c")
        await services.pausing.pause(1, SCOPE)
        turn = await services.sessions.receive(Incoming(900, 1, 50, 7, "x", clock.now()))
        assert turn is not None
    async with open_services(settings, clock=clock) as services:
        await services.learner.tick()
        assert model.requests == []
        assert await services.sessions.reply_finished(turn, 901, "y", Usage(), asked_consent=False)
