"""Consent: what a person decided, and what follows from it."""

from __future__ import annotations

from typing import Literal

from persona.clock import Clock, to_milliseconds
from persona.people import People
from persona.store.database import Database

Decision = Literal["remember", "chat_only"]

# Raised when the text people agree to changes in substance; the decision is kept with it.
CONSENT_TEXT_VERSION = 1


class Consent:
    """Reads and records decisions."""

    def __init__(self, database: Database, people: People, clock: Clock) -> None:
        self._database = database
        self._people = people
        self._clock = clock

    async def decision(self, person_id: int) -> Decision | None:
        """Return what the person decided last, or None when they were never asked or never said."""
        async with self._database.read() as connection:
            row = await self._database.queries.get_consent(connection, person_id=person_id)
        return row["decision"] if row else None

    async def decide(self, person_id: int, decision: Decision) -> None:
        """Record a decision, with its time and the version of the text it answers."""
        now = to_milliseconds(self._clock.now())
        queries = self._database.queries
        async with self._database.write(person_id) as connection:
            await self._people.add(connection, person_id)
            await queries.add_consent(
                connection,
                person_id=person_id,
                decided_at=now,
                decision=decision,
                text_version=CONSENT_TEXT_VERSION,
            )
