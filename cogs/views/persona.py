"""What the buttons do that lead from page to page. `ITEMS` has all that are on the pages.

Each reads the store anew: what is gone by then is said, and shown as it is now.
"""

from __future__ import annotations

from typing import Any

import discord

from ..host import services_of
from ..pages.modals import add_modal, typed_before
from ..pages.showing import agreed, show_history, show_persona
from .items import ItemButton, ItemSelect
from .pressable import Pressable, Pressed
from .versions import VersionButton

_PAGE = r"(?P<page>\d{1,4})"


class ShowButton(Pressable, Pressed, template=rf"rapport:persona:show:{_PAGE}$"):
    """Leads to a page of what is known."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        await interaction.response.defer()
        await show_persona(interaction, locale, int(self.ids["page"]))


class HistoryButton(Pressable, Pressed, template=rf"rapport:persona:history:{_PAGE}$"):
    """Leads to a page of the history."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        await interaction.response.defer()
        await show_history(interaction, locale, int(self.ids["page"]))


class AddButton(
    Pressable, Pressed, template=r"rapport:persona:add(?::(?P<slot>[a-z]+\.[a-z0-9_]+))?$"
):
    """Asks for a new value; once more, with what was typed, when it could not be kept."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        if await agreed(interaction, locale):
            slot, value = self.ids["slot"], typed_before(interaction)
            registry = services_of(interaction).registry
            await interaction.response.send_modal(add_modal(registry, locale, slot, value))


ITEMS = (ShowButton, HistoryButton, ItemSelect, AddButton, ItemButton, VersionButton)
