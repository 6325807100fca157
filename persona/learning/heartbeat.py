"""heartbeat: keeps the lease of a run for as long as the model takes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from persona.changes import Overtaken
from persona.clock import Clock
from persona.learning.batch import Run, extend
from persona.settings import LearningSettings
from persona.store.database import Database


async def beating(
    database: Database,
    run: Run,
    settings: LearningSettings,
    clock: Clock,
    work: Coroutine[Any, Any, None],
    *,
    every: float,
) -> None:
    """Do `work`, renewing the run's lease `every` so many seconds.

    They are seconds of the machine, because it is the machine that works meanwhile; the lease
    itself goes by the clock. Raises `Overtaken`, with the work stopped, when another worker took
    the lease.
    """
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=every))[0]:
            if not await extend(database, run, settings, clock.now()):
                raise Overtaken
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
