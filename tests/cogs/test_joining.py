"""A private thread that others were let into is answered in as a public one, for good."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from simcord.backend.serializers import message_payload
from simcord.enums import MessageType

from bot.sandbox.world import World
from cogs.conversation.addressing import is_direct
from persona.settings import PersonalizationSettings
from tests.cogs.test_chat import said
from tests.cogs.test_persona import answering, learn
from tests.cogs.test_turns import write
from tests.conftest import OpenWorld
from tests.support.buttons import answers, press
from tests.support.model import Call, Hold, Late, Say, ScriptedModel, proposal, updates
from tests.support.waiting import until

NAME = proposal("demographics.name", "Mei", 1, "I am Mei")
HIKING = proposal("personality.values_and_interests", "hiking", 1, "I love hiking", op="add_item")


@pytest.fixture
async def known(world: World, model: ScriptedModel) -> World:
    """A world in which the bot knows Mei, and opens private threads."""
    await learn(world, model)
    await world.services.guilds.set_threads(world.guild.id, "private")
    return world


async def opened(world: World, who: str = "Mei") -> simcord.ChannelHandle:
    before = {thread.id for thread in world.channel.threads}
    await world.members[who].slash(world.channel, "chat new")
    (thread,) = [thread for thread in world.channel.threads if thread.id not in before]
    return thread


async def knows(
    world: World, model: ScriptedModel, thread: simcord.ChannelHandle, who: str = "Mei"
) -> tuple[bool, bool]:
    """Whether the next answer may use the name, and what is for the person alone."""
    await world.members[who].send(thread, f"{world.bot_mention} what shall I do?")
    prompt = str(model.requests[-1]["messages"])
    return "Mei" in prompt, "hiking" in prompt


def notice(world: World, thread: simcord.ChannelHandle, by: str, added: str) -> None:
    """What Discord posts when `by` adds `added`: no more is told without the members intent."""
    world.guild.create_system_message(
        thread,
        MessageType.RECIPIENT_ADD,
        author=world.members[by],
        recipient=world.members[added],
    )


def joined(world: World, thread: simcord.ChannelHandle, who: str = "Tom") -> None:
    """Let Discord count one more the next time it tells of the thread; now it says nothing."""
    members = world.env.backend.get_thread(thread.id).thread_members
    members[world.members[who].id] = world.env.backend.now_iso()


def left(world: World, thread: simcord.ChannelHandle, who: str = "Tom") -> None:
    del world.env.backend.get_thread(thread.id).thread_members[world.members[who].id]


async def test_alone_with_the_bot_everything_is_used(known: World, model: ScriptedModel) -> None:
    thread = await opened(known)
    assert await knows(known, model, thread) == (True, True)
    await known.start_bot()
    assert await knows(known, model, thread) == (True, True)


async def test_the_line_about_the_opener_herself_changes_nothing(
    known: World, model: ScriptedModel
) -> None:
    thread = await opened(known)
    notice(known, thread, "Mei", "Mei")
    await known.env.settle()
    assert await knows(known, model, thread) == (True, True)


async def test_somebody_added_reads_along_also_after_a_restart(
    known: World, model: ScriptedModel
) -> None:
    thread, other = await opened(known), await opened(known)
    notice(known, thread, "Mei", "Tom")
    await known.env.settle()
    assert await knows(known, model, thread) == (True, False)
    await known.start_bot()
    assert await knows(known, model, thread) == (True, False)
    assert await knows(known, model, other) == (True, True)


async def test_somebody_who_writes_takes_part_though_not_to_the_bot(
    known: World, model: ScriptedModel
) -> None:
    thread = await opened(known)
    asked = len(model.requests)
    # At once, so that the answer to Mei may be begun while Tom's message is looked at.
    backend = known.env.backend
    backend.create_message(thread.id, known.members["Tom"].id, "hello Mei")
    backend.create_message(thread.id, known.members["Mei"].id, "what shall I do?")
    await known.env.settle()
    assert len(model.requests) == asked + 1
    prompt = str(model.requests[-1]["messages"])
    assert "Mei" in prompt
    assert "hiking" not in prompt
    assert "hello Mei" not in prompt


async def test_another_bot_that_writes_reads_too(known: World, model: ScriptedModel) -> None:
    thread = await opened(known)
    other = known.guild.add_member(known.env.create_user("OtherBot", bot=True))
    known.env.backend.create_message(thread.id, other.id, "beep")
    await known.env.settle()
    assert await knows(known, model, thread) == (True, False)


async def test_a_guest_is_never_alone_in_anothers_thread(
    known: World, model: ScriptedModel
) -> None:
    """Tom opened it; of Mei, who knows nothing of who else is there, only safe slots are used."""
    thread = await opened(known, "Tom")
    joined(known, thread, "Mei")
    assert await knows(known, model, thread) == (True, False)


async def test_a_private_thread_that_the_bot_did_not_open_counts_as_read_along(
    known: World, model: ScriptedModel
) -> None:
    made = known.env.backend.create_thread(
        known.channel.id,
        "ours",
        known.members["Mei"].id,
        type=discord.ChannelType.private_thread.value,
    )
    assert await knows(known, model, known.thread(made.id)) == (True, False)


async def test_members_counted_by_an_event_are_kept_though_they_leave(
    known: World, model: ScriptedModel
) -> None:
    thread = await opened(known)
    joined(known, thread)
    known.env.backend.edit_channel(thread.id, {"name": "renamed"})
    await known.env.settle()
    left(known, thread)
    await known.start_bot()
    assert await knows(known, model, thread) == (True, False)


async def test_members_counted_when_the_bot_connects_are_kept(
    known: World, model: ScriptedModel
) -> None:
    thread = await opened(known)
    joined(known, thread)
    await known.start_bot()
    assert await knows(known, model, thread) == (True, False)
    left(known, thread)
    await known.start_bot()
    assert await knows(known, model, thread) == (True, False)


async def test_an_archived_thread_that_is_fetched_is_counted(
    known: World, model: ScriptedModel
) -> None:
    thread = await opened(known)
    joined(known, thread)
    guild = known.env.bot.get_guild(known.guild.id)
    assert guild is not None
    del guild._threads[thread.id]
    assert await knows(known, model, thread) == (True, False)


@pytest.mark.parametrize("minutes", [1, 60])
async def test_who_wrote_while_the_bot_was_away_takes_part(
    known: World, model: ScriptedModel, minutes: int
) -> None:
    thread, other = await opened(known), await opened(known)
    joined(known, thread)
    tom = known.members["Tom"].id
    known.env.backend.create_message(thread.id, tom, "hello Mei", broadcast=False)
    left(known, thread)
    await known.advance(timedelta(minutes=minutes))
    await known.start_bot()
    await known.env.settle()
    assert await knows(known, model, thread) == (True, False)
    assert await knows(known, model, other) == (True, True)


async def test_what_waits_is_answered_for_who_joined_meanwhile(
    known: World, model: ScriptedModel
) -> None:
    thread = await opened(known)
    late = Late(Say(("too late",)))
    model.acts = []
    model.script(late, Say(("Later",)))
    known.env.backend.create_message(thread.id, known.members["Mei"].id, "what shall I do?")
    await asyncio.wait_for(late.begun.wait(), 10)
    assert "hiking" in str(model.requests[-1]["messages"])
    tom = known.members["Tom"].id
    known.env.backend.create_message(thread.id, tom, "hello Mei", broadcast=False)
    await known.env.bot.close()
    await known.start_bot()
    await known.env.settle()
    assert "what shall I do?" in str(model.requests[-1]["messages"])
    assert "hiking" not in str(model.requests[-1]["messages"])


@pytest.mark.parametrize("resumed", [False, True])
async def test_who_wrote_while_the_connection_was_broken_takes_part(
    known: World, model: ScriptedModel, resumed: bool
) -> None:
    """Where it is resumed, Discord tells all that was said; what it told of is not read again."""
    thread = await opened(known)
    await knows(known, model, thread)
    known.env.bot.dispatch("disconnect")
    await known.env.settle()
    await known.advance(timedelta(minutes=60))
    tom = known.members["Tom"].id
    known.env.backend.create_message(thread.id, tom, "hello Mei", broadcast=False)
    await known.advance(timedelta(minutes=60))
    if resumed:
        known.env.bot.dispatch("resumed")
        await known.env.settle()
    known.env.bot.dispatch("ready")
    await known.env.settle()
    assert await knows(known, model, thread) == (True, resumed)


async def test_who_writes_in_a_thread_that_is_not_in_the_cache_is_noticed(
    known: World, model: ScriptedModel
) -> None:
    thread = await opened(known)
    guild = known.env.bot.get_guild(known.guild.id)
    assert guild is not None
    del guild._threads[thread.id]
    known.env.backend.create_message(thread.id, known.members["Tom"].id, "hello")
    await known.env.settle()
    await known.start_bot()
    assert await knows(known, model, thread) == (True, False)


async def test_a_mention_adds_somebody_only_if_its_author_may_invite(
    known: World, model: ScriptedModel
) -> None:
    tom = known.members["Tom"].mention
    thread = await opened(known)
    metadata = known.env.backend.get_thread(thread.id).thread_metadata
    assert metadata is not None
    for invitable in (False, True):
        # SimCord keeps nothing of how the bot opened it: not invitable.
        metadata.invitable = invitable
        await known.start_bot()
        await known.members["Mei"].send(thread, f"do you know {tom}?")
        assert await knows(known, model, thread) == (True, not invitable)


async def test_the_bots_own_words_add_nobody(known: World, model: ScriptedModel) -> None:
    thread = await opened(known)
    backend = known.env.backend
    backend.create_message(thread.id, backend.bot_user.id, known.members["Tom"].mention)
    await known.env.settle()
    assert await knows(known, model, thread) == (True, True)


@pytest.mark.parametrize("strategy", ["retrieval", "full_history"])
async def test_past_turns_stay_out_of_shared_threads(
    new_world: OpenWorld, model: ScriptedModel, strategy: Any
) -> None:
    world = await new_world(personalization=PersonalizationSettings(strategy=strategy))
    await learn(world, model)
    await world.services.guilds.set_threads(world.guild.id, "private")
    thread, alone = await opened(world), await opened(world)
    notice(world, thread, "Mei", "Tom")
    await world.env.settle()
    for place, used in ((thread, False), (alone, True)):
        await world.members["Mei"].send(place, "what do I love?")
        assert ("hiking" in str(model.requests[-1]["messages"])) is used


async def comes(world: World, thread: simcord.ChannelHandle, who: str = "Tom") -> None:
    """Let Discord tell, while an answer is written, that Mei added `who`; it is noted."""
    backend, mei = world.env.backend, world.members["Mei"].id
    joined(world, thread, who)
    backend.create_system_message(
        thread.id, MessageType.RECIPIENT_ADD, mei, recipient_id=world.members[who].id
    )
    await until(lambda: world.services.sharing.noted(thread.id))


@pytest.mark.parametrize("begun", [False, True])
async def test_who_comes_while_an_answer_is_written_reads_nothing_private_in_it(
    known: World, model: ScriptedModel, begun: bool
) -> None:
    thread = await opened(known)
    late: Late | Hold = Late(Say(("Since you love hiking: hike.",)))
    if begun:
        late = Hold("Let me see. ", "Since you love hiking: hike.")
    model.acts = []
    model.script(late, Say(("Have a tea.",)))
    write(known, "what shall I do?", thread)
    await asyncio.wait_for(late.begun.wait(), 10)
    if begun:
        await until(lambda: "Let me see." in str(said(thread)))
    assert "hiking" in str(model.requests[-1]["messages"])
    await comes(known, thread)
    late.release.set()
    await known.env.settle()
    assert said(thread)[-1] == "Have a tea."
    assert "hiking" not in str(said(thread))
    assert "Let me see." not in str(said(thread))
    prompt = str(model.requests[-1]["messages"])
    assert "Mei" in prompt
    assert "hiking" not in prompt


async def test_who_comes_while_an_answer_is_written_anew_reads_nothing_private_in_it(
    known: World, model: ScriptedModel
) -> None:
    thread, mei = await opened(known), known.members["Mei"]
    model.acts = []
    model.script(Say(("Rest.",)))
    await mei.send(thread, "what shall I do?")
    late = Late(Say(("Since you love hiking: hike.",)))
    model.script(late, Say(("Have a tea.",)))
    pressing = asyncio.create_task(press(mei, answers(thread)[-1], "🔄"))
    await asyncio.wait_for(late.begun.wait(), 10)
    assert "hiking" in str(model.requests[-1]["messages"])
    await comes(known, thread)
    late.release.set()
    await pressing
    await known.env.settle()
    assert answers(thread)[-1].content == "Have a tea."
    assert "hiking" not in str(said(thread))
    assert "hiking" not in str(model.requests[-1]["messages"])


async def test_a_tool_tells_nothing_private_once_somebody_came(
    known: World, model: ScriptedModel
) -> None:
    thread = await opened(known)
    late = Late(Call("what_do_you_know", "{}"))
    model.acts = []
    model.script(late, Say(("I know your name.",)))
    write(known, "what do you know of me?", thread)
    await asyncio.wait_for(late.begun.wait(), 10)
    await comes(known, thread)
    late.release.set()
    await known.env.settle()
    told = [
        each["content"]
        for request in model.requests
        for each in request["messages"]
        if each["role"] == "tool"
    ]
    assert told
    assert "Mei" in str(told)
    assert "hiking" not in str(told)


async def test_an_erased_opener_leaves_a_thread_that_others_may_read(
    known: World, model: ScriptedModel
) -> None:
    thread = await opened(known)
    services, mei = known.services, known.members["Mei"].id
    assert await services.sharing.alone(thread.id) == mei
    await services.erasure.erase(mei)
    assert await services.sharing.alone(thread.id) is None
    await services.sharing.note(thread.id)
    assert await services.sharing.alone(thread.id) is None


async def test_direct_messages_are_never_shared(world: World, model: ScriptedModel) -> None:
    mei = world.members["Mei"].user
    answering(model, updates(NAME, HIKING))
    await world.services.consent.decide(mei.id, "remember")
    for text in ("I am Mei, I love hiking", "second", "third"):
        await mei.send_dm(text)
        await world.env.advance_time(7200)
    await world.tick()
    await mei.send_dm(f"what about {world.members['Tom'].mention}?")
    assert "hiking" in str(model.requests[-1]["messages"])


async def test_groups_are_no_place_to_talk(world: World, model: ScriptedModel) -> None:
    """Discord lets no bot into one; if it ever did, others would read along."""
    await world.members["Mei"].user.send_dm("hello")
    state, me = world.env.bot._connection, world.env.bot.user
    direct = world.members["Mei"].user.dm_channel
    assert me is not None
    data: Any = {"id": "1", "recipients": [], "owner_id": "2", "name": "us", "icon": None}
    (said, *_) = world.env.backend.messages[direct.id].values()
    payload: Any = message_payload(world.env.backend, said)
    for channel, talks in (
        (discord.GroupChannel(me=me, state=state, data=data), False),
        (discord.DMChannel._from_message(state, direct.id), True),
    ):
        message = discord.Message(state=state, channel=channel, data=payload)
        assert is_direct(message) is talks
