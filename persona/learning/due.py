"""due: whose persona is to be learned now. Read from the database, never from a timer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from persona.clock import to_milliseconds
from persona.settings import LearningSettings
from persona.store.database import Database

# Pauses after failures double up to this, so that a night's outage costs a few calls.
LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Due:
    """A person and a scope with something to learn."""

    person_id: int
    scope: str


async def list_due(database: Database, settings: LearningSettings, now: datetime) -> list[Due]:
    """Return what is due at `now`, the longest waiting first."""
    oldest = now - timedelta(hours=settings.max_age_hours)
    async with database.read() as connection:
        return [
            Due(row["person_id"], row["scope"])
            async for row in database.queries.list_due(
                connection,
                every=settings.every,
                max_tokens=settings.max_tokens,
                closed_before=to_milliseconds(oldest),
                now=to_milliseconds(now),
                latest=to_milliseconds(now + LONGEST_PAUSE),
            )
        ]
