"""/persona: what is known about a person, for that person alone to see and to steer."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from persona.changes import same_value
from persona.errors import EditError
from persona.persona import Item

from .cog import JSON, RapportCog
from .conversation.learning import learn_here
from .errors import reply
from .host import AnyBot, whose
from .locales import locale_for
from .pages import pausing, portable
from .pages.controls import OPTION_LENGTH, OPTIONS
from .pages.persona import ordered
from .pages.portable import everything
from .pages.showing import agreed, show_history, show_persona, why_not
from .pages.words import choice_meant, named, slot_label, value_shown
from .text.catalogue import N_, text
from .text.plain import plain, shortened
from .views.items import FORGOTTEN
from .views.persona import ITEMS
from .views.reset import QUESTION, ResetButton, reset_view
from .views.versions import take_back
from .views.writing import KEPT, submitted

NOTHING_TO_UNDO = N_("There is nothing to take back.")

Choices = list[app_commands.Choice[str]]
Asked = discord.Interaction[Any]


class PersonaCommands(RapportCog, commands.GroupCog, group_name="persona", name="Persona"):
    """See, correct and erase what I know about you"""

    items = (ResetButton, *ITEMS)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Asked) -> None:
        await submitted(interaction)

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return the person's personas, by scope, and how they came to be."""
        return {
            "personas": await everything(self._services, person_id),
            "history": await self._services.records.history(person_id),
        }

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Do nothing: the store erases it."""
        return {}

    @app_commands.command(name="show", description="Show what I know about you here")
    async def show(self, interaction: Asked) -> None:
        await interaction.response.defer(ephemeral=True)
        await show_persona(interaction, await locale_for(interaction))

    @app_commands.command(name="edit", description="Write down something about you")
    @app_commands.describe(
        slot="What it is about", value="What I should know", replaces="What it takes the place of"
    )
    async def edit(
        self, interaction: Asked, slot: str, value: str, replaces: str | None = None
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        locale = await locale_for(interaction)
        if not await agreed(interaction, locale):
            return
        try:
            name = self._slot(slot, locale)
            value = choice_meant(self._services.registry[name], value, locale)
            old = await self._item(interaction, replaces, locale, name) if replaces else None
            replaced = old.item_id if old else None
            await self._services.editor.set(*whose(interaction), name, value, replaces=replaced)
        except EditError as error:
            await show_persona(interaction, locale, 0, why_not(interaction, error, locale))
            return
        is_choice = self._services.registry[name].kind == "choice"
        said = text(locale, value) if is_choice else " ".join(value.split())
        shown = plain(shortened(said, 200))
        await show_persona(interaction, locale, 0, text(locale, KEPT, value=shown))

    @app_commands.command(name="forget", description="Have me forget one thing about you")
    @app_commands.describe(value="What I should forget")
    async def forget(self, interaction: Asked, value: str) -> None:
        await interaction.response.defer(ephemeral=True)
        locale = await locale_for(interaction)
        try:
            item = await self._item(interaction, value, locale)
            await self._services.editor.forget(*whose(interaction), item.item_id)
        except EditError as error:
            notice = why_not(interaction, error, locale)
        else:
            notice = text(locale, FORGOTTEN, value=named(item, self._services.registry, locale))
        await show_persona(interaction, locale, 0, notice)

    @app_commands.command(name="undo", description="Take back the last change")
    async def undo(self, interaction: Asked) -> None:
        await interaction.response.defer(ephemeral=True)
        locale = await locale_for(interaction)
        last = await self._services.editor.last_change(*whose(interaction))
        if last is None:
            await show_persona(interaction, locale, 0, text(locale, NOTHING_TO_UNDO))
            return
        epoch, version = last
        notice = await take_back(interaction, locale, version, epoch)
        await show_persona(interaction, locale, 0, notice)

    @app_commands.command(name="history", description="Show what changed in what I know about you")
    async def history(self, interaction: Asked) -> None:
        await interaction.response.defer(ephemeral=True)
        await show_history(interaction, await locale_for(interaction))

    @app_commands.command(
        name="learn", description="Learn now from our conversations that have ended"
    )
    async def learn(self, interaction: Asked) -> None:
        await interaction.response.defer(ephemeral=True)
        await learn_here(interaction, await locale_for(interaction))

    @app_commands.command(name="reset", description="Erase everything I know about you here")
    async def reset(self, interaction: Asked) -> None:
        locale = await locale_for(interaction)
        person_id, scope = whose(interaction)
        access = await self._services.personas.find(person_id, scope)
        epoch = access.epoch if access is not None else 0
        await reply(interaction, text(locale, QUESTION), view=reset_view(scope, epoch, locale))

    @app_commands.command(
        name="pause", description="Have me learn nothing new about you here for a while"
    )
    async def pause(self, interaction: discord.Interaction[Any]) -> None:
        await pausing.pause(interaction)

    @app_commands.command(name="resume", description="Have me learn about you here again")
    async def resume(self, interaction: discord.Interaction[Any]) -> None:
        await pausing.resume(interaction)

    @app_commands.command(name="export", description="Get a file of what I know about you here")
    async def export(self, interaction: discord.Interaction[Any]) -> None:
        await portable.export(interaction)

    @app_commands.command(name="import", description="Bring back what a file says about you")
    @app_commands.describe(file="A file from /persona export, at most 256 KB")
    async def import_(
        self, interaction: discord.Interaction[Any], file: discord.Attachment
    ) -> None:
        await portable.import_(interaction, file)

    @edit.autocomplete("slot")
    async def _slots(self, interaction: Asked, current: str) -> Choices:
        locale = await locale_for(interaction)
        found = [(text(locale, slot.label), slot.name) for slot in self._services.registry.values()]
        return _choices(found, current)

    @edit.autocomplete("replaces")
    @forget.autocomplete("value")
    async def _values(self, interaction: Asked, current: str) -> Choices:
        locale = await locale_for(interaction)
        registry = self._services.registry
        persona = await self._services.personas.load(*whose(interaction))
        chosen = getattr(interaction.namespace, "slot", None)
        found = [
            (
                f"{slot_label(registry, item.slot, locale)}: {value_shown(item, registry, locale)}",
                item.item_id,
            )
            for item in ordered(persona, registry)
            if chosen in (None, "", item.slot)
        ]
        return _choices(found, current)

    def _slot(self, given: str, locale: str) -> str:
        """Return the slot chosen, or named by whoever typed on; raises `EditError`."""
        for slot in self._services.registry.values():
            if given == slot.name or same_value(given, text(locale, slot.label)):
                return slot.name
        raise EditError("There is no such slot.", code="unknown_slot")

    async def _item(
        self, interaction: Asked, given: str, locale: str, slot: str | None = None
    ) -> Item:
        """Return the item chosen, or named by whoever typed on; raises `EditError`."""
        persona = await self._services.personas.load(*whose(interaction))
        for item in persona.items:
            shown = value_shown(item, self._services.registry, locale)
            named = same_value(given, item.value) or same_value(given, shown)
            if slot in (None, item.slot) and (given == item.item_id or named):
                return item
        raise EditError("That is not known any more.", code="gone")


def _choices(found: list[tuple[str, str]], current: str) -> Choices:
    wanted = current.casefold().strip()
    return [
        app_commands.Choice(name=shortened(name, OPTION_LENGTH), value=value)
        for name, value in found
        if wanted in name.casefold()
    ][:OPTIONS]


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(PersonaCommands(bot))
