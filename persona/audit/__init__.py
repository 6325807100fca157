"""A look at what is kept, without changing it: what should not be there, or not be so.

It names persons, slots and items by their ids, and never tells a value or a quote (memory-systems
5.9). A bot may be writing meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from persona.audit.finding import PROBLEMS, Finding
from persona.audit.kept import read
from persona.audit.look import look
from persona.audit.sound import malformed, number, shown, text
from persona.errors import SealError
from persona.persona import Access
from persona.registry import Registry
from persona.store.crypto import DataKey
from persona.store.database import Snapshots

__all__ = ["PROBLEMS", "Finding", "audit"]


class Keys(Protocol):
    """Where data keys are found."""

    async def find(self, person_id: int, scope: str, epoch: int) -> DataKey | None:
        """Return the person's data key of that scope and epoch, or None where it is gone."""


async def audit(
    database: Snapshots, keys: Keys, registry: Registry, now: datetime
) -> list[Finding]:
    """Return everything found, by person and scope. Nothing is changed."""
    queries = database.queries
    async with database.snapshot() as connection:
        names = [row async for row in queries.list_epochs(connection)]
        findings = [
            Finding(
                "learned_twice",
                number(row["person_id"]),
                text(row["scope"]),
                detail=shown(row["session_id"]),
            )
            async for row in queries.list_learned_twice(connection)
        ]
        findings += [
            Finding(
                "orphaned_evidence",
                number(row["person_id"]),
                item_id=text(row["item_id"]),
                detail=f"no item, message {shown(row['message_id'])}",
            )
            async for row in queries.list_evidence_of_nothing(connection)
        ]
        findings += [
            Finding(
                "ownerless",
                number(row["person_id"]),
                text(row["scope"]),
                detail=f"{row['number']} {row['kind']}(s)",
            )
            async for row in queries.list_ownerless(connection)
        ]
        findings += [
            Finding(
                "off_record",
                number(row["person_id"]),
                text(row["scope"]),
                detail=shown(row["session_id"]),
            )
            async for row in queries.list_kept_off_record(connection)
        ]
    for name in names:
        wrong = malformed(name, "person_id", "scope", "epoch")
        if wrong:
            person_id, scope = number(name["person_id"]), text(name["scope"])
            detail = f"persona: {', '.join(wrong)}"
            findings.append(Finding("malformed", person_id, scope, detail=detail))
            continue
        findings += await _audit_persona(
            database, keys, registry, now, name["person_id"], name["scope"]
        )
    return sorted(findings, key=lambda each: (each.person_id, each.scope))


async def _audit_persona(
    database: Snapshots, keys: Keys, registry: Registry, now: datetime, person_id: int, scope: str
) -> list[Finding]:
    queries, name = database.queries, {"person_id": person_id, "scope": scope}
    looked_for: int | None = None
    while True:
        async with database.snapshot() as connection:
            row = await queries.get_persona(connection, **name)
            if row is None:
                return []
            # A reset destroys the key after it began a new epoch, so the one just seen may be over.
            if row["epoch"] == looked_for:
                sealed = await queries.holds_sealed(connection, **name)
                return [Finding("unreadable", person_id, scope, detail="no key")] if sealed else []
            looked_for = row["epoch"]
            try:
                key = await keys.find(person_id, scope, looked_for)
            except SealError:
                key = None
            if key is None:
                continue
            access = Access(person_id, scope, looked_for, number(row["version"]), key)
            kept = await read(queries, connection, access)
            kept.version_lost = not kept.is_sound(row, "persona", "version")
        return [*kept.unreadable, *look(kept, registry, now)]
