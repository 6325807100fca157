"""Messages edited or deleted on Discord, end to end: what was kept of them follows."""

from __future__ import annotations

import logging
from typing import Any

import discord
import pytest

from bot.sandbox.world import World
from tests.cogs.test_chat import mention
from tests.cogs.test_persona import agree, answering, learn, talk
from tests.cogs.test_turns import events
from tests.support.model import ScriptedModel, proposal, updates
from tests.support.stores import change, rows

SAID = "I am Mei, be short, I love hiking"
PENDING = {"Mei": "pending", "short answers": "pending", "hiking": "pending"}
ACTIVE = dict.fromkeys(PENDING, "active")


@pytest.fixture
async def learned(world: World, model: ScriptedModel) -> World:
    """A world in which three values were learned from one message, and the bot was restarted."""
    await learn(world, model)
    await world.start_bot()
    assert await known(world) == ACTIVE
    return world


async def known(world: World) -> dict[str, str]:
    """Return what is known of Mei, and whether it is used."""
    persona = await world.services.personas.load(world.members["Mei"].id, f"guild:{world.guild.id}")
    return {item.value: item.status for item in persona.items}


async def texts(world: World) -> dict[int, str]:
    """Return what is kept of what people said, by message."""
    services, found = world.services, {}
    for person, message_id, sealed in await rows(
        services.database,
        "SELECT person_id, message_id, text_sealed FROM messages WHERE author = 'person'",
    ):
        access = await services.personas.access(person, f"guild:{world.guild.id}")
        found[message_id] = access.key.open(sealed, context=f"messages:{message_id}")
    return found


def first_message(world: World) -> discord.Message:
    return next(message for message in world.channel.history() if SAID in message.content)


async def test_what_was_edited_away_is_not_used_any_more(learned: World) -> None:
    message = first_message(learned)
    mention = learned.bot_mention
    await learned.members["Mei"].edit(message, f"{mention} I am Mei, but <@{message.author.id}>")
    assert await known(learned) == PENDING | {"Mei": "active"}
    assert (await texts(learned))[message.id] == "I am Mei, but @Mei"
    await learned.members["Mei"].edit(message, f"{mention} never mind")
    assert await known(learned) == PENDING


async def test_an_edit_that_adds_a_word_costs_nothing(learned: World) -> None:
    message = first_message(learned)
    await learned.members["Mei"].edit(message, f"{learned.bot_mention} Well, {SAID}!")
    assert await known(learned) == ACTIVE
    assert (await texts(learned))[message.id] == f"Well, {SAID}!"


async def test_what_was_deleted_is_deleted_here_too(learned: World) -> None:
    message = first_message(learned)
    await learned.members["Mei"].delete(message)
    assert await known(learned) == PENDING
    assert message.id not in await texts(learned)
    assert await rows(learned.services.database, "SELECT quote_sealed FROM evidence") == []


async def test_many_messages_deleted_at_once_are_all_deleted(
    world: World, model: ScriptedModel
) -> None:
    name = proposal("demographics.name", "Mei", 1, "I am Mei")
    chess = proposal("personality.values_and_interests", "chess", 3, "I love chess", op="add_item")
    answering(model, updates(name, chess))
    thread = await agree(world)
    mei = world.members["Mei"]
    messages = [await mei.send(thread, text) for text in ("I love chess", "a", "b")]
    for text in ("second", "third"):
        await talk(world, text)
    await world.tick()
    answers = [message for message in thread.history() if message.content == "Hello"]
    assert "chess" in await known(world)
    before = await texts(world)
    ids = [message.id for message in (*messages, answers[-1])]
    world.env.backend.bulk_delete_messages(thread.id, ids)
    await world.env.settle()
    assert set(before) - set(await texts(world)) == {message.id for message in messages}
    assert (await known(world))["chess"] == "pending"
    assert (
        await rows(
            world.services.database,
            "SELECT * FROM messages WHERE message_id = :id",
            id=answers[-1].id,
        )
        == []
    )


async def test_what_was_deleted_in_direct_messages_is_deleted_here_too(
    world: World, model: ScriptedModel
) -> None:
    mei = world.members["Mei"].user
    await mei.send_dm("my secret is apricots")
    message = next(each for each in mei.dm_channel.history() if "apricots" in each.content)
    await mei.delete(message)
    assert (
        await rows(world.services.database, "SELECT * FROM messages WHERE author = 'person'") == []
    )


