"""SimCord as the sandbox uses it."""

from __future__ import annotations

import asyncio
import time

import discord

from bot.sandbox.patient import PatientEnv


async def test_a_bot_may_take_longer_to_start_than_simcord_gives_it() -> None:
    ready = False

    class Slow(discord.Client):
        async def on_ready(self) -> None:
            nonlocal ready
            # More than SimCord's own five seconds.
            await asyncio.to_thread(time.sleep, 5.5)
            ready = True

    env = PatientEnv(
        discord.Client(intents=discord.Intents.none()), settle_timeout=60, check_errors=True
    )
    await env.start()
    try:
        await env.restart_bot(Slow(intents=discord.Intents.none()))
        assert ready
    finally:
        await env.shutdown()


async def test_timeouts_that_were_called_off_leave_no_timers() -> None:
    class Hasty(discord.Client):
        async def on_ready(self) -> None:
            for _ in range(300):
                async with asyncio.timeout(600):
                    await asyncio.sleep(0)

    env = PatientEnv(
        discord.Client(intents=discord.Intents.none()), settle_timeout=60, check_errors=True
    )
    await env.start()
    try:
        await env.restart_bot(Hasty(intents=discord.Intents.none()))
        await env.settle()
        scheduled = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
        assert sum(not timer.cancelled() for timer in scheduled) < 10
    finally:
        await env.shutdown()
