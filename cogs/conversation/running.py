"""The tasks at work: a stopping bot finishes its sentences, an erased person's are broken off."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator

# Service managers wait at least ten seconds between asking and killing.
_GRACE_SECONDS = 5.0


class _Idle:
    """Of a task that is not at work."""


_IDLE = _Idle()


class Running:
    """Tasks that say they are at work, and an end that waits for them."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[object], int | None] = {}
        self._broken_off: Counter[int] = Counter()

    @contextlib.contextmanager
    def __call__(self, person_id: int | None = None) -> Iterator[None]:
        """Count the current task as at work inside this context, for that person if given."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("Only tasks can be waited for.")
        outer = self._tasks.get(task, _IDLE)
        self._tasks[task] = person_id
        try:
            yield
        finally:
            if isinstance(outer, _Idle):
                del self._tasks[task]
            else:
                self._tasks[task] = outer

    async def cancel(self, person_id: int) -> int:
        """Cancel the tasks at work for the person; return how many there were. They have ended."""
        stopped = [task for task, whose in self._tasks.items() if whose == person_id]
        self._broken_off[person_id] += 1
        try:
            for task in stopped:
                task.cancel()
            await asyncio.gather(*stopped, return_exceptions=True)
        finally:
            self._broken_off[person_id] -= 1
            self._broken_off += Counter()  # Names nobody for whom nothing is under way.
        return len(stopped)

    def breaks_off(self, person_id: int) -> bool:
        """Return whether the person's tasks are being cancelled, and not all at an end."""
        return self._broken_off[person_id] > 0

    async def finish(self) -> None:
        """Wait for those at work; what is not done in time is cancelled, and has ended."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=_GRACE_SECONDS)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
