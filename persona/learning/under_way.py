"""under_way: what is being learned, and about whom or from what, so that it can be stopped.

An erasure or a withdrawal stops what is about its person, a deletion what is from its message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from persona.changes import Overtaken

Came = TypeVar("Came")


class UnderWay:
    """Does work about people, or messages, and stops it."""

    def __init__(self) -> None:
        self._subjects: dict[asyncio.Task[Any], int] = {}

    async def run(self, subject_id: int, work: Coroutine[Any, Any, Came]) -> Came:
        """Do `work` about the subject, return what came of it. Raises `Overtaken` when stopped."""
        # In a task of its own, so that `stop` stops nothing else.
        task = asyncio.create_task(work)
        self._subjects[task] = subject_id
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait({task})
            raise
        finally:
            del self._subjects[task]
        if task.cancelled():
            raise Overtaken
        return task.result()

    async def stop(self, subject_id: int) -> int:
        """Stop all work about the subject; return how much that was, once it has stopped."""
        stopped = [task for task, subject in self._subjects.items() if subject == subject_id]
        for task in stopped:
            task.cancel()
        if stopped:
            await asyncio.wait(stopped)
        return len(stopped)
