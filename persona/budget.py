"""How many tokens a person may use up in a day."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from persona.clock import Clock, from_milliseconds, to_milliseconds
from persona.errors import BudgetSpent
from persona.section import Section
from persona.store.database import Database

_DAY = timedelta(hours=24)


class BudgetSettings(Section):
    """What talking may cost."""

    daily_tokens_per_person: int = Field(
        0,
        ge=0,
        le=1_000_000_000,
        description="Read and written for one person within 24 hours, learning included, before "
        "they are asked to wait; 0 sets no limit. More than a billion is none either.",
    )


class Budget:
    """Says whether a person has tokens left."""

    def __init__(self, database: Database, clock: Clock, settings: BudgetSettings) -> None:
        self._database = database
        self._clock = clock
        self._limit = settings.daily_tokens_per_person

    async def check(self, person_id: int) -> None:
        """Raise `BudgetSpent` when the person has used up their tokens of the last 24 hours."""
        if not self._limit:
            return
        now = self._clock.now()
        async with self._database.read() as connection:
            rows = [
                row
                async for row in self._database.queries.list_recent_usage(
                    connection,
                    person_id=person_id,
                    used_after=to_milliseconds(now - _DAY),
                    used_until=to_milliseconds(now),
                )
            ]
        spent = sum(row["tokens"] for row in rows)
        if spent < self._limit:
            return
        # The oldest are the first that count no more.
        for row in rows:
            spent -= row["tokens"]
            if spent < self._limit:
                raise BudgetSpent(from_milliseconds(row["used_at"]) + _DAY)
