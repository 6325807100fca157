"""What was asked while an answer is written is answered, whatever becomes of the conversation."""

from __future__ import annotations

import asyncio

import pytest
import simcord

from bot.sandbox.world import World
from cogs.forgetting import forget
from persona.turns import Turn
from tests.cogs.test_chat import mention, prompts, said
from tests.cogs.test_turns import write
from tests.support.buttons import answers, shown
from tests.support.model import Hold, Say, ScriptedModel, proposal, updates
from tests.support.stores import rows
from tests.support.waiting import until

NOTE = "-# Incognito: I keep nothing of this conversation. `/privacy incognito` ends it."


async def begun(world: World, model: ScriptedModel) -> tuple[Hold, simcord.ChannelHandle]:
    """A first answer that is being written, in a thread where a second question waits."""
    held = Hold("The first sentence. ", "And the rest.")
    model.script(held, Say(("The second answer.",)))
    write(world, "tell me")
    await until(lambda: bool(world.channel.threads) and bool(answers(world.channel.threads[0])))
    thread = world.channel.threads[0]
    write(world, "and a second question", thread)
    await until_waiting(world, 2)
    return held, thread


async def until_waiting(world: World, number: int) -> None:
    async with asyncio.timeout(10):
        while await waiting(world) != number:  # noqa: ASYNC110 - the store sets no event
            await asyncio.sleep(0.02)


async def waiting(world: World) -> int:
    states = await rows(world.services.database, "SELECT state FROM messages")
    return states.count(("waiting",))


async def texts(world: World) -> list[str]:
    """What is kept of what Mei said, sorted."""
    found = await world.services.records.conversations(world.members["Mei"].id)
    lines = [line for conversation in found for line in conversation["messages"]]
    return sorted(line["text"] for line in lines if line["author"] == "you")


async def until_texts(world: World, expected: list[str]) -> None:
    async with asyncio.timeout(10):
        while await texts(world) != expected:  # noqa: ASYNC110 - the store sets no event
            await asyncio.sleep(0.02)


async def attached(world: World) -> int:
    return len(await rows(world.services.database, "SELECT kind FROM attachments"))


async def quotes(world: World) -> int:
    return len(await rows(world.services.database, "SELECT quote_sealed FROM evidence"))


async def until_incognito(world: World, thread: simcord.ChannelHandle) -> None:
    async with asyncio.timeout(10):
        while not await world.services.incognito.is_on(  # noqa: ASYNC110 - as above
            world.members["Mei"].id, thread.id
        ):
            await asyncio.sleep(0.02)


def replies(thread: simcord.ChannelHandle) -> list[str]:
    return [content for content in said(thread) if not content.startswith("**")]


@pytest.mark.parametrize("agreed", [False, True])
@pytest.mark.parametrize("how", ["end", "archive", "incognito", "reset", "withdraw"])
async def test_a_conversation_that_closes_takes_no_question_with_it(
    world: World, model: ScriptedModel, how: str, agreed: bool
) -> None:
    mei, services = world.members["Mei"], world.services
    if agreed:
        await services.consent.decide(mei.id, "remember")
    held, thread = await begun(world, model)
    scope = f"guild:{world.guild.id}"
    match how:
        case "end":
            await services.closing.person(mei.id, thread.id)
        case "archive":
            await services.closing.thread(thread.id, "archived")
        case "incognito":
            await services.incognito.begin(mei.id, thread.id, scope)
        case "reset":
            await services.personas.reset(mei.id, scope)
        case _:
            await services.consent.withdraw(mei.id)
    held.release.set()
    await world.env.settle()
    first, second = replies(thread)
    assert first == "The first sentence. And the rest."
    assert second.removesuffix(f"\n\n{NOTE}") == "The second answer."
    assert len(model.requests) == 2
    assert await waiting(world) == 0


@pytest.mark.parametrize("agreed", [False, True])
async def test_what_was_asked_before_incognito_began_is_not_kept_after_it(
    world: World, model: ScriptedModel, agreed: bool
) -> None:
    mei = world.members["Mei"]
    if agreed:
        await world.services.consent.decide(mei.id, "remember")
    held, thread = await begun(world, model)
    typing = asyncio.create_task(mei.slash(thread, "privacy incognito"))
    await until_incognito(world, thread)
    held.release.set()
    await typing
    await world.env.settle()
    assert replies(thread)[-1] == f"The second answer.\n\n{NOTE}"
    assert "tell me" not in prompts(model)[-1]
    # The answer that was under way belongs to the conversation before.
    kept = "SELECT author, state FROM messages ORDER BY message_id"
    before = [("person", "answered"), ("bot", None)] if agreed else []
    assert await rows(world.services.database, kept) == before


