"""Who is alone with the bot in a thread, and in which threads others take part."""

from __future__ import annotations

from persona.store.database import Database


class Sharing:
    """Remembers for good that somebody joined: who left may come back, unseen."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries
        self._noted: set[int] = set()

    async def alone(self, thread_id: int) -> int | None:
        """Return whom the bot opened `thread_id` for, if nobody else was ever seen there.

        None as well where the bot did not open it: it cannot know who was there before.
        """
        return None if thread_id in self._noted else await self._stored(thread_id)

    async def note(self, thread_id: int) -> None:
        """Remember that others take part in `thread_id`. May be repeated."""
        person_id = await self._stored(thread_id)
        if person_id is None:
            return
        # Known before it is stored, so that an answer under way stops at once.
        self._noted.add(thread_id)
        async with self._database.write(person_id) as connection:
            await self._queries.share_thread(connection, person_id=person_id, thread_id=thread_id)

    def noted(self, thread_id: int) -> bool:
        """Return whether it was noted since the start that others take part in `thread_id`."""
        return thread_id in self._noted

    async def _stored(self, thread_id: int) -> int | None:
        async with self._database.read() as connection:
            person_id: int | None = await self._queries.get_alone(connection, thread_id=thread_id)
        return person_id
