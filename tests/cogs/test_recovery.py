"""What was said while the bot was away is answered once, in order, and not after too long."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import simcord

from bot.sandbox.world import World
from cogs.forgetting import forget
from cogs.settings import DiscordSettings
from tests.cogs.test_chat import mention, prompts, said
from tests.cogs.test_turns import write
from tests.conftest import OpenWorld
from tests.support.model import Late, Say, ScriptedModel
from tests.support.stores import change, rows


def unheard(world: World, place: simcord.ChannelHandle, text: str, who: str = "Mei") -> None:
    """Somebody writes while the bot does not listen."""
    world.env.backend.create_message(place.id, world.members[who].id, text, broadcast=False)


class Download:
    """Files that are sent take as long to download as a test wants."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.release = asyncio.Event(), asyncio.Event()
        self._world = world
        self._patch = monkeypatch
        monkeypatch.setattr("discord.Attachment.read", self._read)

    async def _read(self, *_: object) -> bytes:
        self.begun.set()
        await self._world.env.external_wait(self.release.wait(), reason="the download")
        return b"notes"

    async def begin(self, place: simcord.ChannelHandle, text: str) -> None:
        """Mei writes with a file, and its download begins."""
        backend = self._world.env.backend
        files = backend.store_attachments(place.id, [("notes.txt", b"notes")])
        mei = self._world.members["Mei"].id
        backend.create_message(place.id, mei, text, attachments=files)
        async with asyncio.timeout(10):
            await self.begun.wait()


