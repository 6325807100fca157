"""Answering a turn on Discord: one at a time per person and thread, always ending in some text."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial

import discord

from persona.chatbot import Ending, Reply
from persona.errors import AnswerFiltered, InvalidAnswer
from persona.turns import Turn

from ..errors import UNEXPECTED, sentence, told
from ..host import Host
from ..locales import locale_in
from ..text.catalogue import N_, text
from ..text.streaming import Presenter
from ..views.answer import views_of
from ..views.consent import consent_question, consent_view
from .parts import AnswerParts
from .places import Channel, guild_of
from .presenting import presenter_for
from .readers import others_read
from .rescuing import Rescuer
from .titling import Titling
from .typing import Typing

logger = logging.getLogger(__name__)

STOPPED = N_("-# Stopped.")
CUT = N_("(cut off here, ask me to go on)")
INCOGNITO = N_("-# Incognito: I keep nothing of this conversation. `/privacy incognito` ends it.")

_QUIET = discord.AllowedMentions.none()

# Whoever erases everything waits for it.
_SETTLING_SECONDS = 2.0


class Answerer:
    """Answers turns. Sessions are answered side by side, each one turn after the other."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._services = host.services
        self._settings = host.settings
        self._titling = Titling(host)
        self._rescuer = Rescuer(host)

    async def close(self) -> None:
        """Give up what goes on beside the answers."""
        await self._titling.close()

    async def cancel(self, person_id: int) -> None:
        """Give up what goes on beside the answers to the person."""
        await self._titling.cancel(person_id)

    async def answer(self, turn: Turn, channel: Channel, *, quote: bool = False) -> None:
        """Reply to `turn` in `channel`; with `quote`, as a Discord reply to its message.

        Whatever fails becomes one sentence for the person and a line in the log.
        """
        async with self._host.turns[turn.person_id, turn.thread_id]:
            try:
                # A turn may come twice, from Discord and from the store; and what was said while
                # the one before was answered is answered together.
                taken = await self._rescuer.take(turn, channel)
                if taken is not None:
                    await self._answer(taken, channel, quote=quote)
            except discord.HTTPException as error:
                logger.warning(
                    "reply could not be posted",
                    extra={"message_id": turn.message_id, "code": error.code},
                )
                await self._services.sessions.gave_up(turn, "failed")
                # Unless the thread is gone, locked or closed to us, there is a place to say so.
                with contextlib.suppress(discord.HTTPException):
                    locale = await locale_in(self._host, turn.person_id, guild_of(channel))
                    await channel.send(text(locale, UNEXPECTED), allowed_mentions=_QUIET)
            except Exception:
                logger.exception("turn failed", extra={"message_id": turn.message_id})
                await self._services.sessions.gave_up(turn, "failed")

    async def _answer(self, turn: Turn, channel: Channel, *, quote: bool) -> None:
        locale = await locale_in(self._host, turn.person_id, guild_of(channel))
        public = await others_read(self._services.sharing, channel, turn.person_id)
        if not await self._try(turn, channel, locale, quote=quote, public=public):
            logger.info("answered anew for others", extra={"message_id": turn.message_id})
            await self._try(turn, channel, locale, quote=quote, public=True)

    async def _try(
        self, turn: Turn, channel: Channel, locale: str | None, *, quote: bool, public: bool
    ) -> bool:
        """Answer; return False when it must be done anew, because others came to read along."""
        async with Typing(channel, self._services.clock) as typing:
            parts = AnswerParts(
                turn,
                channel,
                self._services.answers,
                typing,
                await self._services.answers.parts(turn),
                view=views_of(self._host, turn.message_id, locale),
                quote=quote,
            )
            presenter = presenter_for(self._host, parts, channel, locale)
            try:
                return await self._write(turn, channel, parts, presenter, locale, public=public)
            except discord.HTTPException:
                # As far as possible: not even a button shall say that it is still being written.
                parts.close(answered=False)
                await parts.settle()
                raise
            except asyncio.CancelledError:
                # Of what is broken off nothing is kept, and nobody can stop it any more. What the
                # end of the process cuts off keeps its button: by that it is found again.
                if self._host.running.breaks_off(turn.person_id):
                    parts.close(answered=False)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(_SETTLING_SECONDS):
                            await parts.settle()
                raise

    async def _write(
        self,
        turn: Turn,
        channel: Channel,
        parts: AnswerParts,
        presenter: Presenter,
        locale: str | None,
        *,
        public: bool,
    ) -> bool:
        """Write the answer; return False as soon as one for its person alone is read by others."""
        joined = partial(self._services.sharing.noted, channel.id)
        # Nothing that is known of the person is in an incognito answer.
        private = not public and not turn.incognito
        finished: Reply | None = None
        try:
            with self._host.writing(turn.message_id, turn.person_id) as stop:
                reply = self._services.chatbot.reply(turn, public=public, joined=joined, stop=stop)
                async with contextlib.aclosing(reply):
                    async for piece in reply:
                        if private and joined():
                            return False
                        if isinstance(piece, str):
                            await presenter.add(piece)
                        else:
                            finished = piece
        except discord.HTTPException:
            raise
        except Exception as error:
            if private and joined():
                return False
            await self._apologise(turn, parts, presenter, error, locale)
            return True
        # Nothing is kept of an incognito answer that its buttons could be about.
        parts.close(answered=finished is not None and not turn.incognito)
        note = await self._note(turn, finished, locale)
        if private and joined():
            return False
        posted = await presenter.finish(note)
        if finished is None or not posted:
            nothing = InvalidAnswer("Nothing to post.")
            await self._apologise(turn, parts, presenter, nothing, locale)
            return True
        asked = await self._ask_consent(turn, channel, locale)
        stored = await self._services.sessions.reply_finished(
            turn,
            posted[0].id,
            finished.text,
            finished.usage,
            asked_consent=asked,
            grounds=finished.grounds,
        )
        parts.close(answered=stored and not turn.incognito)
        await parts.settle()
        if stored and not turn.incognito and isinstance(channel, discord.Thread):
            self._titling.begin(turn, channel, finished.text)
        return True

    async def _apologise(
        self,
        turn: Turn,
        parts: AnswerParts,
        presenter: Presenter,
        error: Exception,
        locale: str | None,
    ) -> None:
        shown = sentence(error)
        if shown is UNEXPECTED:
            logger.error("turn failed", extra={"message_id": turn.message_id}, exc_info=error)
        else:
            logger.warning("no answer", extra={"message_id": turn.message_id, "reason": str(error)})
        parts.close(answered=False)
        await presenter.finish(told(locale, error))
        await parts.settle()
        await self._services.sessions.gave_up(turn, "failed")

    async def _note(self, turn: Turn, finished: Reply | None, locale: str | None) -> str | None:
        """Return what stands beneath an answer: how it ended, and that nothing is kept of it."""
        ending = _ending(finished.ending, locale) if finished is not None else None
        # The first answer of which that is so tells it.
        told_now = turn.incognito and await self._services.incognito.tell(turn)
        return "\n".join(filter(None, (ending, text(locale, INCOGNITO) if told_now else None)))

    async def _ask_consent(self, turn: Turn, channel: Channel, locale: str | None) -> bool:
        """Ask, if it is due; return whether it was asked."""
        if not await self._services.sessions.may_ask_consent(turn):
            return False
        try:
            await channel.send(
                consent_question(locale, self._services.settings.privacy.policy_url),
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


def _ending(ending: Ending, locale: str | None) -> str | None:
    """Return what is said beneath an answer that did not end by itself."""
    match ending:
        case "stopped":
            return text(locale, STOPPED)
        case "cut":
            return text(locale, CUT)
        case "filtered":
            return told(locale, AnswerFiltered())
        case "whole":
            return None
