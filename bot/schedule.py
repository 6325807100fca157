"""Calls one coroutine at an interval, with APScheduler, and ends it in good order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger(__name__)


class Schedule:
    """One job. A call that is late or still under way is left out, not piled up."""

    def __init__(self, job: Callable[[], Awaitable[None]], seconds: int) -> None:
        self._job = job
        self._seconds = seconds
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._current: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Call the job now, and then every `seconds`."""
        self._scheduler.add_job(
            self._run,
            "interval",
            seconds=self._seconds,
            next_run_time=datetime.now(UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    async def _run(self) -> None:
        self._current = asyncio.current_task()
        try:
            await self._job()
        except asyncio.CancelledError:
            # Only `stop` cancels it, and waits for it; APScheduler would log it as a failure.
            logger.debug("scheduled work cut short")
        except Exception:
            # The next call may go well; the failure must be seen all the same.
            logger.exception("scheduled work failed")

    async def stop(self) -> None:
        """Stop calling; what is under way is cancelled and has ended when this returns."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._current is not None:
            self._current.cancel()
            await asyncio.gather(self._current, return_exceptions=True)