async def test_what_was_missed_in_a_thread_is_answered_together(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    unheard(world, thread, "while you were away")
    unheard(world, thread, "and then some")
    asked = len(model.requests)
    model.script(Say(("Here I am",)))
    await world.start_bot()
    await world.env.settle()
    last = prompts(model)[-1]
    assert last.index("while you were away") < last.index("and then some")
    assert said(thread)[-1] == "Here I am"
    answered = len(model.requests)
    assert answered > asked
    await world.start_bot()
    await world.env.settle()
    assert len(model.requests) == answered


async def test_so_is_what_was_missed_in_direct_messages(world: World, model: ScriptedModel) -> None:
    mei = world.members["Mei"].user
    await mei.send_dm("hello")
    unheard(world, mei.dm_channel, "while you were away")
    model.script(Say(("Here I am",)))
    await world.start_bot()
    await world.env.settle()
    assert said(mei.dm_channel)[-1] == "Here I am"


async def test_a_guest_who_mentioned_the_bot_is_answered_too(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    unheard(world, thread, f"{world.bot_mention} and me?", "Tom")
    unheard(world, thread, "not for the bot", "Tom")
    model.script(Say(("Hi Tom",)))
    await world.start_bot()
    await world.env.settle()
    assert said(thread)[-1].startswith("Hi Tom") or "Hi Tom" in said(thread)
    assert not any("not for the bot" in prompt for prompt in prompts(model))


async def test_what_waited_too_long_stays_unanswered(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "first")
    unheard(world, thread, "while you were away")
    await world.advance(timedelta(minutes=16))
    asked = len(model.requests)
    await world.start_bot()
    await world.env.settle()
    assert len(model.requests) == asked


async def test_what_was_erased_was_not_missed(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "a word to forget")
    mei = world.members["Mei"]
    question = (await mei.slash(thread, "persona reset")).response
    assert question is not None
    await mei.click(question, label="Erase everything")
    asked = len(model.requests)
    await world.advance(timedelta(seconds=30))
    await world.start_bot()
    await world.env.settle()
    assert len(model.requests) == asked


async def kept(world: World) -> list[tuple[object, ...]]:
    return await rows(world.services.database, "SELECT message_id FROM messages")


async def test_what_was_erased_before_its_answer_began_was_not_missed(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    late = Late(Say(("too late",)))
    model.script(late)
    write(world, "a word to forget", thread)
    await asyncio.wait_for(late.begun.wait(), 10)
    proof = await forget(world.env.bot, world.members["Mei"].id)
    assert (proof.left, proof.erased["answers_broken_off"]) == ({}, 1)
    asked = len(model.requests)
    await world.start_bot()
    await world.env.settle()
    assert len(model.requests) == asked
    assert await kept(world) == []


async def test_what_was_erased_before_its_file_was_read_was_not_missed(
    world: World, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = await mention(world, "first")
    with monkeypatch.context() as patch:
        await Download(world, patch).begin(thread, "a word to forget")
        await forget(world.env.bot, world.members["Mei"].id)
    await world.start_bot()
    await world.env.settle()
    assert not any("a word to forget" in prompt for prompt in prompts(model))
    assert await kept(world) == []


async def test_a_message_whose_file_was_being_read_at_the_end_is_answered_later(
    world: World, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when others were answered since, and what was said before it in the same place."""
    thread = await mention(world, "first")
    late = Late(Say(("The second answer",)))
    model.script(late, Say(("Hello",)))
    write(world, "second", thread)
    await asyncio.wait_for(late.begun.wait(), 10)
    with monkeypatch.context() as patch:
        await Download(world, patch).begin(thread, "read this")
        late.release.set()
        await mention(world, "something else", "Tom")
        assert "The second answer" in said(thread)
    await world.start_bot()
    await world.env.settle()
    assert sum("read this" in prompt for prompt in prompts(model)) == 1
    assert said(thread)[-1] == "Hello"


async def test_a_conversation_that_was_ended_and_deleted_was_not_missed(
    world: World, model: ScriptedModel
) -> None:
    """Its author wanted nothing kept, and no answer was possible."""
    mei = world.members["Mei"]
    await world.services.consent.decide(mei.id, "chat_only")
    thread = await mention(world, "first")
    path = f"/channels/{thread.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50013, times=2)
    await mei.send(thread, "second")
    await mei.slash(thread, "chat end")
    assert await kept(world) == []
    asked = len(model.requests)
    await world.start_bot()
    await world.env.settle()
    assert len(model.requests) == asked
    assert await kept(world) == []


async def test_a_thread_that_cannot_be_read_keeps_nobody_else_waiting(
    world: World, model: ScriptedModel
) -> None:
    hidden = await mention(world, "first")
    open_thread = await mention(world, "second")
    for thread in (hidden, open_thread):
        unheard(world, thread, "while you were away")
    world.env.inject_error(
        "GET", f"/channels/{hidden.id}/messages", status=403, code=50001, times=None
    )
    model.script(Say(("Here I am",)))
    await world.start_bot()
    await world.env.settle()
    assert "Here I am" in said(open_thread)
    assert "Here I am" not in said(hidden)


async def test_where_mentions_are_asked_for_they_are_after_a_start_too(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world(discord=DiscordSettings(trigger="mention"))
    thread = await mention(world, "first")
    unheard(world, thread, "not for the bot")
    unheard(world, thread, f"{world.bot_mention} while you were away")
    model.script(Say(("Here I am",)))
    asked = len(model.requests)
    await world.start_bot()
    await world.env.settle()
    assert said(thread)[-1] == "Here I am" or "Here I am" in said(thread)
    assert len(model.requests) == asked + 1


async def test_an_answer_that_was_begun_but_not_noted_is_written_over(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    turn = world.channel.history()[0].id
    backend = world.env.backend
    begun = backend.create_message(
        thread.id,
        backend.bot_user.id,
        "Half an",
        components=[
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 2, "label": "Stop", "custom_id": f"rapport:stop:{turn}"}
                ],
            }
        ],
        broadcast=False,
    )
    await change(world.services.database, "UPDATE messages SET state = 'waiting'")
    await change(world.services.database, "DELETE FROM answer_parts")
    await change(world.services.database, "DELETE FROM messages WHERE author = 'bot'")
    model.script(Say(("A whole answer",)))
    await world.start_bot()
    await world.env.settle()
    shown = {message.id: message.content for message in thread.history()}
    assert shown[begun.id] == "A whole answer"
    assert list(shown.values()).count("A whole answer") == 1
