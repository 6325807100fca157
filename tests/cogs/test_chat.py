"""Talking, end to end: the real bot in a simulated Discord, a scripted model, the real store."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord

from bot.sandbox.world import World
from cogs.settings import DiscordSettings
from tests.conftest import OpenWorld
from tests.support.model import Break, Call, Say, ScriptedModel, Status


def said(channel: simcord.ChannelHandle, author: str = "Rapport") -> list[str]:
    """What `author` wrote in `channel`, without Discord's own lines about threads."""
    return [
        message.content
        for message in channel.history()
        if message.author.name == author and not message.is_system()
    ]


async def mention(world: World, text: str, who: str = "Mei") -> simcord.ChannelHandle:
    message = await world.members[who].send(world.channel, f"{world.bot_mention} {text}")
    return world.thread(message.id)


def prompts(model: ScriptedModel) -> list[str]:
    return [json.dumps(request["messages"], ensure_ascii=False) for request in model.requests]


async def states(world: World) -> list[str]:
    """What became of what people said, in order."""
    query = "SELECT state FROM messages WHERE author = 'person' ORDER BY message_id"
    async with (
        world.services.database.read() as connection,
        connection.execute(query) as cursor,
    ):
        return [row[0] for row in await cursor.fetchall()]


async def test_a_mention_opens_a_thread_from_the_message(
    world: World, model: ScriptedModel
) -> None:
    model.script(Say(("Hello", " Mei")))
    thread = await mention(world, "good morning")
    assert thread.id == world.channel.history()[0].id
    assert said(thread)[0] == "Hello Mei"
    assert said(world.channel) == []
    assert model.requests[0]["messages"][-1] == {"role": "user", "content": "good morning"}


