"""Noting from messages that others take part in a private thread."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from ..host import Host
from .readers import brings_others


async def note_joined(
    host: Host, thread_id: int, messages: Iterable[discord.Message], me: discord.ClientUser
) -> None:
    """Note it if any of `messages` shows it, before what comes after them is answered."""
    sharing = host.services.sharing
    async with host.arrivals[thread_id]:
        alone = await sharing.alone(thread_id)
        if alone is None:
            return
        if any(brings_others(message, (alone, me.id)) for message in messages):
            await sharing.note(thread_id)
