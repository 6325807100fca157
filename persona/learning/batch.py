"""batch: claim a person's unlearned sessions, and read what was said in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from persona.clock import from_milliseconds, to_milliseconds
from persona.failpoints import reach
from persona.learning.due import Due
from persona.persona import Access, Item
from persona.settings import LearningSettings
from persona.store.database import Database
from persona.turns import Author


@dataclass(frozen=True, slots=True)
class BatchMessage:
    """One message of the batch. `number` and `session` count from 1 within the batch."""

    number: int
    session: int
    session_id: int
    message_id: int
    author: Author
    sent_at: datetime
    tokens: int
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """A claimed learning run. Whoever holds the newest `fence` may commit it."""

    person_id: int
    scope: str
    run_id: str
    fence: int
    epoch: int
    base_version: int
    attempts: int
    outages: int


# How many messages there were, and how often they had been edited.
Revision = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run reads: the messages in order, and the items known before.

    `revision` tells whether any of the messages was edited or deleted since.
    """

    run: Run
    messages: tuple[BatchMessage, ...]
    items: tuple[Item, ...]
    revision: Revision

    def parts(self, budget: int) -> Iterator[tuple[BatchMessage, ...]]:
        """Yield the messages in portions of at most `budget` tokens, or of one message.

        Portions without a word of the person are left out: there is nothing to learn from them.
        """
        portions: list[list[BatchMessage]] = []
        used = 0
        for message in self.messages:
            if not portions or used + message.tokens > budget:
                portions.append([])
                used = 0
            portions[-1].append(message)
            used += message.tokens
        for portion in portions:
            if any(message.author == "person" for message in portion):
                yield tuple(portion)


async def claim(
    database: Database,
    due: Due,
    settings: LearningSettings,
    *,
    owner: str,
    now: datetime,
) -> Run | None:
    """Take the lease on a due persona and begin or resume its run.

    Returns None when another worker has the lease, nothing is left to learn, the person paused
    learning, or all was erased.
    """
    queries = database.queries
    name = {"person_id": due.person_id, "scope": due.scope}
    async with database.write(due.person_id) as connection:
        persona = await queries.get_persona(connection, **name)
        if persona is None or persona["paused_at"] is not None:
            return None  # Erased or paused since it was due.
        lease = timedelta(seconds=settings.lease_seconds)
        fence = await queries.claim_lease(
            connection,
            **name,
            owner=owner,
            now=to_milliseconds(now),
            expires_at=to_milliseconds(now + lease),
            latest=to_milliseconds(now + 2 * lease),
        )
        if fence is None:
            return None
        reach("claim.leased")
        epoch, version = persona["epoch"], persona["version"]
        unfinished = await queries.get_unfinished_run(connection, **name)
        if unfinished is not None:
            await queries.resume_run(
                connection,
                person_id=due.person_id,
                run_id=unfinished["run_id"],
                base_version=version,
            )
            return Run(
                due.person_id,
                due.scope,
                unfinished["run_id"],
                fence,
                epoch,
                version,
                unfinished["attempts"],
                unfinished["outages"],
            )
        sessions = [
            row["session_id"]
            async for row in queries.list_unlearned_sessions(
                connection, **name, epoch=epoch, number=settings.every
            )
        ]
        if not sessions:
            await queries.release_lease(connection, **name, fence=fence)
            return None
        run_id = uuid.uuid4().hex
        await queries.add_run(
            connection,
            **name,
            run_id=run_id,
            epoch=epoch,
            base_version=version,
            now=to_milliseconds(now),
        )
        for session_id in sessions:
            await queries.add_run_session(
                connection, person_id=due.person_id, run_id=run_id, session_id=session_id
            )
        await queries.answer_learn_request(connection, **name, epoch=epoch)
        reach("claim.written")
        return Run(due.person_id, due.scope, run_id, fence, epoch, version, 0, 0)


async def read(database: Database, run: Run, access: Access, items: tuple[Item, ...]) -> Batch:
    """Return what was said in the run's sessions, in order, opened with the person's key."""
    queries = database.queries
    messages: list[BatchMessage] = []
    async with database.read() as connection:
        sessions = [
            row["session_id"]
            async for row in queries.list_run_sessions(
                connection, person_id=run.person_id, run_id=run.run_id
            )
        ]
        revision = await read_revision(queries, connection, run)
        for position, session_id in enumerate(sessions, 1):
            async for row in queries.list_session_messages(
                connection, person_id=run.person_id, session_id=session_id
            ):
                message = _message(row, len(messages) + 1, position, session_id, access)
                # Of what came without words there is nothing to learn, nor to quote.
                if message.text:
                    messages.append(message)
    return Batch(run, tuple(messages), items, revision)


async def read_revision(queries: Any, connection: Any, run: Run) -> Revision:
    """Return the state of the run's messages."""
    row = await queries.get_revision(connection, person_id=run.person_id, run_id=run.run_id)
    return row["messages"], row["edits"]


async def extend(database: Database, run: Run, settings: LearningSettings, now: datetime) -> bool:
    """Keep the lease of a run under way for longer; return whether it was still held."""
    async with database.write(run.person_id) as connection:
        fence = await database.queries.extend_lease(
            connection,
            person_id=run.person_id,
            scope=run.scope,
            fence=run.fence,
            expires_at=to_milliseconds(now + timedelta(seconds=settings.lease_seconds)),
        )
    return fence is not None


def _message(row: Any, number: int, session: int, session_id: int, access: Access) -> BatchMessage:
    return BatchMessage(
        number=number,
        session=session,
        session_id=session_id,
        message_id=row["message_id"],
        author=row["author"],
        sent_at=from_milliseconds(row["sent_at"]),
        tokens=row["tokens"],
        text=access.key.open(row["text_sealed"], context=f"messages:{row['message_id']}"),
    )
