"""Giving a thread its title, once, beside the answering."""

from __future__ import annotations

import asyncio
import logging

import discord

from persona.titles import first_words
from persona.turns import Turn

from ..host import Host

logger = logging.getLogger(__name__)

# Discord lets a thread be renamed twice in ten minutes, and discord.py waits for as long.
_RENAME_SECONDS = 10.0


class Titling:
    """Renames threads in tasks of its own, which end with `close` or `cancel`."""

    def __init__(self, host: Host) -> None:
        self._titles = host.services.titles
        self._way = host.settings.titles
        self._tasks: dict[asyncio.Task[None], int] = {}

    def begin(self, turn: Turn, thread: discord.Thread, answer: str) -> None:
        """See to a title for the thread in which `turn` was answered, unless it has one."""
        if self._way == "off":
            return
        task = asyncio.create_task(self._title(turn, thread, answer))
        self._tasks[task] = turn.person_id
        task.add_done_callback(self._tasks.pop)

    async def close(self) -> None:
        """Give up what is under way: the title is not worth waiting for."""
        await self._give_up(list(self._tasks))

    async def cancel(self, person_id: int) -> None:
        """Give up what is under way for the person; it has ended then."""
        await self._give_up([task for task, whose in self._tasks.items() if whose == person_id])

    async def _give_up(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _title(self, turn: Turn, thread: discord.Thread, answer: str) -> None:
        where = {"thread_id": thread.id}
        try:
            me = thread.guild.me.id
            # A post in a forum has the title that its writer gave it.
            if thread.archived or thread.owner_id != me or not await self._titles.claim(turn):
                return
            title = await self._find(turn, answer)
            if title and title != thread.name and not thread.archived:
                async with asyncio.timeout(_RENAME_SECONDS):
                    await thread.edit(name=title)
        except (discord.HTTPException, TimeoutError) as error:
            logger.info("thread not renamed", extra={**where, "reason": type(error).__name__})
        except Exception:
            logger.exception("thread not renamed", extra=where)

    async def _find(self, turn: Turn, answer: str) -> str:
        if self._way == "model":
            return await self._titles.find(turn, answer)
        # A thread opened by a message has the message's id, and its first words as name.
        opened_by_message = turn.session_id == turn.thread_id
        return "" if opened_by_message else first_words(turn.said[0].text)
