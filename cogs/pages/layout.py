"""Pages as Discord takes them, and how they are shown to one person alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord

Item = discord.ui.Item[Any]

# A row holds five buttons.
_ROW = 5


class Page(discord.ui.LayoutView):
    """A page. Nothing waits for its buttons: whoever answers them finds them by their ids.

    discord.py would hold it in memory otherwise, for as long as the bot runs.
    """

    def __init__(self, *parts: Item | None) -> None:
        super().__init__(timeout=None)
        for part in parts:
            if part is not None:
                self.add_item(part)
        self.stop()


class Controls(discord.ui.View):
    """Buttons beneath a plain message; nothing waits for these either."""

    def __init__(self, *buttons: Item) -> None:
        super().__init__(timeout=None)
        for button in buttons:
            self.add_item(button)
        self.stop()


def shown(content: str | None, id: int | None = None) -> discord.ui.TextDisplay[Any] | None:
    """Return a piece of Markdown, if there is any."""
    return discord.ui.TextDisplay(content, id=id) if content else None


def row(*controls: Item | None) -> discord.ui.ActionRow[Any] | None:
    """Return at most five controls side by side, those that are there."""
    there = [control for control in controls if control is not None]
    return discord.ui.ActionRow(*there[:_ROW]) if there else None


def box(parts: Iterable[Item | None]) -> discord.ui.Container[Any]:
    """Return parts in a frame."""
    return discord.ui.Container(*[part for part in parts if part is not None])


async def show(interaction: discord.Interaction[Any], page: Page) -> None:
    """Answer a command with a page only its author sees; else put it in the place of the old one.

    The interaction may have been deferred, ephemerally.
    """
    quiet = discord.AllowedMentions.none()
    # A page takes the place of a plain message only without its text.
    if interaction.response.is_done():
        await interaction.edit_original_response(content=None, view=page, allowed_mentions=quiet)
    elif interaction.type is discord.InteractionType.application_command:
        await interaction.response.send_message(view=page, ephemeral=True, allowed_mentions=quiet)
    else:
        await interaction.response.edit_message(content=None, view=page, allowed_mentions=quiet)
