"""Erasing a person: everything the databases hold of them, as if they had never been there.

The keys go first, so that nothing can be read any more wherever the rest is cut short; the next
start finishes it (persona/recovery.py). What is restored from a backup later is erased again, too:
the key file remembers, under a keyed hash, that the person was erased (memory-systems 5.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from persona.attachments.held import Held
from persona.failpoints import reach
from persona.people import delete_person, purge
from persona.store.database import Database
from persona.store.keys import KeyFile
from persona.store.search import find_person


@dataclass(frozen=True, slots=True)
class Erased:
    """How many records there were of a person, by table, and how many data keys."""

    records: Mapping[str, int]
    keys: int


class Erasure:
    """Erases people, and looks whether anything is left of them."""

    def __init__(self, database: Database, keys: KeyFile, held: Held) -> None:
        self._database = database
        self._held = held
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
            self._held.drop_person(person_id)
            reach("erase.deleted")
        reach("erase.committed")
        await purge(self._database)
        reach("erase.after")
        return Erased(records, keys)

    async def epoch(self, person_id: int) -> int | None:
        """Return the epoch the person was first known in since their last erasure, None if not."""
        async with self._database.read() as connection:
            known: int | None = await self._database.queries.get_first_epoch(
                connection, person_id=person_id
            )
        return known

    async def left(self, person_id: int) -> dict[str, int]:
        """Return how many rows name the person, by table, in all tables of both databases.

        It looks anew and trusts no list of tables. Raises `StoreError` when one is out of reach.
        """
        found = await find_person(self._database, person_id)
        for table, number in (await self._keys.find_person(person_id)).items():
            found[f"keys: {table}"] = number
        return found
