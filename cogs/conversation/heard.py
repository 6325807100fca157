"""Up to which message the bot dealt with what Discord told: what came later may have been missed.

One note in the store for the whole bot says it, so it tells nothing of who said something where. It
moves on with every message that is for the bot, before that is answered; what is erased, ended or
incognito is therefore not heard a second time, although the store does not know it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import discord

from persona.clock import Clock
from persona.store.database import Database
from persona.store.notes import get_note, set_note

from .running import Running

_NOTE = "heard"


@dataclass(frozen=True, slots=True)
class Before:
    """What processes before this one dealt with: all `until` this id, except `cut_off`."""

    until: int
    cut_off: frozenset[int] = frozenset()

    def has(self, message_id: int) -> bool:
        """Return whether the message was dealt with."""
        return message_id <= self.until and message_id not in self.cut_off

    @property
    def moment(self) -> datetime:
        """When the newest message came that was dealt with."""
        return discord.utils.snowflake_time(self.until)


class Heard:
    """Notes what was dealt with: it is stored, or is not to be."""

    def __init__(self, database: Database, clock: Clock, running: Running) -> None:
        self._database = database
        self._running = running
        self._began = clock.now()
        self._noting = asyncio.Lock()
        self._before: Before | None = None
        self._newest = 0
        self._begun: set[int] = set()

    async def before(self) -> Before:
        """Return what was noted when this process began. Who never heard anything missed nothing.

        Raises `StoreError` when the database is out of reach.
        """
        if self._before is None:
            note = await get_note(self._database, _NOTE)
            ids = [int(each) for each in note.split()] if note else []
            until, *cut_off = ids or [discord.utils.time_snowflake(self._began)]
            self._before = Before(until, frozenset(cut_off))
        return self._before

    @contextlib.asynccontextmanager
    async def taking_in(self, message_id: int, person_id: int) -> AsyncIterator[None]:
        """Deal with a message inside this context, or with `leave` let it be.

        What the end of the process cuts off is missed; what its author's erasure breaks off is not.
        """
        self._begun.add(message_id)
        cut_off = False
        try:
            yield
        except asyncio.CancelledError:
            cut_off = not self._running.breaks_off(person_id)
            raise
        finally:
            if not cut_off:
                await self.dealt_with(message_id)

    async def dealt_with(self, message_id: int) -> None:
        """Note a message that is being taken in, for which nothing is left to do but the answer."""
        if message_id in self._begun:
            self._begun.discard(message_id)
            await self._note(message_id)

    def leave(self, message_id: int) -> None:
        """Note nothing of a message that is not for the bot."""
        self._begun.discard(message_id)

    async def _note(self, message_id: int) -> None:
        async with self._noting:
            self._newest = max(self._newest, message_id, (await self.before()).until)
            begun = sorted(each for each in self._begun if each < self._newest)
            await set_note(self._database, _NOTE, " ".join(map(str, (self._newest, *begun))))
