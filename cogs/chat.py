"""Talking: mentions open threads, threads and direct messages are conversations."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from persona.closing import CloseReason
from persona.sessions import Incoming, Turn

from .conversation import threads
from .conversation.addressing import (
    is_addressed,
    is_direct,
    is_from_person,
    spoken_text,
    thread_title,
)
from .conversation.answering import Answerer, Channel, locale_of
from .conversation.recent import Recent
from .conversation.running import Running
from .errors import UNEXPECTED, reply, report
from .host import AnyBot, Host, me_of
from .text.catalogue import N_, text

logger = logging.getLogger(__name__)

NOTHING_SAID = N_("Hi! What would you like to talk about?")
ONLY_TEXT = N_("I can only read text so far. What is it about?")
WELCOME = N_("Hi {name}! What would you like to talk about?")
MENTION_ME = N_("Mention me in each message, so that I can read it.")
TALKING_HERE = N_("We are talking already: just write.")
OPENED = N_("Let's talk in {thread}.")
TITLE = N_("Chat with {name}")
IN_TEXT_CHANNEL = N_("I talk in threads. Use /chat in a text channel, please.")

# Service managers wait at least ten seconds between asking and killing.
_GRACE_SECONDS = 5.0
_RECOVERED_AT_ONCE = 8


class Chat(commands.Cog):
    """Decides whether a message is addressed to the bot, by whom, and where it is answered."""

    def __init__(self, bot: AnyBot) -> None:
        self._bot = bot
        self._host = Host.of(bot)
        self._services = self._host.services
        self._answerer = Answerer(self._host)
        self._seen = Recent()
        self._running = Running()
        self._recovered = False

    async def cog_unload(self) -> None:
        """What is being written is finished; the rest waits in the store for the next start."""
        await self._running.finish(_GRACE_SECONDS)

    async def cog_app_command_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        await report(interaction, error)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if not is_from_person(message) or not self._seen.is_new(message.id):
            return
        if message.guild is None and not is_direct(message):
            return  # From a server that the bot is not, or not yet, on.
        with self._running():
            try:
                await self._hear(message)
            except Exception:
                logger.exception("message not handled", extra={"message_id": message.id})
                await self._say(message, UNEXPECTED)

    async def _hear(self, message: discord.Message) -> None:
        in_thread = isinstance(message.channel, discord.Thread | discord.PartialMessageable)
        # What is said in one conversation is stored in the order it came. A mention in a channel
        # begins a conversation of its own.
        conversation = in_thread or message.guild is None
        async with self._host.arrivals[message.channel.id if conversation else message.id]:
            me = me_of(self._bot)
            opener = await self._services.sessions.opener(message.channel.id) if in_thread else None
            trigger = self._host.settings.trigger
            if not is_addressed(message, me, opener=opener, trigger=trigger):
                return
            said = spoken_text(message, me)
            channel = await self._place(message, said)
            if channel is None:
                return
            if not said:
                await self._invite(message, channel)
                return
            turn = await self._receive(message, channel, said)
        if turn is None:
            logger.info("message delivered twice", extra={"message_id": message.id})
            return
        guest = in_thread and opener != message.author.id
        await self._answerer.answer(turn, channel, quote=guest)

    async def _receive(self, message: discord.Message, channel: Channel, said: str) -> Turn | None:
        return await self._services.sessions.receive(
            Incoming(
                message_id=message.id,
                person_id=message.author.id,
                thread_id=channel.id,
                guild_id=message.guild.id if message.guild else None,
                text=said,
                sent_at=message.created_at,
            )
        )

    async def _place(self, message: discord.Message, said: str) -> Channel | None:
        """Return where to answer; a mention in a channel opens a thread."""
        channel: object = message.channel
        if isinstance(message.channel, discord.PartialMessageable):
            # A thread that was archived when the bot started is not in its cache.
            channel = await self._bot.fetch_channel(message.channel.id)
        if isinstance(channel, Channel):
            return channel
        title = thread_title(said, message.author.display_name)
        # Such a thread has its message's id. Noted first, so that it never is without its opener.
        await self._services.sessions.opened(message.author.id, message.id)
        try:
            return await threads.open_from_message(
                message, title, self._host.settings.auto_archive_minutes
            )
        except threads.CannotOpenThread as error:
            await self._say(message, str(error))
            return None

    async def _say(self, message: discord.Message, shown: str) -> None:
        """Answer outside a conversation; nothing of it is kept."""
        guild = message.guild
        locale = guild.preferred_locale.value if guild else None
        try:
            await message.reply(
                text(locale, shown),
                mention_author=False,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except discord.HTTPException as error:
            logger.info("could not answer", extra={"message_id": message.id, "code": error.code})

    async def _invite(self, message: discord.Message, channel: Channel) -> None:
        """A mention without words is a greeting; pictures cannot be read yet."""
        pictures = message.attachments or message.stickers or message.message_snapshots
        shown = ONLY_TEXT if pictures else NOTHING_SAID
        await channel.send(
            text(locale_of(channel), shown), allowed_mentions=discord.AllowedMentions.none()
        )

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        state = payload.data.get("thread_metadata", {})
        reason: CloseReason | None = None
        if state.get("locked"):
            reason = "locked"
        elif state.get("archived"):
            reason = "archived"
        if reason is not None:
            await self._services.closing.thread(payload.thread_id, reason)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        await self._services.closing.thread(payload.thread_id, "deleted")

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Answer what a crash left unanswered, once: Discord repeats this event."""
        if self._recovered:
            return
        self._recovered = True
        turns = await self._services.sessions.waiting()
        limit = asyncio.Semaphore(_RECOVERED_AT_ONCE)
        with self._running():
            # Side by side, so that one slow answer does not hold up everybody's.
            await asyncio.gather(*(self._recover(turn, limit) for turn in turns))

    async def _recover(self, turn: Turn, limit: asyncio.Semaphore) -> None:
        async with limit:
            try:
                channel = self._bot.get_channel(turn.thread_id)
                channel = channel or await self._bot.fetch_channel(turn.thread_id)
            except (discord.NotFound, discord.Forbidden, discord.InvalidData):
                channel = None
            except Exception:
                # Discord may answer again by the next start.
                logger.exception("turn not recovered", extra={"message_id": turn.message_id})
                return
            if isinstance(channel, Channel):
                await self._answerer.answer(turn, channel)
            else:
                await self._services.sessions.gave_up(turn, "failed")

    @app_commands.command(name="chat", description="Start a conversation with me in a thread")
    async def chat(self, interaction: discord.Interaction[Any]) -> None:
        locale = interaction.locale.value
        if interaction.guild is None:
            await reply(interaction, text(locale, TALKING_HERE))
            return
        channel = interaction.channel
        if isinstance(channel, discord.Thread):
            channel = channel.parent
        if not isinstance(channel, discord.TextChannel):
            await reply(interaction, text(locale, IN_TEXT_CHANNEL))
            return
        await interaction.response.defer(ephemeral=True)
        chosen = await self._services.guilds.threads(interaction.guild.id)
        member = interaction.user
        try:
            thread = await threads.open_for_member(
                channel,
                member,
                text(locale, TITLE, name=member.display_name)[:100],
                private=(chosen or self._host.settings.threads) == "private",
                auto_archive_minutes=self._host.settings.auto_archive_minutes,
            )
        except threads.CannotOpenThread as error:
            await reply(interaction, text(locale, str(error)))
            return
        await self._services.sessions.opened(member.id, thread.id)
        welcome = [text(locale, WELCOME, name=discord.utils.escape_markdown(member.display_name))]
        if self._host.settings.trigger == "mention":
            welcome.append(text(locale, MENTION_ME))
        await thread.send(" ".join(welcome), allowed_mentions=discord.AllowedMentions.none())
        await reply(interaction, text(locale, OPENED, thread=thread.mention))


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(Chat(bot))
