"""Ending an answer at its person's wish, while a model still writes it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Stop:
    """A wish that an answer ends here. Whoever waits for a model waits `within` it."""

    def __init__(self) -> None:
        self.asked = False
        self._wait: asyncio.Timeout | None = None

    def ask(self) -> None:
        """End the waiting, now and from now on."""
        self.asked = True
        if self._wait is not None and not self._wait.expired():
            self._wait.reschedule(asyncio.get_running_loop().time())

    @contextlib.asynccontextmanager
    async def within(self, deadline: float) -> AsyncIterator[None]:
        """Raise `TimeoutError` at `deadline`, in the loop's time, or as soon as it is asked."""
        now = asyncio.get_running_loop().time()
        async with asyncio.timeout_at(now if self.asked else deadline) as wait:
            self._wait = wait
            try:
                yield
            finally:
                self._wait = None
