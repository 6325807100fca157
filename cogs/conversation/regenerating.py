"""Writing an answer anew, over the old one; if that fails the old one stays."""

from __future__ import annotations

import contextlib
import logging
from functools import partial

import discord

from persona.answers import Answer
from persona.chatbot import Reply
from persona.errors import InvalidAnswer
from persona.turns import Turn

from ..host import Host
from ..locales import locale_in
from ..text.catalogue import N_
from .parts import AnswerParts, ViewOf
from .places import Channel, guild_of
from .presenting import presenter_for
from .readers import others_read
from .typing import Typing

logger = logging.getLogger(__name__)

GONE = N_("I do not keep this conversation any more.")
TOO_LATE = N_("I can only write my newest answer anew.")


async def regenerate(host: Host, answer: Answer, channel: Channel, view: ViewOf) -> str | None:
    """Write `answer` anew; return a text of the catalogue that says why not, or None.

    Raises what the chatbot raises, and `discord.HTTPException` when it cannot be posted; the old
    answer stays then.
    """
    person_id, answers = answer.person_id, host.services.answers
    with host.running(person_id):
        async with host.turns[person_id, channel.id]:
            now = await answers.of_turn(answer.turn_id)
            if now is not None and now.attempts != answer.attempts:
                return None  # Pressed twice; the first press has done it.
            turn = await answers.turn(answer)
            if turn is None:
                return GONE
            return await _hindrance(host, turn) or await _regenerate(host, turn, channel, view)


async def _hindrance(host: Host, turn: Turn) -> str | None:
    """Return why the answer to `turn` is not to be written anew, None where nothing is."""
    now = await host.services.answers.of_turn(turn.message_id)
    if now is None:
        return GONE
    # Where it is incognito, the newest answer is one that nobody keeps.
    incognito = await host.services.incognito.is_on(turn.person_id, turn.thread_id)
    return None if now.newest and not incognito else TOO_LATE


async def _regenerate(host: Host, turn: Turn, channel: Channel, view: ViewOf) -> str | None:
    answers = host.services.answers
    async with Typing(channel, host.services.clock) as typing:
        # All of it first: whatever fails then leaves the old one as it is.
        public = await others_read(host.services.sharing, channel, turn.person_id)
        reply = await _whole(host, turn, channel, public=public)
        if not public and await others_read(host.services.sharing, channel, turn.person_id):
            # It was for its person alone, who is not any more.
            reply = await _whole(host, turn, channel, public=True)
        # That took its time, and what it rests on may have been erased meanwhile.
        hindrance = await _hindrance(host, turn)
        if hindrance is not None:
            return hindrance
        posted = await answers.parts(turn)
        parts = AnswerParts(turn, channel, answers, typing, posted, view=view)
        parts.close(answered=True)
        try:
            reply_id = await _write(host, channel, turn, parts, reply.text)
        except discord.HTTPException:
            await _restore(host, turn, channel, typing, view)
            raise
    if await answers.replace(turn, reply_id, reply.text, reply.usage, reply.grounds):
        await parts.settle()
    return None


async def _whole(host: Host, turn: Turn, channel: Channel, *, public: bool) -> Reply:
    joined = partial(host.services.sharing.noted, channel.id)
    reply = host.services.chatbot.reply(turn, public=public, joined=joined)
    async with contextlib.aclosing(reply):
        async for piece in reply:
            if isinstance(piece, Reply):
                return piece
    raise InvalidAnswer("Nothing to post.")


async def _write(host: Host, channel: Channel, turn: Turn, parts: AnswerParts, text: str) -> int:
    """Show `text` in the parts there are; return the id of the first."""
    locale = await locale_in(host, turn.person_id, guild_of(channel))
    presenter = presenter_for(host, parts, channel, locale)
    await presenter.add(text)
    posted = await presenter.finish()
    if not posted:
        raise InvalidAnswer("Nothing to post.")
    return posted[0].id


async def _restore(host: Host, turn: Turn, channel: Channel, typing: Typing, view: ViewOf) -> None:
    """Show the old answer again in what has been written over, as far as Discord allows."""
    answers = host.services.answers
    old = await answers.text(turn)
    posted = await answers.parts(turn)
    parts = AnswerParts(turn, channel, answers, typing, posted, view=view)
    parts.close(answered=True)
    logger.warning("new answer could not be posted", extra={"message_id": turn.message_id})
    with contextlib.suppress(discord.HTTPException, InvalidAnswer):
        if old is not None:
            await _write(host, channel, turn, parts, old)
            await parts.settle()
