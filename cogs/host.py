"""What the extensions need from the bot they are loaded into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import discord
from discord.ext import commands

from persona.errors import SettingsError
from persona.learning.under_way import UnderWay
from persona.persona import scope_of
from persona.services import Services

from .conversation.queues import Queues
from .conversation.running import Running
from .conversation.writing import Writing
from .settings import DiscordSettings
from .text.pace import Pace

AnyBot = commands.Bot | commands.AutoShardedBot

_ATTRIBUTE = "rapport"


@dataclass(frozen=True, slots=True)
class Host:
    """The engine and the Discord layer's settings, carried by the bot.

    `arrivals` keeps the order in which Discord told of what was said in a conversation (its id), or
    of a message that begins one (the message's id), until it is stored. `turns` lets one answer
    at a time be written for a person in a thread; `writing` knows which are, and `running` the
    tasks that do it. `remembering` is what is being learned from single messages, by their ids.
    """

    services: Services
    settings: DiscordSettings
    pace: Pace
    arrivals: Queues = field(default_factory=Queues)
    turns: Queues = field(default_factory=Queues)
    writing: Writing = field(default_factory=Writing)
    running: Running = field(default_factory=Running)
    remembering: UnderWay = field(default_factory=UnderWay)

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


def services_of(interaction: discord.Interaction[Any]) -> Services:
    """Return the engine of the bot that was spoken to."""
    return Host.of(interaction.client).services


def whose(interaction: discord.Interaction[Any]) -> tuple[int, str]:
    """Return the person who acts and the scope they act in: nobody acts for another."""
    scoping = services_of(interaction).settings.privacy.scope
    return interaction.user.id, scope_of(interaction.guild_id, scoping)
