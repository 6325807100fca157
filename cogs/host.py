"""What the extensions need from the bot they are loaded into."""

from __future__ import annotations

from dataclasses import dataclass

import discord
from discord.ext import commands

from persona.errors import SettingsError
from persona.services import Services

from .settings import DiscordSettings

AnyBot = commands.Bot | commands.AutoShardedBot

_ATTRIBUTE = "rapport"


@dataclass(frozen=True, slots=True)
class Host:
    """The engine and the Discord layer's settings, carried by the bot."""

    services: Services
    settings: DiscordSettings

    def attach(self, bot: discord.Client) -> None:
        """Let `bot` carry this; `Host.of` finds it again."""
        setattr(bot, _ATTRIBUTE, self)

    @staticmethod
    def of(bot: discord.Client) -> Host:
        """Return what `bot` carries. Raises `SettingsError` when nothing was attached."""
        host = getattr(bot, _ATTRIBUTE, None)
        if not isinstance(host, Host):
            raise SettingsError(
                "Load Rapport's extensions with `await cogs.load(bot, services, …)`."
            )
        return host
