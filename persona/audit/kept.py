"""Everything that is kept about one person in one scope, opened; what cannot be is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from persona.audit.finding import Finding
from persona.changes import evidence_context
from persona.clock import from_milliseconds
from persona.errors import StoreError
from persona.history import Version, read_version
from persona.persona import Access, Item, read_items


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote of a value. `said` is its message, or None once that is not kept any more.

    `lost` says that the message is gone though others of its session are still there.
    """

    slot: str
    message_id: int
    text: str
    said: str | None
    lost: bool
    commanded: bool


@dataclass(slots=True)
class Kept:
    """Values, when each was changed last, their quotes, and the versions that could be opened."""

    access: Access
    items: list[Item] = field(default_factory=list)
    changed_at: dict[str, datetime] = field(default_factory=dict)
    quotes: defaultdict[str, list[Quoted]] = field(default_factory=lambda: defaultdict(list))
    versions: list[tuple[Mapping[str, Any], Version | None]] = field(default_factory=list)
    unreadable: list[Finding] = field(default_factory=list)

    def closed(self, what: str, item_id: str = "", slot: str = "") -> None:
        """Count a record that cannot be opened."""
        person_id, scope = self.access.person_id, self.access.scope
        self.unreadable.append(Finding("unreadable", person_id, scope, slot, item_id, what))

    def is_whole(self, item_id: str) -> bool:
        """Return whether the item's value and quotes could all be opened."""
        return all(finding.item_id != item_id for finding in self.unreadable)


async def read(queries: Any, connection: Any, access: Access) -> Kept:
    """Return what is kept, read on the snapshot of `connection`."""
    kept = Kept(access)
    name = {"person_id": access.person_id, "scope": access.scope}
    async for row in queries.list_items(connection, **name):
        _read_item(kept, row)
    async for row in queries.list_ended_items(connection, **name):
        if _open(access, row["value_sealed"], f"items:{row['item_id']}") is None:
            kept.closed("value", row["item_id"], row["slot"])
    quotes = [row async for row in queries.list_scope_evidence(connection, **name)]
    cited = {row["message_id"] for row in quotes}
    texts: dict[int, str] = {}
    async for row in queries.list_scope_messages(connection, **name):
        text = _open(access, row["text_sealed"], f"messages:{row['message_id']}")
        if text is None:
            kept.closed(f"message {row['message_id']}")
        elif row["message_id"] in cited and row["author"] == "person":
            texts[row["message_id"]] = text
    for row in quotes:
        _read_quote(kept, row, texts)
    async for row in queries.list_versions(connection, **name):
        try:
            version = read_version(row, access)
        except StoreError:
            kept.closed(f"version {row['version']}")
            version = None
        kept.versions.append((row, version))
    return kept


def _read_item(kept: Kept, row: Any) -> None:
    try:
        items = read_items([row], kept.access.key)
    except StoreError:
        kept.closed("value", row["item_id"], row["slot"])
        return
    kept.items += items
    for item in items:
        kept.changed_at[item.item_id] = from_milliseconds(row["updated_at"])


def _read_quote(kept: Kept, row: Any, texts: Mapping[int, str]) -> None:
    item_id, message_id = row["item_id"], row["message_id"]
    text = _open(kept.access, row["quote_sealed"], evidence_context(item_id, message_id))
    if text is None:
        kept.closed(f"quote from message {message_id}", item_id, row["slot"])
        return
    kept.quotes[item_id].append(
        Quoted(
            row["slot"],
            message_id,
            text,
            texts.get(message_id),
            bool(row["session_kept"]) and not row["message_kept"],
            row["run_id"].startswith("tool:"),
        )
    )


def _open(access: Access, sealed: bytes, context: str) -> str | None:
    try:
        return access.key.open(sealed, context=context)
    except StoreError:
        return None
