"""Is this message for the bot, and what does it say? Nothing else of it is looked at."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import discord

from persona.titles import LONGEST, first_words

from ..settings import Trigger

_MENTION = re.compile(r"<(@!?|@&|#)(\d+)>( ?)")


def is_from_person(message: discord.Message) -> bool:
    """Return whether a person wrote it: no bot, no webhook, no system message."""
    return (
        not message.author.bot
        and message.webhook_id is None
        and message.type in (discord.MessageType.default, discord.MessageType.reply)
    )


def is_direct(message: discord.Message) -> bool:
    """Return whether it was sent to the bot alone: neither in a group, nor on an unknown server."""
    return isinstance(message.channel, discord.DMChannel)


def mentions(message: discord.Message, bot: discord.ClientUser) -> bool:
    """Return whether it mentions the bot, or the role Discord made for it."""
    if any(user.id == bot.id for user in message.mentions):
        return True
    role = message.guild.self_role if message.guild else None
    return role is not None and role in message.role_mentions


def begins_post(message: discord.Message) -> bool:
    """Return whether it is the message a forum post begins with: the post has its id."""
    return message.id == message.channel.id


def is_addressed(
    message: discord.Message, bot: discord.ClientUser, *, opener: int | None, trigger: Trigger
) -> bool:
    """Return whether a person's message is meant for the bot.

    Direct messages are; messages that mention it are; and in a thread it opened, so are those of
    the person it opened the thread for, unless the trigger asks for a mention every time.
    """
    if is_direct(message) or mentions(message, bot):
        return True
    return trigger == "thread" and opener == message.author.id


def spoken_text(message: discord.Message, bot: discord.abc.Snowflake) -> str:
    """Return what was said, without the mention of the bot, other mentions as readable names."""
    role = message.guild.self_role if message.guild else None
    own = {bot.id, role.id if role else bot.id}
    names = {user.id: f"@{user.display_name}" for user in message.mentions}
    names |= {role.id: f"@{role.name}" for role in message.role_mentions}
    names |= {channel.id: f"#{channel.name}" for channel in message.channel_mentions}
    return readable_text(message.content, names, own)


def readable_text(content: str, names: Mapping[int, str], own: Collection[int]) -> str:
    """Return `content` with mentions as the `names` of their ids, without those of `own`."""

    def name(match: re.Match[str]) -> str:
        identity = int(match[2])
        return "" if identity in own else names.get(identity, f"{match[1][0]}unknown") + match[3]

    return _MENTION.sub(name, content).strip()


def thread_title(said: str, author: str) -> str:
    """Return a title of at most 60 characters for a thread opened by a message."""
    return first_words(said) or author[:LONGEST]
