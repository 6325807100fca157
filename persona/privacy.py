"""Consent: what a person decided, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from persona.clock import Clock, from_milliseconds, to_milliseconds
from persona.people import People, has_agreed, purge
from persona.persona import erase
from persona.store.database import Database
from persona.store.keys import KeyFile

Decision = Literal["remember", "chat_only"]

# Raised when the text people agree to changes in substance; the decision is kept with it.
CONSENT_TEXT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Record:
    """A decision, when it was made, and the version of the text it answers. They count from 1."""

    number: int
    decision: Decision
    text_version: int
    decided_at: datetime

    @property
    def is_current(self) -> bool:
        """Whether the text has not changed in substance since."""
        return self.text_version >= CONSENT_TEXT_VERSION


class Consent:
    """Reads and records decisions."""

    def __init__(self, database: Database, keys: KeyFile, people: People, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._people = people
        self._clock = clock

    async def decision(self, person_id: int) -> Decision | None:
        """Return what the person decided last, or None when they were never asked or never said."""
        async with self._database.read() as connection:
            row = await self._database.queries.get_consent(connection, person_id=person_id)
        return row["decision"] if row else None

    async def agreed(self, person_id: int) -> bool:
        """Return whether the person wants to be remembered."""
        async with self._database.read() as connection:
            return await has_agreed(self._database.queries, connection, person_id)

    async def records(self, person_id: int) -> list[Record]:
        """Return every decision of the person, the oldest first; the last is in force."""
        async with self._database.read() as connection:
            return [
                Record(
                    row["number"],
                    row["decision"],
                    row["text_version"],
                    from_milliseconds(row["decided_at"]),
                )
                async for row in self._database.queries.list_consent(
                    connection, person_id=person_id
                )
            ]

    async def decide(self, person_id: int, decision: Decision) -> None:
        """Record a decision, with its time and the version of the text it answers."""
        async with self._database.write(person_id) as connection:
            await self._add(connection, person_id, decision)

    async def withdraw(self, person_id: int) -> int:
        """Take the person's yes back and forget what was learned from it, in every scope.

        Both or neither happen, in one transaction; then the data keys are destroyed. Learning runs
        under way commit nothing. Returns the number of values erased.
        """
        queries, person = self._database.queries, {"person_id": person_id}
        epochs: dict[tuple[int, str], int] = {}
        erased = 0
        async with self._database.write(person_id) as connection:
            await self._add(connection, person_id, "chat_only")
            for row in [row async for row in queries.list_personas(connection, **person)]:
                scope, epoch = row["scope"], row["epoch"] + 1
                erased += await erase(self._database, connection, person_id, scope, epoch)
                epochs[person_id, scope] = epoch
        await self._keys.destroy_before(epochs)
        await purge(self._database)
        return erased

    async def _add(self, connection: Any, person_id: int, decision: Decision) -> None:
        await self._people.add(connection, person_id)
        await self._database.queries.add_consent(
            connection,
            person_id=person_id,
            decided_at=to_milliseconds(self._clock.now()),
            decision=decision,
            text_version=CONSENT_TEXT_VERSION,
        )
