"""postpone: what becomes of a run that did not commit. Its sessions stay unlearned.

An outage is nobody's fault and is retried for as long as it lasts. An answer that stays invalid
counts against the batch; after `max_attempts` the run is parked, where the operator sees it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from persona.clock import to_milliseconds
from persona.completion import Usage
from persona.learning.batch import Run
from persona.learning.commit import add_usage
from persona.settings import LearningSettings
from persona.store.database import Database

Failure = Literal["overtaken", "outage", "invalid_answer"]

# Pauses double up to this, so that a night's outage costs a few calls.
LONGEST_PAUSE = timedelta(hours=6)
# From a minute, the shortest first pause, so many reach it. More of them overflow in the end.
_DOUBLINGS = 9


async def postpone(
    database: Database,
    run: Run,
    failure: Failure,
    reason: str,
    usage: Usage,
    settings: LearningSettings,
    now: datetime,
) -> bool:
    """Put the run off, or park it; give its lease back. Returns True when it was parked.

    `reason` is kept for the operator; it must hold no message text.
    """
    attempts = run.attempts + (failure == "invalid_answer")
    outages = run.outages + (failure == "outage")
    parked = attempts >= settings.max_attempts
    failures = attempts + outages
    pause = timedelta(0)
    if failure != "overtaken":
        doublings = min(failures - 1, _DOUBLINGS)
        pause = min(timedelta(minutes=settings.retry_minutes) * 2**doublings, LONGEST_PAUSE)
    queries = database.queries
    name = {"person_id": run.person_id, "scope": run.scope}
    async with database.write(run.person_id) as connection:
        lease = await queries.get_lease(connection, **name)
        if lease is None or lease["fence"] != run.fence:
            return False
        await queries.postpone_run(
            connection,
            person_id=run.person_id,
            run_id=run.run_id,
            state="parked" if parked else "waiting",
            attempts=attempts,
            outages=outages,
            not_before=to_milliseconds(now + pause),
            error=reason,
        )
        if usage.prompt_tokens or usage.completion_tokens:
            await add_usage(database, connection, run, usage, to_milliseconds(now))
        await queries.release_lease(connection, **name, fence=run.fence)
    return parked
