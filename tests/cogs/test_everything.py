"""Every command, button, menu and modal, as its owner and as a stranger, twice, after a restart,
after a long time, and with the model down: each is answered, and nothing fails unforeseen.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from discord.ext import commands

from bot.sandbox.world import World
from tests.cogs.test_chat import mention
from tests.cogs.test_persona import HIKING, NAME, SHORT, answering
from tests.support.buttons import answers
from tests.support.crawler import UNFORESEEN, Crawler
from tests.support.model import Say, ScriptedModel, Status, updates

GUESSES = [
    stated | {"basis": "inferred", "evidence": [{"msg": msg, "quote": quote} for msg in (1, 3)]}
    for stated, quote in ((SHORT, "be short"), (HIKING, "I love hiking"))
]
CONDITIONS = ["once", "twice", "after a restart", "after a month", "with the model down"]


async def lived(world: World, model: ScriptedModel) -> simcord.ChannelHandle:
    """Mei has a persona with a guess in it, a note of it, and an answer; Tom was never asked."""
    answering(model, updates(NAME, *GUESSES))
    mei = world.members["Mei"]
    await mei.slash(world.channel, "chat new")
    thread = world.channel.threads[0]
    for number in range(3):
        await mei.send(thread, "I am Mei, be short, I love hiking")
        if not number:
            question = next(
                message for message in thread.history() if message.content.startswith("**May I")
            )
            await mei.click(question, label="Remember me")
        await world.advance(timedelta(hours=2))
    await world.tick()
    await mei.send(thread, "and what else?")
    return thread


def condition(world: World, model: ScriptedModel, name: str) -> dict[str, Any]:
    """How the crawler acts under a condition."""

    async def restart() -> None:
        await world.start_bot()

    async def wait() -> None:
        await world.advance(timedelta(days=30))

    async def break_down() -> None:
        model.acts = [Status(503)]

    ways: dict[str, dict[str, Any]] = {
        "once": {},
        "twice": {"times": 2},
        "after a restart": {"before_each": restart},
        "after a month": {"before_each": wait},
        "with the model down": {"before_each": break_down},
    }
    return ways[name]


def exported(world: World) -> tuple[str, bytes]:
    """A file such as /persona export makes."""
    file = {
        "format": "rapport-persona",
        "version": 1,
        "items": [{"slot": "preference.styles", "value": "with examples"}],
    }
    return "persona.json", json.dumps(file).encode()


async def crawl(
    world: World, model: ScriptedModel, who: str, thread: simcord.ChannelHandle, **how: Any
) -> Crawler:
    """Do everything there is to do as one member."""
    member = world.members[who]
    crawler = Crawler(world, member, **how)
    slot = {"slot": "preference.styles", "value": "short answers"}
    given: dict[str, dict[str, Any]] = {
        "persona edit": slot,
        "persona forget": {"value": "short answers"},
        "persona import": {"file": exported(world)},
        "language": {"language": "en"},
    }
    bot = world.env.bot
    assert isinstance(bot, commands.AutoShardedBot)
    for command in bot.tree.walk_commands():
        if isinstance(command, discord.app_commands.Command):
            name = command.qualified_name
            if name.startswith("settings"):
                continue  # For moderators: below.
            await crawler.type_in(thread, name, **given.get(name, {}))
    await crawler.type_in(thread, "privacy incognito")  # And off again.
    for menu in bot.tree.walk_commands(type=discord.AppCommandType.message):
        for message in (answers(thread)[-1], thread.history()[0]):
            await crawler.open_menu(thread, menu.name, message)
    crawler.look_at(thread.history())
    await crawler.press_all(erasing=False)
    for _ in range(4):
        # A value's page has several ways on; each time another is taken.
        crawler.once_more("rapport:persona:choose:#")
        await crawler.type_in(thread, "persona show")
        await crawler.press_all(erasing=False)
    for name in ("persona reset", "privacy show", "privacy show", "privacy show"):
        # What asks first was answered with no; now with yes.
        await crawler.type_in(thread, name)
        await crawler.press_all()
    return crawler


def unforeseen(caplog: pytest.LogCaptureFixture) -> list[str]:
    bad = ("ERROR", "CRITICAL")
    return [record.getMessage() for record in caplog.records if record.levelname in bad]


def alternatives(pattern: str) -> set[str]:
    """What a button of this template may be for: the words its pattern names."""
    group = re.search(r"\(\?P<\w+>([a-z_]+(?:\|[a-z_]+)+)", pattern)
    return set(group[1].split("|")) if group else {""}


@pytest.mark.parametrize("name", CONDITIONS)
@pytest.mark.parametrize("who", ["Mei", "Tom"])
async def test_everything_is_answered(
    world: World, model: ScriptedModel, caplog: pytest.LogCaptureFixture, who: str, name: str
) -> None:
    thread = await lived(world, model)
    crawler = await crawl(world, model, who, thread, **condition(world, model, name))
    assert UNFORESEEN not in "\n".join(crawler.told)
    assert all(crawler.told), "an answer without words"
    assert unforeseen(caplog) == []


async def test_nothing_is_left_out(world: World, model: ScriptedModel) -> None:
    """What the crawler presses is all there is."""
    thread = await lived(world, model)
    crawler = await crawl(world, model, "Mei", thread)
    stranger = await crawl(world, model, "Tom", await tom_is_asked(world, model))
    pressed = crawler.pressed.keys() | stranger.pressed.keys()
    bot = world.env.bot
    assert isinstance(bot, commands.AutoShardedBot)
    typed = {
        f"/{command.qualified_name}"
        for command in bot.tree.walk_commands()
        if isinstance(command, discord.app_commands.Command)
    }
    assert typed - pressed == {"/settings threads"}
    for pattern in bot._connection._view_store._dynamic_items:
        for word in alternatives(pattern.pattern):
            prefix = pattern.pattern.split("(")[0]
            if prefix == "rapport:stop:":
                continue  # Only while an answer is written: see test_stop.py.
            hits = [kind for kind in pressed if kind.startswith(prefix) and word in kind]
            assert hits, f"{prefix}{word} was never pressed"


async def test_nothing_is_held_in_memory_for_what_is_on_screen(
    world: World, model: ScriptedModel
) -> None:
    """discord.py drops what it holds after a while, and all buttons of the same kind with it."""
    thread = await lived(world, model)
    bot = world.env.bot
    assert isinstance(bot, commands.AutoShardedBot)
    store = bot._connection._view_store
    known = set(store._dynamic_items)
    await crawl(world, model, "Mei", thread)
    assert store._views == {}
    await world.advance(timedelta(hours=1))
    assert set(store._dynamic_items) == known


async def tom_is_asked(world: World, model: ScriptedModel) -> simcord.ChannelHandle:
    model.script(Say(("Hello",)))
    return await mention(world, "hi", "Tom")


async def test_moderators_settings_are_for_moderators(world: World, model: ScriptedModel) -> None:
    moderators = world.guild.create_role(
        "Mods", permissions=discord.Permissions(manage_guild=True, view_channel=True)
    )
    ann = world.guild.add_member(world.env.create_user("Ann"), roles=[moderators])
    crawler = Crawler(world, ann, times=2)
    await crawler.type_in(world.channel, "settings threads", kind="private")
    assert len(crawler.told) == 2
    with pytest.raises(simcord.SetupError):
        await world.members["Mei"].slash(world.channel, "settings threads", kind="private")
