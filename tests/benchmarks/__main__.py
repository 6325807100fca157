"""`make bench`: prints each measurement with its floor and the ratio between them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import aiosqlite
import discord
import simcord
from rich.console import Console
from rich.table import Table

from bot.sandbox.world import open_world
from persona.completion import Usage
from persona.offline.server import OfflineModel
from persona.persona import Item, Persona
from persona.personalization.render import render
from persona.registry import Registry
from persona.services import Services, open_services
from persona.turns import Incoming, Turn
from tests.benchmarks.measure import Measured, compare
from tests.conftest import settings_for
from tests.support.clock import ManualClock

TEXT = "What could I cook tonight with aubergines, rice and whatever is left? " * 3


async def measure() -> AsyncIterator[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        yield await _storing(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield await _replying(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield await _talking(Path(folder))
    yield await _rendering()


async def _receive(services: Services, number: int) -> Turn:
    incoming = Incoming(1000 + 2 * number, 1, 5, 7, TEXT, services.clock.now())
    turn = await services.sessions.receive(incoming)
    if turn is None:
        raise RuntimeError("a message was taken for a duplicate")
    return turn


async def _storing(folder: Path) -> Measured:
    """A message and its reply, sealed and indexed, against two bare inserts."""
    raw = await aiosqlite.connect(folder / "raw.db", isolation_level=None)
    await raw.execute("PRAGMA journal_mode = WAL")
    await raw.execute("PRAGMA synchronous = NORMAL")
    await raw.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, text BLOB)")

    async def insert(_: int) -> None:
        for _ in range(2):
            await raw.execute("BEGIN IMMEDIATE")
            await raw.execute("INSERT INTO messages (text) VALUES (?)", (TEXT.encode(),))
            await raw.commit()

    settings = settings_for("http://127.0.0.1:9/v1", folder)
    async with open_services(settings, clock=ManualClock()) as services:

        async def store(number: int) -> None:
            turn = await _receive(services, number)
            reply_id = turn.message_id + 1
            await services.sessions.reply_finished(
                turn, reply_id, TEXT, Usage(), asked_consent=False
            )

        result = await compare(
            "store a message and its reply", store, "two inserts", insert, rounds=400
        )
    await raw.close()
    return result


async def _replying(folder: Path) -> Measured:
    """A reply from prompt to last token, against the same request by a bare HTTP client."""
    async with OfflineModel() as model, aiohttp.ClientSession() as session:
        settings = settings_for(model.base_url, folder)
        async with open_services(settings, clock=ManualClock()) as services:
            turn = await _receive(services, 0)

            async def reply(_: int) -> None:
                async for _piece in services.chatbot.reply(turn, public=True):
                    pass

            async def request(_: int) -> None:
                body = {
                    "model": "m",
                    "stream": True,
                    "messages": [{"role": "user", "content": TEXT}],
                }
                url = f"{model.base_url}/chat/completions"
                async with session.post(url, json=body) as response:
                    await response.read()

            return await compare("write a reply", reply, "bare HTTP request", request, rounds=100)


async def _talking(folder: Path) -> Measured:
    """A message on Discord until its answer stands there, against a bot that echoes."""
    async with open_world(settings_for("http://x", folder), ["Mei"]) as world:
        await world.start_bot()
        member = world.members["Mei"]
        message = await member.send(world.channel, f"{world.bot_mention} {TEXT}")
        thread = world.thread(message.id)
        ours: list[float] = []

        async def talk(_: int) -> None:
            await member.send(thread, TEXT)

        async def nothing(_: int) -> None:
            return

        ours.append((await compare("", talk, "", nothing, rounds=60)).ours)
    echo = discord.Client(intents=discord.Intents.all())

    @echo.event
    async def on_message(message: discord.Message) -> None:
        if not message.author.bot:
            await message.channel.send(message.content)

    env = simcord.Env(echo)
    await env.start()
    channel = env.create_guild().create_text_channel("general")
    person = env.guild.add_member(env.create_user("Mei"))

    async def echoed(_: int) -> None:
        await person.send(channel, TEXT)

    floor = (await compare("", echoed, "", nothing, rounds=60)).ours
    await env.shutdown()
    return Measured("answer on Discord", ours[0], "echo bot", floor)


async def _rendering() -> Measured:
    """A full persona under a budget, against joining its values."""
    registry = Registry()
    items = tuple(
        Item(f"{slot.name}{number}", slot.name, f"value {number} of it", "stated", "active")
        for slot in registry.values()
        for number in range(slot.max_items)
    )
    persona = Persona(1, "dm", 1, 1, items)

    async def rendered(_: int) -> None:
        render(persona, registry, public=False, budget=800)

    async def joined(_: int) -> None:
        "\n".join(item.value for item in items)

    return await compare("render a full persona", rendered, "join its values", joined, rounds=200)


async def main() -> None:
    table = Table("what", "ms", "floor", "ms", "ratio")
    async for found in measure():
        table.add_row(
            found.name,
            f"{found.ours:.3f}",
            found.floor_name,
            f"{found.floor:.3f}",
            f"{found.ratio:.1f}",
        )
    Console().print(table)


if __name__ == "__main__":
    asyncio.run(main())
