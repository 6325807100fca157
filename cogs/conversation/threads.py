"""Opening threads, and what to say when that is not possible."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import discord

from ..settings import AutoArchive
from ..text.catalogue import N_, text

THREAD_EXISTS = 160004
TOO_MANY_THREADS = 160006
SLOW_MODE = 20016
TAG_REQUIRED = 40067

Place = discord.TextChannel | discord.ForumChannel

ONLY_IN_TEXT_CHANNELS = N_("I talk in threads. Mention me in a text channel, please.")
NO_PRIVATE_THREADS = N_("This channel has no private threads. Use the command in another, please.")
NOT_ALLOWED = N_(
    "I cannot open a thread here: I lack the permission {permissions}. Ask a moderator for it."
)
FORBIDDEN = N_("I may not open threads here. Ask a moderator to let me create threads.")
TOO_MANY = N_("This server has as many open threads as Discord allows. Close one and try again.")
SLOW = N_("This channel is in slow mode. Please try again in a little while.")
NEEDS_TAG = N_("Posts here need a tag. Make a post yourself and mention me in it, please.")
TRY_AGAIN = N_("Discord did not let me open a thread. Please try again.")

# As Discord names them where a moderator gives them.
PERMISSIONS = {
    "view_channel": N_("View Channel"),
    "send_messages": N_("Send Messages"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "create_public_threads": N_("Create Public Threads"),
    "create_private_threads": N_("Create Private Threads"),
    "read_message_history": N_("Read Message History"),
}


class CannotOpenThread(Exception):
    """No thread can be opened here. `message` is a text of the catalogue, for the person.

    `permissions` are those the bot lacks, as texts of the catalogue.
    """

    def __init__(self, message: str, permissions: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.permissions = tuple(permissions)

    def shown(self, locale: str | None) -> str:
        """Return the sentence in a language."""
        names = ", ".join(f"**{text(locale, name)}**" for name in self.permissions)
        return text(locale, self.message, permissions=names)


async def open_from_message(
    message: discord.Message, title: str, auto_archive_minutes: AutoArchive
) -> discord.Thread:
    """Return a new thread under `message`, or the one it has already.

    Raises `CannotOpenThread` with a text for the person.
    """
    channel = message.channel
    if not isinstance(channel, discord.TextChannel):
        raise CannotOpenThread(ONLY_IN_TEXT_CHANNELS)
    _check_permissions(channel, "create_public_threads")
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
            raise CannotOpenThread(NO_PRIVATE_THREADS)
        kind = discord.ChannelType.news_thread
    _check_permissions(channel, "create_private_threads" if private else "create_public_threads")
    try:
        thread = await channel.create_thread(
            name=title,
            type=kind,
            auto_archive_duration=auto_archive_minutes,
            invitable=False,
        )
    except discord.HTTPException as error:
        raise _explained(error) from error
    try:
        await thread.add_user(member)
    except discord.HTTPException as error:
        await _take_back(thread)
        raise _explained(error) from error
    return thread


async def open_post(
    forum: discord.ForumChannel, title: str, welcome: str, auto_archive_minutes: AutoArchive
) -> discord.Thread:
    """Return a new post in `forum` that begins with `welcome`. Raises `CannotOpenThread`."""
    if forum.flags.require_tag:
        raise CannotOpenThread(NEEDS_TAG)
    # A post is made with this permission; that for threads has no effect in forums.
    _check_permissions(forum, "send_messages")
    try:
        post = await forum.create_thread(
            name=title,
            content=welcome,
            auto_archive_duration=auto_archive_minutes,
            allowed_mentions=discord.AllowedMentions.none(),
        )
    except discord.HTTPException as error:
        raise _explained(error) from error
    return post.thread


async def _take_back(thread: discord.Thread) -> None:
    """Delete a thread that is of no use, or close it where the bot may not delete."""
    try:
        await thread.delete()
    except discord.HTTPException:
        with contextlib.suppress(discord.HTTPException):
            await thread.edit(archived=True)


def _check_permissions(channel: Place, *wanted: str) -> None:
    """Name what is missing before Discord only says that something is."""
    granted = channel.permissions_for(channel.guild.me)
    wanted = ("view_channel", *wanted, "send_messages_in_threads")
    missing = [PERMISSIONS[name] for name in wanted if not getattr(granted, name)]
    if missing:
        raise CannotOpenThread(NOT_ALLOWED, missing)


def _explained(error: discord.HTTPException) -> CannotOpenThread:
    if isinstance(error, discord.Forbidden):
        return CannotOpenThread(FORBIDDEN)
    known = {TOO_MANY_THREADS: TOO_MANY, SLOW_MODE: SLOW, TAG_REQUIRED: NEEDS_TAG}
    return CannotOpenThread(known.get(error.code, TRY_AGAIN))
