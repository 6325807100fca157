"""What the store holds of a person besides personas, in a form that can be written to a file."""

from __future__ import annotations

from typing import Any

from persona.attachments.stored import StoredAttachments
from persona.clock import from_milliseconds
from persona.history import list_versions
from persona.persona import Personas
from persona.privacy import Consent
from persona.store.crypto import DataKey
from persona.store.database import Database
from persona.store.keys import KeyFile

JSON = dict[str, Any]


class Records:
    """Reads what is kept of a person, for that person."""

    def __init__(
        self,
        database: Database,
        keys: KeyFile,
        consent: Consent,
        personas: Personas,
        attachments: StoredAttachments,
    ) -> None:
        self._database = database
        self._queries = database.queries
        self._keys = keys
        self._consent = consent
        self._personas = personas
        self._attachments = attachments

    async def conversations(self, person_id: int) -> list[Any]:
        """Return the conversations whose text is kept, and when others were, the oldest first."""
        found: list[Any] = []
        async with self._database.read() as connection:
            listed = self._queries.list_sessions(connection, person_id=person_id)
            sessions = [row async for row in listed]
        for row in sessions:
            key = await self._keys.find(person_id, row["scope"], row["epoch"])
            async with self._database.read() as connection:
                messages: list[JSON] = [
                    {
                        "message_id": str(line["message_id"]),
                        "author": "you" if line["author"] == "person" else "bot",
                        "sent_at": _time(line["sent_at"]),
                        "text": key.open(
                            line["text_sealed"], context=f"messages:{line['message_id']}"
                        ),
                    }
                    async for line in self._queries.list_session_messages(
                        connection, person_id=person_id, session_id=row["session_id"]
                    )
                    if key is not None
                ]
            for message in messages:
                if key is not None and message["author"] == "you":
                    message["attachments"] = await self._sent_along(
                        key, person_id, int(message["message_id"])
                    )
            found.append(
                {
                    "scope": row["scope"],
                    "thread_id": str(row["thread_id"]),
                    "began_at": _time(row["opened_at"]),
                    "ended_at": _time(row["closed_at"]),
                    "learned": row["learned_by"] is not None,
                    "off_record": bool(row["off_record"]),
                    "messages": messages,
                }
            )
        return found

    async def _sent_along(self, key: DataKey, person_id: int, message_id: int) -> list[Any]:
        came = await self._attachments.of(key, person_id, message_id)
        return [{"kind": each.kind, "name": each.name, "text": each.text} for each in came]

    async def history(self, person_id: int) -> dict[str, Any]:
        """Return every version of the person's personas, by scope, the oldest first."""
        async with self._database.read() as connection:
            listed = self._queries.list_personas(connection, person_id=person_id)
            scopes = [row["scope"] async for row in listed]
        found: dict[str, Any] = {}
        for scope in scopes:
            access = await self._personas.find(person_id, scope)
            versions = await list_versions(self._database, access) if access is not None else []
            found[scope] = [
                {
                    "version": version.number,
                    "by": version.actor,
                    "at": version.created_at.isoformat(),
                    "values": [
                        {"slot": item.slot, "value": item.value, "status": item.status}
                        for item in version.items.values()
                    ],
                }
                for version in versions
            ]
        return found

    async def usage(self, person_id: int) -> list[Any]:
        """Return the tokens each answer and learning run took, the oldest first."""
        async with self._database.read() as connection:
            return [
                {
                    "scope": row["scope"],
                    "purpose": row["purpose"],
                    "model": row["model"],
                    "prompt_tokens": row["prompt_tokens"],
                    "completion_tokens": row["completion_tokens"],
                    "used_at": _time(row["used_at"]),
                }
                async for row in self._queries.list_usage(connection, person_id=person_id)
            ]

    async def answers(self, person_id: int) -> list[Any]:
        """Return what each answer rests on, and how the person liked it, the oldest first."""
        async with self._database.read() as connection:
            return [
                {
                    "message_id": str(row["turn_id"]),
                    "strategy": row["strategy"],
                    "slots": [name for name in row["slots"].split(",") if name],
                    "model": row["model"],
                    "liked": None if row["liked"] is None else bool(row["liked"]),
                }
                async for row in self._queries.list_answers(connection, person_id=person_id)
            ]

    async def decisions(self, person_id: int) -> list[Any]:
        """Return every answer to the consent question, the oldest first."""
        return [
            {
                "decision": record.decision,
                "text_version": record.text_version,
                "decided_at": record.decided_at.isoformat(),
            }
            for record in await self._consent.records(person_id)
        ]

    async def threads(self, person_id: int) -> list[Any]:
        """Return the threads the bot opened for the person."""
        async with self._database.read() as connection:
            return [
                {"thread_id": str(row["thread_id"]), "opened_at": _time(row["opened_at"])}
                async for row in self._queries.list_threads(connection, person_id=person_id)
            ]

    async def count(self, person_id: int, scope: str) -> dict[str, int]:
        """Return how much is kept in `scope` and elsewhere: values, quotes, conversations."""
        async with self._database.read() as connection:
            row = await self._queries.count_stored(connection, person_id=person_id, scope=scope)
        return dict(row)


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else from_milliseconds(milliseconds).isoformat()
