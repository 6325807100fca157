"""Who can read along where an answer is posted."""

from __future__ import annotations

from collections.abc import Collection

import discord

from persona.sharing import Sharing

# The bot, and whom it opened a thread for.
ALONE = 2


async def others_read(sharing: Sharing, channel: object, person_id: int) -> bool:
    """Return whether anybody but the person reads along in `channel`, as far as Discord tells.

    Moderators, who may read every private thread, are not counted.
    """
    if not isinstance(channel, discord.Thread):
        return False
    if not channel.is_private():
        return True
    if channel.member_count > ALONE:
        await sharing.note(channel.id)
        return True
    return await sharing.alone(channel.id) != person_id


def brings_others(message: discord.Message, known: Collection[int]) -> bool:
    """Return whether a message in a private thread shows that others than `known` take part.

    So it does when another wrote it, when Discord tells in it that another was added, and when it
    mentions another, whom Discord then adds, if its author may invite.
    """
    if message.type is discord.MessageType.recipient_add:
        return any(user.id not in known for user in message.mentions)
    if message.author.id not in known:
        return True
    if message.author.bot:
        return False  # What the bot says pings nobody.
    others = any(user.id not in known for user in message.mentions)
    return (others or bool(message.role_mentions)) and _may_invite(message)


def _may_invite(message: discord.Message) -> bool:
    thread, author = message.channel, message.author
    if not isinstance(thread, discord.Thread) or not isinstance(author, discord.Member):
        return True
    if thread.invitable or thread.parent is None:
        return True
    return thread.permissions_for(author).manage_threads
