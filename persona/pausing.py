"""Pausing: nothing new is learned in one scope; what is known stays, and is used.

What is said meanwhile is never learned later: conversations open at the pause, or begun during it,
are off the record until they end, and deleted then. Those that had ended before wait, and are
learned after it. A reset forgets and does not end the pause; only the person does, or an erasure.
"""

from __future__ import annotations

from datetime import datetime

from persona.clock import Clock, from_milliseconds, to_milliseconds
from persona.persona import Personas
from persona.store.database import Database


class Pausing:
    """Begins and ends pauses."""

    def __init__(self, database: Database, personas: Personas, clock: Clock) -> None:
        self._database = database
        self._queries = database.queries
        self._personas = personas
        self._clock = clock

    async def since(self, person_id: int, scope: str) -> datetime | None:
        """Return when the person paused learning in `scope`, or None when it is not paused."""
        async with self._database.read() as connection:
            row = await self._queries.get_persona(connection, person_id=person_id, scope=scope)
        if row is None or row["paused_at"] is None:
            return None
        return from_milliseconds(row["paused_at"])

    async def pause(self, person_id: int, scope: str) -> bool:
        """Learn nothing new in `scope` from now on. Returns False when it was paused already.

        A run under way commits nothing; it goes on after the pause.
        """
        name = {"person_id": person_id, "scope": scope}
        now = to_milliseconds(self._clock.now())
        while True:
            await self._personas.access(person_id, scope)
            async with self._database.write(person_id) as connection:
                if await self._queries.get_persona(connection, **name) is None:
                    continue  # Erased in between.
                begun = await self._queries.pause(connection, **name, at=now)
                if begun is not None:
                    await self._queries.take_off_record(connection, **name)
                return begun is not None

    async def resume(self, person_id: int, scope: str) -> bool:
        """Learn again. Returns False when it was not paused.

        Conversations that are open stay off the record until they end.
        """
        async with self._database.write(person_id) as connection:
            row = await self._queries.resume(connection, person_id=person_id, scope=scope)
        return row is not None
