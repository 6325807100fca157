"""/persona pause and /persona resume: what they do, and what they say."""

from __future__ import annotations

from typing import Any

import discord

from ..errors import reply
from ..host import services_of, whose
from ..locales import locale_for
from ..text.catalogue import N_, text

PAUSED = N_(
    "Paused. I learn nothing new about you here until `/persona resume`, and what you say "
    "meanwhile is not learned later either. What I know stays and is used; we can go on chatting."
)
PAUSED_ALREADY = N_("I have been learning nothing here since {since}. `/persona resume` ends that.")
RESUMED = N_(
    "I learn again here. What was said during the pause stays out of it, and so do conversations "
    "that are still open."
)
NOT_PAUSED = N_("Nothing was paused here.")


async def pause(interaction: discord.Interaction[Any]) -> None:
    """Learn nothing new about whoever asks, where they ask, and tell them."""
    locale = await locale_for(interaction)
    if await services_of(interaction).pausing.pause(*whose(interaction)):
        await reply(interaction, text(locale, PAUSED))
        return
    await reply(interaction, await paused(interaction, locale) or text(locale, NOT_PAUSED))


async def paused(interaction: discord.Interaction[Any], locale: str) -> str | None:
    """Return since when nothing is learned about whoever asks, where they ask; None if it is."""
    since = await services_of(interaction).pausing.since(*whose(interaction))
    if since is None:
        return None
    return text(locale, PAUSED_ALREADY, since=discord.utils.format_dt(since, "D"))


async def resume(interaction: discord.Interaction[Any]) -> None:
    """Learn again about whoever asks, where they ask, and tell them."""
    locale = await locale_for(interaction)
    ended = await services_of(interaction).pausing.resume(*whose(interaction))
    await reply(interaction, text(locale, RESUMED if ended else NOT_PAUSED))