async def test_in_its_thread_the_opener_needs_no_mention(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    model.script(Say(("Second answer",)))
    await world.members["Mei"].send(thread, "second")
    assert said(thread)[-1] == "Second answer"
    assert [message["content"] for message in model.requests[-1]["messages"][1:]] == [
        "first",
        "Hello",
        "second",
    ]


async def test_what_others_say_in_the_thread_is_neither_stored_nor_sent(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    asked = len(model.requests)
    await world.members["Tom"].send(thread, "a word between Tom and Mei")
    await world.members["Mei"].send(thread, "and now you")
    assert len(model.requests) == asked + 1
    assert not any("between Tom" in prompt for prompt in prompts(model))
    async with world.services.database.read() as connection:
        counted = await world.services.database.queries.count_conversations(connection)
    assert counted["messages_in"] == 2


async def test_a_guest_who_mentions_the_bot_has_a_conversation_of_his_own(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "my secret is apricots")
    model.script(Say(("Hi Tom",)))
    message = await world.members["Tom"].send(thread, f"{world.bot_mention} and me?")
    assert "apricots" not in prompts(model)[-1]
    reply = next(item for item in thread.history() if item.content == "Hi Tom")
    assert reply.reference is not None
    assert reply.reference.message_id == message.id


async def test_in_a_channel_only_a_mention_is_heard(world: World, model: ScriptedModel) -> None:
    await world.members["Mei"].send(world.channel, "hello everybody")
    await world.members["Mei"].send(world.channel, "Rapport, are you there? @Rapport")
    assert model.requests == []
    assert world.channel.threads == []


async def test_a_mention_in_somebody_elses_thread_is_answered_there(
    world: World, model: ScriptedModel
) -> None:
    backend = world.env.backend
    mei = world.members["Mei"]
    created = backend.create_thread(world.channel.id, "Mei's own", mei.id)
    thread = world.thread(created.id)
    await mei.send(thread, "not for the bot")
    assert model.requests == []
    await mei.send(thread, f"{world.bot_mention} for the bot")
    assert said(thread)[0] == "Hello"
    await mei.send(thread, "not for the bot again")
    assert len(model.requests) == 1


async def test_direct_messages_work_without_a_mention(world: World, model: ScriptedModel) -> None:
    mei = world.members["Mei"].user
    await mei.send_dm("hello there")
    assert said(mei.dm_channel)[0] == "Hello"
    turn = model.requests[0]["messages"][-1]
    assert turn["content"] == "hello there"


async def test_other_bots_are_ignored(world: World, model: ScriptedModel) -> None:
    other = world.guild.add_member(world.env.create_user("OtherBot", bot=True))
    await other.send(world.channel, f"{world.bot_mention} talk to me")
    assert model.requests == []
    assert world.channel.threads == []


async def test_webhooks_are_ignored_also_when_they_look_like_a_person(
    world: World, model: ScriptedModel
) -> None:
    webhook = world.guild.create_webhook(world.channel, "hook")
    words = f"{world.bot_mention} talk to me"
    await webhook.send(words)
    mei = world.members["Mei"].id
    world.env.backend.create_message(world.channel.id, mei, words, webhook_id=webhook.id)
    await world.env.settle()
    assert model.requests == []
    assert world.channel.threads == []


async def test_a_pin_in_a_thread_of_ones_own_is_no_message_to_the_bot(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    before = said(thread)
    pinned = thread.history()[-1]
    world.env.backend.set_pinned(thread.id, pinned.id, True, actor_id=world.members["Mei"].id)
    await world.env.settle()
    assert thread.history()[-1].type is discord.MessageType.pins_add
    assert said(thread) == before
    assert len(model.requests) == 1


async def test_without_the_intent_every_message_needs_a_mention(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world(discord=DiscordSettings(trigger="mention"))
    assert not world.env.bot.intents.message_content
    thread = await mention(world, "first")
    await world.members["Mei"].send(thread, "unseen")
    assert len(model.requests) == 1
    await world.members["Mei"].send(thread, f"{world.bot_mention} seen")
    assert model.requests[-1]["messages"][-1]["content"] == "seen"
    assert "unseen" not in prompts(model)[-1]


async def test_the_same_gateway_event_twice_is_answered_once(
    world: World, model: ScriptedModel
) -> None:
    events: list[tuple[str, Any]] = []
    world.env.backend.subscribers.append(lambda event, payload: events.append((event, payload)))
    thread = await mention(world, "only once")
    event = next(item for item in events if item[0] == "MESSAGE_CREATE")
    world.env.backend.emit(*event)
    await world.env.settle()
    assert len(model.requests) == 1
    assert said(thread).count("Hello") == 1


async def test_a_bare_mention_is_greeted_without_asking_the_model(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "")
    assert said(thread) == ["Hi! What would you like to talk about?"]
    assert model.requests == []


async def test_mentions_of_others_reach_the_model_as_names(
    world: World, model: ScriptedModel
) -> None:
    tom = world.members["Tom"]
    await mention(world, f"do you know {tom.mention} in {world.channel.mention}?")
    assert model.requests[0]["messages"][-1]["content"] == "do you know @Tom in #general?"


async def test_nobody_is_pinged(world: World, model: ScriptedModel) -> None:
    tom = world.members["Tom"]
    model.script(Say((f"@everyone @here {tom.mention} look",)))
    thread = await mention(world, "call everyone")
    reply = thread.history()[-2]
    stored = world.env.backend.get_message(thread.id, reply.id)
    assert "@everyone" in stored.content
    assert not stored.mention_everyone
    assert stored.ping_user_ids == []
    for request in world.env.http_requests:
        if request.method in ("POST", "PATCH") and "/messages" in request.path:
            body = request.json
            assert isinstance(body, dict)
            if "content" in body:
                assert body["allowed_mentions"] == {"parse": []}, request


async def test_long_replies_are_split_without_breaking_code(
    world: World, model: ScriptedModel
) -> None:
    code = "\n".join(f"print({number})  # line" for number in range(300))
    model.script(Say(("Here:\n", f"```python\n{code}\n```\n", "Done.")))
    thread = await mention(world, "a long program, please")
    parts = said(thread)[:-1]
    assert len(parts) == 3
    assert all(len(part) <= 2000 and part.count("```") % 2 == 0 for part in parts)
    lines = [line for part in parts for line in part.splitlines() if line.startswith("print")]
    assert lines == code.splitlines()


async def test_replies_grow_by_edits_and_end_in_the_whole_text(
    world: World, model: ScriptedModel
) -> None:
    pieces = tuple(f"Sentence number {number}. " for number in range(40))
    model.script(Say(pieces))
    thread = await mention(world, "tell me a lot")
    assert said(thread)[0] == "".join(pieces).strip()
    edits = [item for item in world.env.http_requests if item.method == "PATCH"]
    assert edits
    typing = [item for item in world.env.http_requests if item.path.endswith("/typing")]
    assert typing


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (Status(500), "I cannot reach my language model"),
        (Status(429), "I cannot reach my language model"),
        (Status(401), "I cannot reach my language model"),
        (Say(("",)), "I could not come up with an answer"),
        (Say((" \n ",)), "I could not come up with an answer"),
    ],
)
async def test_when_the_model_fails_one_sentence_says_so(
    world: World, model: ScriptedModel, act: Any, sentence: str
) -> None:
    model.script(act)
    thread = await mention(world, "hello?")
    assert len(said(thread)) == 1
    assert said(thread)[0].startswith(sentence)
    model.script(Say(("I am back",)))
    await world.members["Mei"].send(thread, "and now?")
    assert said(thread)[1] == "I am back"


async def test_a_stream_that_breaks_keeps_what_came_and_says_so(
    world: World, model: ScriptedModel
) -> None:
    model.script(Break(("This is the first sentence. And then",)))
    thread = await mention(world, "hello?")
    assert said(thread)[0].startswith("This is the first sentence. And then\n\nI cannot reach")


async def test_the_model_can_ask_the_time(world: World, model: ScriptedModel) -> None:
    model.script(Call("current_time", '{"timezone": "Asia/Tokyo"}'), Say(("It is nine.",)))
    thread = await mention(world, "what time is it in Tokyo?")
    assert said(thread)[0] == "It is nine."
    tool = model.requests[1]["messages"][-1]
    assert tool["role"] == "tool"
    assert tool["content"] == "Thursday, 2026-01-01 09:00 (JST)"


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (Call("launch_rockets", "{}"), "There is no tool 'launch_rockets'"),
        (Call("current_time", '{"timezone": "Nowhere"}'), "There is no time zone"),
        (Call("current_time", '{"zone": "x"}'), "The arguments do not fit"),
        (Call("current_time", "{"), "The arguments do not fit"),
    ],
)
async def test_a_wrong_tool_call_is_explained_to_the_model(
    world: World, model: ScriptedModel, call: Call, answer: str
) -> None:
    model.script(call, Say(("Fine.",)))
    thread = await mention(world, "do something")
    assert model.requests[1]["messages"][-1]["content"].startswith(answer)
    assert said(thread)[0] == "Fine."


