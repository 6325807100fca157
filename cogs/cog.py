"""What all extensions share: the engine, their buttons, and one way to report a failure."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

import discord
from discord import app_commands
from discord.ext import commands

from .errors import report
from .host import AnyBot, Host

MessageCallback = Callable[[discord.Interaction[Any], discord.Message], Coroutine[Any, Any, None]]
Item = type[discord.ui.DynamicItem[Any]]

# What can be written into a file of JSON.
JSON = dict[str, "JSON"] | list["JSON"] | str | int | float | bool | None


class RapportCog(commands.Cog):
    """An extension. `items` are the buttons and selects it answers, also those from long ago."""

    items: ClassVar[tuple[Item, ...]] = ()

    def __init__(self, bot: AnyBot) -> None:
        self._bot = bot
        self._host = Host.of(bot)
        self._services = self._host.services
        self._menus: list[app_commands.ContextMenu] = []

    def add_menu(self, name: str, callback: MessageCallback) -> None:
        """Put `callback` in the menu of every message while this is loaded."""
        menu = app_commands.ContextMenu(name=name, callback=callback)
        menu.error(self.cog_app_command_error)
        self._menus.append(menu)

    async def cog_load(self) -> None:
        self._bot.add_dynamic_items(*self.items)
        for menu in self._menus:
            self._bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        for menu in self._menus:
            self._bot.tree.remove_command(menu.name, type=menu.type)
        self._bot.remove_dynamic_items(*self.items)

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return what this extension knows of a person, by kind; no other has the same kinds."""
        raise NotImplementedError

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Stop what is under way for a person and forget it; return how many there were, by kind.

        What the store holds is erased after all extensions did this (cogs/forgetting.py).
        """
        raise NotImplementedError

    async def cog_app_command_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        await report(interaction, error)
