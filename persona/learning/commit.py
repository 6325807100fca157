"""commit: the only place where sessions are consumed.

One transaction rechecks that this worker still holds the newest fence, that no reset began a new
epoch and that the persona is still the one that was read; then it writes items, evidence and the
new version and marks the sessions learned. Anything else leaves the batch as it was.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from persona.clock import to_milliseconds
from persona.completion import Usage
from persona.learning.batch import Run
from persona.learning.gate import Accepted
from persona.learning.propose import Proposed
from persona.normalise import normalise
from persona.persona import Access
from persona.store.database import Database

Outcome = Literal["applied", "empty", "refused"]


class Overtaken(Exception):
    """The person reset or changed the persona, or another worker took over, in the meantime."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a run came to. `values` counts the values added."""

    outcome: Outcome
    values: int


async def commit(
    database: Database,
    run: Run,
    access: Access,
    proposed: Proposed,
    *,
    prompt: str,
    now: datetime,
) -> Committed:
    """Write what was accepted and consume the run's sessions; all of it, or nothing.

    Raises `Overtaken` when the persona is no longer the one that was read.
    """
    at = to_milliseconds(now)
    async with database.write(run.person_id) as connection:
        writer = _Writer(database.queries, connection, run, access, at)
        await writer.check_still_ours()
        for accepted in proposed.accepted:
            await writer.apply(accepted)
        outcome: Outcome = "refused" if proposed.refused else "empty"
        if proposed.accepted:
            outcome = "applied"
            await writer.add_version()
        codes = Counter(refused.refusal.code for refused in proposed.refused)
        finished = await database.queries.finish_run(
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
        await database.queries.mark_learned(connection, person_id=run.person_id, run_id=run.run_id)
        await add_usage(database, connection, run, proposed.usage, at)
        await database.queries.release_lease(
            connection, person_id=run.person_id, scope=run.scope, fence=run.fence
        )
    return Committed(outcome, writer.added)


async def add_usage(database: Database, connection: Any, run: Run, usage: Usage, at: int) -> None:
    """Record what asking the optimizer cost, also when nothing came of it."""
    await database.queries.add_usage(
        connection,
        person_id=run.person_id,
        usage_id=f"{run.run_id}:{run.attempts + run.outages}",
        scope=run.scope,
        purpose="optimizer",
        model=usage.model,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        used_at=at,
    )


class _Writer:
    """Applies accepted proposals inside the commit's transaction."""

    def __init__(self, queries: Any, connection: Any, run: Run, access: Access, at: int) -> None:
        self._queries = queries
        self._connection = connection
        self._run = run
        self._access = access
        self._at = at
        self._name = {"person_id": run.person_id, "scope": run.scope}
        self.added = 0

    async def check_still_ours(self) -> None:
        lease = await self._queries.get_lease(self._connection, **self._name)
        persona = await self._queries.get_persona(self._connection, **self._name)
        if (
            lease is None
            or lease["fence"] != self._run.fence
            or persona is None
            or persona["epoch"] != self._run.epoch
            or persona["version"] != self._run.base_version
        ):
            raise Overtaken

    async def apply(self, accepted: Accepted) -> None:
        if accepted.target is None:
            await self._put(accepted)
        elif accepted.proposal.op == "remove_item":
            await self._queries.remove_item(
                self._connection,
                person_id=self._run.person_id,
                item_id=accepted.target.item_id,
                at=self._at,
            )
        else:
            await self._support(accepted.target.item_id, accepted)

    async def _put(self, accepted: Accepted) -> None:
        """Write a value: strengthen it where it is known already, else add it."""
        slot, value = accepted.slot, accepted.value or ""
        fingerprint = self._access.key.fingerprint(normalise(value), context=f"items:{slot.name}")
        found = await self._queries.find_item(
            self._connection, **self._name, slot=slot.name, value_fingerprint=fingerprint
        )
        if found is not None:
            await self._support(found, accepted)
            return
        # Items of one run share a time; their ids keep them in the order proposed.
        item_id = f"{self._run.run_id}:{self.added:04d}"
        if accepted.status == "active":
            await self._make_room(item_id, accepted)
        await self._queries.add_item(
            self._connection,
            **self._name,
            item_id=item_id,
            slot=slot.name,
            value_sealed=self._access.key.seal(value, context=f"items:{item_id}"),
            value_fingerprint=fingerprint,
            basis=accepted.proposal.basis,
            status=accepted.status,
            at=self._at,
        )
        self.added += 1
        await self._add_evidence(item_id, accepted)

    async def _support(self, item_id: str, accepted: Accepted) -> None:
        """A value that was inferred and is now stated counts as stated."""
        item = {"person_id": self._run.person_id, "item_id": item_id}
        if accepted.proposal.basis == "stated":
            await self._make_room(item_id, accepted)
            await self._queries.state_item(self._connection, **item)
        await self._queries.support_item(self._connection, **item, at=self._at)
        await self._add_evidence(item_id, accepted)

    async def _make_room(self, item_id: str, accepted: Accepted) -> None:
        """A slot that is no list has one active value."""
        if accepted.slot.kind != "list":
            await self._queries.remove_active_items(
                self._connection,
                **self._name,
                slot=accepted.slot.name,
                kept=item_id,
                at=self._at,
            )

    async def _add_evidence(self, item_id: str, accepted: Accepted) -> None:
        for message, quote in accepted.evidence:
            sealed = self._access.key.seal(
                quote, context=f"evidence:{item_id}:{message.message_id}"
            )
            await self._queries.add_evidence(
                self._connection,
                person_id=self._run.person_id,
                item_id=item_id,
                message_id=message.message_id,
                session_id=message.session_id,
                run_id=self._run.run_id,
                quote_sealed=sealed,
            )

    async def add_version(self) -> None:
        """Keep an immutable snapshot of the persona as it is now."""
        version = self._run.base_version + 1
        items = [
            {
                "item_id": row["item_id"],
                "slot": row["slot"],
                "value": self._access.key.open(
                    row["value_sealed"], context=f"items:{row['item_id']}"
                ),
                "basis": row["basis"],
                "status": row["status"],
            }
            async for row in self._queries.list_items(self._connection, **self._name)
            if row["item_id"] is not None
        ]
        moved = await self._queries.set_version(
            self._connection,
            **self._name,
            epoch=self._run.epoch,
            base_version=self._run.base_version,
            version=version,
        )
        if moved is None:
            raise Overtaken
        await self._queries.add_version(
            self._connection,
            **self._name,
            version=version,
            parent=self._run.base_version or None,
            actor="learner",
            cause=self._run.run_id,
            snapshot_sealed=self._access.key.seal(
                json.dumps(items, ensure_ascii=False),
                context=f"versions:{self._run.scope}:{version}",
            ),
            created_at=self._at,
        )
