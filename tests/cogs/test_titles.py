"""A thread is given a short title, once, and nobody waits for it."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest
import simcord

from bot.sandbox.world import World
from cogs.forgetting import forget
from cogs.settings import DiscordSettings
from tests.cogs.test_chat import mention, said
from tests.conftest import OpenWorld
from tests.support.buttons import press
from tests.support.model import Late, Say, ScriptedModel, Status
from tests.support.stores import rows


async def opened(world: World) -> simcord.ChannelHandle:
    """A thread that Mei opened with /chat new."""
    await world.members["Mei"].slash(world.channel, "chat new")
    return world.channel.threads[0]


def name(world: World, thread: simcord.ChannelHandle) -> str:
    return str(world.env.backend.get_channel(thread.id).name)


def renames(world: World) -> list[object]:
    return [
        request.json["name"]
        for request in world.env.http_requests
        if request.method == "PATCH" and isinstance(request.json, dict) and "name" in request.json
    ]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Growing tea in pots", "Growing tea in pots"),
        ('"Title: **Growing tea**"\nIt fits, I think.', "Growing tea"),
        ("one two three four five six seven", "one two three four five six"),
        ("a" * 200, "a" * 59 + "…"),
        ("在阳台上种茶。", "在阳台上种茶"),
    ],
)
async def test_the_model_finds_a_title_after_the_first_answer(
    world: World, model: ScriptedModel, written: str, title: str
) -> None:
    model.titles = [written]
    thread = await opened(world)
    assert name(world, thread) == "Chat with Mei"
    await world.members["Mei"].send(thread, "how do I grow tea?")
    assert name(world, thread) == title
    asked = model.titled[0]["messages"][-1]["content"]
    assert asked == "Person: how do I grow tea?\n\nAnswer: Hello"


async def test_a_thread_is_renamed_once_ever(world: World, model: ScriptedModel) -> None:
    thread = await opened(world)
    mei = world.members["Mei"]
    await mei.send(thread, "first")
    await mei.send(thread, "second")
    await world.start_bot()
    await mei.send(thread, "third")
    await press(mei, thread.history()[-1], "🔄")
    assert renames(world) == ["A talk"]
    assert len(model.titled) == 1


async def test_threads_opened_by_a_mention_are_renamed_too(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "hello, I would like to know about tea")
    assert name(world, thread) == "A talk"


@pytest.mark.parametrize("failed", [Status(500), "", "***"])
async def test_without_a_models_title_the_first_words_are_taken(
    world: World, model: ScriptedModel, failed: str | Status
) -> None:
    model.titles = [failed]
    thread = await opened(world)
    await world.members["Mei"].send(thread, "how do I\ngrow tea?")
    assert name(world, thread) == "how do I grow tea?"


@pytest.mark.parametrize(("way", "named"), [("words", "grow tea"), ("off", "Chat with Mei")])
async def test_an_operator_may_do_without_the_model(
    new_world: OpenWorld, model: ScriptedModel, way: Literal["words", "off"], named: str
) -> None:
    world = await new_world(discord=DiscordSettings(titles=way))
    thread = await opened(world)
    await world.members["Mei"].send(thread, "grow tea")
    await mention(world, "grow tea by mention")
    assert name(world, thread) == named
    assert model.titled == []
    assert renames(world) == (["grow tea"] if way == "words" else [])


async def test_a_title_that_cannot_be_set_costs_nothing_else(
    world: World, model: ScriptedModel
) -> None:
    thread = await opened(world)
    world.env.inject_error("PATCH", f"/channels/{thread.id}", status=403, code=50013, times=None)
    await world.members["Mei"].send(thread, "first")
    assert said(thread)[1] == "Hello"
    assert name(world, thread) == "Chat with Mei"


async def test_in_a_thread_of_others_and_in_direct_messages_nothing_is_renamed(
    world: World, model: ScriptedModel
) -> None:
    mei = world.members["Mei"]
    created = world.env.backend.create_thread(world.channel.id, "Mei's own", mei.id)
    await mei.send(world.thread(created.id), f"{world.bot_mention} hello")
    await mei.user.send_dm("hello")
    assert model.titled == []
    assert renames(world) == []


async def test_a_title_is_paid_for(world: World, model: ScriptedModel) -> None:
    thread = await opened(world)
    await world.members["Mei"].send(thread, "first")
    spent = "SELECT prompt_tokens FROM usage WHERE usage_id LIKE 'title:%'"
    assert await rows(world.services.database, spent) == [(10,)]


async def test_an_erasure_gives_up_the_title_of_its_person(
    world: World, model: ScriptedModel
) -> None:
    late = Late(Say(("Too late",)))
    model.titles = [late]
    mei = world.members["Mei"]
    world.env.backend.create_message(world.channel.id, mei.id, f"{world.bot_mention} my secret")
    await asyncio.wait_for(late.begun.wait(), 10)
    await forget(world.env.bot, mei.id)
    await asyncio.wait_for(late.dropped.wait(), 10)
    await world.env.settle()
    assert renames(world) == []
    assert await world.services.erasure.left(mei.id) == {}
