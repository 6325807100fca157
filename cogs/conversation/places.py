"""Where conversations take place."""

from __future__ import annotations

import discord

Channel = discord.Thread | discord.DMChannel


async def fetch_said(message_id: int, channel: Channel) -> discord.Message:
    """Return what was said in `channel`, as Discord has it now; raises what fetching raises.

    A thread has the id of the message it was opened from, which stands in its channel.
    """
    if message_id == channel.id and isinstance(channel, discord.Thread):
        opened_in = channel.parent
        if isinstance(opened_in, discord.abc.Messageable):
            return await opened_in.fetch_message(message_id)
    return await channel.fetch_message(message_id)


def guild_of(channel: Channel) -> discord.Guild | None:
    """Return the server `channel` is in, None for direct messages."""
    return channel.guild if isinstance(channel, discord.Thread) else None
