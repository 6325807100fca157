"""What people do to their messages after they sent them: what is kept of those follows.

A thread that is deleted only ends its conversation: moderators tidy up so, and it says nothing
about what was said in it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial

import discord
from discord.ext import commands

from .cog import JSON, RapportCog
from .conversation.addressing import is_from_person, spoken_text
from .conversation.running import Running
from .host import AnyBot, me_of

logger = logging.getLogger(__name__)


class Corrections(RapportCog):
    """Follows edits and deletions, also of messages from before the bot started."""

    def __init__(self, bot: AnyBot) -> None:
        super().__init__(bot)
        self._corrections = self._services.corrections
        self._incognito = self._services.incognito
        self._running = Running()

    async def cog_unload(self) -> None:
        """What was begun is finished: Discord does not tell again."""
        await super().cog_unload()
        await self._running.finish()

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return nothing: what is kept is in the store, and exported by others."""
        return {}

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Do nothing: the store erases it."""
        return {}

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        # Discord also tells so of previews of links, pins and threads; only edits have a time.
        if payload.message.edited_at is None or not is_from_person(payload.message):
            return
        said = spoken_text(payload.message, me_of(self._bot))
        files = {file.id for file in payload.message.attachments}
        edit = partial(self._edited, payload.message_id, said, files)
        await self._follow(payload.channel_id, payload.message_id, edit)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await self._delete(payload.channel_id, payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        for message_id in sorted(payload.message_ids):
            await self._delete(payload.channel_id, message_id)

    async def _delete(self, channel_id: int, message_id: int) -> None:
        await self._follow(channel_id, message_id, partial(self._deleted, message_id))

    async def _edited(self, message_id: int, said: str, files: set[int]) -> None:
        await self._host.remembering.stop(message_id)
        self._incognito.edited(message_id, said, files)
        await self._corrections.edited(message_id, said, files)

    async def _deleted(self, message_id: int) -> None:
        await self._host.remembering.stop(message_id)
        self._incognito.deleted(message_id)
        await self._corrections.deleted(message_id)

    async def _follow(
        self, channel_id: int, message_id: int, correct: Callable[[], Awaitable[None]]
    ) -> None:
        """Do it once the message itself is stored, which may still be under way."""
        arrivals = self._host.arrivals
        with self._running():
            async with arrivals[channel_id], arrivals[message_id]:
                try:
                    await correct()
                except Exception:
                    logger.exception("message not corrected", extra={"message_id": message_id})


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(Corrections(bot))
