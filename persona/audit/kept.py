"""Everything that is kept about one person in one scope, opened; what cannot be read is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from persona.attachments.stored import attachment_context
from persona.audit.finding import Finding
from persona.audit.sound import malformed, shown, text
from persona.changes import evidence_context
from persona.clock import from_milliseconds
from persona.errors import SealError
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
    """Values, when each was changed last, their quotes, and the versions that could be opened.

    `values_lost` says that a value is missing here that could not be read, `version_lost` that it
    is not known which version is the last.
    """

    access: Access
    items: list[Item] = field(default_factory=list)
    changed_at: dict[str, datetime] = field(default_factory=dict)
    quotes: defaultdict[str, list[Quoted]] = field(default_factory=lambda: defaultdict(list))
    versions: list[tuple[Mapping[str, Any], Version | None]] = field(default_factory=list)
    unreadable: list[Finding] = field(default_factory=list)
    values_lost: bool = False
    version_lost: bool = False

    def closed(self, what: str, item_id: str = "", slot: str = "") -> None:
        """Count a record that cannot be opened."""
        self._count("unreadable", what, item_id, slot)

    def is_sound(
        self, row: Any, what: str, *columns: str, item_id: str = "", slot: str = ""
    ) -> bool:
        """Return whether `columns` of a record hold what they are for; count it if not."""
        wrong = malformed(row, *columns)
        if wrong:
            self._count("malformed", f"{what}: {', '.join(wrong)}", item_id, slot)
        return not wrong

    def _count(self, problem: str, what: str, item_id: str, slot: str) -> None:
        person_id, scope = self.access.person_id, self.access.scope
        self.unreadable.append(Finding(problem, person_id, scope, slot, item_id, what))

    def is_whole(self, item_id: str) -> bool:
        """Return whether the item's value and quotes could all be opened."""
        return all(finding.item_id != item_id for finding in self.unreadable)


async def read(queries: Any, connection: Any, access: Access) -> Kept:
    """Return what is kept, read on the snapshot of `connection`."""
    kept = Kept(access)
    name = {"person_id": access.person_id, "scope": access.scope}
    async for row in queries.list_items(connection, **name):
        if row["item_id"] is not None:
            _read_item(kept, row)
    async for row in queries.list_ended_items(connection, **name):
        if _is_value(kept, row) and (
            _open(access, row["value_sealed"], f"items:{row['item_id']}") is None
        ):
            kept.closed("value", row["item_id"], row["slot"])
    quotes = [row async for row in queries.list_scope_evidence(connection, **name)]
    cited = {row["message_id"] for row in quotes}
    texts: dict[int, str] = {}
    async for row in queries.list_scope_messages(connection, **name):
        what = f"message {shown(row['message_id'])}"
        if not kept.is_sound(row, what, "message_id", "author", "sent_at"):
            continue
        said = _open(access, row["text_sealed"], f"messages:{row['message_id']}")
        if said is None:
            kept.closed(what)
        elif row["message_id"] in cited and row["author"] == "person":
            texts[row["message_id"]] = said
    async for row in queries.list_scope_attachments(connection, **name):
        _read_attachment(kept, row)
    for row in quotes:
        _read_quote(kept, row, texts)
    async for row in queries.list_versions(connection, **name):
        _read_version(kept, row)
    return kept


def _read_attachment(kept: Kept, row: Any) -> None:
    what = f"attachment {shown(row['number'])} of message {shown(row['message_id'])}"
    if not kept.is_sound(row, what, "message_id", "number", "kind", "file_id"):
        return
    context = attachment_context(row["message_id"], row["number"])
    if _open(kept.access, row["content_sealed"], context) is None:
        kept.closed(what)


def _is_value(kept: Kept, row: Any) -> bool:
    columns = ("item_id", "slot", "basis", "status", "valid_until", "created_at", "updated_at")
    return kept.is_sound(
        row, "value", *columns, item_id=text(row["item_id"]), slot=text(row["slot"])
    )


def _read_item(kept: Kept, row: Any) -> None:
    if not _is_value(kept, row):
        kept.values_lost = True
        return
    # Of its quotes the newest time; the one that is none is counted with its quote.
    row = dict(row) | ({"said_at": None} if malformed(row, "said_at") else {})
    try:
        items = read_items([row], kept.access.key)
    except SealError:
        kept.closed("value", row["item_id"], row["slot"])
        kept.values_lost = True
        return
    kept.items += items
    for item in items:
        kept.changed_at[item.item_id] = from_milliseconds(row["updated_at"])


def _read_version(kept: Kept, row: Any) -> None:
    what = f"version {shown(row['version'])}"
    if not kept.is_sound(row, what, "version", "parent", "actor", "cause", "created_at"):
        if isinstance(row["version"], int):
            kept.versions.append((row, None))
        return
    try:
        version = read_version(row, kept.access)
    except SealError:
        kept.closed(what)
        version = None
    kept.versions.append((row, version))


def _read_quote(kept: Kept, row: Any, texts: Mapping[int, str]) -> None:
    item_id, message_id = row["item_id"], row["message_id"]
    what, slot = f"quote from message {shown(message_id)}", text(row["slot"])
    columns = ("item_id", "message_id", "session_id", "run_id", "said_at")
    if not kept.is_sound(row, what, *columns, item_id=text(item_id), slot=slot):
        return
    quote = _open(kept.access, row["quote_sealed"], evidence_context(item_id, message_id))
    if quote is None:
        kept.closed(what, item_id, slot)
        return
    kept.quotes[item_id].append(
        Quoted(
            slot,
            message_id,
            quote,
            texts.get(message_id),
            bool(row["session_kept"]) and not row["message_kept"],
            row["run_id"].startswith("tool:"),
        )
    )


def _open(access: Access, sealed: bytes, context: str) -> str | None:
    try:
        return access.key.open(sealed, context=context)
    except SealError:
        return None