async def test_what_was_learned_of_what_waited_when_incognito_began_does_not_count(
    world: World, model: ScriptedModel
) -> None:
    mei, scope = world.members["Mei"], f"guild:{world.guild.id}"
    await world.services.consent.decide(mei.id, "remember")
    thread = await mention(world, "hello")
    held = Hold("The first sentence. ", "And the rest.")
    interests = "personality.values_and_interests"
    tea = proposal(interests, "green tea", 4, "I love green tea", op="add_item")
    model.script(held, updates(tea), Say(("The second answer.",)))
    write(world, "tell me", thread)
    await asyncio.wait_for(held.begun.wait(), 10)
    write(world, "I love green tea", thread)
    await until_waiting(world, 2)
    await world.services.incognito.begin(mei.id, thread.id, scope)
    await world.services.learner.learn_now(mei.id, scope)
    assert await quotes(world) == 1
    held.release.set()
    await world.env.settle()
    assert await texts(world) == ["hello", "tell me"]
    assert await quotes(world) == 0


async def test_what_waited_and_what_comes_once_it_is_incognito_are_answered_together(
    world: World, model: ScriptedModel
) -> None:
    mei = world.members["Mei"]
    await world.services.consent.decide(mei.id, "remember")
    held, thread = await begun(world, model)
    await world.services.incognito.begin(mei.id, thread.id, f"guild:{world.guild.id}")
    write(world, "and a third", thread)
    await until(lambda: (mei.id, thread.id) in world.services.incognito._held)
    held.release.set()
    await world.env.settle()
    assert len(model.requests) == 2
    assert model.requests[-1]["messages"][1:] == [
        {"role": "user", "content": "and a second question\n\nand a third"}
    ]
    assert await texts(world) == ["tell me"]


async def test_what_was_asked_incognito_is_answered_after_its_end_and_never_kept(
    world: World, model: ScriptedModel
) -> None:
    mei = world.members["Mei"]
    await mei.slash(world.channel, "chat new")
    thread = world.channel.threads[0]
    await mei.slash(thread, "privacy incognito")
    held = Hold("The first sentence. ", "And the rest.")
    model.script(held, Say(("The second answer.",)))
    write(world, "tell me", thread)
    await until(lambda: "The first sentence." in str(said(thread)))
    first = next(each for each in thread.history() if each.content == "tell me")
    scope = f"guild:{world.guild.id}"
    now = first.created_at
    later = Turn(2**62, mei.id, first.id, thread.id, scope, 0, "", now, incognito=True)
    write(world, "and a second question", thread)
    await until(lambda: len(world.services.incognito.history(later, 10_000)) == 2)
    await world.services.incognito.end(mei.id, thread.id)
    held.release.set()
    await world.env.settle()
    assert "The second answer." in said(thread)[-1]
    assert await rows(world.services.database, "SELECT message_id FROM messages") == []


async def test_a_question_that_was_deleted_is_not_answered(
    world: World, model: ScriptedModel
) -> None:
    held, thread = await begun(world, model)
    asked = thread.history()[-1]
    world.env.backend.delete_message(thread.id, asked.id)
    await until_waiting(world, 1)
    held.release.set()
    await world.env.settle()
    assert replies(thread) == ["The first sentence. And the rest."]


async def test_after_an_erasure_nothing_is_answered_and_no_button_is_left(
    world: World, model: ScriptedModel
) -> None:
    held, thread = await begun(world, model)
    (answer,) = answers(thread)
    assert shown(answer) == ["Stop"]
    proof = await forget(world.env.bot, world.members["Mei"].id)
    assert (proof.left, proof.erased["answers_broken_off"]) == ({}, 2)
    assert held.dropped.is_set()
    await world.env.settle()
    (answer,) = answers(thread)
    assert answer.content.startswith("The first sentence.")
    assert shown(answer) == []
    assert len(model.requests) == 1


