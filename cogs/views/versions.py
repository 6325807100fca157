"""What the buttons about one version do."""

from __future__ import annotations

from typing import Any, cast

import discord

from persona.errors import EditError

from ..host import services_of, whose
from ..pages.controls import Place, VersionAction
from ..pages.showing import show_history, show_persona, why_not
from ..text.catalogue import N_, text
from .items import SO_ALREADY
from .pressable import Pressable, Pressed

UNDONE = N_("Taken back: #{version}.")
WENT_BACK = N_("This is again how it was at #{version}.")
NOTHING_LEFT = N_("Nothing of that was left to take back.")


class VersionButton(
    Pressable,
    Pressed,
    template=r"rapport:version:(?P<action>undo|back):(?P<epoch>\d+):(?P<version>\d+)"
    r":(?P<place>show|history)$",
):
    """Takes a version back, or goes back to it."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        await interaction.response.defer()
        notice = await take_back(
            interaction,
            locale,
            int(self.ids["version"]),
            int(self.ids["epoch"]),
            cast(VersionAction, self.ids["action"]),
        )
        if cast(Place, self.ids["place"]) == "history":
            await show_history(interaction, locale, notice=notice)
        else:
            await show_persona(interaction, locale, notice=notice)


async def take_back(
    interaction: discord.Interaction[Any],
    locale: str,
    version: int,
    epoch: int,
    action: VersionAction = "undo",
) -> str:
    """Take a version back, or go back to it; return what to say about it."""
    editor = services_of(interaction).editor
    change = editor.undo if action == "undo" else editor.rollback
    try:
        made = await change(*whose(interaction), version, epoch=epoch)
    except EditError as error:
        return why_not(interaction, error, locale)
    if action == "undo":
        return text(locale, UNDONE if made else NOTHING_LEFT, version=version)
    return text(locale, WENT_BACK if made else SO_ALREADY, version=version)
