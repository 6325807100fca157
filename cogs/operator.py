"""/settings: what a server's moderators decide for their server."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from persona.guilds import Visibility

from .cog import JSON, RapportCog
from .errors import reply
from .host import AnyBot
from .locales import locale_for
from .text.catalogue import N_, text

CHOSEN: dict[Visibility, str] = {
    "public": N_(
        "From now on /chat new opens public threads: everyone in the channel can read them."
    ),
    "private": N_("From now on /chat new opens private threads: only those invited can read them."),
}


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Operator(RapportCog, commands.GroupCog, group_name="settings", name="Settings"):
    """Choose how I behave in this server"""

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return nothing: a server's choices are nobody's."""
        return {}

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Do nothing: a server's choices are nobody's."""
        return {}

    @app_commands.command(name="threads", description="Choose which threads /chat new opens here")
    @app_commands.describe(kind="public: everyone can read along; private: only those invited")
    @app_commands.checks.has_permissions(manage_guild=True)
    async def threads(self, interaction: discord.Interaction[Any], kind: Visibility) -> None:
        if interaction.guild_id is None:
            raise app_commands.NoPrivateMessage
        await self._services.guilds.set_threads(interaction.guild_id, kind)
        await reply(interaction, text(await locale_for(interaction), CHOSEN[kind]))


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(Operator(bot))