@pytest.mark.parametrize("change", [{"embeds": [{"title": "A page"}]}, {"content": ""}])
async def test_previews_of_links_and_the_like_are_no_edits(
    learned: World, change: dict[str, Any]
) -> None:
    """Where content is not the bot's to read, Discord sends none."""
    message = first_message(learned)
    before = await texts(learned)
    seen: list[tuple[str, Any]] = events(learned)
    learned.env.backend.announce_message_create(
        learned.env.backend.get_message(learned.channel.id, message.id)
    )
    _, payload = next(event for event in seen if event[0] == "MESSAGE_CREATE")
    learned.env.backend.emit("MESSAGE_UPDATE", payload | change)
    await learned.env.settle()
    assert await texts(learned) == before
    assert await known(learned) == ACTIVE


async def test_others_change_nothing_by_correcting_themselves(learned: World) -> None:
    tom = learned.members["Tom"]
    message = await tom.send(learned.channel, SAID)
    await tom.edit(message, "nothing")
    await tom.delete(message)
    other = learned.guild.add_member(learned.env.create_user("OtherBot", bot=True))
    posted = await other.send(learned.channel, SAID)
    await other.edit(posted, "nothing")
    await other.delete(posted)
    assert await known(learned) == ACTIVE
    assert SAID in (await texts(learned)).values()


@pytest.mark.parametrize("act", ["edit", "delete"])
async def test_a_correction_that_comes_while_the_message_is_stored_counts(
    world: World, model: ScriptedModel, act: str
) -> None:
    thread = await mention(world, "first")
    backend, mei = world.env.backend, world.members["Mei"]
    message = backend.create_message(thread.id, mei.id, "my secret is apricots")
    if act == "edit":
        backend.edit_message(thread.id, message.id, {"content": "never mind"})
    else:
        backend.delete_message(thread.id, message.id)
    await world.env.settle()
    assert (await texts(world)).get(message.id) == ("never mind" if act == "edit" else None)


async def test_a_deletion_while_a_mention_opens_its_thread_counts(
    world: World, model: ScriptedModel
) -> None:
    backend, mei = world.env.backend, world.members["Mei"]
    message = backend.create_message(
        world.channel.id, mei.id, f"{world.bot_mention} my secret is apricots"
    )
    payload = {"id": str(message.id), "channel_id": str(world.channel.id)}
    backend.emit("MESSAGE_DELETE", payload | {"guild_id": str(world.guild.id)})
    await world.env.settle()
    assert len(world.channel.threads) == 1
    assert await texts(world) == {}


async def test_a_failure_is_logged_without_text_and_stops_nothing(
    learned: World, caplog: pytest.LogCaptureFixture
) -> None:
    message, database = first_message(learned), learned.services.database
    await change(database, "ALTER TABLE evidence RENAME TO gone")
    await learned.members["Mei"].delete(message)
    (record,) = [each for each in caplog.records if each.message == "message not corrected"]
    assert record.levelno == logging.ERROR
    assert vars(record)["message_id"] == message.id
    assert "hiking" not in caplog.text
    await change(database, "ALTER TABLE gone RENAME TO evidence")
    await learned.members["Mei"].delete(await mei_says(learned, "hello"))


async def mei_says(world: World, text: str) -> discord.Message:
    message: discord.Message = await world.members["Mei"].send(world.channel, text)
    return message


async def test_a_deleted_thread_ends_its_conversation_and_keeps_what_was_said(
    world: World, model: ScriptedModel
) -> None:
    thread = await agree(world)
    kept = await texts(world)
    world.env.backend.delete_channel(thread.id)
    await world.env.settle()
    assert await texts(world) == kept != {}


async def test_forwarded_messages_are_nobodys_words_here(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    asked = len(model.requests)
    tom = world.members["Tom"]
    theirs = await tom.send(world.channel, "I am Tom and I love sailing")
    mei = world.members["Mei"]
    forwarded = await mei.forward(theirs, thread)
    assert forwarded.message_snapshots[0].content == "I am Tom and I love sailing"
    await mei.forward(theirs, mei.user.dm_channel)
    assert len(model.requests) == asked + 2
    assert (
        model.requests[-1]["messages"][-1]["content"] == 'Forwarded: "I am Tom and I love sailing"'
    )
    query = "SELECT tokens FROM messages WHERE author = 'person' ORDER BY message_id"
    assert [tokens for (tokens,) in await rows(world.services.database, query)][1:] == [4, 4]
    kept = await rows(world.services.database, "SELECT text_sealed FROM messages")
    await tom.edit(theirs, "I am Tom and I love rowing")
    assert await rows(world.services.database, "SELECT text_sealed FROM messages") == kept
