"""Messages edited or deleted on Discord: what rested on them rests on them no more.

Deleted text is deleted here too. A value that keeps other evidence stays; one that has none left
waits for the person's approval again, unless they wrote it themselves (memory-systems 5.6).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from persona.attachments.stored import StoredAttachments
from persona.changes import Change, Overtaken, evidence_context
from persona.clock import Clock
from persona.failpoints import reach
from persona.learning.batch import BatchMessage
from persona.learning.gate.again import still_says
from persona.persona import Access, Item, Personas
from persona.registry import Registry
from persona.store.database import Database
from persona.tokens import estimate


class Corrections:
    """Follows what happens to messages after they were said."""

    def __init__(
        self,
        database: Database,
        personas: Personas,
        attachments: StoredAttachments,
        registry: Registry,
        clock: Clock,
    ) -> None:
        self._database = database
        self._queries = database.queries
        self._personas = personas
        self._attachments = attachments
        self._registry = registry
        self._clock = clock

    async def edited(
        self, message_id: int, text: str, files: Collection[int] | None = None
    ) -> None:
        """Keep the new text of a message; quotes that are not in it any more are dropped.

        So are files that are not among `files`, if these are given.
        """
        await self._correct(message_id, text, "message_edited", files)

    async def deleted(self, message_id: int) -> None:
        """Forget a message, and the quotes from it."""
        await self._correct(message_id, None, "message_deleted")

    async def _correct(
        self,
        message_id: int,
        text: str | None,
        cause: str,
        files: Collection[int] | None = None,
    ) -> None:
        """Correct a message and what rests on it, both or neither."""
        async with self._database.read() as connection:
            place = await self._queries.get_message_place(connection, message_id=message_id)
            rows = await self._evidence(connection, message_id)
        # Quotes are kept for longer than the messages they are from.
        found = {(row["person_id"], row["scope"]) for row in (place, *rows) if row is not None}
        for person_id, scope in sorted(found):
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
                await self._keep(connection, access, message_id, text)
                if text is not None and files is not None:
                    await self._attachments.keep_files(connection, person_id, message_id, files)
                reach("correct.kept")
                await self._drop(change, message_id, text)
                await change.finish("person")
                if text is None:
                    self._attachments.forget(person_id, message_id)
                reach("correct.written")
            reach("correct.after")

    async def _keep(
        self, connection: Any, access: Access, message_id: int, text: str | None
    ) -> None:
        message = {"person_id": access.person_id, "message_id": message_id}
        place = await self._queries.get_message_place(connection, message_id=message_id)
        if place is None:
            return
        if text is None:
            await self._queries.delete_message(connection, **message)
            return
        context = f"messages:{message_id}"
        before = access.key.open(place["text_sealed"], context=context)
        # Discord may tell twice of one edit.
        if place["author"] == "person" and before != text:
            await self._queries.edit_message(
                connection,
                **message,
                text_sealed=access.key.seal(text, context=context),
                tokens=estimate(text),
            )

    async def _drop(self, change: Change, message_id: int, text: str | None) -> None:
        """Drop the message's quotes that its new `text` does not say, or says of other things."""
        access = change.access
        for row in await self._evidence(change.connection, message_id):
            if (row["person_id"], row["scope"]) != (access.person_id, access.scope):
                continue
            if text is None or not await self._says(text, row, access, message_id):
                await change.drop_evidence(row["item_id"], message_id, row["run_id"])

    async def _says(self, text: str, row: Any, access: Access, message_id: int) -> bool:
        name = row["item_id"]
        quote = access.key.open(row["quote_sealed"], context=evidence_context(name, message_id))
        value = access.key.open(row["value_sealed"], context=f"items:{name}")
        message = BatchMessage(
            1, 1, row["session_id"], message_id, "person", self._clock.now(), 0, text
        )
        item = Item(name, row["slot"], value, row["basis"], "active")
        # The rules take a moment for a long message.
        return await asyncio.to_thread(still_says, message, item, quote, self._registry)

    async def _evidence(self, connection: Any, message_id: int) -> list[Any]:
        rows = self._queries.list_message_evidence(connection, message_id=message_id)
        return [row async for row in rows]
