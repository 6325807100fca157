"""postpone: what becomes of a run that did not commit. Its sessions stay unlearned.

An outage is nobody's fault and is retried for as long as it lasts. An answer that stays invalid
counts against the batch: after `max_attempts` the batch is halved, so that one bad conversation
does not hold up the others; one that stays bad alone is parked, where the operator sees it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from persona.clock import to_milliseconds
from persona.completion import Usage
from persona.failpoints import reach
from persona.learning.batch import Run
from persona.learning.commit import add_usage
from persona.learning.due import LONGEST_PAUSE
from persona.settings import LearningSettings
from persona.store.database import Database

Failure = Literal["overtaken", "outage", "invalid_answer"]

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
    reach("postpone.before")
    attempts = run.attempts + (failure == "invalid_answer")
    outages = run.outages + (failure == "outage")
    given_up = attempts >= settings.max_attempts
    failures = attempts + outages
    pause = timedelta(0)
    if failure != "overtaken" and not given_up:
        doublings = min(failures - 1, _DOUBLINGS)
        pause = min(timedelta(minutes=settings.retry_minutes) * 2**doublings, LONGEST_PAUSE)
    queries = database.queries
    name = {"person_id": run.person_id, "scope": run.scope}
    async with database.write(run.person_id) as connection:
        lease = await queries.get_lease(connection, **name)
        if lease is None or lease["fence"] != run.fence:
            return False
        halved = given_up and await _halve(queries, connection, run, to_milliseconds(now))
        parked = given_up and not halved
        postponed = await queries.postpone_run(
            connection,
            person_id=run.person_id,
            run_id=run.run_id,
            state="parked" if parked else "waiting",
            attempts=0 if halved else attempts,
            outages=outages,
            not_before=to_milliseconds(now + pause),
            error=reason,
        )
        if postponed is None:
            return False  # Erased, and another run began since with the same fence.
        if usage.prompt_tokens or usage.completion_tokens:
            await add_usage(database, connection, run, usage, to_milliseconds(now))
        await queries.release_lease(connection, **name, fence=run.fence)
        reach("postpone.written")
    reach("postpone.after")
    return parked


async def _halve(queries: Any, connection: Any, run: Run, at: int) -> bool:
    """Leave the run the first half of its sessions; the rest is due at once, on its own.

    Returns False when there is only one session.
    """
    sessions = [
        row["session_id"]
        async for row in queries.list_run_sessions(
            connection, person_id=run.person_id, run_id=run.run_id
        )
    ]
    if len(sessions) < 2:
        return False
    for session_id in sessions[(len(sessions) + 1) // 2 :]:
        await queries.drop_run_session(
            connection, person_id=run.person_id, run_id=run.run_id, session_id=session_id
        )
    await queries.ask_to_learn(connection, person_id=run.person_id, scope=run.scope, at=at)
    return True
