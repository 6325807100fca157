"""The simulated Discord in a browser, to go on by hand."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import timedelta

import simcord
from rich.console import Console

from bot.sandbox.world import World
from persona.persona import scope_of

logger = logging.getLogger(__name__)

GUEST = "Guest"

# So long nothing happens on the page and the conversation counts as over. Then time moves at once;
# moving it all the while would get in the way of whoever acts on the page in that moment.
_SILENCE_SECONDS = 15


async def serve(world: World, name: str, console: Console) -> None:
    """Open a thread for the member `name` and serve it until the page or the program is closed."""
    member = world.members[name]
    await member.slash(world.channel, "chat new")
    thread = world.channel.threads[-1]
    async with world.env.preview(thread, viewers=[member], layout="channel") as preview:
        console.print()
        console.print("Now you. Open this address in a browser on this machine:")
        console.print(f"  {preview.url}", style="bold")
        console.print(
            "It is a thread of your own with the bot. Say your name and what you like, press "
            f"“Remember me”, and try /persona show. {_SILENCE_SECONDS} seconds of silence end a "
            f"conversation, and after {world.settings.learning.every} of them the bot learns. "
            "Ctrl-C ends it all; nothing is kept."
        )
        clock = asyncio.create_task(_let_time_pass(world, member.id, console))
        try:
            # The first Ctrl-C cancels this task. Here it is the ordinary end, not a failure.
            with contextlib.suppress(asyncio.CancelledError):
                await preview.wait_closed()
        finally:
            clock.cancel()
            await asyncio.gather(clock, return_exceptions=True)
    console.print("Ended. Nothing was kept.")


async def _let_time_pass(world: World, person_id: int, console: Console) -> None:
    scope = scope_of(world.guild.id, world.settings.privacy.scope)
    idle = timedelta(minutes=world.settings.sessions.idle_minutes + 1)
    happened, silent, known = 0, 0, 0
    while True:
        await asyncio.sleep(1)
        silent += 1
        if len(world.env.http_requests) != happened:
            happened, silent = len(world.env.http_requests), 0
        if silent != _SILENCE_SECONDS:
            continue
        try:
            await world.advance(idle)
            await world.tick()
            items = (await world.services.personas.load(person_id, scope)).items
        except simcord.SetupError:
            silent -= 1  # Somebody acts on the page just now; time waits for them.
            continue
        except Exception:
            logger.exception("the sandbox's clock failed once")
            continue
        happened = len(world.env.http_requests)
        if len(items) != known:
            known = len(items)
            console.print(f"Things the bot knows about you by now: {known}. See /persona show.")
