"""What the extensions need from the bot they are loaded into."""

from __future__ import annotations

from dataclasses import dataclass, field

import discord
from discord.ext import commands

from persona.errors import SettingsError
from persona.services import Services

from .conversation.queues import Queues
from .settings import DiscordSettings

AnyBot = commands.Bot | commands.AutoShardedBot

_ATTRIBUTE = "rapport"


@dataclass(frozen=True, slots=True)
class Host:
    """The engine and the Discord layer's settings, carried by the bot.

    `arrivals` keeps the order in which Discord told of what was said in a conversation (its id), or
    of a message that begins one (the message's id), until it is stored.
    """

    services: Services
    settings: DiscordSettings
    arrivals: Queues = field(default_factory=Queues)

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


def me_of(bot: AnyBot) -> discord.ClientUser:
    """Return the account that `bot` is logged in as."""
    if bot.user is None:
        raise RuntimeError("The bot is not logged in.")
    return bot.user
