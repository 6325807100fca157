"""Each message is answered once, each person asked once, also when Discord stumbles or repeats."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any, cast

import pytest
import simcord
from discord.ext import commands
from pydantic import HttpUrl

from bot.sandbox.world import World
from cogs.chat import Chat
from cogs.text.streaming import _is_worth_posting
from persona.settings import ChatRoleSettings, EndpointSettings, ModelsSettings
from tests.cogs.test_chat import mention, said, states
from tests.conftest import OpenWorld
from tests.support.buttons import answers
from tests.support.model import Act, Call, Endless, Hold, Say, ScriptedModel, Status
from tests.support.stores import rows
from tests.support.waiting import until

QUESTION = "**May I remember you?**"


def events(world: World) -> list[tuple[str, Any]]:
    """Every gateway event from now on."""
    seen: list[tuple[str, Any]] = []
    world.env.backend.subscribers.append(lambda name, data: seen.append((name, data)))
    return seen


async def again(world: World, seen: list[tuple[str, Any]]) -> None:
    """Deliver the first message once more, as Discord may after a broken connection."""
    world.env.backend.emit(*next(event for event in seen if event[0] == "MESSAGE_CREATE"))
    await world.env.settle()


def write(world: World, text: str, channel: simcord.ChannelHandle | None = None) -> None:
    """Mei writes; nobody waits for what comes of it."""
    place = channel or world.channel
    prefix = "" if channel else f"{world.bot_mention} "
    world.env.backend.create_message(place.id, world.members["Mei"].id, prefix + text)


def chat_of(world: World) -> Chat:
    return cast(Chat, cast(commands.Bot, world.env.bot).get_cog("Chat"))


def questions(thread: simcord.ChannelHandle) -> int:
    return sum(text.startswith(QUESTION) for text in said(thread))


async def test_many_first_messages_at_once_bring_few_answers_and_one_question(
    world: World, model: ScriptedModel
) -> None:
    await world.members["Mei"].slash(world.channel, "chat new")
    thread = world.channel.threads[0]
    for number in range(10):
        write(world, f"message {number}", thread)
    await world.env.settle()
    assert said(thread).count("Hello") == len(model.requests) < 10
    asked = model.requests[-1]["messages"]
    assert all(f"message {number}" in str(asked) for number in range(10))
    assert model.requests[-1]["messages"][-1]["content"].endswith("message 9")
    assert await states(world) == ["answered"] * 10
    assert questions(thread) == 1


async def test_a_greeting_delivered_twice_is_returned_once(world: World) -> None:
    seen = events(world)
    thread = await mention(world, "")
    await again(world, seen)
    assert len(said(thread)) == 1


async def test_a_refusal_delivered_twice_is_said_once(world: World) -> None:
    seen = events(world)
    world.env.inject_error(
        "POST", "/channels/*/messages/*/threads", status=403, code=50013, times=None
    )
    write(world, "hello")
    await world.env.settle()
    await again(world, seen)
    assert len(said(world.channel)) == 1


async def test_a_message_delivered_again_after_a_reset_stays_forgotten(
    world: World, model: ScriptedModel
) -> None:
    seen = events(world)
    thread = await mention(world, "only once")
    mei = world.members["Mei"]
    asked = (await mei.slash(thread, "persona reset")).response
    assert asked is not None
    await mei.click(asked, label="Erase everything")
    await again(world, seen)
    assert len(model.requests) == 1
    assert await states(world) == []


async def test_a_message_before_the_bot_is_ready_is_answered_once(
    world: World, model: ScriptedModel
) -> None:
    held = Hold("One sentence. ", "The end.")
    model.script(held, Say(("Another answer.",)))
    write(world, "hello")
    await asyncio.wait_for(held.begun.wait(), 20)
    chat = chat_of(world)
    ready = asyncio.create_task(chat.on_ready())
    await asyncio.sleep(0.1)  # It waits for the turn under way.
    held.release.set()
    await ready
    await world.env.settle()
    assert len(model.requests) == 1
    thread = world.channel.threads[0]
    assert said(thread)[0] == "One sentence. The end."
    assert questions(thread) == 1


async def test_one_slow_answer_after_a_restart_holds_up_nobody(
    world: World, model: ScriptedModel
) -> None:
    for name in ("Mei", "Tom"):
        await mention(world, "hi", who=name)
    async with world.services.database.write() as connection:
        await connection.execute("DELETE FROM messages WHERE author = 'bot'")
        await connection.execute("UPDATE messages SET state = 'waiting'")
        await connection.execute("DELETE FROM answer_parts")
    held = Hold("Slow. ", "")
    model.script(held, Say(("Quick.",)))
    chat = chat_of(world)
    ready = asyncio.create_task(chat.on_ready())
    await until(lambda: any("Quick." in said(thread) for thread in world.channel.threads))
    held.release.set()
    await ready
    await world.env.settle()
    assert await states(world) == ["answered", "answered"]


async def test_what_is_said_where_the_server_is_unknown_is_not_for_the_bot(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    servers = world.env.bot._connection._guilds
    server = servers.pop(world.guild.id)
    for place in (thread.id, world.channel.id):
        world.env.backend.create_message(place, world.members["Tom"].id, "not for the bot")
    await world.env.settle()
    servers[world.guild.id] = server
    assert len(model.requests) == 1
    assert said(world.channel) == []
    assert await states(world) == ["answered"]


async def test_an_answer_whose_end_cannot_be_shown_ends_in_a_sentence(
    world: World, model: ScriptedModel
) -> None:
    held = Hold("One sentence. ", "The end.")
    model.script(held)
    write(world, "hello")
    await until(lambda: bool(world.channel.threads) and bool(said(world.channel.threads[0])))
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=400, times=None)
    world.env.inject_error("POST", "/channels/*/messages", status=400)
    held.release.set()
    await world.env.settle()
    assert said(world.channel.threads[0])[-1].startswith("Something went wrong on my side")
    assert await states(world) == ["failed"]


async def test_an_answer_stands_also_if_the_question_cannot_be_asked(
    world: World, model: ScriptedModel
) -> None:
    held = Hold("One sentence. ", "The end.")
    model.script(held, Say(("Another answer.",)))
    write(world, "hello")
    await until(lambda: bool(world.channel.threads) and bool(said(world.channel.threads[0])))
    thread = world.channel.threads[0]
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=1)
    held.release.set()
    await world.env.settle()
    assert questions(thread) == 0
    assert await states(world) == ["answered"]
    await world.members["Mei"].send(thread, "and now?")
    assert questions(thread) == 1


@pytest.mark.parametrize("fence", ["~", "`"])
def test_the_oddest_answers_do_not_hold_up_the_loop(fence: str) -> None:
    """A text ten times as long takes about ten times as long, not a thousand times."""

    def seconds(size: int) -> float:
        text = fence * size + " " * size + "\nx"
        begun = time.process_time()
        for _ in range(5):
            _is_worth_posting(text, due=False)
        return time.process_time() - begun

    seconds(100)
    assert seconds(4000) < 100 * max(seconds(400), 1e-5)


async def test_a_model_that_never_ends_posts_a_few_messages(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    near = EndpointSettings(base_url=HttpUrl(model.base_url), max_retries=0, timeout_seconds=5)
    limited = ChatRoleSettings(max_output_tokens=500)
    world = await new_world(models=ModelsSettings(endpoints={"default": near}, chat=limited))
    model.script(Endless({"content": "la la la " * 20}))
    async with asyncio.timeout(60):
        thread = await mention(world, "sing")
    assert len([text for text in said(thread) if text.startswith("la")]) == 3
    assert await states(world) == ["answered"]


async def begun(world: World, model: ScriptedModel, *rest: Act) -> tuple[Hold, Any]:
    """Mei is being answered; return what holds up the answer, and her thread."""
    held = Hold("One sentence. ", "The end.")
    model.script(held, *rest)
    write(world, "first")
    await until(lambda: bool(world.channel.threads) and bool(said(world.channel.threads[0])))
    return held, world.channel.threads[0]


async def waiting(world: World, number: int) -> None:
    """Return when so many messages wait for their answer."""
    for _ in range(500):
        if (await states(world)).count("waiting") == number:
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def test_what_is_said_during_an_answer_is_answered_together(
    world: World, model: ScriptedModel
) -> None:
    held, thread = await begun(world, model, Say(("To all three.",)))
    for text in ("a", "b", "c"):
        write(world, text, thread)
    await waiting(world, 4)
    held.release.set()
    await world.env.settle()
    assert await states(world) == ["answered"] * 4
    assert [text for text in said(thread) if not text.startswith(QUESTION)] == [
        "One sentence. The end.",
        "To all three.",
    ]
    assert model.requests[-1]["messages"][-1]["content"] == "a\n\nb\n\nc"
    await world.members["Mei"].send(thread, "d")
    turns = [turn["content"] for turn in model.requests[-1]["messages"][1:]]
    assert turns == ["first", "One sentence. The end.", "a\n\nb\n\nc", "To all three.", "d"]


async def test_what_is_said_together_fails_together(world: World, model: ScriptedModel) -> None:
    held, thread = await begun(world, model, Status(500), Say(("Back again.",)))
    for text in ("a", "b"):
        write(world, text, thread)
    await waiting(world, 3)
    held.release.set()
    await world.env.settle()
    assert await states(world) == ["answered", "failed", "failed"]
    assert sum(text.startswith("I cannot reach") for text in said(thread)) == 1
    await world.start_bot()
    assert len(model.requests) == 2


async def test_after_a_restart_too_what_waits_is_answered_together(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    await world.members["Mei"].send(thread, "second")
    async with world.services.database.write() as connection:
        await connection.execute("DELETE FROM messages WHERE author = 'bot'")
        await connection.execute("DELETE FROM answers")
        await connection.execute("UPDATE messages SET state = 'waiting'")
    parts = [message.id for message in answers(thread)]
    model.script(Say(("To both.",)))
    before = len(model.requests)
    await world.start_bot()
    assert len(model.requests) == before + 1
    assert model.requests[-1]["messages"][-1]["content"] == "first\n\nsecond"
    # What was begun to the first is taken back, what was begun to the second is written over.
    assert [(message.id, message.content) for message in answers(thread)] == [
        (parts[-1], "To both.")
    ]
    assert await states(world) == ["answered", "answered"]


async def test_a_shorter_answer_after_a_crash_leaves_no_part_of_the_longer_one(
    world: World, model: ScriptedModel
) -> None:
    model.script(Say(("word " * 900,)))
    thread = await mention(world, "first")
    parts = [message.id for message in answers(thread)]
    assert len(parts) == 3
    async with world.services.database.write() as connection:
        await connection.execute("DELETE FROM messages WHERE author = 'bot'")
        await connection.execute("DELETE FROM answers")
        await connection.execute("UPDATE messages SET state = 'waiting'")
    model.script(Say(("word " * 450,)))
    await world.start_bot()
    assert [message.id for message in answers(thread)] == parts[:2]
    kept = "SELECT part_id FROM answer_parts ORDER BY number"
    assert [row[0] for row in await rows(world.services.database, kept)] == parts[:2]


async def test_a_wish_in_any_of_the_messages_counts(world: World, model: ScriptedModel) -> None:
    mei = world.members["Mei"].id
    await world.services.consent.decide(mei, "remember")
    wish = {"slot": "demographics.name", "value": "Mei", "quote": "call me Mei"}
    held, thread = await begun(world, model, Call("remember", json.dumps(wish)), Say(("I will.",)))
    write(world, "please remember: call me Mei", thread)
    write(world, "and what is the weather like?", thread)
    await waiting(world, 3)
    held.release.set()
    await world.env.settle()
    assert model.requests[-1]["messages"][-1]["content"] == "Remembered."
    persona = await world.services.personas.load(mei, f"guild:{world.guild.id}")
    assert persona.values("demographics.name") == ["Mei"]
