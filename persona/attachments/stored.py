"""What is stored of attachments, sealed: names, and the text of files and forwarded messages.

Of pictures and of the words of others the name alone is stored; they are held in memory.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from persona.attachments.attachment import Attachment
from persona.attachments.held import Held
from persona.store.crypto import DataKey
from persona.store.database import Database


class StoredAttachments:
    """Writes and reads the attachments of messages."""

    def __init__(self, database: Database, held: Held) -> None:
        self._database = database
        self._queries = database.queries
        self._held = held

    async def add(
        self,
        connection: Any,
        key: DataKey,
        attachments: Sequence[Attachment],
        *,
        person_id: int,
        session_id: int,
        message_id: int,
    ) -> None:
        """Store them with their message, inside the transaction of `connection`."""
        for number, attachment in enumerate(attachments):
            content = {
                "name": attachment.name,
                "text": "" if attachment.kind == "reply" else attachment.text,
                "problem": attachment.problem,
            }
            await self._queries.add_attachment(
                connection,
                person_id=person_id,
                message_id=message_id,
                number=number,
                kind=attachment.kind,
                file_id=attachment.file_id,
                content_sealed=key.seal(
                    json.dumps(content, ensure_ascii=False),
                    context=attachment_context(message_id, number),
                ),
            )
        self._held.hold(person_id, session_id, message_id, attachments)

    async def keep_files(
        self, connection: Any, person_id: int, message_id: int, files: Collection[int]
    ) -> None:
        """Delete a message's files that are not among `files`, in a transaction."""
        message = {"person_id": person_id, "message_id": message_id}
        rows = [row async for row in self._queries.list_attachments(connection, **message)]
        for row in rows:
            if row["file_id"] is not None and row["file_id"] not in files:
                await self._queries.delete_attachment(connection, **message, number=row["number"])
                self._held.drop_one(person_id, message_id, row["number"])

    def forget(self, person_id: int, message_id: int) -> None:
        """Forget what is in memory of a message that was deleted."""
        self._held.drop_message(person_id, message_id)

    async def of(self, key: DataKey, person_id: int, message_id: int) -> tuple[Attachment, ...]:
        """Return what came with a message, with what is still in memory.

        Raises `SealError` when it cannot be opened.
        """
        async with self._database.read() as connection:
            rows = [
                row
                async for row in self._queries.list_attachments(
                    connection, person_id=person_id, message_id=message_id
                )
            ]
        held = self._held.of(person_id, message_id)
        return tuple(held.get(row["number"]) or read_attachment(row, key) for row in rows)


def read_attachment(row: Any, key: DataKey) -> Attachment:
    """Return the attachment in a row. Raises `SealError` when it cannot be opened."""
    context = attachment_context(row["message_id"], row["number"])
    content = json.loads(key.open(row["content_sealed"], context=context))
    return Attachment(
        row["kind"], content["name"], content["text"], content["problem"], row["file_id"]
    )


def attachment_context(message_id: int, number: int) -> str:
    """Return what the content of an attachment is sealed with."""
    return f"attachments:{message_id}:{number}"
