"""Talking: mentions open threads, threads and direct messages are conversations."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import discord
from discord.ext import commands

from persona.attachments.attachment import Attachment
from persona.closing import CloseReason
from persona.turns import Incoming, Turn

from .cog import JSON, RapportCog
from .conversation import threads
from .conversation.addressing import (
    begins_post,
    is_addressed,
    is_direct,
    is_from_person,
    spoken_text,
    thread_title,
)
from .conversation.answering import Answerer
from .conversation.attachments import AttachmentReader
from .conversation.heard import Heard
from .conversation.opening import was_opened_for
from .conversation.places import Channel, fetch_said
from .conversation.recent import Recent
from .conversation.recovery import Recovery
from .errors import UNEXPECTED
from .host import AnyBot, me_of
from .locales import locale_in
from .text.catalogue import N_, text

logger = logging.getLogger(__name__)

NOTHING_SAID = N_("Hi! What would you like to talk about?")
NOT_READABLE = N_("I cannot read this, only text files and PDFs. What is it about?")
NOT_READABLE_SEEING = N_(
    "I cannot read this, only text files, PDFs and pictures. What is it about?"
)

_MOST_CHARACTERS = 2000


class Chat(RapportCog):
    """Decides whether a message is addressed to the bot, by whom, and where it is answered."""

    def __init__(self, bot: AnyBot) -> None:
        super().__init__(bot)
        self._answerer = Answerer(self._host)
        self._reader = AttachmentReader(self._host)
        self._seen = Recent()
        self._running = self._host.running
        self._heard = Heard(self._services.database, self._services.clock, self._running)
        self._recovery = Recovery(
            bot, self._host, self._heard, answer=self._answer_late, hear=self.on_message
        )

    async def cog_unload(self) -> None:
        """What is being written is finished; the rest waits in the store for the next start."""
        await super().cog_unload()
        await self._running.finish()
        await self._answerer.close()

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return the conversations that are kept, and the tokens that answers and learning took."""
        records = self._services.records
        return {
            "conversations": await records.conversations(person_id),
            "usage": await records.usage(person_id),
        }

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Break off what is being written for the person, and drop what is held in memory."""
        answers = await self._running.cancel(person_id)
        await self._answerer.cancel(person_id)
        held = self._services.incognito.forget(person_id)
        return {"answers_broken_off": answers, "held_in_memory": held}

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if not is_from_person(message) or not self._seen.is_new(message.id):
            return
        if message.guild is None and not is_direct(message):
            return  # From a server that the bot is not, or not yet, on.
        with self._running(message.author.id):
            try:
                await self._hear(message)
            except Exception:
                logger.exception("message not handled", extra={"message_id": message.id})
                await self._say(message, lambda locale: text(locale, UNEXPECTED))

    async def _hear(self, message: discord.Message) -> None:
        in_thread = isinstance(message.channel, discord.Thread | discord.PartialMessageable)
        # What is said in one conversation is stored in the order it came. A mention in a channel
        # begins a conversation of its own.
        conversation = in_thread or message.guild is None
        async with (
            self._heard.taking_in(message.id, message.author.id),
            self._host.arrivals[message.channel.id if conversation else message.id],
        ):
            me = me_of(self._bot)
            opener = await self._services.sessions.opener(message.channel.id) if in_thread else None
            trigger = self._host.settings.trigger
            known = opener is not None
            if not known and in_thread and await was_opened_for(message, me):
                opener = message.author.id
            if not is_addressed(message, me, opener=opener, trigger=trigger):
                self._heard.leave(message.id)
                return
            if begins_post(message):
                # Whoever begins a post by asking the bot has opened it for the bot.
                opener = message.author.id
            if not known and opener is not None:
                await self._services.sessions.opened(opener, message.channel.id)
                # Whoever was there before the opener was erased may come back.
                await self._services.sharing.note(message.channel.id)
            said = spoken_text(message, me)
            channel = await self._place(message, said)
            if channel is None:
                return
            attachments = await self._reader.read(message, me)
            if not said and not any(attachment.is_readable for attachment in attachments):
                await self._invite(message, channel, attachments)
                return
            turn = await self._receive(message, channel, said, attachments)
            # Nothing may come between this and the answer, as a deletion would afterwards.
            await self._heard.dealt_with(message.id)
        if turn is None:
            logger.info("message delivered twice", extra={"message_id": message.id})
            return
        await self._tell_problems(message, channel, attachments)
        guest = in_thread and opener != message.author.id
        await self._answer(turn, channel, quote=guest)

    async def _answer(self, turn: Turn, channel: Channel, *, quote: bool = False) -> None:
        await self._answerer.answer(turn, channel, quote=quote)
        self._bot.dispatch("rapport_answered", turn, channel)

    async def _receive(
        self,
        message: discord.Message,
        channel: Channel,
        said: str,
        attachments: tuple[Attachment, ...],
    ) -> Turn | None:
        return await self._services.sessions.receive(
            Incoming(
                message_id=message.id,
                person_id=message.author.id,
                thread_id=channel.id,
                guild_id=message.guild.id if message.guild else None,
                text=said,
                sent_at=message.created_at,
                attachments=attachments,
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
            await self._say(message, error.shown)
            return None

    async def _say(self, message: discord.Message, shown: Callable[[str | None], str]) -> None:
        """Answer outside a conversation; nothing of it is kept."""
        try:
            locale = await locale_in(self._host, message.author.id, message.guild)
            await message.reply(
                shown(locale),
                mention_author=False,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except discord.HTTPException as error:
            logger.info("could not answer", extra={"message_id": message.id, "code": error.code})

    async def _invite(
        self, message: discord.Message, channel: Channel, attachments: tuple[Attachment, ...]
    ) -> None:
        """A mention without words is a greeting; what cannot be read is none."""
        if await self._tell_problems(message, channel, attachments):
            return
        sees = self._services.settings.models.chat.sees
        shown = NOTHING_SAID
        if any(attachment.kind != "reply" for attachment in attachments):
            shown = NOT_READABLE_SEEING if sees else NOT_READABLE
        locale = await locale_in(self._host, message.author.id, message.guild)
        try:
            await channel.send(text(locale, shown), allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            logger.info("not invited", extra={"message_id": message.id, "code": error.code})

    async def _tell_problems(
        self, message: discord.Message, channel: Channel, attachments: tuple[Attachment, ...]
    ) -> bool:
        """Tell what of a message could not be read; return whether there was something to tell."""
        if all(attachment.problem is None for attachment in attachments):
            return False
        locale = await locale_in(self._host, message.author.id, message.guild)
        problems = self._reader.problems(locale, attachments)
        try:
            await channel.send(
                "\n".join(problems)[:_MOST_CHARACTERS],
                suppress_embeds=True,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except discord.HTTPException as error:
            # The model is told as well, and the answer matters more.
            logger.info("problem not told", extra={"message_id": message.id, "code": error.code})
        return True

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
        """Catch up. Discord repeats this event when events may have been lost."""
        with self._running():
            try:
                await self._recovery.run()
            except Exception:
                logger.exception("not caught up")

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        self._recovery.lost()

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        self._recovery.resumed()

    async def _answer_late(self, turn: Turn, channel: Channel) -> None:
        """Answer a turn that was stored before the end of the process."""
        with self._running(turn.person_id):
            await self._answer(await self._with_attachments(turn, channel), channel)

    async def _with_attachments(self, turn: Turn, channel: Channel) -> Turn:
        """Read again what came with a message but is not stored: pictures, words of others."""
        stored = await self._services.sessions.attached(turn)
        if not any(attachment.kind in ("image", "reply") for attachment in stored):
            return turn
        try:
            message = await fetch_said(turn.message_id, channel)
            return replace(turn, attachments=await self._reader.read(message, me_of(self._bot)))
        except Exception:
            logger.exception("attachments not read again", extra={"message_id": turn.message_id})
            return turn


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(Chat(bot))
