"""Messages edited or deleted on Discord: what rested on them rests on them no more.

Deleted text is deleted here too. A value that keeps other evidence stays; one that has none left
waits for the person's approval again, unless they wrote it themselves (memory-systems 5.6).
"""

from __future__ import annotations

from typing import Any

from persona.changes import Change, Overtaken, evidence_context
from persona.clock import Clock
from persona.learning.gate.borrowed import own_words
from persona.normalise import normalise
from persona.persona import Access, Personas
from persona.store.database import Database
from persona.store.keys import KeyFile
from persona.tokens import estimate


class Corrections:
    """Follows what happens to messages after they were said."""

    def __init__(self, database: Database, keys: KeyFile, personas: Personas, clock: Clock) -> None:
        self._database = database
        self._queries = database.queries
        self._keys = keys
        self._personas = personas
        self._clock = clock

    async def edited(self, message_id: int, text: str) -> None:
        """Keep the new text of a message; quotes that are not in it any more are dropped."""
        place = await self._place(message_id)
        if place is not None and place["author"] == "person":
            person_id = place["person_id"]
            key = await self._keys.find(person_id, place["scope"], place["epoch"])
            context = f"messages:{message_id}"
            # Discord may tell twice of one edit.
            if key is not None and key.open(place["text_sealed"], context=context) != text:
                sealed = key.seal(text, context=context)
                async with self._database.write(person_id) as connection:
                    await self._queries.edit_message(
                        connection,
                        person_id=person_id,
                        message_id=message_id,
                        text_sealed=sealed,
                        tokens=estimate(text),
                    )
        await self._drop_evidence(message_id, normalise(own_words(text)), "message_edited")

    async def deleted(self, message_id: int) -> None:
        """Forget a message, and the quotes from it."""
        place = await self._place(message_id)
        if place is not None:
            async with self._database.write(place["person_id"]) as connection:
                await self._queries.delete_message(
                    connection, person_id=place["person_id"], message_id=message_id
                )
        await self._drop_evidence(message_id, "", "message_deleted")

    async def _place(self, message_id: int) -> Any:
        async with self._database.read() as connection:
            return await self._queries.get_message_place(connection, message_id=message_id)

    async def _drop_evidence(self, message_id: int, said: str, cause: str) -> None:
        """Drop the message's quotes that are not in `said`."""
        async with self._database.read() as connection:
            rows = [
                row
                async for row in self._queries.list_message_evidence(
                    connection, message_id=message_id
                )
            ]
        for person_id, scope in sorted({(row["person_id"], row["scope"]) for row in rows}):
            access = await self._personas.find(person_id, scope)
            if access is None:
                continue  # Erased in between, with all its evidence.
            async with self._database.write(person_id) as connection:
                try:
                    change = await Change.begin(
                        self._queries, connection, access, cause=cause, now=self._clock.now()
                    )
                except Overtaken:
                    continue  # Erased in between, with all its evidence.
                await self._drop(connection, change, access, message_id, said)
                await change.finish("person")

    async def _drop(
        self, connection: Any, change: Change, access: Access, message_id: int, said: str
    ) -> None:
        rows = [
            row
            async for row in self._queries.list_message_evidence(connection, message_id=message_id)
        ]
        for row in rows:
            if (row["person_id"], row["scope"]) != (access.person_id, access.scope):
                continue
            context = evidence_context(row["item_id"], message_id)
            quote = normalise(access.key.open(row["quote_sealed"], context=context))
            if not quote or quote not in said:
                await change.drop_evidence(row["item_id"], message_id, row["run_id"])
