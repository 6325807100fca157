"""Facts about the database itself: which commands were synced, which recording it replays."""

from __future__ import annotations

from persona.store.database import Database


async def get_note(database: Database, name: str) -> str | None:
    """Return the note `name`, or None."""
    async with database.read() as connection:
        value: str | None = await database.queries.get_note(connection, name=name)
    return value


async def set_note(database: Database, name: str, value: str) -> None:
    """Write the note `name`."""
    async with database.write() as connection:
        await database.queries.set_note(connection, name=name, value=value)
