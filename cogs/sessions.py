"""/chat: beginning a conversation, and ending it."""

from __future__ import annotations

import logging
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from persona.closing import Ended

from .cog import JSON, RapportCog
from .conversation import threads
from .conversation.running import Running
from .errors import reply
from .host import AnyBot
from .locales import locale_for
from .text.catalogue import N_, P_, plural, text
from .text.plain import plain

logger = logging.getLogger(__name__)

WELCOME = N_("Hi {name}! What would you like to talk about?")
MENTION_ME = N_("Mention me in each message, so that I can read it.")
ANEW = N_("Let's begin anew. What would you like to talk about?")
OPENED = N_("Let's talk in {thread}.")
TITLE = N_("Chat with {name}")
NOT_HERE = N_("I talk in threads. Use /chat new in a text channel, please.")
NONE_OPEN = N_("No conversation of yours is open here.")
ENDED = N_("This conversation has ended. What you write here next begins another.")
FORGOTTEN = N_("I have forgotten what you said in it, since you have not agreed that I remember.")
LEARNING_LATER = P_(
    "I learn from it once {count} conversation has ended; `/persona learn` does it now.",
    "I learn from it once {count} conversations have ended; `/persona learn` does it now.",
)


class SessionCommands(RapportCog, commands.GroupCog, group_name="chat", name="Sessions"):
    """Begin or end a conversation with me"""

    def __init__(self, bot: AnyBot) -> None:
        super().__init__(bot)
        self._opening = Running()

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return nothing: conversations are Chat's to export."""
        return {}

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Break off what would yet be noted; the store erases what there is."""
        await self._opening.cancel(person_id)
        return {}

    @app_commands.command(name="new", description="Begin a new conversation with me")
    async def new(self, interaction: discord.Interaction[Any]) -> None:
        locale = await locale_for(interaction)
        if interaction.guild is None:
            await interaction.response.defer(ephemeral=True)
            await self._end(interaction)
            await reply(interaction, text(locale, ANEW))
            return
        channel = interaction.channel
        if isinstance(channel, discord.Thread):
            channel = channel.parent
        if not isinstance(channel, threads.Place):
            await reply(interaction, text(locale, NOT_HERE))
            return
        await interaction.response.defer(ephemeral=True)
        try:
            with self._opening(interaction.user.id):
                thread = await self._open(channel, interaction.user, locale)
        except threads.CannotOpenThread as error:
            await reply(interaction, error.shown(locale))
            return
        await reply(interaction, text(locale, OPENED, thread=thread.mention))

    async def _open(
        self, channel: threads.Place, member: discord.Member | discord.User, locale: str
    ) -> discord.Thread:
        """Open a thread or a post for `member` and welcome them. Raises `CannotOpenThread`."""
        settings = self._host.settings
        chosen = await self._services.guilds.threads(channel.guild.id) or settings.threads
        title = text(locale, TITLE, name=member.display_name)[:100]
        welcome = [text(locale, WELCOME, name=plain(member.display_name))]
        if settings.trigger == "mention":
            welcome.append(text(locale, MENTION_ME))
        if isinstance(channel, discord.ForumChannel):
            if chosen == "private":
                raise threads.CannotOpenThread(threads.NO_PRIVATE_THREADS)
            thread = await threads.open_post(
                channel, title, " ".join(welcome), settings.auto_archive_minutes
            )
            await self._services.sessions.opened(member.id, thread.id)
            return thread
        thread = await threads.open_for_member(
            channel,
            member,
            title,
            private=chosen == "private",
            auto_archive_minutes=settings.auto_archive_minutes,
        )
        await self._services.sessions.opened(member.id, thread.id)
        try:
            await thread.send(" ".join(welcome), allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            # The thread is there, and works as well without it.
            logger.info("no welcome", extra={"thread_id": thread.id, "code": error.code})
        return thread

    @app_commands.command(name="end", description="End the conversation we have here")
    async def end(self, interaction: discord.Interaction[Any]) -> None:
        """Closing also stops the thread from being shown, when it was opened for this person."""
        locale = await locale_for(interaction)
        await interaction.response.defer(ephemeral=True)
        ended = await self._end(interaction)
        if ended == "none":
            await reply(interaction, text(locale, NONE_OPEN))
            return
        await reply(interaction, await self._farewell(interaction, locale, ended))
        if isinstance(interaction.channel, discord.Thread):
            await self._archive(interaction.channel, interaction.user.id)

    async def _end(self, interaction: discord.Interaction[Any]) -> Ended | Literal["incognito"]:
        """End the person's session here, after the answer that is being written, if any is."""
        person_id, place = interaction.user.id, interaction.channel_id
        if place is None:
            return "none"
        async with self._host.turns[person_id, place]:
            if await self._services.incognito.is_on(person_id, place):
                self._services.incognito.begin_anew(person_id, place)
                return "incognito"
            return await self._services.closing.person(person_id, place)

    async def _farewell(
        self,
        interaction: discord.Interaction[Any],
        locale: str,
        ended: Literal["kept", "deleted", "incognito"],
    ) -> str:
        sentences = [text(locale, ENDED)]
        learning = self._services.settings.learning
        # One that was off the record is deleted, too, whatever the person agreed to.
        agreed = await self._services.consent.agreed(interaction.user.id)
        if ended == "deleted" and not agreed:
            sentences.append(text(locale, FORGOTTEN))
        elif ended == "kept" and learning.enabled:
            sentences.append(plural(locale, LEARNING_LATER, learning.every))
        return " ".join(sentences)

    async def _archive(self, thread: discord.Thread, person_id: int) -> None:
        """Nothing is lost where the bot may not: the thread archives itself after some silence."""
        if await self._services.sessions.opener(thread.id) != person_id:
            return
        try:
            await thread.edit(archived=True)
        except discord.HTTPException as error:
            logger.info("thread not archived", extra={"thread_id": thread.id, "code": error.code})


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(SessionCommands(bot))