async def incognito_begun(world: World, model: ScriptedModel) -> tuple[Hold, simcord.ChannelHandle]:
    """As `begun`, in an incognito conversation."""
    mei = world.members["Mei"]
    await mei.slash(world.channel, "chat new")
    thread = world.channel.threads[0]
    await mei.slash(thread, "privacy incognito")
    held = Hold("The first sentence. ", "And the rest.")
    model.script(held, Say(("The second answer.",)))
    write(world, "tell me", thread)
    await until(lambda: "The first sentence." in str(said(thread)))
    write(world, "and a second question", thread)
    conversation = world.services.incognito._held[mei.id, thread.id]
    await until(lambda: len(conversation.waiting) == 2)
    return held, thread


@pytest.mark.parametrize("how", ["delete", "edit"])
async def test_what_was_taken_back_while_it_waited_incognito_is_not_answered(
    world: World, model: ScriptedModel, how: str
) -> None:
    held, thread = await incognito_begun(world, model)
    asked = thread.history()[-1]
    incognito, mei = world.services.incognito, world.members["Mei"]
    conversation = incognito._held[mei.id, thread.id]
    if how == "delete":
        world.env.backend.delete_message(thread.id, asked.id)
        await until(lambda: asked.id not in conversation.lines)
    else:
        world.env.backend.edit_message(thread.id, asked.id, {"content": "something else"})
        await until(lambda: conversation.lines[asked.id].text == "something else")
    held.release.set()
    await world.env.settle()
    assert not any("a second question" in prompt for prompt in prompts(model))
    assert ["something else" in prompt for prompt in prompts(model)] == (
        [False] if how == "delete" else [False, True]
    )


@pytest.mark.parametrize("lost", [False, True])
async def test_what_was_edited_while_it_waited_is_answered_and_kept_as_it_is_now(
    world: World, model: ScriptedModel, lost: bool
) -> None:
    mei = world.members["Mei"]
    await world.services.consent.decide(mei.id, "remember")
    held, thread = await begun(world, model)
    backend, asked = world.env.backend, thread.history()[-1]
    backend.edit_message(thread.id, asked.id, {"content": "something else"})
    await until_texts(world, ["something else", "tell me"])
    if lost:
        await world.services.personas.reset(mei.id, f"guild:{world.guild.id}")
    held.release.set()
    await world.env.settle()
    assert replies(thread)[-1] == "The second answer."
    assert "something else" in prompts(model)[-1]
    assert "a second question" not in prompts(model)[-1]
    assert await texts(world) == (["something else"] if lost else ["something else", "tell me"])


async def test_what_was_edited_once_it_was_lost_is_kept_as_it_is_now(
    world: World, model: ScriptedModel
) -> None:
    mei = world.members["Mei"]
    await world.services.consent.decide(mei.id, "remember")
    held, thread = await begun(world, model)
    asked = thread.history()[-1]
    await world.services.personas.reset(mei.id, f"guild:{world.guild.id}")
    edit = {"content": f"something else for {world.bot_mention}"}
    world.env.backend.edit_message(thread.id, asked.id, edit)
    held.release.set()
    await world.env.settle()
    assert "a second question" not in prompts(model)[-1]
    assert await texts(world) == ["something else for"]


@pytest.mark.parametrize("lost", [False, True])
async def test_a_file_taken_out_of_a_message_that_waits_is_not_read(
    world: World, model: ScriptedModel, lost: bool
) -> None:
    held, thread = await begun(world, model)
    backend, mei = world.env.backend, world.members["Mei"]
    files = [("one.txt", b"quartz-narwhal"), ("two.txt", b"velvet-axolotl")]
    stored = backend.store_attachments(thread.id, files)
    message = backend.create_message(thread.id, mei.id, "read these", attachments=stored)
    await until_waiting(world, 3)
    backend.edit_message(thread.id, message.id, {"attachments": stored[1:]})
    async with asyncio.timeout(10):
        while await attached(world) != 1:  # noqa: ASYNC110 - the store sets no event
            await asyncio.sleep(0.02)
    if lost:
        await world.services.personas.reset(mei.id, f"guild:{world.guild.id}")
    held.release.set()
    await world.env.settle()
    assert "velvet-axolotl" in prompts(model)[-1]
    assert "quartz-narwhal" not in prompts(model)[-1]
    assert await attached(world) == 1


async def test_what_discord_does_not_tell_of_is_not_answered_as_it_was(
    world: World, model: ScriptedModel
) -> None:
    held, thread = await begun(world, model)
    await world.services.consent.withdraw(world.members["Mei"].id)
    world.env.inject_error("GET", "/channels/*/messages/*", status=400, times=None)
    held.release.set()
    await world.env.settle()
    assert replies(thread)[-1] == "Something went wrong on my side. Please try again."
    assert await texts(world) == []
