"""/chat new, /chat end, forum posts, and what is said where no thread can be opened."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord
import pytest
import simcord

from bot.sandbox.world import World
from cogs.forgetting import forget
from persona.guilds import Visibility
from tests.cogs.test_chat import mention, prompts, said
from tests.cogs.test_persona import agree
from tests.conftest import OpenWorld
from tests.support.model import Say, ScriptedModel


async def closed(world: World) -> list[tuple[int, str | None]]:
    """Every session's thread and why it was closed."""
    query = "SELECT thread_id, close_reason FROM sessions ORDER BY session_id"
    async with (
        world.services.database.read() as connection,
        connection.execute(query) as cursor,
    ):
        return [(row[0], row[1]) for row in await cursor.fetchall()]


def is_archived(world: World, thread: simcord.ChannelHandle) -> bool:
    state = world.env.backend.get_channel(thread.id).thread_metadata
    assert state is not None
    return state.archived


def shown(result: simcord.InteractionResult) -> str:
    assert result.ephemeral
    assert result.response is not None
    return str(result.response.content)


async def test_an_ended_conversation_is_over_and_its_thread_archived(
    world: World, model: ScriptedModel
) -> None:
    thread = await agree(world)
    mei = world.members["Mei"]
    await mei.send(thread, "what I say before the end")
    result = await mei.slash(thread, "chat end")
    assert shown(result).startswith("This conversation has ended.")
    assert "once 3 conversations have ended" in shown(result)
    assert (thread.id, "ended") in await closed(world)
    assert is_archived(world, thread)


async def test_what_is_said_after_the_end_begins_anew(world: World, model: ScriptedModel) -> None:
    thread = await agree(world)
    mei = world.members["Mei"]
    await mei.send(thread, "about apricots")
    await mei.slash(thread, "chat end")
    await mei.send(thread, "and now something else")
    assert "apricots" not in prompts(model)[-1]
    await mei.send(thread, "more of it")
    assert "something else" in prompts(model)[-1]


async def test_silence_is_no_end_of_what_is_remembered_in_a_thread(
    world: World, model: ScriptedModel
) -> None:
    thread = await agree(world)
    await world.members["Mei"].send(thread, "about apricots")
    await world.advance(timedelta(hours=2))
    await world.tick()
    await world.members["Mei"].send(thread, "go on")
    assert "apricots" in prompts(model)[-1]


async def test_without_a_yes_the_ended_conversation_is_forgotten(world: World) -> None:
    thread = await mention(world, "about apricots")
    result = await world.members["Mei"].slash(thread, "chat end")
    assert "I have forgotten what you said in it" in shown(result)
    assert await closed(world) == []


async def test_there_may_be_nothing_to_end(world: World) -> None:
    thread = await mention(world, "mine")
    nothing = "No conversation of yours is open here."
    assert shown(await world.members["Tom"].slash(thread, "chat end")) == nothing
    assert shown(await world.members["Mei"].slash(world.channel, "chat end")) == nothing
    await world.members["Mei"].slash(thread, "chat end")
    assert shown(await world.members["Mei"].slash(thread, "chat end")) == nothing


async def test_a_guest_ends_only_the_own_conversation(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "mine")
    tom = world.members["Tom"]
    await tom.send(thread, f"{world.bot_mention} and me?")
    assert shown(await tom.slash(thread, "chat end")).startswith("This conversation has ended.")
    assert not is_archived(world, thread)
    assert [reason for _, reason in await closed(world)] == [None]


async def test_new_in_direct_messages_begins_anew(world: World, model: ScriptedModel) -> None:
    mei = world.members["Mei"].user
    await mei.send_dm("about apricots")
    result = await mei.slash("chat new")
    assert result.response.content.startswith("Let's begin anew.")
    await mei.send_dm("what was it about?")
    assert "apricots" not in prompts(model)[-1]


@pytest.mark.parametrize("command", ["chat new", "chat end"])
async def test_what_silence_ended_is_not_looked_back_to_once_the_person_begins_anew(
    world: World, model: ScriptedModel, command: str
) -> None:
    mei = world.members["Mei"]
    await world.services.consent.decide(mei.id, "remember")
    await mei.user.send_dm("about apricots")
    await world.advance(timedelta(hours=2))
    await world.tick()
    await mei.user.slash(command)
    await mei.user.send_dm("what was it about?")
    assert "apricots" not in prompts(model)[-1]
    await mei.user.send_dm("more of it")
    assert "what was it about?" in prompts(model)[-1]


@pytest.mark.parametrize("command", ["chat new", "chat end"])
async def test_a_conversation_that_ends_during_a_pause_is_not_learned_from_nor_looked_behind(
    world: World, model: ScriptedModel, command: str
) -> None:
    mei = world.members["Mei"]
    await world.services.consent.decide(mei.id, "remember")
    await mei.user.send_dm("about apricots")
    await world.advance(timedelta(hours=2))
    await world.tick()
    await mei.user.slash("persona pause")
    await mei.user.send_dm("about bananas")
    assert "apricots" in prompts(model)[-1]
    result = await mei.user.slash(command)
    if command == "chat end":
        assert result.response.content == (
            "This conversation has ended. What you write here next begins another."
        )
    await mei.user.send_dm("what was it about?")
    assert "apricots" not in prompts(model)[-1]
    assert "bananas" not in prompts(model)[-1]


async def test_ending_works_after_a_restart(world: World) -> None:
    thread = await agree(world)
    await world.members["Mei"].send(thread, "hello again")
    await world.start_bot()
    result = await world.members["Mei"].slash(thread, "chat end")
    assert shown(result).startswith("This conversation has ended.")


