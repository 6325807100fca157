"""`rapport run` being told to stop, in a process of its own, while something is going on."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

import discord

from tests.support.command import configure, start
from tests.support.discord_server import DiscordServer
from tests.support.model import Hold, Say, ScriptedModel
from tests.support.waiting import PATIENCE_SECONDS, until


async def connected(folder: Path, server: DiscordServer) -> asyncio.subprocess.Process:
    server.connected.clear()
    process = await start("run", folder=folder, DISCORD_TOKEN=server.token)
    await asyncio.wait_for(server.connected.wait(), PATIENCE_SECONDS)
    return process


async def stop(process: asyncio.subprocess.Process) -> str:
    process.send_signal(signal.SIGTERM)
    _, err = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    assert process.returncode == 0, err.decode()
    assert "Traceback" not in err.decode()
    assert '"exception"' not in err.decode()
    return err.decode()


async def test_it_stops_while_discord_is_out(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    configure(tmp_path, model.base_url, discord_server.url)
    process = await connected(tmp_path, discord_server)
    discord_server.silent = True
    await discord_server.drop()
    await until(lambda: discord_server.connections == 2)
    await stop(process)


async def test_what_is_being_written_is_finished_first(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    configure(tmp_path, model.base_url, discord_server.url)
    process = await connected(tmp_path, discord_server)
    held = Hold("One sentence. ", "And the end.")
    model.script(held)
    await discord_server.say(_snowflake(), "hello")
    await until(lambda: "One sentence." in discord_server.written.values())
    stopping = asyncio.create_task(stop(process))
    await asyncio.sleep(0.5)  # Whatever would cut it short has done so by now.
    held.release.set()
    await stopping
    assert "One sentence. And the end." in discord_server.written.values()


async def test_what_takes_too_long_is_answered_after_the_next_start(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    configure(tmp_path, model.base_url, discord_server.url)
    process = await connected(tmp_path, discord_server)
    held = Hold("One sentence. ", "")
    model.script(held, Say(("Another answer.",)))
    await discord_server.say(_snowflake(), "hello")
    await until(lambda: "One sentence." in discord_server.written.values())
    err = await stop(process)
    assert "stopping" in err
    held.release.set()
    process = await connected(tmp_path, discord_server)
    await until(lambda: "Another answer." in discord_server.written.values())
    await stop(process)
    assert "One sentence." not in discord_server.written.values()


def _snowflake() -> int:
    return int(time.time() * 1000 - discord.utils.DISCORD_EPOCH) << 22
