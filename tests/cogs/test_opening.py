"""After an erasure Discord still shows whom a thread was opened for, and the talk can go on."""

from __future__ import annotations

import pytest
import simcord

from bot.sandbox.world import World
from cogs.forgetting import forget
from cogs.settings import DiscordSettings
from tests.cogs.test_chat import mention, said
from tests.cogs.test_incognito import thread_of
from tests.cogs.test_joining import joined
from tests.conftest import OpenWorld
from tests.support.model import ScriptedModel
from tests.support.stores import rows


async def erased(world: World, thread: simcord.ChannelHandle) -> int:
    """Erase Mei; return how much was said in `thread`."""
    assert (await forget(world.env.bot, world.members["Mei"].id)).left == {}
    return len(said(thread))


@pytest.mark.parametrize("restarted", [False, True])
async def test_in_the_thread_under_their_message_no_mention_is_needed(
    world: World, model: ScriptedModel, restarted: bool
) -> None:
    thread = await mention(world, "hello")
    before = await erased(world, thread)
    if restarted:
        await world.start_bot()
    mei = world.members["Mei"]
    await mei.send(thread, "hello again?")
    assert said(thread)[before] == "Hello"
    assert await world.services.sessions.opener(thread.id) == mei.id
    assert [line["content"] for line in model.requests[-1]["messages"][1:]] == ["hello again?"]


async def test_of_others_there_nothing_is_answered_or_kept(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "hello")
    before = await erased(world, thread)
    await world.members["Tom"].send(thread, "hello?")
    assert len(said(thread)) == before
    assert await rows(world.services.database, "SELECT person_id FROM people") == []


async def test_in_a_private_thread_of_their_own_no_mention_is_needed_but_it_counts_as_shared(
    world: World, model: ScriptedModel
) -> None:
    thread = await thread_of(world)
    before = await erased(world, thread)
    mei = world.members["Mei"]
    await mei.send(thread, "hello again?")
    assert said(thread)[before] == "Hello"
    assert await world.services.sessions.opener(thread.id) == mei.id
    assert await world.services.sharing.alone(thread.id) is None


async def test_in_a_private_thread_with_others_nobody_is_taken_for_its_opener(
    world: World, model: ScriptedModel
) -> None:
    thread = await thread_of(world)
    tom = world.members["Tom"]
    await world.members["Mei"].send(thread, "hello")
    joined(world, thread, "Tom")
    before = await erased(world, thread)
    await tom.send(thread, "hello?")
    assert len(said(thread)) == before


async def test_where_a_mention_is_needed_it_still_is(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world(discord=DiscordSettings(trigger="mention"))
    thread = await mention(world, "hello")
    before = await erased(world, thread)
    await world.members["Mei"].send(thread, "hello?")
    assert len(said(thread)) == before
    assert await rows(world.services.database, "SELECT person_id FROM people") == []
