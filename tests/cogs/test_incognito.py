"""/privacy incognito, end to end: nothing is kept, learned or used, and the conversation works."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import discord
import pytest
import simcord

from bot.sandbox.world import World
from persona.settings import PrivacySettings
from tests.cogs.test_persona import LEARNED, agree, answering, learn
from tests.conftest import OpenWorld
from tests.support.model import Say, ScriptedModel, Status
from tests.support.stores import rows
from tests.support.waiting import until
from tests.test_secrecy import files, forms

SECRET = "quartz-narwhal"
REPLY = "velvet-axolotl"
NOTE = "-# Incognito: I keep nothing of this conversation. `/privacy incognito` ends it."


async def thread_of(world: World, who: str = "Mei") -> simcord.ChannelHandle:
    """A private thread that /chat opened."""
    await world.services.guilds.set_threads(world.guild.id, "private")
    await world.members[who].slash(world.channel, "chat new")
    return world.channel.threads[-1]


async def toggle(world: World, thread: simcord.ChannelHandle, who: str = "Mei") -> str:
    result = await world.members[who].slash(thread, "privacy incognito")
    assert result.ephemeral
    assert result.response is not None
    return result.response.content


async def kept(world: World) -> list[tuple[object, ...]]:
    return await rows(world.services.database, "SELECT message_id FROM messages")


def prompt(model: ScriptedModel) -> list[str]:
    return [message["content"] for message in model.requests[-1]["messages"]][1:]


async def test_nothing_is_kept_learned_or_used_and_the_conversation_goes_on(
    world: World, model: ScriptedModel, tmp_path: Path
) -> None:
    await learn(world, model)
    before = await kept(world)
    thread = await thread_of(world)
    assert (await toggle(world, thread)).startswith("This conversation is incognito now.")
    model.acts = []
    model.script(Say((REPLY,)), Say((f"{REPLY} again",)), Say((f"{REPLY} at last",)))
    mei = world.members["Mei"]
    for text in (f"I am {SECRET}", f"I love {SECRET}", "and?"):
        await mei.send(thread, text)
    answers = [each.content for each in thread.history() if each.author.id != mei.id][1:]
    assert answers == [f"{REPLY}\n\n{NOTE}", f"{REPLY} again", f"{REPLY} at last"]
    assert prompt(model) == [
        f"I am {SECRET}",
        REPLY,
        f"I love {SECRET}",
        f"{REPLY} again",
        "and?",
    ]
    tools = {tool["function"]["name"] for tool in model.requests[-1]["tools"]}
    assert "current_time" in tools
    assert tools.isdisjoint({"remember", "forget", "what_do_you_know"})
    asked = len(model.requests)
    await world.advance(timedelta(days=30))
    await world.tick()
    assert len(model.requests) == asked
    assert await kept(world) == before
    spent = await rows(
        world.services.database,
        "SELECT COUNT(*), SUM(completion_tokens) FROM usage WHERE usage_id NOT IN"
        " (SELECT CAST(message_id AS TEXT) FROM messages) AND usage_id NOT LIKE 'title:%'"
        " AND purpose = 'chat'",
    )
    assert spent[0][0] == 3
    await world.services.database.purge()
    for name, content in files(tmp_path).items():
        for canary in (SECRET, REPLY):
            assert not any(form in content for form in forms(canary)), (canary, name)


async def test_the_conversation_before_it_ends_and_what_comes_after_begins_anew(
    world: World, model: ScriptedModel
) -> None:
    answering(model, LEARNED)
    await agree(world)
    thread = await thread_of(world)
    mei = world.members["Mei"]
    await mei.send(thread, "said before")
    await toggle(world, thread)
    ended = "SELECT close_reason FROM sessions ORDER BY session_id DESC LIMIT 1"
    assert await rows(world.services.database, ended) == [("ended",)]
    await mei.send(thread, "said between")
    assert prompt(model) == ["said between"]
    number = len(await kept(world))
    assert (await toggle(world, thread)).startswith("This conversation is not incognito any more.")
    await mei.send(thread, "said after")
    assert len(await kept(world)) == number + 2
    assert "said between" not in json.dumps(prompt(model))
    assert prompt(model)[-1] == "said after"
    await toggle(world, thread)
    await mei.send(thread, "once more")
    assert prompt(model) == ["once more"]
    assert thread.history()[-1].content.endswith(NOTE)


async def test_after_it_nothing_from_before_it_is_looked_back_to(
    world: World, model: ScriptedModel
) -> None:
    mei = world.members["Mei"]
    await world.services.consent.decide(mei.id, "remember")
    await mei.user.send_dm("old words")
    await world.advance(timedelta(hours=2))
    await world.tick()
    await mei.user.slash("privacy incognito")
    await mei.user.send_dm("hidden words")
    await mei.user.slash("privacy incognito")
    await mei.user.send_dm("new words")
    assert prompt(model) == ["new words"]


async def test_it_is_one_persons_in_one_thread(world: World, model: ScriptedModel) -> None:
    answering(model, LEARNED)
    message = await world.members["Mei"].send(world.channel, f"{world.bot_mention} hello")
    thread = world.thread(message.id)
    await toggle(world, thread)
    before = len(await kept(world))
    await world.members["Tom"].send(thread, f"{world.bot_mention} and me?")
    assert len(await kept(world)) == before + 2
    await world.members["Mei"].send(world.channel, f"{world.bot_mention} elsewhere")
    assert len(await kept(world)) == before + 4


async def test_it_works_in_direct_messages_and_nowhere_but_in_conversations(
    world: World, model: ScriptedModel
) -> None:
    result = await world.members["Mei"].slash(world.channel, "privacy incognito")
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content.startswith("Use this in a thread")
    user = world.members["Mei"].user
    await user.send_dm("before")
    assert len(await kept(world)) == 2
    result = await user.slash("privacy incognito")
    assert result.response.content.startswith("This conversation is incognito now.")
    await user.send_dm("between")
    # Without a yes, a conversation is deleted when it ends.
    assert await kept(world) == []
    assert prompt(model) == ["between"]


async def test_no_question_is_asked_where_nothing_is_kept(
    world: World, model: ScriptedModel
) -> None:
    thread = await thread_of(world)
    await toggle(world, thread)
    await world.members["Mei"].send(thread, "hello")
    assert thread.history()[-1].content == f"Hello\n\n{NOTE}"


async def test_after_a_restart_it_is_still_on_and_knows_nothing(
    world: World, model: ScriptedModel
) -> None:
    thread = await thread_of(world)
    await toggle(world, thread)
    mei = world.members["Mei"]
    await mei.send(thread, "said before")
    world.services.incognito.forget(mei.id)  # As the end of the process does.
    await world.start_bot()
    await mei.send(thread, "said after")
    assert prompt(model) == ["said after"]
    assert thread.history()[-1].content == "Hello"
    assert await kept(world) == []


async def test_what_could_not_be_answered_is_not_kept_after_its_end_and_a_restart(
    world: World, model: ScriptedModel
) -> None:
    thread = await thread_of(world)
    await toggle(world, thread)
    path = f"/channels/{thread.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50013, times=2)
    mei = world.members["Mei"]
    await mei.send(thread, f"I am {SECRET}")
    assert len(model.requests) == 1
    assert (await toggle(world, thread)).startswith("This conversation is not incognito")
    await world.start_bot()
    await world.env.settle()
    assert len(model.requests) == 1
    assert await kept(world) == []


async def test_when_the_model_is_down_nothing_is_kept_either(
    world: World, model: ScriptedModel
) -> None:
    thread = await thread_of(world)
    await toggle(world, thread)
    mei = world.members["Mei"]
    model.script(Status(500), Say(("Here I am",)))
    await mei.send(thread, "are you there?")
    assert thread.history()[-1].content.startswith("I cannot reach my language model")
    await mei.send(thread, "and now?")
    assert thread.history()[-1].content == f"Here I am\n\n{NOTE}"
    assert prompt(model) == ["are you there?\n\nand now?"]
    assert await kept(world) == []


async def test_edited_and_deleted_messages_are_followed(world: World, model: ScriptedModel) -> None:
    thread = await thread_of(world)
    await toggle(world, thread)
    mei = world.members["Mei"]
    first = await mei.send(thread, "one")
    second = await mei.send(thread, "two")
    await mei.edit(first, "first")
    await mei.delete(second)
    await mei.send(thread, "three")
    assert prompt(model) == ["first", "Hello\n\nHello", "three"]
    assert await kept(world) == []


async def test_a_deleted_thread_is_forgotten(world: World, model: ScriptedModel) -> None:
    thread = await thread_of(world)
    await toggle(world, thread)
    mei = world.members["Mei"]
    assert len(await world.services.incognito.places(mei.id)) == 1
    await world.services.incognito.end_thread(thread.id)
    assert await world.services.incognito.places(mei.id) == []


async def test_the_scope_is_the_operators(new_world: OpenWorld, model: ScriptedModel) -> None:
    world = await new_world(privacy=PrivacySettings(scope="user"))
    thread = await thread_of(world)
    await toggle(world, thread)
    (place,) = await world.services.incognito.places(world.members["Mei"].id)
    assert (place.thread_id, place.scope) == (thread.id, "user")


async def test_it_is_answered_in_time_while_a_file_is_read_in_the_thread(
    world: World, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    mei, tom = world.members["Mei"], world.members["Tom"]
    message = await mei.send(world.channel, f"{world.bot_mention} hello")
    thread = world.thread(message.id)
    begun, arrived = asyncio.Event(), asyncio.Event()

    async def slow(_: object) -> bytes:
        begun.set()
        await world.env.external_wait(arrived.wait(), reason="the download")
        return b"notes"

    monkeypatch.setattr("discord.Attachment.read", slow)
    files = world.env.backend.store_attachments(thread.id, [("notes.txt", b"notes")])
    words = f"{world.bot_mention} read this"
    world.env.backend.create_message(thread.id, tom.id, words, attachments=files)
    await asyncio.wait_for(begun.wait(), 10)
    typing = asyncio.create_task(toggle(world, thread))
    await until(lambda: any("/callback" in each.path for each in world.env.http_requests))
    assert not await world.services.incognito.is_on(mei.id, thread.id)
    arrived.set()
    assert (await typing).startswith("This conversation is incognito now.")
    assert await world.services.incognito.is_on(mei.id, thread.id)


@pytest.mark.parametrize("how", ["silence", "archived"])
async def test_it_is_remembered_only_while_it_goes_on(
    world: World, model: ScriptedModel, how: str
) -> None:
    thread = await thread_of(world)
    await toggle(world, thread)
    mei = world.members["Mei"]
    await mei.send(thread, SECRET)
    if how == "archived":
        channel = world.env.bot.get_channel(thread.id)
        assert isinstance(channel, discord.Thread)
        await channel.edit(archived=True)
        await world.env.settle()
    else:
        await world.advance(timedelta(minutes=61))
    await mei.send(thread, "and now?")
    assert prompt(model) == ["and now?"]
    await world.advance(timedelta(minutes=59))
    await mei.send(thread, "go on")
    assert prompt(model) == ["and now?", "Hello", "go on"]
    assert await kept(world) == []


async def test_silence_drops_what_is_held_though_nobody_says_anything(
    world: World, model: ScriptedModel
) -> None:
    thread = await thread_of(world)
    await toggle(world, thread)
    mei = world.members["Mei"]
    await mei.send(thread, SECRET)
    await world.advance(timedelta(minutes=61))
    await world.tick()
    assert world.services.incognito.forget(mei.id) == 0
    assert await world.services.incognito.is_on(mei.id, thread.id)
