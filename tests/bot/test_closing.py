"""The bot being closed while it does what somebody asked for."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
import simcord

from bot import client
from bot.sandbox.world import World
from tests.cogs.test_chat import mention, prompts, said
from tests.cogs.test_privacy import page, press, words
from tests.cogs.test_rescuing import until_waiting
from tests.cogs.test_turns import write
from tests.support.model import Act, Body, Depends, Hold, Late, Say, ScriptedModel, updates
from tests.support.pages import command
from tests.support.waiting import until

BEGUN_BY_DISCORD = ("discord.py", "CommandTree", "discord-ui")


class Learning:
    """Mei asked the bot to learn, and its model has not answered."""

    def __init__(self, world: World, model: ScriptedModel) -> None:
        self.late = Late(updates())
        self._world = world

        def answer(request: Body) -> Act:
            return self.late if "apply_persona" in json.dumps(request) else Say(("Hello",))

        model.acts = [Depends(answer)]

    async def begin(self) -> None:
        mei = self._world.members["Mei"]
        await self._world.services.consent.decide(mei.id, "remember")
        await mei.send(self._world.channel, f"{self._world.bot_mention} I love hiking")
        await self._world.advance(timedelta(hours=2))
        await self._world.services.closing.idle()
        self.asking = asyncio.create_task(command(self._world, "learn"))
        async with asyncio.timeout(30):
            await self.late.begun.wait()

    async def close(self) -> None:
        await self._world.env.bot.close()


def under_way() -> list[str]:
    names = [task.get_name() for task in asyncio.all_tasks()]
    return [name for name in names if name.startswith(BEGUN_BY_DISCORD)]


async def test_a_command_is_answered_first(world: World, model: ScriptedModel) -> None:
    learning = Learning(world, model)
    await learning.begin()
    closing = asyncio.create_task(learning.close())
    await asyncio.wait((closing,), timeout=0.2)
    assert not closing.done()
    learning.late.release.set()
    await closing
    assert under_way() == []
    page = await learning.asking
    assert isinstance(page, simcord.ResponseMessage)


async def test_a_command_that_takes_too_long_is_given_up(
    world: World, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_GRACE_SECONDS", 0.1)
    learning = Learning(world, model)
    await learning.begin()
    await learning.close()
    assert under_way() == []
    learning.asking.cancel()
    await asyncio.gather(learning.asking, return_exceptions=True)


async def closing(
    world: World, model: ScriptedModel, thread: simcord.ChannelHandle
) -> tuple[Hold, asyncio.Task[None]]:
    """The bot is being closed while it writes its second answer in Mei's thread."""
    held = Hold("The second answer. ", "The end of it.")
    model.acts = []
    model.script(held, Say(("Later.",)))
    write(world, "second", thread)
    await until(lambda: "The second answer." in str(said(thread)))
    task = asyncio.create_task(world.env.bot.close())
    await asyncio.wait((task,), timeout=0.2)
    assert not task.done()
    return held, task


async def test_what_is_said_meanwhile_is_answered(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "first")
    held, task = await closing(world, model, thread)
    write(world, "third", thread)
    await until_waiting(world, 2)
    held.release.set()
    await task
    await world.start_bot()
    await world.env.settle()
    assert "The second answer. The end of it." in said(thread)
    assert said(thread)[-1] == "Later."
    assert "third" in prompts(model)[-1]


async def test_an_export_meanwhile_has_everything(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "first")
    shown = await page(world)
    held, task = await closing(world, model, thread)
    message = await press(world, shown, "Export everything")
    found = json.loads(await message.attachments[0].read())
    assert {"conversations", "usage", "personas"} <= found.keys()
    held.release.set()
    await task


async def test_an_erasure_meanwhile_breaks_the_answer_off(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "first")
    question = await press(world, await page(world), "Erase everything")
    held, task = await closing(world, model, thread)
    mei = world.members["Mei"]
    await mei.click(question, label="Yes, erase everything")
    assert "Answers broken off: 1" in words(question)
    assert held.dropped.is_set()
    await task
    assert "The end of it." not in str(said(thread))
    assert await world.services.erasure.left(mei.id) == {}
