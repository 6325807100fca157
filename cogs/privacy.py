"""/privacy: what is kept of a person, and their say in it."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from .cog import JSON, RapportCog
from .host import AnyBot
from .locales import locale_for
from .pages import incognito
from .views.consent import ConsentButton
from .views.privacy import ConfirmButton, PrivacyButton, privacy_view


class Privacy(RapportCog, commands.GroupCog, group_name="privacy", name="Privacy"):
    """See and decide what I keep of you"""

    items = (ConsentButton, PrivacyButton, ConfirmButton)

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return the person's decisions, languages, and threads."""
        services = self._services
        places = await services.incognito.places(person_id)
        return {
            "person_id": str(person_id),
            "consent": await services.records.decisions(person_id),
            "languages": dict((await services.languages.of(person_id))._asdict()),
            "threads": await services.records.threads(person_id),
            "incognito": [
                {"thread_id": str(place.thread_id), "since": place.begun_at.isoformat()}
                for place in places
            ],
        }

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Do nothing: the store erases it."""
        return {}

    @app_commands.command(name="show", description="Show what I keep of you, and change it")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer(ephemeral=True)
        view = await privacy_view(interaction, await locale_for(interaction))
        await interaction.followup.send(
            view=view, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
        )

    @app_commands.command(
        name="incognito", description="Have me keep nothing of this conversation, or end that"
    )
    async def incognito(self, interaction: discord.Interaction[Any]) -> None:
        await incognito.toggle(interaction)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        state = payload.data.get("thread_metadata", {})
        if state.get("locked") or state.get("archived"):
            self._services.incognito.close_thread(payload.thread_id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        await self._services.incognito.end_thread(payload.thread_id)


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(Privacy(bot))
