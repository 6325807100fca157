"""The language a person is spoken to in: the one they chose, else that of what they did last.

Only the interface has one. Replies follow the person's words, and values stay as they were said.
"""

from __future__ import annotations

from persona.people import People
from persona.store.database import Database


class Languages:
    """Reads and records languages, as Discord names them: "en-US", "zh-CN"."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def chosen(self, person_id: int) -> str | None:
        """Return the language the person chose, or None when they never did."""
        return (await self._languages(person_id))[0]

    async def last(self, person_id: int) -> str | None:
        """Return the language of the person's last interaction, or None when there was none."""
        return (await self._languages(person_id))[1]

    async def choose(self, person_id: int, locale: str | None) -> None:
        """Record what the person chose; None lets Discord's setting decide again."""
        async with self._database.write(person_id) as connection:
            if locale is not None:
                await self._people.add(connection, person_id)
            await self._database.queries.set_chosen_language(
                connection, person_id=person_id, locale=locale
            )

    async def seen(self, person_id: int, locale: str) -> None:
        """Note the language of an interaction, of people of whom something is kept already."""
        async with self._database.read() as connection:
            row = await self._database.queries.get_languages(connection, person_id=person_id)
        if row is None or row["seen"] == locale:
            return
        async with self._database.write(person_id) as connection:
            await self._database.queries.set_seen_language(
                connection, person_id=person_id, locale=locale
            )

    async def _languages(self, person_id: int) -> tuple[str | None, str | None]:
        async with self._database.read() as connection:
            row = await self._database.queries.get_languages(connection, person_id=person_id)
        return (row["chosen"], row["seen"]) if row is not None else (None, None)
