"""Where conversations take place."""

from __future__ import annotations

import discord

Channel = discord.Thread | discord.DMChannel


def guild_of(channel: Channel) -> discord.Guild | None:
    """Return the server `channel` is in, None for direct messages."""
    return channel.guild if isinstance(channel, discord.Thread) else None
