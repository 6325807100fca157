"""/language: the language I speak to you in."""

from __future__ import annotations

from typing import Any

import discord
from babel import Locale
from discord import app_commands
from discord.app_commands import Choice

from .cog import JSON, RapportCog
from .errors import reply
from .host import AnyBot
from .locales import locale_for
from .text.catalogue import N_, languages, text

AUTOMATIC = "auto"
FOLLOWING = N_("I follow your Discord settings again.")
CHOSEN = N_("From now on I speak {language} with you. I still answer in the language you write in.")

_SOURCE = "en"
# Their names tell the script, not the country.
_NAMED_AS = {"zh_CN": "zh_Hans", "zh_TW": "zh_Hant"}


def choices() -> list[Choice[str]]:
    """Return the languages there are, each by its own name, and the way back to Discord's."""
    names = {name: own_name(name) for name in languages() | {_SOURCE}}
    ordered = sorted(names, key=lambda name: names[name].casefold())
    return [
        Choice(name=N_("As in my Discord settings"), value=AUTOMATIC),
        *(Choice(name=names[name], value=name.replace("_", "-")) for name in ordered),
    ]


def own_name(language: str) -> str:
    """Return what the speakers of a language such as "zh_CN" call it."""
    locale = Locale.parse(_NAMED_AS.get(language, language))
    name = locale.get_display_name() or language
    return name[:1].upper() + name[1:]


class Language(RapportCog):
    """Lets people choose their language."""

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return nothing: languages are Privacy's to export."""
        return {}

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Do nothing: the store erases what there is."""
        return {}

    @app_commands.command(name="language", description="Choose the language I speak to you in")
    @app_commands.describe(language="Only buttons, pages and errors: I answer as you write")
    @app_commands.choices(language=choices())
    async def language(self, interaction: discord.Interaction[Any], language: Choice[str]) -> None:
        chosen = None if language.value == AUTOMATIC else language.value
        await self._services.languages.choose(interaction.user.id, chosen)
        locale = await locale_for(interaction)
        shown = text(locale, FOLLOWING)
        if chosen is not None:
            shown = text(locale, CHOSEN, language=own_name(chosen.replace("-", "_")))
        await reply(interaction, shown)


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(Language(bot))
