"""What a server has chosen for itself."""

from __future__ import annotations

from typing import Literal

from persona.store.database import Database

Visibility = Literal["public", "private"]


class Guilds:
    """Reads and records servers' choices."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def threads(self, guild_id: int) -> Visibility | None:
        """Return the kind of thread the server chose for /chat, or None when it never chose."""
        async with self._database.read() as connection:
            chosen: Visibility | None = await self._database.queries.get_guild_threads(
                connection, guild_id=guild_id
            )
        return chosen

    async def set_threads(self, guild_id: int, threads: Visibility) -> None:
        """Record the kind of thread /chat opens in this server."""
        async with self._database.write() as connection:
            await self._database.queries.set_guild_threads(
                connection, guild_id=guild_id, threads=threads
            )
