"""Names and descriptions of commands, in the languages of the catalogues."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from .catalogue import command_name, translation

_NAMES = (Location.command_name, Location.group_name, Location.parameter_name)


class CommandTranslator(app_commands.Translator):
    """Gives Discord every command in every language; where one is missing it shows the English."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return `string` in `locale`, or None where the English is to stand."""
        typed = context.location in _NAMES and not isinstance(
            context.data, app_commands.ContextMenu
        )
        find = command_name if typed else translation
        return find(locale.value, string.message)
