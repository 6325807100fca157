"""The language a person is spoken to in: the one they chose, else that of what they did last.

Only the interface has one. Replies follow the person's words, and values stay as they were said.
"""

from __future__ import annotations

from typing import NamedTuple

from persona.people import People
from persona.store.database import Database


class Known(NamedTuple):
    """The language a person chose, and that of their last interaction; None where there is none."""

    chosen: str | None
    last: str | None


class Languages:
    """Reads and records languages, as Discord names them: "en-US", "zh-CN"."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def of(self, person_id: int) -> Known:
        """Return the person's languages."""
        async with self._database.read() as connection:
            row = await self._database.queries.get_languages(connection, person_id=person_id)
        return Known(row["chosen"], row["seen"]) if row is not None else Known(None, None)

    async def choose(self, person_id: int, locale: str | None) -> None:
        """Record what the person chose; None lets Discord's setting decide again."""
        async with self._database.write(person_id) as connection:
            if locale is not None:
                await self._people.add(connection, person_id)
            await self._database.queries.set_chosen_language(
                connection, person_id=person_id, locale=locale
            )

    async def seen(self, person_id: int, locale: str) -> str | None:
        """Note the language of an interaction, and return the one the person chose, if any.

        It is noted of people of whom something is kept already.
        """
        async with self._database.read() as connection:
            row = await self._database.queries.get_languages(connection, person_id=person_id)
        if row is None:
            return None
        if row["seen"] != locale:
            async with self._database.write(person_id) as connection:
                await self._database.queries.set_seen_language(
                    connection, person_id=person_id, locale=locale
                )
        chosen: str | None = row["chosen"]
        return chosen
