"""The sign that the bot is writing: kept alive while nothing is posted, and never after."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord
import pytest

from bot.sandbox.world import World
from cogs.conversation.typing import Typing
from tests.cogs.test_chat import mention, said
from tests.cogs.test_turns import write
from tests.support.buttons import answers, press
from tests.support.clock import ManualClock
from tests.support.model import Hold, Say, ScriptedModel, Status
from tests.support.waiting import until


def requests(world: World) -> list[str]:
    """What was sent to Discord about messages and typing, in order."""
    return [
        "typing" if request.path.endswith("/typing") else "post"
        for request in world.env.http_requests
        if request.method == "POST" and request.path.endswith(("/typing", "/messages"))
    ]


async def test_it_is_shown_until_the_first_part_is_posted(
    world: World, model: ScriptedModel
) -> None:
    held = Hold("One sentence. ", "The end.")
    model.script(held)
    write(world, "hello")
    await until(lambda: bool(world.channel.threads) and bool(answers(world.channel.threads[0])))
    held.release.set()
    await world.env.settle()
    assert requests(world) == ["typing", "post", "post"]  # The last is the question.


@pytest.mark.parametrize("act", [Status(500), Say(("",))])
async def test_it_ends_before_a_sentence_about_a_failure(
    world: World, model: ScriptedModel, act: Say | Status
) -> None:
    model.script(act)
    await mention(world, "hello")
    assert requests(world) == ["typing", "post"]


@pytest.mark.parametrize("status", [403, 429, 500])
async def test_its_failure_does_not_reach_the_answer(
    world: World, model: ScriptedModel, status: int
) -> None:
    world.env.inject_error("POST", "/channels/*/typing", status=status, times=None)
    thread = await mention(world, "hello")
    assert said(thread)[0] == "Hello"


async def test_it_is_shown_while_an_answer_is_written_anew(
    world: World, model: ScriptedModel
) -> None:
    thread = await mention(world, "hello")
    before = len(requests(world))
    await press(world.members["Mei"], answers(thread)[0], "🔄")
    assert requests(world)[before:] == ["typing"]


class _Channel:
    """Counts how often it was typed in; some of it is refused."""

    def __init__(self, refused: int) -> None:
        self.shown: list[int] = []
        self._refused = refused
        self._times = 0
        self.often = asyncio.Event()

    async def typing(self) -> None:
        await asyncio.sleep(0)
        self._times += 1
        if self._times == 5:
            self.often.set()
        if self._times <= self._refused:
            raise discord.DiscordException
        self.shown.append(self._times)


@pytest.mark.parametrize("refused", [0, 3])
async def test_it_is_kept_alive_for_as_long_as_it_takes(refused: int) -> None:
    clock = ManualClock()
    begun = clock.now()
    channel = _Channel(refused)
    async with Typing(channel, clock) as typing:  # type: ignore[arg-type]
        await asyncio.wait_for(channel.often.wait(), 5)
        await typing.end()
        shown, passed = list(channel.shown), clock.now() - begun
        await asyncio.sleep(0.05)
        await typing.end()
    assert channel.shown == shown
    assert shown[: 5 - refused] == list(range(refused + 1, 6))
    assert passed >= timedelta(seconds=8 * 4)
    assert passed / len(shown) < timedelta(seconds=10) or refused
