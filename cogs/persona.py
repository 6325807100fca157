"""/persona: what is known about a person, for that person alone."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from persona.persona import Item, Persona, scope_of
from persona.registry import GROUPS, Group, Registry

from .errors import reply, report
from .host import AnyBot, Host
from .text.catalogue import N_, text
from .text.splitting import split
from .views.reset import QUESTION, ResetButton, reset_view

# Beyond about two lines on a screen, a list reads better one value a line.
LONG_LINE = 160

HEADING = N_("## What I know about you here")
NOTHING = N_("I know nothing about you here.")
NOTHING_YET = N_("I learn after every {every} conversations that have ended.")
NOT_AGREED = N_("You have not agreed that I remember you, so I learn nothing.")
UNUSED = N_("not used until you approve it")
HINT = N_("-# Only you see this. `/persona reset` erases all of it.")
GROUP_NAMES: dict[Group, str] = {
    "demographics": N_("About you"),
    "personality": N_("Personality"),
    "pattern": N_("Habits"),
    "preference": N_("How you like answers"),
}


class PersonaCommands(commands.GroupCog, group_name="persona", name="Persona"):
    """See and erase what I know about you"""

    def __init__(self, bot: AnyBot) -> None:
        self._bot = bot
        self._services = Host.of(bot).services

    async def cog_load(self) -> None:
        self._bot.add_dynamic_items(ResetButton)

    async def cog_unload(self) -> None:
        self._bot.remove_dynamic_items(ResetButton)

    async def cog_app_command_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        await report(interaction, error)

    def _scope(self, interaction: discord.Interaction[Any]) -> str:
        return scope_of(interaction.guild_id, self._services.settings.privacy.scope)

    @app_commands.command(name="show", description="Show what I know about you here")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer(ephemeral=True)
        locale = interaction.locale.value
        persona = await self._services.personas.load(interaction.user.id, self._scope(interaction))
        if persona.items:
            page = persona_page(persona, self._services.registry, locale)
        else:
            decision = await self._services.consent.decision(interaction.user.id)
            every = self._services.settings.learning.every
            page = text(locale, NOTHING) + " "
            page += (
                text(locale, NOTHING_YET, every=every)
                if decision == "remember"
                else text(locale, NOT_AGREED)
            )
        for part in split(page):
            await reply(interaction, part)

    @app_commands.command(name="reset", description="Erase everything I know about you here")
    async def reset(self, interaction: discord.Interaction[Any]) -> None:
        locale = interaction.locale.value
        scope = self._scope(interaction)
        access = await self._services.personas.access(interaction.user.id, scope)
        await reply(
            interaction, text(locale, QUESTION), view=reset_view(scope, access.epoch, locale)
        )


def persona_page(persona: Persona, registry: Registry, locale: str | None) -> str:
    """Return the persona as Markdown, slot by slot under their groups, in the person's language."""
    lines = [text(locale, HEADING)]
    for group in GROUPS:
        entries = [
            _entry(text(locale, slot.label), items, locale)
            for slot in registry.values()
            if slot.group == group
            and (items := [item for item in persona.items if item.slot == slot.name])
        ]
        if entries:
            lines += ["", f"**{text(locale, GROUP_NAMES[group])}**", *entries]
    return "\n".join([*lines, "", text(locale, HINT)])


def _entry(label: str, items: list[Item], locale: str | None) -> str:
    values = [
        discord.utils.escape_markdown(item.value)
        + (f" *({text(locale, UNUSED)})*" if item.status == "pending" else "")
        for item in items
    ]
    line = f"- {label}: {', '.join(values)}"
    if len(line) <= LONG_LINE:
        return line
    return "\n".join([f"- {label}:", *(f"  - {value}" for value in values)])


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(PersonaCommands(bot))
