"""The tasks at work, so that a stopping bot finishes its sentences."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator


class Running:
    """Tasks that say they are at work, and an end that waits for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Count the current task as at work inside this context."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("Only tasks can be waited for.")
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def finish(self, seconds: float) -> None:
        """Wait for those at work; what is not done after `seconds` is cancelled, and has ended."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=seconds)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
