"""What a learned persona starts from: nothing, or demographics and personality.

The paper does not say; its released seed files suggest the latter (reference of the paper, 1.5).
"""

from __future__ import annotations

from typing import Literal, get_args

from persona.benchmark.schema import Person
from persona.changes import Change, State
from persona.clock import Clock
from persona.persona import Access
from persona.registry import Registry
from persona.store.database import Database

Start = Literal["empty", "demographics+personality"]
STARTS: tuple[Start, ...] = get_args(Start)

_GIVEN = ("demographics.", "personality.")
_STATED = State("stated", "active")


async def give(
    database: Database, access: Access, registry: Registry, clock: Clock, person: Person
) -> None:
    """Write demographics and personality into the person's empty persona, as if stated."""
    async with database.write(access.person_id) as connection:
        change = await Change.begin(
            database.queries, connection, access, cause="start", now=clock.now()
        )
        for slot, value in person.begun_with():
            if slot in registry and slot.startswith(_GIVEN):
                await change.put(registry[slot], value, _STATED)
        await change.finish("operator")
