"""The Stop button: it ends what the model writes, for the one who is answered."""

from __future__ import annotations

import asyncio

import pytest
import simcord

from bot.sandbox.world import World
from tests.cogs.test_chat import mention, said, states
from tests.cogs.test_turns import write
from tests.conftest import OpenWorld
from tests.support.buttons import answers, press, shown
from tests.support.model import Break, Hold, Say, ScriptedModel
from tests.support.stores import rows
from tests.support.waiting import until


async def begun(world: World, model: ScriptedModel) -> tuple[Hold, simcord.ChannelHandle]:
    """Mei is being answered."""
    held = Hold("The first sentence. And ", "the rest.")
    model.script(held, Say(("Another answer.",)))
    write(world, "tell me")
    await until(lambda: bool(world.channel.threads) and bool(answers(world.channel.threads[0])))
    return held, world.channel.threads[0]


async def test_while_it_writes_an_answer_has_a_button_that_ends_it(
    world: World, model: ScriptedModel
) -> None:
    held, thread = await begun(world, model)
    assert shown(answers(thread)[0]) == ["Stop"]
    await press(world.members["Mei"], answers(thread)[0], "Stop")
    await asyncio.wait_for(held.dropped.wait(), 10)
    (answer,) = answers(thread)
    assert answer.content == "The first sentence. And\n\n-# Stopped."
    assert shown(answer) == ["🔄", "👍", "👎"]
    assert await states(world) == ["answered"]


async def test_what_was_written_is_the_answer(world: World, model: ScriptedModel) -> None:
    _, thread = await begun(world, model)
    await press(world.members["Mei"], answers(thread)[0], "Stop")
    await world.start_bot()
    await world.members["Mei"].send(thread, "and now?")
    assert [turn["content"] for turn in model.requests[-1]["messages"][1:]] == [
        "tell me",
        "The first sentence. And ",
        "and now?",
    ]
    ((model_name, read, written),) = await rows(
        world.services.database,
        "SELECT model, prompt_tokens, completion_tokens FROM usage ORDER BY used_at LIMIT 1",
    )
    assert model_name == "qwen3:8b"
    assert read > 0
    assert written > 0


async def test_nobody_else_stops_it(world: World, model: ScriptedModel) -> None:
    held, thread = await begun(world, model)
    pressing = asyncio.create_task(press(world.members["Tom"], answers(thread)[0], "Stop"))
    await asyncio.sleep(0.3)
    held.release.set()
    told = await pressing
    assert told.ephemeral
    assert told.response is not None
    assert told.response.content == "That answer was for somebody else."
    assert said(thread)[0] == "The first sentence. And the rest."


@pytest.mark.parametrize("restarted", [False, True])
async def test_when_it_is_over_the_buttons_are_mended(
    world: World, model: ScriptedModel, restarted: bool
) -> None:
    thread = await mention(world, "hello")
    answer = answers(thread)[0]
    # The last edit did not reach Discord.
    turn = world.channel.history()[0].id
    stored = world.env.backend.get_message(thread.id, answer.id)
    stored.components = [
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 2, "label": "Stop", "custom_id": f"rapport:stop:{turn}"}
            ],
        }
    ]
    if restarted:
        await world.start_bot()
    told = await press(world.members["Mei"], answers(thread)[0], "Stop")
    assert [response.content for response in told.followups] == ["This answer is finished already."]
    assert shown(answers(thread)[0]) == ["🔄", "👍", "👎"]


async def test_an_answer_that_fails_keeps_no_button(world: World, model: ScriptedModel) -> None:
    model.script(Break(("One sentence. ",)))
    thread = await mention(world, "hello")
    assert await states(world) == ["failed"]
    assert [shown(message) for message in answers(thread)] == [[]]


async def test_many_answers_can_be_stopped_one_by_one(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world("Mei", "Tom")
    first, second = Hold("One sentence. ", "first"), Hold("Another sentence. ", "second")
    model.script(first, second)
    for name in ("Mei", "Tom"):
        mention_of = f"{world.bot_mention} hi"
        world.env.backend.create_message(world.channel.id, world.members[name].id, mention_of)
        await until(lambda: len(world.channel.threads) > 0)
    await asyncio.wait_for(second.begun.wait(), 10)
    await until(lambda: all(answers(thread) for thread in world.channel.threads))
    mine = next(item for item in world.channel.threads if "One" in answers(item)[0].content)
    other = next(item for item in world.channel.threads if item.id != mine.id)
    owner = "Mei" if mine.id == min(item.id for item in world.channel.threads) else "Tom"
    pressing = asyncio.create_task(press(world.members[owner], answers(mine)[0], "Stop"))
    await asyncio.wait_for(first.dropped.wait(), 10)
    second.release.set()
    await pressing
    assert answers(mine)[0].content.endswith("-# Stopped.")
    assert answers(other)[0].content == "Another sentence. second"
