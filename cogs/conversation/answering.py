"""Answering a turn on Discord: one at a time per person and thread, always ending in some text."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

import discord

from persona.chatbot import Reply
from persona.errors import InvalidAnswer
from persona.sessions import Turn

from ..errors import UNEXPECTED, sentence
from ..host import Host
from ..text.catalogue import text
from ..text.streaming import Presenter
from ..views.consent import consent_question, consent_view
from .queues import Queues

logger = logging.getLogger(__name__)

Channel = discord.Thread | discord.DMChannel
_QUIET = discord.AllowedMentions.none()


class Answerer:
    """Answers turns. Sessions are answered side by side, each one turn after the other."""

    def __init__(self, host: Host) -> None:
        self._services = host.services
        self._settings = host.settings
        self._turns = Queues()

    async def answer(self, turn: Turn, channel: Channel, *, quote: bool = False) -> None:
        """Reply to `turn` in `channel`; with `quote`, as a Discord reply to its message.

        Whatever fails becomes one sentence for the person and a line in the log.
        """
        async with self._turns[turn.person_id, turn.thread_id]:
            try:
                # At the start a turn may come both from Discord and from the store.
                if await self._services.sessions.is_waiting(turn):
                    await self._answer(turn, channel, quote=quote)
            except discord.HTTPException as error:
                logger.warning(
                    "reply could not be posted",
                    extra={"message_id": turn.message_id, "code": error.code},
                )
                await self._services.sessions.gave_up(turn, "failed")
                # Unless the thread is gone, locked or closed to us, there is a place to say so.
                with contextlib.suppress(discord.HTTPException):
                    await channel.send(
                        text(locale_of(channel), UNEXPECTED), allowed_mentions=_QUIET
                    )
            except Exception:
                logger.exception("turn failed", extra={"message_id": turn.message_id})
                await self._services.sessions.gave_up(turn, "failed")

    async def _answer(self, turn: Turn, channel: Channel, *, quote: bool) -> None:
        locale = locale_of(channel)
        presenter = Presenter(
            _Sender(turn, channel, quote=quote),
            self._services.clock,
            edit_interval=self._settings.edit_interval_seconds,
            on_first_post=lambda reply_id: self._services.sessions.reply_started(turn, reply_id),
        )
        finished: Reply | None = None
        try:
            async with _typing(channel):
                async for piece in self._services.chatbot.reply(turn, public=is_public(channel)):
                    if isinstance(piece, str):
                        await presenter.add(piece)
                    else:
                        finished = piece
        except discord.HTTPException:
            raise
        except Exception as error:
            await self._apologise(turn, presenter, error, locale)
            return
        posted = await presenter.finish()
        if finished is None or not posted:
            await self._apologise(turn, presenter, InvalidAnswer("Nothing to post."), locale)
            return
        asked = await self._ask_consent(turn, channel, locale)
        await self._services.sessions.reply_finished(
            turn, posted[0].id, finished.text, finished.usage, asked_consent=asked
        )

    async def _apologise(
        self, turn: Turn, presenter: Presenter, error: Exception, locale: str | None
    ) -> None:
        shown = sentence(error)
        if shown is UNEXPECTED:
            logger.error("turn failed", extra={"message_id": turn.message_id}, exc_info=error)
        else:
            logger.warning("no answer", extra={"message_id": turn.message_id, "reason": str(error)})
        await presenter.finish(text(locale, shown))
        await self._services.sessions.gave_up(turn, "failed")

    async def _ask_consent(self, turn: Turn, channel: Channel, locale: str | None) -> bool:
        """Ask, if it is due; return whether it was asked."""
        if not await self._services.sessions.may_ask_consent(turn):
            return False
        policy = self._services.settings.privacy.policy_url
        try:
            await channel.send(
                consent_question(locale, str(policy) if policy else None),
                suppress_embeds=True,
                view=consent_view(turn.person_id, locale),
                allowed_mentions=_QUIET,
                nonce=f"{turn.message_id}-q",
            )
        except discord.HTTPException as error:
            # The answer stands without it; the next one asks.
            logger.warning(
                "consent not asked", extra={"message_id": turn.message_id, "code": error.code}
            )
            return False
        return True


class _Sender:
    """Posts the parts of one reply.

    The nonce names the message answered and the part, so Discord itself drops a second copy; after
    a crash the message the reply was begun in is written over instead of posting another.
    """

    def __init__(self, turn: Turn, channel: Channel, *, quote: bool) -> None:
        self._turn = turn
        self._channel = channel
        self._quote = quote

    async def __call__(self, content: str, *, part: int) -> discord.Message:
        if part == 0 and self._turn.reply_id is not None:
            begun = self._channel.get_partial_message(self._turn.reply_id)
            with contextlib.suppress(discord.NotFound):
                return await begun.edit(content=content, allowed_mentions=_QUIET)
        options: dict[str, Any] = {}
        if part == 0 and self._quote:
            options["reference"] = self._channel.get_partial_message(
                self._turn.message_id
            ).to_reference(fail_if_not_exists=False)
            options["mention_author"] = False
        sent = await self._channel.send(
            content,
            allowed_mentions=_QUIET,
            nonce=f"{self._turn.message_id}-{part}",
            **options,
        )
        if self._turn.reply_id is not None and sent.content.strip() != content.strip():
            # Discord knew the nonce and returned what was posted before the crash.
            return await sent.edit(content=content, allowed_mentions=_QUIET)
        return sent


@contextlib.asynccontextmanager
async def _typing(channel: Channel) -> AsyncIterator[None]:
    """Show that the bot is writing; a reply matters more than the sign that it is coming."""
    async with contextlib.AsyncExitStack() as stack:
        with contextlib.suppress(discord.HTTPException):
            await stack.enter_async_context(channel.typing())
        yield


def is_public(channel: Channel) -> bool:
    """Return whether people who were not invited can read along."""
    return isinstance(channel, discord.Thread) and not channel.is_private()


def locale_of(channel: Channel) -> str | None:
    """Return the language a server has chosen; direct messages have none."""
    guild = getattr(channel, "guild", None)
    return guild.preferred_locale.value if guild is not None else None
