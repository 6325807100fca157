"""Buttons and selects known by their custom ids, whose failures reach the person as a sentence."""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from ..errors import report
from ..locales import locale_for

Pressed = discord.ui.DynamicItem[discord.ui.Item[Any]]


class Pressable:
    """Mixed into `Pressed`: `press` is called in the language of whoever pressed.

    All there is to know is in the custom id, so that it works after a restart, and whoever shows a
    button needs nothing but the id: `ids` has what the template's groups are called.
    """

    def __init__(self, item: discord.ui.Item[Any], match: re.Match[str]) -> None:
        super().__init__(item)  # type: ignore[call-arg]
        self.ids = match.groupdict()

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(item, match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the item is for, or say what went wrong."""
        try:
            await self.press(interaction, await locale_for(interaction))
        except Exception as error:
            await report(interaction, error)

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        """Do what the item is for."""
        raise NotImplementedError
