"""/settings: what a server's moderators decide for their server."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from persona.guilds import Visibility

from .errors import reply, report
from .host import AnyBot, Host
from .text.catalogue import N_, text

CHOSEN: dict[Visibility, str] = {
    "public": N_("From now on /chat opens public threads: everyone in the channel can read them."),
    "private": N_("From now on /chat opens private threads: only those invited can read them."),
}


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Operator(commands.GroupCog, group_name="settings", name="Settings"):
    """Choose how I behave in this server"""

    def __init__(self, bot: AnyBot) -> None:
        self._services = Host.of(bot).services

    async def cog_app_command_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        await report(interaction, error)

    @app_commands.command(name="threads", description="Choose which threads /chat opens here")
    @app_commands.describe(kind="public: everyone can read along; private: only those invited")
    @app_commands.checks.has_permissions(manage_guild=True)
    async def threads(self, interaction: discord.Interaction[Any], kind: Visibility) -> None:
        if interaction.guild_id is None:
            raise app_commands.NoPrivateMessage
        await self._services.guilds.set_threads(interaction.guild_id, kind)
        await reply(interaction, text(interaction.locale.value, CHOSEN[kind]))


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(Operator(bot))
