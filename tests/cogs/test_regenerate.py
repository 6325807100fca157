"""What can be done with a finished answer: have it written anew, and rate it."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from bot.sandbox.world import World
from cogs.conversation.regenerating import regenerate
from cogs.forgetting import forget
from cogs.host import Host
from cogs.settings import DiscordSettings
from cogs.views.answer import views_of
from tests.cogs.test_chat import mention
from tests.conftest import OpenWorld
from tests.support.buttons import answers, buttons, press, shown
from tests.support.model import Late, Say, ScriptedModel, Status
from tests.support.stores import rows

LONG = " ".join(f"Sentence number {number} of a long answer." for number in range(120))


async def stored(world: World, columns: str = "attempts, liked") -> list[tuple[Any, ...]]:
    return await rows(world.services.database, f"SELECT {columns} FROM answers ORDER BY turn_id")


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_new_answer_is_written_over_the_old(
    world: World, model: ScriptedModel, restarted: bool
) -> None:
    model.script(Say(("The first answer.",)), Say(("The second answer.",)))
    thread = await mention(world, "hello")
    (before,) = answers(thread)
    if restarted:
        await world.start_bot()
    await press(world.members["Mei"], before, "🔄")
    (after,) = answers(thread)
    assert (after.id, after.content) == (before.id, "The second answer.")
    assert shown(after) == ["🔄", "👍", "👎"]
    assert model.requests[0]["messages"] == model.requests[1]["messages"]
    assert await stored(world, "attempts") == [(2,)]
    await world.members["Mei"].send(thread, "and now?")
    assert [turn["content"] for turn in model.requests[-1]["messages"][1:]] == [
        "hello",
        "The second answer.",
        "and now?",
    ]
    spent = await rows(world.services.database, "SELECT SUM(prompt_tokens) FROM usage")
    assert spent == [(3 * 10 + 10,)]  # Three answers, and a title.


async def test_in_direct_messages_too_a_new_answer_is_written_over_the_old(
    world: World, model: ScriptedModel
) -> None:
    model.script(Say(("The first answer.",)), Say(("The second answer.",)))
    mei = world.members["Mei"].user
    await mei.send_dm("hello")
    await press(mei, answers(mei.dm_channel)[0], "🔄")
    assert [answer.content for answer in answers(mei.dm_channel)] == ["The second answer."]


async def test_pressed_twice_at_once_it_is_written_anew_once(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "hello")
    late = Late(Say(("The second answer.",)))
    model.script(late, Say(("The third answer.",)))
    services = world.services
    turn_id = world.channel.history()[0].id
    answer = await services.answers.of_turn(turn_id)
    assert answer is not None
    place = world.env.bot.get_channel(thread.id)
    assert isinstance(place, discord.Thread)
    host = Host.of(world.env.bot)
    views = views_of(host, turn_id, None)
    twice = asyncio.gather(*(regenerate(host, answer, place, views) for _ in range(2)))
    await asyncio.wait_for(late.begun.wait(), 10)
    late.release.set()
    assert await twice == [None, None]
    assert [message.content for message in answers(thread)] == ["The second answer."]


async def test_a_shorter_answer_leaves_nothing_of_a_longer_one(
    world: World, model: ScriptedModel
) -> None:
    model.script(Say((LONG,)), Say(("Short.",)), Say((LONG,)))
    thread = await mention(world, "hello")
    mei = world.members["Mei"]
    long = answers(thread)
    assert len(long) > 1
    assert [shown(part) for part in long] == [[]] * (len(long) - 1) + [["🔄", "👍", "👎"]]
    await press(mei, long[-1], "🔄")
    (short,) = answers(thread)
    assert short.content == "Short."
    assert short.id == long[0].id
    await press(mei, short, "🔄")
    assert " ".join(part.content for part in answers(thread)) == LONG
    assert shown(answers(thread)[-1]) == ["🔄", "👍", "👎"]


@pytest.mark.parametrize("act", [Status(500), Say(("",))])
async def test_if_it_fails_the_old_answer_stays(
    world: World, model: ScriptedModel, act: Any
) -> None:
    model.script(Say(("The first answer.",)), act)
    thread = await mention(world, "hello")
    result = await press(world.members["Mei"], answers(thread)[0], "🔄")
    assert len(result.followups) == 1
    (after,) = answers(thread)
    assert after.content == "The first answer."
    assert shown(after) == ["🔄", "👍", "👎"]
    assert await stored(world, "attempts") == [(1,)]
    assert await world.services.answers.of_turn(world.channel.history()[0].id) is not None


async def test_if_it_cannot_be_posted_the_old_answer_is_shown_again(
    world: World, model: ScriptedModel
) -> None:
    model.script(Say((LONG,)), Say((LONG.replace("long", "different"),)))
    thread = await mention(world, "hello")
    before = [part.content for part in answers(thread)]
    last = answers(thread)[-1].id
    world.env.inject_error("PATCH", f"/channels/*/messages/{last}", status=400, times=1)
    await press(world.members["Mei"], answers(thread)[-1], "🔄")
    assert [part.content for part in answers(thread)] == before
    assert await stored(world, "attempts") == [(1,)]


async def test_only_the_newest_answer_is_written_anew(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "hello")
    await world.members["Mei"].send(thread, "and now?")
    asked = len(model.requests)
    result = await press(world.members["Mei"], answers(thread)[0], "🔄")
    assert [told.content for told in result.followups] == [
        "I can only write my newest answer anew."
    ]
    assert len(model.requests) == asked


@pytest.mark.parametrize("sign", ["🔄", "👍", "👎"])
async def test_nobody_else_presses(world: World, model: ScriptedModel, sign: str) -> None:
    thread = await mention(world, "hello")
    result = await press(world.members["Tom"], answers(thread)[0], sign)
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == "That answer was for somebody else."
    assert len(model.requests) == 1
    assert await stored(world) == [(1, None)]


async def test_an_opinion_is_kept_and_can_be_taken_back(world: World) -> None:
    thread = await mention(world, "hello")
    mei = world.members["Mei"]

    def green() -> list[str]:
        pressed = discord.ButtonStyle.success
        found = buttons(answers(thread)[0])
        return [str(button.emoji) for button in found if button.style is pressed]

    await press(mei, answers(thread)[0], "👍")
    assert (await stored(world, "liked"), green()) == ([(1,)], ["👍"])
    await world.start_bot()
    await press(mei, answers(thread)[0], "👎")
    assert (await stored(world, "liked"), green()) == ([(0,)], ["👎"])
    await press(mei, answers(thread)[0], "👎")
    assert (await stored(world, "liked"), green()) == ([(None,)], [])


async def test_a_new_answer_is_liked_by_nobody_yet(world: World) -> None:
    thread = await mention(world, "hello")
    mei = world.members["Mei"]
    await press(mei, answers(thread)[0], "👍")
    await press(mei, answers(thread)[0], "🔄")
    assert await stored(world) == [(2, None)]


async def test_after_an_erasure_the_buttons_say_so(world: World) -> None:
    thread = await mention(world, "hello")
    mei = world.members["Mei"]
    await world.services.erasure.erase(mei.id)
    for sign in ("🔄", "👍"):
        result = await press(mei, answers(thread)[0], sign)
        assert result.response is not None
        assert result.response.content == "I do not keep this conversation any more."


async def test_an_operator_may_have_answers_without_buttons(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world(discord=DiscordSettings(answer_buttons=False))
    thread = await mention(world, "hello")
    assert shown(answers(thread)[0]) == []


async def test_a_sentence_about_a_failure_has_no_buttons(
    world: World, model: ScriptedModel
) -> None:
    model.script(Status(500))
    thread = await mention(world, "hello")
    assert shown(answers(thread)[0]) == []


@pytest.mark.parametrize("how", ["erase", "reset", "withdraw", "delete the question", "end"])
async def test_of_what_was_erased_meanwhile_nothing_new_is_posted(
    world: World, model: ScriptedModel, how: str
) -> None:
    mei, services = world.members["Mei"], world.services
    if how != "end":
        await services.consent.decide(mei.id, "remember")
    thread = await mention(world, "hello")
    late = Late(Say(("The second answer.",)))
    model.script(late)
    pressing = asyncio.create_task(press(mei, answers(thread)[0], "🔄"))
    await asyncio.wait_for(late.begun.wait(), 10)
    match how:
        case "erase":
            proof = await forget(world.env.bot, mei.id)
            assert (proof.left, proof.erased["answers_broken_off"]) == ({}, 1)
            assert late.dropped.is_set()
        case "reset":
            await services.personas.reset(mei.id, f"guild:{world.guild.id}")
        case "withdraw":
            await services.consent.withdraw(mei.id)
        case "delete the question":
            await services.corrections.deleted(world.channel.history()[0].id)
        case _:
            await services.closing.person(mei.id, thread.id)
    late.release.set()
    result = await pressing
    assert [message.content for message in answers(thread)] == ["Hello"]
    told = [] if how == "erase" else ["I do not keep this conversation any more."]
    assert [message.content for message in result.followups] == told


async def test_in_an_incognito_thread_no_kept_answer_is_written_anew(
    world: World, model: ScriptedModel
) -> None:
    mei = world.members["Mei"]
    await world.services.consent.decide(mei.id, "remember")
    thread = await mention(world, "hello")
    await mei.slash(thread, "privacy incognito")
    asked = len(model.requests)
    result = await press(mei, answers(thread)[0], "🔄")
    assert [told.content for told in result.followups] == [
        "I can only write my newest answer anew."
    ]
    assert len(model.requests) == asked
    assert await stored(world, "attempts") == [(1,)]
