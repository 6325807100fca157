"""The quiet note that something was learned: told once, and what it was to its owner alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord

from bot.sandbox.world import World
from cogs.forgetting import forget, withdraw
from cogs.settings import DiscordSettings
from persona.guilds import Visibility
from tests.cogs.test_chat import said
from tests.cogs.test_persona import LEARNED, SHORT, answering
from tests.cogs.test_sessions import is_archived
from tests.conftest import OpenWorld
from tests.support.model import ScriptedModel, updates
from tests.support.stores import rows

NOTE = "I learned 3 things about you."
WORDS = "I am Mei, be short, I love hiking"


async def open_thread(world: World, kind: Visibility, who: str = "Mei") -> simcord.ChannelHandle:
    await world.services.guilds.set_threads(world.guild.id, kind)
    before = {thread.id for thread in world.channel.threads}
    await world.members[who].slash(world.channel, "chat new")
    return next(thread for thread in world.channel.threads if thread.id not in before)


async def converse(world: World, place: simcord.ChannelHandle, who: str = "Mei") -> None:
    """Three conversations in one place, the last of which is over."""
    member = world.members[who]
    for number in range(3):
        await member.send(place, WORDS)
        if not number:
            question = next(
                message for message in place.history() if message.content.startswith("**May I")
            )
            await member.click(question, label="Remember me")
        await world.advance(timedelta(hours=2))
        await world.tick()


def shown(result: simcord.InteractionResult) -> str:
    assert result.ephemeral
    pages = [result.response, *result.followups]
    return "\n".join(str(page.content) for page in pages if page is not None)


def notes(place: simcord.ChannelHandle) -> list[str]:
    return [text for text in said(place) if " I learned " in text]


async def test_where_others_read_along_the_note_tells_only_how_much(
    world: World, model: ScriptedModel
) -> None:
    answering(model, LEARNED)
    thread = await open_thread(world, "public")
    await converse(world, thread)
    mei = world.members["Mei"]
    assert notes(thread) == [f"-# <@{mei.id}>, {NOTE}"]
    note = thread.history()[-1]
    result = await mei.click(note, label="Show")
    assert result.ephemeral
    page = shown(result)
    assert "＋ Name: Mei" in page
    assert "＋ Values and interests: hiking" in page


async def test_in_a_private_thread_it_tells_what_and_can_be_undone(
    world: World, model: ScriptedModel
) -> None:
    answering(model, LEARNED)
    thread = await open_thread(world, "private")
    await converse(world, thread)
    (note,) = notes(thread)
    assert note.splitlines()[1:] == [
        "＋ Name: Mei",
        "＋ Styles: short answers",
        "＋ Values and interests: hiking",
    ]
    mei = world.members["Mei"]
    await world.start_bot()
    result = await mei.click(thread.history()[-1], label="Undo")
    assert shown(result) == "Undone. I will not learn it again."
    persona = await world.services.personas.load(mei.id, f"guild:{world.guild.id}")
    assert persona.items == ()
    again = await mei.click(thread.history()[-1], label="Undo")
    assert shown(again) == "Nothing of it was left to undo."


async def learned_directly(world: World, model: ScriptedModel) -> None:
    """Three conversations in direct messages that are over; the next tick learns from them."""
    answering(model, LEARNED)
    mei = world.members["Mei"].user
    for number in range(3):
        await mei.send_dm(WORDS)
        if not number:
            await mei.click(mei.dm_channel.history()[-1], label="Remember me")
        await world.advance(timedelta(hours=2))
        await world.services.closing.idle()


async def test_in_direct_messages_it_tells_what(world: World, model: ScriptedModel) -> None:
    await learned_directly(world, model)
    await world.tick()
    (note,) = notes(world.members["Mei"].user.dm_channel)
    assert "＋ Name: Mei" in note


@pytest.mark.parametrize("how", [forget, withdraw])
async def test_what_is_erased_before_a_note_is_posted_is_not_told(
    world: World,
    model: ScriptedModel,
    monkeypatch: pytest.MonkeyPatch,
    how: Callable[[discord.Client, int], Awaitable[object]],
) -> None:
    await learned_directly(world, model)
    mei, bot = world.members["Mei"].user, world.env.bot
    fetch = bot.fetch_channel

    async def slow(channel_id: int, /) -> Any:
        await how(bot, mei.id)
        return await fetch(channel_id)

    with monkeypatch.context() as patch:
        patch.setattr(bot, "get_channel", lambda _: None)
        patch.setattr(bot, "fetch_channel", slow)
        await world.tick()
    assert await rows(world.services.database, "SELECT 1 FROM items") == []
    assert notes(mei.dm_channel) == []


@pytest.mark.parametrize("how", [forget, withdraw])
async def test_a_note_that_is_being_posted_is_broken_off(
    world: World,
    model: ScriptedModel,
    monkeypatch: pytest.MonkeyPatch,
    how: Callable[[discord.Client, int], Awaitable[object]],
) -> None:
    await learned_directly(world, model)
    mei = world.members["Mei"].user
    begun, release = asyncio.Event(), asyncio.Event()
    send = discord.DMChannel.send

    async def slow(channel: discord.DMChannel, content: str, **options: Any) -> Any:
        begun.set()
        await release.wait()
        return await send(channel, content, **options)

    monkeypatch.setattr(discord.DMChannel, "send", slow)
    ticking = asyncio.create_task(world.tick())
    await asyncio.wait_for(begun.wait(), 10)
    await how(world.env.bot, mei.id)
    release.set()
    await ticking
    assert notes(mei.dm_channel) == []


async def test_nobody_else_sees_or_undoes_it(world: World, model: ScriptedModel) -> None:
    answering(model, LEARNED)
    thread = await open_thread(world, "public")
    await converse(world, thread)
    result = await world.members["Tom"].click(thread.history()[-1], label="Show")
    assert shown(result) == "This is for somebody else."


async def test_an_archived_thread_stays_archived_and_the_next_answer_tells(
    world: World, model: ScriptedModel
) -> None:
    answering(model, LEARNED)
    thread = await open_thread(world, "public")
    mei = world.members["Mei"]
    for number in range(3):
        await mei.send(thread, WORDS)
        if not number:
            await mei.click(thread.history()[-1], label="Remember me")
        await mei.slash(thread, "chat end")
    await world.tick()
    assert is_archived(world, thread)
    assert notes(thread) == []
    await world.start_bot()
    other = await open_thread(world, "public")
    await mei.send(other, "hello again")
    assert notes(other) == [f"-# <@{mei.id}>, {NOTE}"]
    await mei.send(other, "and again")
    assert len(notes(other)) == 1


async def test_what_could_not_be_posted_is_told_with_the_next_answer(
    world: World, model: ScriptedModel
) -> None:
    answering(model, LEARNED)
    thread = await open_thread(world, "public")
    mei = world.members["Mei"]
    for number in range(3):
        await mei.send(thread, WORDS)
        if not number:
            await mei.click(thread.history()[-1], label="Remember me")
        await world.advance(timedelta(hours=2))
    world.env.inject_error("POST", f"/channels/{thread.id}/messages", status=403, code=50013)
    await world.tick()
    assert notes(thread) == []
    await mei.send(thread, "hello again")
    assert len(notes(thread)) == 1


async def test_after_a_reset_an_old_note_shows_nothing(world: World, model: ScriptedModel) -> None:
    answering(model, LEARNED)
    thread = await open_thread(world, "public")
    await converse(world, thread)
    note = thread.history()[-1]
    mei = world.members["Mei"]
    asked = (await mei.slash(thread, "persona reset")).response
    assert asked is not None
    await mei.click(asked, label="Erase everything")
    result = await mei.click(note, label="Show")
    assert shown(result) == "That was erased or forgotten meanwhile."


async def test_nothing_learned_is_nothing_told(world: World, model: ScriptedModel) -> None:
    answering(model, updates())
    thread = await open_thread(world, "public")
    await converse(world, thread)
    assert notes(thread) == []


async def test_one_thing_is_one_thing(world: World, model: ScriptedModel) -> None:
    answering(model, updates(SHORT))
    thread = await open_thread(world, "public")
    await converse(world, thread)
    assert notes(thread) == [f"-# <@{world.members['Mei'].id}>, I learned 1 thing about you."]


@pytest.mark.parametrize("kind", ["public", "private"])
async def test_an_operator_may_switch_notes_off(
    new_world: OpenWorld, model: ScriptedModel, kind: Visibility
) -> None:
    world = await new_world(discord=DiscordSettings(learning_notes=False))
    answering(model, LEARNED)
    thread = await open_thread(world, kind)
    await converse(world, thread)
    assert notes(thread) == []
