"""After a start or a broken connection: what was left unanswered, and what was missed meanwhile.

What was stored and never answered is answered now. What was said while nobody listened is found in
the history of the places where people talk with the bot. Neither is answered twice: what was heard
is known (heard.py), and so is what is stored. Who joined a private thread meanwhile is noted first.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import discord

from persona.turns import Turn

from ..host import AnyBot, Host, me_of
from ..views.answer import stop_id
from .heard import Heard
from .joined import note_joined
from .places import Channel

logger = logging.getLogger(__name__)

_AT_ONCE = 8
# Of one place. Who wrote more within a quarter of an hour is answered for the rest.
_MOST_MISSED = 50
# Direct messages are not told at the start, so those of the last day are asked for.
_LATELY = timedelta(days=1)

Answer = Callable[[Turn, Channel], Awaitable[None]]
Hear = Callable[[discord.Message], Awaitable[None]]


class Recovery:
    """Catches up. `run` may be called after every reconnection; what is under way is left alone."""

    def __init__(
        self, bot: AnyBot, host: Host, heard: Heard, *, answer: Answer, hear: Hear
    ) -> None:
        self._bot = bot
        self._host = host
        self._services = host.services
        self._heard = heard
        self._answer = answer
        self._hear = hear
        self._limit = asyncio.Semaphore(_AT_ONCE)
        # When the connection broke; at first, nothing was heard since what is noted.
        self._lost: datetime | None = datetime.min.replace(tzinfo=UTC)

    def lost(self) -> None:
        """Discord cannot tell anything any more; it may be told so repeatedly."""
        if self._lost is None:
            self._lost = self._services.clock.now()

    def resumed(self) -> None:
        """Discord told what it could not tell meanwhile."""
        self._lost = None

    async def run(self) -> None:
        """Answer what waits and what was missed; side by side, but in order in each place."""
        waiting: defaultdict[int, list[Turn]] = defaultdict(list)
        for turn in await self._services.sessions.waiting():
            waiting[turn.thread_id].append(turn)
        now = self._services.clock.now()
        away = max(self._lost or now, (await self._heard.before()).moment)
        self._lost = None
        places = dict.fromkeys([*waiting, *await self._places(away)])
        await asyncio.gather(*(self._catch_up(place, waiting[place], away) for place in places))

    async def _catch_up(self, place: int, turns: list[Turn], away: datetime) -> None:
        """Answer what waits in a place, and hear what was said there while the bot was away."""
        async with self._limit:
            try:
                channel = await self._channel(place)
            except Exception:
                # Discord may answer again by the next start.
                logger.exception("place not recovered", extra={"thread_id": place})
                return
            missed = await self._look(channel, away) if channel is not None else []
        if channel is None:
            for turn in turns:
                await self._services.sessions.gave_up(turn, "failed")
            return
        # What was missed is taken in one after the other, and answered together.
        await asyncio.gather(
            *(self._take_up(turn, channel) for turn in turns),
            *(self._hear(message) for message in missed),
        )

    async def _take_up(self, turn: Turn, channel: Channel) -> None:
        """Answer a turn that was stored before the end."""
        async with self._limit:
            await self._find_begun(turn, channel)
            await self._answer(turn, channel)

    async def _find_begun(self, turn: Turn, channel: Channel) -> None:
        """Note an answer that was begun on Discord when the end came before it was noted here.

        Its first message still carries the button that stops it, which names the turn.
        """
        if await self._services.answers.parts(turn):
            return
        me, begun = me_of(self._bot).id, stop_id(turn.message_id)
        after = discord.Object(turn.message_id)
        try:
            async for message in channel.history(limit=_MOST_MISSED, after=after):
                if message.author.id == me and begun in _custom_ids(message):
                    await self._services.answers.note_part(turn, 0, message.id)
                    return
        except discord.HTTPException as error:
            # A second answer is better than none.
            logger.info("no look for an answer", extra={"code": error.code})

    async def _places(self, away: datetime) -> list[int]:
        """Return threads with something new in them, and where people talked lately."""
        new = [
            thread.id
            for guild in self._bot.guilds
            for thread in guild.threads
            if thread.last_message_id is not None
            and discord.utils.snowflake_time(thread.last_message_id) >= self._since(thread, away)
        ]
        lately = await self._services.sessions.places(self._services.clock.now() - _LATELY)
        return [*new, *(place for place in lately if self._bot.get_channel(place) is None)]

    def _oldest(self) -> datetime:
        minutes = self._services.settings.sessions.answer_after_restart_minutes
        return self._services.clock.now() - timedelta(minutes=minutes)

    def _since(self, channel: Channel, away: datetime) -> datetime:
        """Return since when it matters what came: who joined a private thread did so for good."""
        oldest = self._oldest()
        return min(oldest, away) if _is_private(channel) else oldest

    async def _look(self, channel: Channel, away: datetime) -> list[discord.Message]:
        """Note who joined while the bot was away; return what is to be heard, oldest first."""
        try:
            heard = await self._heard.before()
            private = _is_private(channel)
            came = [
                message
                async for message in channel.history(
                    limit=None if private else _MOST_MISSED,
                    after=self._since(channel, away),
                    oldest_first=private,
                )
            ]
            came.sort(key=lambda message: message.id)
            me, oldest = me_of(self._bot), self._oldest()
            if private:
                await note_joined(self._host, channel.id, came, me)
            return [
                message
                for message in came[-_MOST_MISSED:]
                if message.author.id != me.id
                and message.created_at >= oldest
                and not heard.has(message.id)
                and not await self._services.sessions.is_known(message.id)
            ]
        except Exception:
            logger.exception("place not looked at", extra={"thread_id": channel.id})
            return []

    async def _channel(self, place: int) -> Channel | None:
        """Return the thread or direct message, or None when it is gone or closed to the bot."""
        try:
            channel = self._bot.get_channel(place) or await self._bot.fetch_channel(place)
        except (discord.NotFound, discord.Forbidden, discord.InvalidData):
            return None
        return channel if isinstance(channel, Channel) else None


def _is_private(channel: Channel) -> bool:
    return isinstance(channel, discord.Thread) and channel.is_private()


def _custom_ids(message: discord.Message) -> set[str | None]:
    rows = (row for row in message.components if isinstance(row, discord.ActionRow))
    return {getattr(item, "custom_id", None) for row in rows for item in row.children}
