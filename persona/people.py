"""The people a database knows, and what it takes to know them no more."""

from __future__ import annotations

import uuid
from typing import Any

from persona.clock import Clock, to_milliseconds
from persona.errors import EditError
from persona.failpoints import reach
from persona.store.database import Database
from persona.store.keys import KeyFile
from persona.store.notes import get_note

_PURGE_DUE = "purge"


class People:
    """Adds people when they are first met."""

    def __init__(self, database: Database, keys: KeyFile, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    async def add(self, connection: Any, person_id: int) -> None:
        """Add the person, unless known, inside the transaction of `connection`.

        It must have the person to itself. An erasure of theirs that was cut short is finished.
        """
        epoch = await self._keys.first_epoch(person_id)
        await delete_before(self._database, connection, person_id, epoch)
        await self._database.queries.add_person(
            connection,
            person_id=person_id,
            first_epoch=epoch,
            first_seen_at=to_milliseconds(self._clock.now()),
        )


async def has_agreed(queries: Any, connection: Any, person_id: int) -> bool:
    """Return whether the person wants to be remembered, inside the transaction of `connection`."""
    consent = await queries.get_consent(connection, person_id=person_id)
    return consent is not None and consent["decision"] == "remember"


async def check_agreed(queries: Any, connection: Any, person_id: int) -> None:
    """Raise `EditError` unless the person wants to be remembered, in the transaction that writes.

    They may have taken their yes back, or had everything erased, since they asked for it.
    """
    if not await has_agreed(queries, connection, person_id):
        raise EditError("The person has not agreed to being remembered.", code="no_consent")


async def delete_before(database: Database, connection: Any, person_id: int, epoch: int) -> None:
    """Delete the person if known from before `epoch`, inside the transaction of `connection`."""
    known = await database.queries.get_first_epoch(connection, person_id=person_id)
    if known is not None and known < epoch:
        await delete_person(database, connection, person_id)


async def delete_person(database: Database, connection: Any, person_id: int) -> None:
    """Delete every record of the person, inside the transaction of `connection`.

    The keys are the caller's to destroy before, and the files to `purge` after it.
    """
    # First, because only a person who is still there is looked for again after a crash.
    await database.erase_from_copies(person_id)
    reach("erase.copies")
    await database.queries.delete_person(connection, person_id=person_id)
    await note_purge(database, connection)


async def note_purge(database: Database, connection: Any) -> None:
    """Note in the transaction of `connection` that something was erased in it, for `purge`."""
    await database.queries.set_note(connection, name=_PURGE_DUE, value=uuid.uuid4().hex)


async def purge(database: Database) -> None:
    """See to it that what was erased leaves the files; what fails now is done at the next start."""
    due = await get_note(database, _PURGE_DUE)
    if due is not None and await database.purge():
        async with database.write() as connection:
            await database.queries.delete_note(connection, name=_PURGE_DUE, value=due)
