"""What the menu of values does, and the buttons about one value."""

from __future__ import annotations

from typing import Any, cast

import discord

from persona.errors import EditError

from ..host import services_of, whose
from ..pages.controls import ItemAction
from ..pages.modals import edit_modal, typed_before
from ..pages.showing import show_item, show_persona, why_not
from ..pages.words import named
from ..text.catalogue import N_, text
from .pressable import Pressable, Pressed

FORGOTTEN = N_("Forgotten: {value}. I do not learn it again.")
APPROVED = N_("Thank you. From now on I use it: {value}")
DECLINED = N_("All right, I do not use it: {value}")
LOCKED = N_("I keep this field as it is now.")
UNLOCKED = N_("I may learn this field again.")
SO_ALREADY = N_("It is like that already.")

_PAGE = r"(?P<page>\d{1,4})"
_ITEM = r"(?P<item>\d{8,}:[0-9a-f]{32}:\d{4,})"


class ItemSelect(Pressable, Pressed, template=rf"rapport:persona:choose:{_PAGE}$"):
    """Leads to the page of the value chosen."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        await interaction.response.defer()
        (chosen,) = cast(dict[str, list[str]], interaction.data)["values"]
        await show_item(interaction, locale, chosen, int(self.ids["page"]))


class ItemButton(
    Pressable,
    Pressed,
    template=rf"rapport:item:(?P<action>approve|decline|forget|lock|unlock|edit|retry):{_ITEM}:{_PAGE}$",
):
    """Does something about one value."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        action, item_id = cast(ItemAction, self.ids["action"]), self.ids["item"]
        page, services = int(self.ids["page"]), services_of(interaction)
        if action in ("edit", "retry"):
            persona = await services.personas.load(*whose(interaction))
            for item in persona.items:
                if item.item_id == item_id and (slot := services.registry.get(item.slot)):
                    value = typed_before(interaction) or item.value
                    modal = edit_modal(slot, item_id, page, value, locale)
                    await interaction.response.send_modal(modal)
                    return
        await interaction.response.defer()
        try:
            if action in ("lock", "unlock"):
                await self._lock(interaction, action == "lock", locale)
                return
            notice = await self._change(interaction, action, locale)
        except EditError as error:
            notice = why_not(interaction, error, locale)
        await show_persona(interaction, locale, page, notice)

    async def _change(
        self, interaction: discord.Interaction[Any], action: ItemAction, locale: str
    ) -> str:
        services, item_id = services_of(interaction), self.ids["item"]
        persona = await services.personas.load(*whose(interaction))
        item = persona.item(item_id)
        if item is None or action in ("edit", "retry"):
            raise EditError("That is not known any more.", code="gone")
        value = named(item, services.registry, locale)
        if action == "forget":
            await services.editor.forget(*whose(interaction), item_id)
            return text(locale, FORGOTTEN, value=value)
        if item.status != "pending":
            return text(locale, SO_ALREADY)
        if action == "approve":
            await services.editor.approve(*whose(interaction), item_id)
            return text(locale, APPROVED, value=value)
        await services.editor.decline(*whose(interaction), item_id)
        return text(locale, DECLINED, value=value)

    async def _lock(self, interaction: discord.Interaction[Any], lock: bool, locale: str) -> None:
        """The field of the value is locked; a value that is gone locks nothing."""
        services, item_id, notice = services_of(interaction), self.ids["item"], None
        persona = await services.personas.load(*whose(interaction))
        for item in persona.items:
            if item.item_id == item_id:
                change = services.editor.lock if lock else services.editor.unlock
                await change(*whose(interaction), item.slot)
                notice = text(locale, LOCKED if lock else UNLOCKED)
        await show_item(interaction, locale, item_id, int(self.ids["page"]), notice)
