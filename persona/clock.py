"""Time is passed in, never read from the air."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the engine asks of time; simulated worlds bring their own."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of this clock's time."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def to_milliseconds(moment: datetime) -> int:
    """Return `moment` as whole milliseconds since 1970, the form the store keeps."""
    return round(moment.timestamp() * 1000)


def from_milliseconds(milliseconds: int) -> datetime:
    """Return the moment that `to_milliseconds` stored."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
