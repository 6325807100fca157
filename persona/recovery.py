"""Bringing database and key file together after a crash, or after one of them was restored."""

from __future__ import annotations

import logging

from persona.errors import StoreError
from persona.people import delete_before, purge
from persona.persona import erase_before
from persona.settings import MissingKeys
from persona.store.database import Database
from persona.store.keys import KeyFile

logger = logging.getLogger(__name__)

Name = tuple[int, str]


async def recover(database: Database, keys: KeyFile, missing_keys: MissingKeys) -> None:
    """Free dead leases, destroy keys of past epochs, and erase again what a backup brought back.

    Where keys are missing otherwise, `missing_keys` says whether to stop with a `StoreError`, then
    nothing is changed, or to erase what cannot be read. Leases are dead where no other process
    can be at work; on a shared database those of a dead worker run out by themselves.
    """
    async with database.read() as connection:
        rows = [row async for row in database.queries.list_epochs(connection)]
        people = {
            row["person_id"]: row["first_epoch"]
            async for row in database.queries.list_people(connection)
        }
    current: dict[Name, int] = {(row["person_id"], row["scope"]): row["epoch"] for row in rows}
    sealed = {(row["person_id"], row["scope"]) for row in rows if row["sealed"]}
    held = set(await keys.names())
    # The key file remembers, so what is older was restored, or its erasure was cut short.
    erased = {
        person: epoch
        for person, epoch in (await keys.erased(people)).items()
        if people[person] < epoch
    }
    ended = {
        name: epoch
        for name, epoch in (await keys.ended()).items()
        if current.get(name, epoch) < epoch and name[0] not in erased
    }
    lost = [
        name
        for name, epoch in current.items()
        if name in sealed
        and name not in ended
        and name[0] not in erased
        and (*name, epoch) not in held
    ]
    if lost and missing_keys == "stop":
        raise StoreError(
            f"{keys.address} lacks the keys of {len(lost)} personas in {database.address}. "
            "Give back the key file that belongs to this database; or, to erase what can no longer "
            'be read, start once with store.missing_keys = "erase".'
        )
    begin = ended | {name: current[name] + 1 for name in lost}
    if not database.shared:
        async with database.write() as connection:
            await database.queries.expire_leases(connection)
    for person, epoch in erased.items():
        async with database.write(person) as connection:
            await delete_before(database, connection, person, epoch)
    for (person, scope), epoch in begin.items():
        async with database.write(person) as connection:
            await erase_before(database, connection, person, scope, epoch)
    if erased or begin:
        logger.warning(
            "erased what has no keys", extra={"people": len(erased), "personas": len(begin)}
        )
    await purge(database)
    first = current | begin
    past = {
        (person, scope): first[person, scope]
        for person, scope, epoch in held
        if epoch < first.get((person, scope), 0)
    }
    if past:
        await keys.destroy_before(past)
    else:
        await keys.purge()
