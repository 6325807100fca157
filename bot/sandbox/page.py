"""The simulated Discord in a browser, to go on by hand."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import timedelta

import simcord
from rich.console import Console
from simcord.actors import MemberActor

from bot.sandbox.world import World

logger = logging.getLogger(__name__)

# A minute of the world for every second in front of the screen, so that threads end while one
# watches: after a minute of silence a conversation counts as over.
_STEP_SECONDS = 1.0
_WORLD_PER_STEP = timedelta(minutes=1)


async def serve(world: World, member: MemberActor, console: Console) -> None:
    """Serve the channel as `member` sees it until the page or the program is closed."""
    async with world.env.preview(world.channel, viewers=[member], layout="channel") as preview:
        console.print()
        console.print("Go on by hand: open this address in a browser on this machine.")
        console.print(f"  {preview.url}", style="bold")
        console.print(
            f"Write “@{world.env.backend.bot_user.name} …” in the channel to open a thread, and "
            "try /persona show. A thread that is silent for a minute has ended; after three of "
            "them the bot learns. Ctrl-C ends it."
        )
        clock = asyncio.create_task(_let_time_pass(world))
        try:
            await preview.wait_closed()
        finally:
            clock.cancel()
            await asyncio.gather(clock, return_exceptions=True)


async def _let_time_pass(world: World) -> None:
    while True:
        await asyncio.sleep(_STEP_SECONDS)
        try:
            # The page may be acting just now; then time waits a moment.
            with contextlib.suppress(simcord.SetupError):
                await world.advance(_WORLD_PER_STEP)
                await world.tick()
        except Exception:
            logger.exception("the sandbox's clock failed once")
