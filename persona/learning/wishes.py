"""wishes: what the person locked and deleted, and the context the gate judges in."""

from __future__ import annotations

from typing import Any

from persona.learning.batch import Batch
from persona.learning.gate import Context, Tombstones
from persona.persona import Access
from persona.registry import Registry
from persona.settings import LearningSettings
from persona.store.database import Database

# A small persona may change in more of its parts.
_ALWAYS_CHANGEABLE = 3


async def read_context(
    database: Database,
    batch: Batch,
    access: Access,
    registry: Registry,
    settings: LearningSettings,
) -> Context:
    """Return the context in which proposals for `batch` are judged."""
    async with database.read() as connection:
        locked, tombstones = await read_wishes(database.queries, connection, access)
    return Context.of(
        batch.messages,
        batch.items,
        registry,
        settings.inferred,
        locked=locked,
        tombstones=tombstones,
        most_ended=max(_ALWAYS_CHANGEABLE, int(settings.max_change_share * len(batch.items))),
    )


async def read_wishes(
    queries: Any, connection: Any, access: Access
) -> tuple[frozenset[str], Tombstones]:
    """Return the slots the person locked, and what they deleted."""
    name = {"person_id": access.person_id, "scope": access.scope}
    locked = [row["slot"] async for row in queries.list_locks(connection, **name)]
    values = [row["value_fingerprint"] async for row in queries.list_tombstones(connection, **name)]
    messages = [
        (row["slot"], row["message_id"])
        async for row in queries.list_tombstone_messages(connection, **name)
    ]
    return frozenset(locked), Tombstones(
        frozenset(map(bytes, values)), frozenset(messages), access.tombstone
    )