async def test_a_model_that_only_calls_tools_is_stopped(world: World, model: ScriptedModel) -> None:
    model.script(Call("current_time", "{}"))
    thread = await mention(world, "loop")
    assert len(model.requests) == 5
    assert "tools" not in model.requests[-1]
    assert said(thread)[0].startswith("I could not come up with an answer")


async def test_a_server_that_refuses_tools_is_asked_without(
    world: World, model: ScriptedModel
) -> None:
    model.script(Status(400), Say(("Without tools",)))
    thread = await mention(world, "hello")
    assert said(thread)[0] == "Without tools"
    await world.members["Mei"].send(thread, "again")
    assert ["tools" in request for request in model.requests] == [True, False, False]


async def test_turns_of_one_thread_follow_each_other(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "first")
    mei = world.members["Mei"]
    model.script(Say(("one",)), Say(("two",)), Say(("three",)))
    for text in ("a", "b", "c"):
        await mei.send(thread, text)
    assert said(thread)[-3:] == ["one", "two", "three"]
    last = [message["content"] for message in model.requests[-1]["messages"][1:]]
    assert last == ["first", "Hello", "a", "one", "b", "two", "c"]


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [({"archived": True}, "archived"), ({"archived": True, "locked": True}, "locked")],
)
async def test_a_closed_thread_ends_the_session(
    world: World, metadata: dict[str, bool], reason: str
) -> None:
    await world.services.consent.decide(world.members["Mei"].id, "remember")
    thread = await mention(world, "first")
    world.env.backend.edit_channel(thread.id, {}, thread_metadata=metadata)
    await world.env.settle()
    async with (
        world.services.database.read() as connection,
        connection.execute("SELECT close_reason FROM sessions") as cursor,
    ):
        reasons = [row[0] for row in await cursor.fetchall()]
    assert reasons == [reason]


async def test_a_deleted_thread_ends_the_session(world: World) -> None:
    await world.services.consent.decide(world.members["Mei"].id, "remember")
    thread = await mention(world, "first")
    world.env.backend.delete_channel(thread.id)
    await world.env.settle()
    async with (
        world.services.database.read() as connection,
        connection.execute("SELECT close_reason FROM sessions") as cursor,
    ):
        assert [row[0] for row in await cursor.fetchall()] == ["deleted"]


