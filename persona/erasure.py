"""Erasing a person: everything the databases hold of them, as if they had never been there.

The keys go first, so that nothing can be read any more wherever the rest is cut short; the next
start finishes it (persona/recovery.py). What is restored from a backup later is erased again, too:
the key file remembers, under a keyed hash, that the person was erased (memory-systems 5.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from persona.failpoints import reach
from persona.people import delete_person, purge
from persona.store.database import Database
from persona.store.keys import KeyFile


@dataclass(frozen=True, slots=True)
class Erased:
    """How many records there were of a person, by table, and how many data keys."""

    records: Mapping[str, int]
    keys: int


class Erasure:
    """Erases people."""

    def __init__(self, database: Database, keys: KeyFile) -> None:
        self._database = database
        self._keys = keys

    async def erase(self, person_id: int) -> Erased:
        """Erase everything about the person, in all scopes; return what there was.

        Learning runs under way commit nothing. May be repeated. Raises `StoreError` when a database
        is out of reach; what the person said cannot be read from then on, or all is as before.
        """
        reach("erase.before")
        queries, person = self._database.queries, {"person_id": person_id}
        async with self._database.write(person_id) as connection:
            records = dict(await queries.count_records(connection, **person))
            newest = await queries.get_newest_epoch(connection, **person)
            reach("erase.locked")
            keys = await self._keys.erase(person_id, newest)
            reach("erase.purged")
            await delete_person(self._database, connection, person_id)
            reach("erase.deleted")
        reach("erase.committed")
        await purge(self._database)
        reach("erase.after")
        return Erased(records, keys)
