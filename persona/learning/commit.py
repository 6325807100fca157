"""commit: the only place where sessions are consumed.

One transaction rechecks that this worker still holds the newest fence, that no reset began a new
epoch, that the persona is still the one that was read and its messages what they were, and that the
person still agrees and has not paused learning; then it writes items, evidence and the new version
and marks the sessions learned. Anything else leaves the batch as it was.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from persona.changes import Change, Overtaken, Quote, State
from persona.clock import to_milliseconds
from persona.completion import Usage
from persona.failpoints import reach
from persona.learning.batch import Batch, Run, read_revision
from persona.learning.gate import Accepted
from persona.learning.propose import Proposed
from persona.people import has_agreed
from persona.persona import Access
from persona.spending import note_usage
from persona.store.database import Database

Outcome = Literal["applied", "empty", "refused"]


@dataclass(frozen=True, slots=True)
class Committed:
    """What a run came to. `values` counts the values added."""

    outcome: Outcome
    values: int


async def commit(
    database: Database,
    batch: Batch,
    access: Access,
    proposed: Proposed,
    *,
    prompt: str,
    now: datetime,
) -> Committed:
    """Write what was accepted and consume the run's sessions; all of it, or nothing.

    Raises `Overtaken` when persona or messages are no longer what was read.
    """
    reach("commit.before")
    run, queries = batch.run, database.queries
    at = to_milliseconds(now)
    async with database.write(run.person_id) as connection:
        await _check_still_ours(queries, connection, batch)
        await _check_unlocked(queries, connection, run, proposed)
        change = await Change.begin(
            queries, connection, access, cause=run.run_id, now=now, base_version=run.base_version
        )
        reach("commit.checked")
        for accepted in proposed.accepted:
            await apply(change, accepted)
        reach("commit.items")
        version = await change.finish("learner")
        reach("commit.version")
        outcome: Outcome = "refused" if proposed.refused else "empty"
        if version is not None:
            outcome = "applied"
        codes = Counter(refused.refusal.code for refused in proposed.refused)
        finished = await queries.finish_run(
            connection,
            person_id=run.person_id,
            run_id=run.run_id,
            state=outcome,
            refusals=json.dumps(codes, sort_keys=True) if codes else None,
            model=proposed.usage.model,
            prompt_hash=prompt,
            finished_at=at,
        )
        if finished is None:
            raise Overtaken
        reach("commit.finished")
        await queries.mark_learned(connection, person_id=run.person_id, run_id=run.run_id)
        reach("commit.learned")
        await add_usage(database, connection, run, proposed.usage, at)
        await queries.release_lease(
            connection, person_id=run.person_id, scope=run.scope, fence=run.fence
        )
        reach("commit.written")
    reach("commit.after")
    return Committed(outcome, change.added)


async def apply(change: Change, accepted: Accepted) -> None:
    """Write one accepted proposal."""
    proposal = accepted.proposal
    quotes = [
        Quote(message.message_id, message.session_id, message.sent_at, text)
        for message, text in accepted.evidence
    ]
    state = State(proposal.basis, accepted.status, proposal.valid_until)
    if accepted.target is None:
        await change.put(accepted.slot, accepted.value or "", state, quotes)
    elif proposal.op == "remove_item":
        await change.end(accepted.target.item_id)
    else:
        await change.support(accepted.target.item_id, accepted.slot, state, quotes)


async def add_usage(database: Database, connection: Any, run: Run, usage: Usage, at: int) -> None:
    """Record what asking the optimizer cost, also when nothing came of it."""
    await note_usage(
        database.queries,
        connection,
        usage,
        person_id=run.person_id,
        scope=run.scope,
        usage_id=f"{run.run_id}:{run.attempts + run.outages}",
        purpose="optimizer",
        at=at,
    )


async def _check_still_ours(queries: Any, connection: Any, batch: Batch) -> None:
    run = batch.run
    lease = await queries.get_lease(connection, person_id=run.person_id, scope=run.scope)
    if lease is None or lease["fence"] != run.fence:
        raise Overtaken
    if await read_revision(queries, connection, run) != batch.revision:
        raise Overtaken
    if not await has_agreed(queries, connection, run.person_id):
        raise Overtaken
    persona = await queries.get_persona(connection, person_id=run.person_id, scope=run.scope)
    if persona is None or persona["paused_at"] is not None:
        raise Overtaken


async def _check_unlocked(queries: Any, connection: Any, run: Run, proposed: Proposed) -> None:
    """A lock makes no version, so it is looked up."""
    rows = queries.list_locks(connection, person_id=run.person_id, scope=run.scope)
    locked = {row["slot"] async for row in rows}
    if any(accepted.slot.name in locked for accepted in proposed.accepted):
        raise Overtaken
