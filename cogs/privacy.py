"""Privacy: the consent buttons. What a person agreed to is theirs to change."""

from __future__ import annotations

from discord.ext import commands

from .host import AnyBot, Host
from .views.consent import ConsentButton


class Privacy(commands.Cog):
    """Answers the consent question's buttons, also those posted before a restart."""

    def __init__(self, bot: AnyBot) -> None:
        self._bot = bot
        Host.of(bot)

    async def cog_load(self) -> None:
        self._bot.add_dynamic_items(ConsentButton)

    async def cog_unload(self) -> None:
        self._bot.remove_dynamic_items(ConsentButton)


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(Privacy(bot))
