"""A person's tokens of a day: when they are used up, the model is not asked."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.sandbox.transcript import text_of
from bot.sandbox.world import World
from persona.budget import BudgetSettings
from tests.cogs.test_chat import mention, said, states
from tests.conftest import OpenWorld
from tests.support.model import Say, ScriptedModel
from tests.support.pages import only

SPENT = r"You have used up what I may answer you in a day\. I can go on <t:(\d+):R>\."


async def open_with(new_world: OpenWorld, model: ScriptedModel, tokens: int) -> World:
    model.script(Say(("Hello",), usage=(60, 40)))
    return await new_world(budget=BudgetSettings(daily_tokens_per_person=tokens))


async def test_who_has_used_up_their_tokens_is_told_when_it_goes_on(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await open_with(new_world, model, 110)
    thread = await mention(world, "first")
    begun = world.env.now()
    await world.advance(timedelta(hours=1))
    await world.start_bot()
    await world.members["Mei"].send(thread, "second")
    found = re.fullmatch(SPENT, said(thread)[-1])
    assert found is not None
    again = int(found[1])
    assert abs(again - (begun + timedelta(hours=24)).timestamp()) < 60
    assert len(model.requests) == 1
    assert await states(world) == ["answered", "failed"]
    await world.advance(timedelta(hours=23, minutes=1))
    await world.members["Mei"].send(thread, "third")
    assert said(thread)[-2] == "Hello"


async def test_nothing_is_learned_at_their_wish_either(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await open_with(new_world, model, 100)
    mei = world.members["Mei"]
    await world.services.consent.decide(mei.id, "remember")
    await mention(world, "I love green tea")
    message = await mei.send(world.channel, "I love green tea")
    asked = len(model.requests)
    for wish in (
        await mei.slash(world.channel, "persona learn"),
        await mei.context_menu(world.channel, "Remember this", message),
    ):
        assert re.fullmatch(SPENT, text_of(only(wish)))
    assert len(model.requests) == asked


async def test_others_have_tokens_of_their_own(new_world: OpenWorld, model: ScriptedModel) -> None:
    world = await open_with(new_world, model, 100)
    await mention(world, "first")
    thread = await mention(world, "hello", who="Tom")
    assert said(thread)[0] == "Hello"


async def test_without_a_limit_nobody_waits(world: World, model: ScriptedModel) -> None:
    model.script(Say(("Hello",), usage=(900_000, 900_000)))
    thread = await mention(world, "first")
    await world.members["Mei"].send(thread, "second")
    assert said(thread)[-1] == "Hello"
