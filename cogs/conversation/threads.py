"""Opening threads, and what to say when that is not possible."""

from __future__ import annotations

import discord

from ..settings import AutoArchive
from ..text.catalogue import N_

THREAD_EXISTS = 160004
TOO_MANY_THREADS = 160006


class CannotOpenThread(Exception):
    """No thread can be opened here. The message is a text of the catalogue, for the person."""


async def open_from_message(
    message: discord.Message, title: str, auto_archive_minutes: AutoArchive
) -> discord.Thread:
    """Return a new thread under `message`, or the one it has already.

    Raises `CannotOpenThread` with a text for the person.
    """
    if not isinstance(message.channel, discord.TextChannel):
        raise CannotOpenThread(N_("I talk in threads. Mention me in a text channel, please."))
    try:
        return await message.create_thread(name=title, auto_archive_duration=auto_archive_minutes)
    except discord.HTTPException as error:
        if error.code == THREAD_EXISTS and message.guild is not None:
            thread = await message.guild.fetch_channel(message.id)
            if isinstance(thread, discord.Thread):
                return thread
        raise _explained(error) from error


async def open_for_member(
    channel: discord.TextChannel,
    member: discord.Member | discord.User,
    title: str,
    *,
    private: bool,
    auto_archive_minutes: AutoArchive,
) -> discord.Thread:
    """Return a new thread in `channel` with `member` in it. Raises `CannotOpenThread`."""
    kind = discord.ChannelType.private_thread if private else discord.ChannelType.public_thread
    if channel.is_news():
        if private:
            raise CannotOpenThread(
                N_("This channel has no private threads. Use the command in another, please.")
            )
        kind = discord.ChannelType.news_thread
    try:
        thread = await channel.create_thread(
            name=title,
            type=kind,
            auto_archive_duration=auto_archive_minutes,
            invitable=False,
        )
        await thread.add_user(member)
    except discord.HTTPException as error:
        raise _explained(error) from error
    return thread


def _explained(error: discord.HTTPException) -> CannotOpenThread:
    if isinstance(error, discord.Forbidden):
        return CannotOpenThread(
            N_("I may not open threads here. Ask a moderator to let me create threads.")
        )
    if error.code == TOO_MANY_THREADS:
        return CannotOpenThread(
            N_("This server has as many open threads as Discord allows. Close one and try again.")
        )
    return CannotOpenThread(N_("Discord did not let me open a thread. Please try again."))
