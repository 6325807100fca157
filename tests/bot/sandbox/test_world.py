"""SimCord as the sandbox uses it."""

from __future__ import annotations

import asyncio
import time

import discord

from bot.sandbox.world import PatientEnv


async def test_a_bot_may_take_longer_to_start_than_simcord_gives_it() -> None:
    ready = False

    class Slow(discord.Client):
        async def on_ready(self) -> None:
            nonlocal ready
            # More than SimCord's own five seconds.
            await asyncio.to_thread(time.sleep, 5.5)
            ready = True

    env = PatientEnv(discord.Client(intents=discord.Intents.none()), settle_timeout=60)
    await env.start()
    try:
        await env.restart_bot(Slow(intents=discord.Intents.none()))
        assert ready
    finally:
        await env.shutdown()
