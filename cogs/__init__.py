"""What people see and press on Discord. Each module here is an extension discord.py can load.

Another bot can load them too:

    async with open_services(settings, clock=SystemClock()) as services:
        await rapport_cogs.load(bot, services, DiscordSettings())
"""

from __future__ import annotations

from persona.services import Services

from .host import AnyBot, Host
from .settings import DiscordSettings

EXTENSIONS = (".chat", ".corrections", ".persona", ".privacy", ".operator")

__all__ = ["EXTENSIONS", "DiscordSettings", "Host", "load"]


async def load(bot: AnyBot, services: Services, settings: DiscordSettings) -> None:
    """Give `bot` the engine and load every extension into it."""
    Host(services, settings).attach(bot)
    for extension in EXTENSIONS:
        await bot.load_extension(extension, package=__name__)
