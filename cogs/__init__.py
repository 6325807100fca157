"""What people see and press on Discord. Each module here is an extension discord.py can load.

Another bot can load them too:

    async with open_services(settings, clock=SystemClock()) as services:
        await rapport_cogs.load(bot, services, DiscordSettings())

A bot made with `http_trace=pace.trace()` that hands `pace`, a `Pace`, to `load` edits as often as
Discord's answers allow; without it, as often as the settings say.
"""

from __future__ import annotations

import asyncio

from persona.services import Services

from .host import AnyBot, Host
from .settings import DiscordSettings
from .text.catalogue import read_catalogues
from .text.commands import CommandTranslator
from .text.pace import Pace

# Events reach them in this order: who joins a thread is noted before anybody is answered there.
EXTENSIONS = (
    ".joining",
    ".chat",
    ".answers",
    ".sessions",
    ".news",
    ".corrections",
    ".persona",
    ".remember",
    ".privacy",
    ".language",
    ".operator",
)

__all__ = ["EXTENSIONS", "DiscordSettings", "Host", "Pace", "load"]


async def load(
    bot: AnyBot, services: Services, settings: DiscordSettings, pace: Pace | None = None
) -> None:
    """Give `bot` the engine and load every extension into it.

    Commands are translated, unless `bot` has a translator of its own.
    """
    await asyncio.to_thread(read_catalogues)
    if bot.tree.translator is None:
        await bot.tree.set_translator(CommandTranslator())
    Host(services, settings, pace or Pace(services.clock)).attach(bot)
    for extension in EXTENSIONS:
        await bot.load_extension(extension, package=__name__)
