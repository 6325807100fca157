"""Private threads that others were let into: there the bot tells no more than in public ones.

Without the members intent Discord does not say who is in a thread. It posts a line when somebody is
added, says who writes, and counts the members (up to 50) when it tells of the thread itself.
"""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from .cog import JSON, RapportCog
from .conversation.joined import note_joined
from .conversation.readers import ALONE
from .conversation.running import Running
from .host import AnyBot, me_of

logger = logging.getLogger(__name__)


class Joining(RapportCog):
    """Notes who joins. It must be told of a message before who answers it."""

    def __init__(self, bot: AnyBot) -> None:
        super().__init__(bot)
        self._sharing = self._services.sharing
        self._running = Running()

    async def cog_unload(self) -> None:
        """What was begun is finished: Discord does not tell again."""
        await super().cog_unload()
        await self._running.finish()

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return nothing: threads are Privacy's to export."""
        return {}

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Do nothing: the store erases what there is."""
        return {}

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        thread = message.channel
        # A thread that was archived when the bot started is not in its cache.
        private = isinstance(thread, discord.Thread) and thread.is_private()
        if not private and not isinstance(thread, discord.PartialMessageable):
            return
        with self._running():
            try:
                await note_joined(self._host, thread.id, [message], me_of(self._bot))
            except Exception:
                logger.exception("thread not noted", extra={"thread_id": thread.id})

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        private = payload.thread_type is discord.ChannelType.private_thread
        if private and payload.data.get("member_count", 0) > ALONE:
            await self._note(payload.thread_id)

    @commands.Cog.listener()
    async def on_thread_join(self, thread: discord.Thread) -> None:
        if thread.is_private() and thread.member_count > ALONE:
            await self._note(thread.id)

    async def _note(self, thread_id: int) -> None:
        with self._running():
            try:
                await self._sharing.note(thread_id)
            except Exception:
                logger.exception("thread not noted", extra={"thread_id": thread_id})


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(Joining(bot))
