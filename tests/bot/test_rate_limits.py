"""The limits that Discord tells in its answers, as the real discord.py passes them on."""

from __future__ import annotations

import asyncio
import itertools
import time
from pathlib import Path

import discord

from tests.support.command import configure, start
from tests.support.discord_server import DiscordServer
from tests.support.model import Say, ScriptedModel
from tests.support.waiting import PATIENCE_SECONDS, until

WORDS = tuple(f"word{number} " for number in range(60))


async def answer(folder: Path, model: ScriptedModel, server: DiscordServer) -> None:
    """Let the bot write `WORDS`, one every tenth of a second, edited as fast as it may."""
    configure(folder, model.base_url, server.url)
    interval = {"RAPPORT_DISCORD__EDIT_INTERVAL_SECONDS": "0.5"}
    process = await start("run", folder=folder, DISCORD_TOKEN=server.token, **interval)
    await asyncio.wait_for(server.connected.wait(), PATIENCE_SECONDS)
    model.script(Say(WORDS, pause=0.1))
    await server.say(int(time.time() * 1000 - discord.utils.DISCORD_EPOCH) << 22, "hello")
    await until(lambda: "".join(WORDS).strip() in server.written.values())
    process.terminate()
    await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)


async def test_edits_are_spread_over_what_discord_leaves(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    discord_server.edit_limit = (3, 4.0)
    await answer(tmp_path, model, discord_server)
    edits = discord_server.edits
    assert all(edit.status == 200 for edit in edits)
    assert all(edit.left >= 1 for edit in edits[:-1]), "The final edit had to wait."
    assert len(edits) >= 3


async def test_without_limits_the_interval_alone_counts(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    discord_server.edit_limit = (1000, 0.001)
    await answer(tmp_path, model, discord_server)
    edits = discord_server.edits
    assert len(edits) >= 6
    waits = [later.moment - edit.moment for edit, later in itertools.pairwise(edits)]
    # The end does not wait: neither the final text nor the buttons beneath it.
    assert min(waits[:-2]) > 0.4