def begin_post(world: World, forum: simcord.ChannelHandle, text: str) -> int:
    """Mei makes a post: its first message has its id."""
    backend = world.env.backend
    mei = world.members["Mei"].id
    thread = backend.create_thread(forum.id, "A question", mei)
    starter = backend.prepare_message(thread.id, mei, text)
    starter.id = thread.id
    backend.commit_message(starter)
    return thread.id


async def test_whoever_begins_a_post_with_a_mention_needs_no_other(
    world: World, model: ScriptedModel
) -> None:
    forum = world.guild.create_forum_channel("questions")
    post = begin_post(world, forum, f"{world.bot_mention} how does tea grow?")
    await world.env.settle()
    thread = next(item for item in forum.threads if item.id == post)
    assert said(thread)[0] == "Hello"
    model.script(Say(("On hills",)))
    await world.members["Mei"].send(thread, "and where?")
    assert said(thread)[-1] == "On hills"
    asked = len(model.requests)
    await world.members["Tom"].send(thread, "I know that too")
    assert len(model.requests) == asked


async def test_a_post_of_no_concern_to_the_bot_is_left_alone(
    world: World, model: ScriptedModel
) -> None:
    forum = world.guild.create_forum_channel("questions")
    post = begin_post(world, forum, "how does tea grow?")
    await world.env.settle()
    thread = next(item for item in forum.threads if item.id == post)
    await world.members["Mei"].send(thread, "anybody?")
    assert model.requests == []


async def test_chat_new_in_a_post_makes_another_post(world: World, model: ScriptedModel) -> None:
    forum = world.guild.create_forum_channel("questions")
    post = begin_post(world, forum, "how does tea grow?")
    await world.env.settle()
    thread = next(item for item in forum.threads if item.id == post)
    mei = world.members["Mei"]
    result = await mei.slash(thread, "chat new")
    made = next(item for item in forum.threads if item.id != post)
    assert f"<#{made.id}>" in shown(result)
    assert said(made) == ["Hi Mei! What would you like to talk about?"]
    await mei.send(made, "about tea")
    assert said(made)[1] == "Hello"


async def test_an_erasure_breaks_off_the_opening_of_a_thread(
    world: World, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    mei = world.members["Mei"]
    await mention(world, "hello")
    begun, release = asyncio.Event(), asyncio.Event()
    add_user = discord.Thread.add_user

    async def slow(thread: discord.Thread, user: discord.abc.Snowflake, /) -> None:
        begun.set()
        await release.wait()
        await add_user(thread, user)

    monkeypatch.setattr(discord.Thread, "add_user", slow)
    opening = asyncio.create_task(mei.slash(world.channel, "chat new"))
    await asyncio.wait_for(begun.wait(), 10)
    assert (await forget(world.env.bot, mei.id)).left == {}
    release.set()
    await opening
    assert await world.services.erasure.left(mei.id) == {}


async def test_a_thread_without_its_welcome_is_opened_all_the_same(
    world: World, model: ScriptedModel
) -> None:
    mei = world.members["Mei"]
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=1)
    assert shown(await mei.slash(world.channel, "chat new")).startswith("Let's talk in <#")
    (thread,) = world.channel.threads
    await mei.send(thread, "hello")
    assert said(thread)[0] == "Hello"


async def test_a_thread_that_its_person_cannot_be_added_to_is_taken_back(world: World) -> None:
    world.env.inject_error("PUT", "/channels/*/thread-members/*", status=403, code=50013, times=1)
    result = await world.members["Mei"].slash(world.channel, "chat new")
    assert shown(result).startswith("I may not open threads here.")
    assert world.channel.threads == []


async def test_a_forum_has_no_private_posts(world: World) -> None:
    forum = world.guild.create_forum_channel("questions")
    post = begin_post(world, forum, "how does tea grow?")
    await world.env.settle()
    await world.services.guilds.set_threads(world.guild.id, "private")
    thread = next(item for item in forum.threads if item.id == post)
    result = await world.members["Mei"].slash(thread, "chat new")
    assert shown(result).startswith("This channel has no private threads.")


@pytest.mark.parametrize(
    ("kind", "permission", "name"),
    [
        ("public", "create_public_threads", "Create Public Threads"),
        ("private", "create_private_threads", "Create Private Threads"),
        ("public", "send_messages_in_threads", "Send Messages in Threads"),
    ],
)
async def test_a_missing_permission_is_named(
    world: World, kind: Visibility, permission: str, name: str
) -> None:
    await world.services.guilds.set_threads(world.guild.id, kind)
    denied = discord.PermissionOverwrite(**{permission: False})
    channel = world.guild.create_text_channel(
        "quiet", overwrites={world.guild.default_role: denied}
    )
    result = await world.members["Mei"].slash(channel, "chat new")
    assert shown(result) == (
        f"I cannot open a thread here: I lack the permission **{name}**. Ask a moderator for it."
    )
    assert channel.threads == []


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (400, 160006, "This server has as many open threads as Discord allows."),
        (429, 20016, "This channel is in slow mode."),
        (400, 0, "Discord did not let me open a thread."),
    ],
)
async def test_what_discord_turns_down_is_explained(
    new_world: OpenWorld, status: int, code: int, sentence: str
) -> None:
    world = await new_world()
    for path in ("/channels/*/threads", "/channels/*/messages/*/threads"):
        world.env.inject_error("POST", path, status=status, code=code)
    mei = world.members["Mei"]
    assert shown(await mei.slash(world.channel, "chat new")).startswith(sentence)
    await mei.send(world.channel, f"{world.bot_mention} hello")
    assert said(world.channel)[-1].startswith(sentence)
