"""The sign that the bot is writing: it never outlives the writing, nor holds it up."""

from __future__ import annotations

import asyncio
import logging
from typing import Self

import discord

from persona.clock import Clock

logger = logging.getLogger(__name__)

# Discord shows it for ten seconds, or until a message comes.
_AGAIN_SECONDS = 8.0


class Typing:
    """Use as an async context manager; `end` ends it earlier, for good.

    What Discord says to it is of no consequence: the next request is made all the same.
    """

    def __init__(self, channel: discord.abc.Messageable, clock: Clock) -> None:
        self._channel = channel
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()

    async def end(self) -> None:
        """Show it no longer. What is posted next clears it on Discord."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _keep(self) -> None:
        while True:
            begun = self._clock.now()
            try:
                await self._channel.typing()
            except Exception as error:
                logger.info("typing not shown", extra={"reason": type(error).__name__})
            await self._clock.sleep(_AGAIN_SECONDS)
            if self._clock.now() == begun:
                return  # Where time stands still, as in a simulated world, nothing runs out.
