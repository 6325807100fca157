"""Whom a thread was opened for, where the store does not know it any more but Discord does."""

from __future__ import annotations

import logging

import discord

from .readers import ALONE

logger = logging.getLogger(__name__)


async def was_opened_for(message: discord.Message, bot: discord.ClientUser) -> bool:
    """Return whether the bot opened the thread of `message` for its author, by what Discord shows.

    That is a thread under a message of theirs, or a private one with nobody else in it. Of other
    threads Discord does not tell.
    """
    thread = message.channel
    if not isinstance(thread, discord.Thread) or thread.owner_id != bot.id:
        return False
    try:
        if thread.is_private():
            # Anew, because Discord does not tell everybody's bots who joined.
            now = await thread.guild.fetch_channel(thread.id)
            return isinstance(now, discord.Thread) and now.member_count <= ALONE
        if not isinstance(thread.parent, discord.TextChannel):
            return False
        first = thread.starter_message or await thread.parent.fetch_message(thread.id)
    except discord.NotFound:
        return False
    except discord.HTTPException as error:
        logger.info("no look for an opener", extra={"thread_id": thread.id, "code": error.code})
        return False
    return first.author.id == message.author.id
