"""The time of a life: it moves only from message to message and from session to session."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)
_MESSAGE = timedelta(minutes=1)
_SESSIONS = timedelta(days=1)


class LifeClock:
    """Begins alike for everybody, so that the same life has the same dates."""

    def __init__(self) -> None:
        self._now = BEGIN

    def now(self) -> datetime:
        """Return the moment of this life."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Let others run; waiting takes none of a life's time."""
        await asyncio.sleep(0)

    def next_message(self) -> None:
        """Let the time pass until the next message."""
        self._now += _MESSAGE

    def next_session(self) -> None:
        """Let the time pass until the next session, which is on another day."""
        self._now += _SESSIONS
