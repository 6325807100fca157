"""The language in which somebody is spoken to on Discord.

The one they chose with /language; else that of their last interaction, which is this one where
there is one; else the server's; else English.
"""

from __future__ import annotations

from typing import Any

import discord

from .host import Host


async def locale_for(interaction: discord.Interaction[Any]) -> str:
    """Return the language to answer an interaction in."""
    languages = Host.of(interaction.client).services.languages
    shown = interaction.locale.value
    return _joined(await languages.seen(interaction.user.id, shown), shown) or shown


async def locale_in(host: Host, person_id: int, guild: discord.Guild | None) -> str | None:
    """Return the language to speak to a person in, in `guild` or in direct messages."""
    known = _joined(*await host.services.languages.of(person_id))
    return known or (guild.preferred_locale.value if guild is not None else None)


def _joined(chosen: str | None, shown: str | None) -> str | None:
    """Discord names commands in its own language, whatever else was chosen: `chosen@shown`."""
    if chosen is None or shown is None or chosen == shown:
        return chosen or shown
    return f"{chosen}@{shown}"
