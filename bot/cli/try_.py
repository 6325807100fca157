"""rapport try: the real bot on this machine, in a simulated Discord, with the offline model."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from bot import log
from bot.cli.extras import require_sandbox
from bot.settings import LoggingSettings
from cogs.settings import DiscordSettings


def try_() -> None:
    """Play a short story; with a terminal, go on by hand in the browser. Raises `RapportError`."""
    require_sandbox()
    log.configure(LoggingSettings(level="error"))
    asyncio.run(_try(by_hand=sys.stdin.isatty() and sys.stdout.isatty()))


async def _try(*, by_hand: bool) -> None:
    from bot.sandbox.page import GUEST, serve
    from bot.sandbox.story import MEMBER, Story
    from bot.sandbox.world import DefaultSettings, open_world, store_beside

    console = Console(highlight=False, soft_wrap=True)
    console.print("Rapport in a simulated Discord. Nothing leaves this machine.")
    with tempfile.TemporaryDirectory() as folder:
        settings = DefaultSettings(
            store=store_beside(Path(folder) / "try.db"),
            discord=DiscordSettings(threads="private"),
        )
        async with open_world(settings, [MEMBER, GUEST]) as world:
            await Story(world, console).play()
            if by_hand:
                await serve(world, GUEST, console)
            else:
                console.print()
                console.print(
                    "That was the story. Run `rapport try` in a terminal to go on by hand."
                )
