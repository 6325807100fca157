"""What a person had forgotten is not learned again, however often it is said and proposed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from pydantic import HttpUrl

from bot.settings import Settings
from persona.completion import Usage
from persona.normalise import bare
from persona.offline.prompts import parse_optimizer_prompt
from persona.offline.server import OfflineModel, respond
from persona.services import Services
from persona.settings import EndpointSettings, ModelsSettings, RoleSettings
from persona.turns import Incoming
from tests.conftest import settings_for
from tests.persona.learning.test_learning import SCOPE, converse, values
from tests.support.clock import ManualClock
from tests.support.model import Act, Body, Call, Depends, Say, ScriptedModel, proposal, updates
from tests.support.stores import Stores, change, rows

ME = (1, SCOPE)
CALLED, INTERESTS = "demographics.name", "personality.values_and_interests"
STYLES = "preference.styles"
SAID = "Hi, my name is Mei. I love green tea and old maps."
TEA, QUOTE = "green tea", "I love green tea"
SPELLINGS = (
    TEA,
    "GREEN TEA",
    "ｇｒｅｅｎ　ｔｅａ",
    "green \u00a0 tea",
    "gr\u200been\u2060 tea",
    "gréën téa",
    "gre\u0301en tea",
    "green-tea",
    "greentea",
    "“Green tea.”",
)
REPLAYS = 50


def insist(request: Body) -> Act:
    """Propose what the offline model does, and later tea in every spelling."""
    answer = respond(request["messages"], ["apply_persona_updates"])
    proposals = json.loads(answer["tool_calls"][0]["function"]["arguments"])["updates"]
    said, known = parse_optimizer_prompt(request["messages"])
    evidence = [{"msg": line.msg, "quote": QUOTE} for line in said if QUOTE in line.text]
    for value in SPELLINGS if known and evidence else ():
        tea = proposal(INTERESTS, value, 0, QUOTE, op="add_item")
        proposals += [tea | {"evidence": [each]} for each in evidence]
        proposals += [
            tea | {"evidence": evidence},
            tea | {"evidence": evidence, "basis": "inferred"},
            tea | {"slot": STYLES, "evidence": evidence},
        ]
    return updates(*proposals)


@pytest.fixture(params=["offline", "insisting"])
async def optimizer(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of a model that learns."""
    if request.param == "offline":
        async with OfflineModel() as offline:
            yield offline.base_url
    else:
        async with ScriptedModel([Depends(insist)]) as insisting:
            yield insisting.base_url


@pytest.fixture
async def settings(
    model: ScriptedModel, optimizer: str, stores: Stores, tmp_path: Path
) -> Settings:
    """The scripted model chats, and another learns."""
    endpoints = {
        "default": EndpointSettings(base_url=HttpUrl(model.base_url), max_retries=0),
        "learning": EndpointSettings(base_url=HttpUrl(optimizer), max_retries=0),
    }
    models = ModelsSettings(endpoints=endpoints, optimizer=RoleSettings(endpoint="learning"))
    return settings_for(model.base_url, tmp_path, models=models, store=await stores.new())


async def forget_by_hand(services: Services, clock: ManualClock, model: ScriptedModel) -> None:
    persona = await services.personas.load(*ME)
    (tea,) = [item.item_id for item in persona.items if item.value == TEA]
    await services.editor.forget(*ME, tea)


async def forget_by_word(services: Services, clock: ManualClock, model: ScriptedModel) -> None:
    """Ask the bot to, in a conversation that is then learned from like any other."""
    said = f"Please forget that {QUOTE}."
    arguments = {"slot": INTERESTS, "value": TEA, "quote": said}
    model.script(Call("forget", json.dumps(arguments)), Say(("Forgotten.",)))
    turn = await services.sessions.receive(Incoming(1500, 1, 60, 7, said, clock.now()))
    assert turn is not None
    async for _ in services.chatbot.reply(turn, public=False):
        pass
    await services.sessions.reply_finished(turn, 1501, "Forgotten.", Usage(), asked_consent=False)
    await services.closing.thread(60, "archived")


async def learn_again(services: Services, clock: ManualClock, begin: int) -> None:
    """Say all of it in a new session, and learn; make the first one due again, and learn."""
    await converse(services, clock, SAID, begin=begin)
    await learn(services)
    await change(
        services.database,
        "UPDATE sessions SET learned_by = NULL"
        " WHERE session_id = (SELECT MIN(s.session_id) FROM sessions AS s)",
    )
    await learn(services)


async def learn(services: Services) -> None:
    await services.learner.ask(*ME)
    await services.learner.tick()


@pytest.mark.parametrize("forget", [forget_by_hand, forget_by_word])
async def test_what_was_forgotten_is_not_learned_from_what_is_said_again(
    services: Services,
    clock: ManualClock,
    model: ScriptedModel,
    forget: Callable[[Services, ManualClock, ScriptedModel], Awaitable[None]],
) -> None:
    await services.consent.decide(1, "remember")
    await converse(services, clock, SAID)
    await learn(services)
    assert await values(services) == {CALLED: ["Mei"], INTERESTS: [TEA, "old maps"]}
    await forget(services, clock, model)
    assert await values(services) == {CALLED: ["Mei"], INTERESTS: ["old maps"]}

    for number in range(REPLAYS):
        await learn_again(services, clock, begin=2000 + 10 * number)
    assert await values(services) == {CALLED: ["Mei"], INTERESTS: ["old maps"]}
    later = (await services.editor.versions(*ME))[2:]
    assert len(later) >= REPLAYS
    assert not any(
        "tea" in bare(item.value) for version in later for item in version.items.values()
    )
    codes = await rows(services.database, "SELECT refusals FROM runs WHERE refusals IS NOT NULL")
    assert {code for (found,) in codes for code in json.loads(found)} == {"deleted"}
    # The offline model understands the request to forget, and proposes nothing next to it.
    assert len(codes) >= 2 * REPLAYS - 1
    items = {(item.slot, item.value): item for item in (await services.personas.load(*ME)).items}
    assert items[INTERESTS, "old maps"].messages == REPLAYS + 1

    await services.editor.set(*ME, INTERESTS, TEA)
    await converse(services, clock, SAID, begin=9000)
    await learn(services)
    items = {(item.slot, item.value): item for item in (await services.personas.load(*ME)).items}
    tea = items[INTERESTS, TEA]
    assert (tea.basis, tea.status, tea.messages) == ("edited", "active", 1)
