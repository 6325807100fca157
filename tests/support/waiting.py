"""Waiting for what happens elsewhere: in another process, or in the simulated world."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE_SECONDS = 30.0


async def until(condition: Callable[[], bool]) -> None:
    """Return when `condition` holds. Raises `TimeoutError` when it does not come to."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - nobody there to set an event
            await asyncio.sleep(0.02)
