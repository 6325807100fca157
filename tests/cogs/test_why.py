"""An answer's person may ask what it rests on."""

from __future__ import annotations

import simcord

from bot.sandbox.world import World
from cogs.answers import NO_ANSWER
from persona.settings import PersonalizationSettings
from tests.cogs.test_chat import mention
from tests.conftest import OpenWorld
from tests.support.buttons import answers
from tests.support.model import Say, ScriptedModel

WHY = "Why this answer"


async def why(world: World, thread: simcord.ChannelHandle, who: str = "Mei", part: int = 0) -> str:
    result = await world.members[who].context_menu(thread, WHY, answers(thread)[part])
    assert result.ephemeral
    told = [result.response, *result.followups]
    return "\n".join(message.content for message in told if message is not None)


async def known(world: World) -> str:
    """Let the bot know Mei's name and job; return the scope."""
    mei = world.members["Mei"].id
    scope = f"guild:{world.guild.id}"
    await world.services.consent.decide(mei, "remember")
    await world.services.editor.set(mei, scope, "demographics.name", "Mei *Lin*")
    await world.services.editor.set(mei, scope, "demographics.career", "nurse")
    return scope


async def private(world: World) -> simcord.ChannelHandle:
    """A private thread of Mei's in which she was answered."""
    await world.services.guilds.set_threads(world.guild.id, "private")
    await world.members["Mei"].slash(world.channel, "chat new")
    thread = world.channel.threads[0]
    await world.members["Mei"].send(thread, "hello")
    return thread


async def test_it_names_the_slots_in_the_prompt_and_what_they_hold(
    world: World, model: ScriptedModel
) -> None:
    await known(world)
    thread = await private(world)
    told = await why(world, thread, part=1)
    assert "- Name: Mei \\*Lin\\*" in told
    assert "nurse" in told
    assert "Written by qwen3:8b: 10 tokens read, 5 written." in told


async def test_where_others_read_along_it_says_what_was_left_out(world: World) -> None:
    await known(world)
    thread = await mention(world, "hello")
    told = await why(world, thread)
    assert "- Name: Mei" in told
    assert "nurse" not in told
    assert "Others can read along" in told


async def test_what_was_forgotten_since_is_not_told(world: World) -> None:
    scope = await known(world)
    thread = await mention(world, "hello")
    await world.start_bot()
    mei = world.members["Mei"].id
    persona = await world.services.personas.load(mei, scope)
    for item in persona.items:
        await world.services.editor.forget(mei, scope, item.item_id)
    told = await why(world, thread)
    assert "- Name: not known any more" in told
    assert "Lin" not in told


async def test_it_says_that_nothing_was_agreed(world: World) -> None:
    thread = await mention(world, "hello")
    assert "you have not agreed" in await why(world, thread)


async def test_it_says_that_nothing_is_known(world: World) -> None:
    await world.services.consent.decide(world.members["Mei"].id, "remember")
    thread = await private(world)
    assert "I know nothing about you here yet" in await why(world, thread, part=1)


async def test_it_says_that_the_operator_wants_it_so(new_world: OpenWorld) -> None:
    world = await new_world(personalization=PersonalizationSettings(strategy="none"))
    thread = await mention(world, "hello")
    assert "I answer everybody alike" in await why(world, thread)


async def test_every_part_of_an_answer_knows(world: World, model: ScriptedModel) -> None:
    model.script(Say(("word " * 900,)))
    thread = await mention(world, "hello")
    assert len(answers(thread)) > 1
    told = [await why(world, thread, part=part) for part in range(len(answers(thread)))]
    assert len(set(told)) == 1


async def test_others_are_told_nothing(world: World) -> None:
    await known(world)
    thread = await mention(world, "hello")
    assert await why(world, thread, "Tom") == "That answer was for somebody else."


async def test_other_messages_are_no_answers(world: World) -> None:
    thread = await mention(world, "hello")
    mei = world.members["Mei"]
    message = await mei.send(thread, "and this?")
    result = await mei.context_menu(thread, WHY, message)
    told = [result.response, *result.followups]
    assert [item.content for item in told if item is not None][-1] == NO_ANSWER