async def test_a_thread_deleted_in_mid_reply_costs_nothing_else(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    world.env.inject_error(
        "POST", "/channels/*/messages", status=404, code=10003, message="Unknown Channel"
    )
    await world.members["Mei"].send(thread, "second")
    model.script(Say(("Third answer",)))
    await world.members["Mei"].send(thread, "third")
    assert said(thread)[-1] == "Third answer"


async def test_a_turn_whose_reply_cannot_be_posted_is_over(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    world.env.inject_error(
        "POST", "/channels/*/messages", status=403, code=50013, message="Missing", times=None
    )
    await world.members["Mei"].send(thread, "second")
    assert await states(world) == ["answered", "failed"]
    world.env.backend.faults.clear()
    asked = len(model.requests)
    await world.start_bot()
    assert len(model.requests) == asked


async def test_each_part_of_a_reply_is_named_so_that_discord_drops_a_second_copy(
    world: World, model: ScriptedModel
) -> None:
    model.script(Say(("word " * 500,)))
    message = await world.members["Mei"].send(world.channel, f"{world.bot_mention} hello")
    posts = [
        request.json
        for request in world.env.http_requests
        if request.method == "POST" and request.path == f"/channels/{message.id}/messages"
    ]
    names = [(post["nonce"], post["enforce_nonce"]) for post in posts if post]
    assert names == [(f"{message.id}-{part}", True) for part in (0, 1, "q")]


async def test_a_failure_of_our_own_is_a_sentence_too(world: World) -> None:
    thread = await mention(world, "first")
    async with world.services.database.write() as connection:
        await connection.execute("ALTER TABLE messages RENAME TO elsewhere")
    await world.members["Mei"].send(thread, "second")
    assert said(thread)[-1] == "Something went wrong on my side. Please try again."


async def test_a_thread_that_is_not_in_the_cache_is_looked_up(
    world: World, model: ScriptedModel
) -> None:
    """Threads archived while the bot starts are not sent to it."""
    thread = await mention(world, "first")
    guild = world.env.bot.get_guild(world.guild.id)
    assert guild is not None
    del guild._threads[thread.id]
    model.script(Say(("Found it",)))
    await world.members["Mei"].send(thread, "second")
    assert said(thread)[-1] == "Found it"


async def test_a_changed_scope_begins_a_new_session(world: World, model: ScriptedModel) -> None:
    await world.services.consent.decide(world.members["Mei"].id, "remember")
    thread = await mention(world, "first")
    world.services.sessions._scoping = "user"
    await world.members["Mei"].send(thread, "second")
    async with (
        world.services.database.read() as connection,
        connection.execute("SELECT scope FROM sessions ORDER BY session_id") as cursor,
    ):
        scopes = [row[0] for row in await cursor.fetchall()]
    assert scopes == [f"guild:{world.guild.id}", "user"]


async def test_chat_opens_a_public_thread_and_welcomes_the_member(
    world: World, model: ScriptedModel
) -> None:
    mei = world.members["Mei"]
    result = await mei.slash(world.channel, "chat new")
    thread = world.channel.threads[0]
    assert result.ephemeral
    assert result.response is not None
    assert f"<#{thread.id}>" in result.response.content
    assert said(thread) == ["Hi Mei! What would you like to talk about?"]
    await mei.send(thread, "about tea")
    assert said(thread)[1] == "Hello"


async def test_a_server_may_choose_private_threads(world: World, model: ScriptedModel) -> None:
    moderators = world.guild.create_role(
        "Mods", permissions=discord.Permissions(manage_guild=True, view_channel=True)
    )
    ann = world.guild.add_member(world.env.create_user("Ann"), roles=[moderators])
    result = await ann.slash(world.channel, "settings threads", kind="private")
    assert result.response is not None
    assert "private" in result.response.content
    await world.members["Mei"].slash(world.channel, "chat new")
    created = world.env.backend.get_channel(world.channel.threads[0].id)
    assert created.type == discord.ChannelType.private_thread.value


async def test_members_may_not_change_the_server(world: World) -> None:
    with pytest.raises(simcord.SetupError):
        await world.members["Mei"].slash(world.channel, "settings threads", kind="private")


async def test_chat_in_a_thread_opens_one_beside_it(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "first")
    await world.members["Mei"].slash(thread, "chat new")
    assert len(world.channel.threads) == 2


async def test_missing_permissions_are_explained(world: World, model: ScriptedModel) -> None:
    world.env.inject_error(
        "POST", "/channels/*/messages/*/threads", status=403, code=50013, message="Missing"
    )
    await world.members["Mei"].send(world.channel, f"{world.bot_mention} hello")
    assert said(world.channel) == [
        "I may not open threads here. Ask a moderator to let me create threads."
    ]
    assert model.requests == []


async def test_after_a_crash_the_unanswered_message_is_answered_once(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    mei = world.members["Mei"]
    answerer = world.env.bot.get_cog("Chat")._answerer  # type: ignore[attr-defined]

    async def die(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    answerer.answer = die
    await mei.send(thread, "are you still there?")
    assert said(thread)[-1] != "I am"
    model.script(Say(("I am",)))
    for _ in range(2):
        await world.start_bot()
    assert said(thread).count("I am") == 1
    assert model.requests[-1]["messages"][-1]["content"] == "are you still there?"


async def begun_reply(world: World, thread: simcord.ChannelHandle) -> int:
    """Make the answered message in `thread` one whose reply a crash cut short."""
    backend = world.env.backend
    begun = backend.create_message(thread.id, backend.bot_user.id, "I was about to")
    async with world.services.database.write() as connection:
        await connection.execute("UPDATE messages SET state = 'waiting' WHERE author = 'person'")
        await connection.execute("UPDATE answer_parts SET part_id = ?", (begun.id,))
        await connection.execute("DELETE FROM messages WHERE author = 'bot'")
        await connection.execute("DELETE FROM answers")
    return begun.id


async def test_after_a_crash_a_begun_reply_is_written_over(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    begun = await begun_reply(world, thread)
    model.script(Say(("Now I say it",)))
    await world.start_bot()
    assert world.env.backend.get_message(thread.id, begun).content == "Now I say it"
    assert said(thread).count("Now I say it") == 1


async def test_after_a_crash_a_begun_reply_that_was_deleted_is_posted_anew(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    begun = await begun_reply(world, thread)
    world.env.backend.delete_message(thread.id, begun)
    model.script(Say(("Now I say it",)))
    await world.start_bot()
    assert said(thread).count("Now I say it") == 1
    assert await states(world) == ["answered"]


async def test_what_waited_too_long_is_not_answered_after_a_restart(
    world: World, model: ScriptedModel
) -> None:
    await mention(world, "first")
    async with world.services.database.write() as connection:
        await connection.execute("UPDATE messages SET state = 'waiting' WHERE author = 'person'")
        await connection.execute("DELETE FROM messages WHERE author = 'bot'")
    asked = len(model.requests)
    await world.advance(timedelta(minutes=16))
    await world.start_bot()
    assert len(model.requests) == asked


async def test_commands_are_synced_only_when_they_changed(world: World) -> None:
    def syncs() -> int:
        return sum(
            request.method == "PUT" and request.path.endswith("/commands")
            for request in world.env.http_requests
        )

    assert syncs() == 1
    await world.start_bot()
    assert syncs() == 1


async def test_the_bot_asks_for_no_more_than_it_needs(world: World) -> None:
    on = {name for name, value in world.env.bot.intents if value}
    assert on == {"guilds", "guild_messages", "dm_messages", "message_content"}
    quiet = world.env.bot.allowed_mentions
    assert quiet is not None
    assert quiet.to_dict()["parse"] == []


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_greeting_where_the_bot_may_not_write_is_no_alarm(
    world: World, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    thread = await mention(world, "hello")
    before = said(thread)
    world.env.inject_error(
        "POST", f"/channels/{thread.id}/messages", status=403, code=50013, times=None
    )
    await world.members["Mei"].send(thread, world.bot_mention)
    assert said(thread) == before
    assert alarms(caplog) == []


async def test_an_interaction_that_expired_is_one_line_and_no_alarm(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, times=1)
    await world.members["Mei"].slash(world.channel, "persona show")
    told = [record for record in caplog.records if record.name == "cogs.errors"]
    assert [(record.levelname, record.message) for record in told] == [
        ("INFO", "interaction expired")
    ]
    assert alarms(caplog) == []
