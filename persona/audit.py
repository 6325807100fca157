"""A look at what is kept, without changing it: what should not be there, or not be so.

It names persons, slots and items by their ids, and never tells a value or a quote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from persona.changes import evidence_context
from persona.confidence import confidence
from persona.errors import StoreError
from persona.history import Version, read_versions
from persona.learning.gate.lexicon import means_nothing
from persona.learning.gate.private_data import holds_contact, holds_secret
from persona.learning.gate.support import is_supported, same_words
from persona.normalise import normalise
from persona.persona import Access, Item, read_items
from persona.registry import Registry, Slot
from persona.store.database import Database
from persona.store.keys import KeyFile

Problem = Literal[
    "unreadable",
    "unknown_slot",
    "duplicate",
    "unsupported",
    "stale",
    "private_data",
    "null_phrase",
    "orphaned_evidence",
    "version_chain",
    "learned_twice",
]

# Below this, a value is more likely out of date than not.
STALE = 0.2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at; `subject` is the id of an item, message or session, or a version."""

    problem: Problem
    person_id: int
    scope: str
    subject: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept about one person in one scope, opened. `said` holds the messages still there."""

    access: Access
    items: Sequence[Item]
    quotes: Mapping[str, Sequence[tuple[int, str]]]
    said: Mapping[int, str]
    versions: Sequence[Version]


async def audit(
    database: Database, keys: KeyFile, registry: Registry, now: datetime
) -> list[Finding]:
    """Return everything found, by person and scope. Nothing is changed."""
    async with database.read() as connection:
        names = [row async for row in database.queries.list_epochs(connection)]
        twice = [
            Finding("learned_twice", row["person_id"], row["scope"], str(row["session_id"]))
            async for row in database.queries.list_learned_twice(connection)
        ]
    findings: list[Finding] = []
    for name in names:
        person_id, scope = name["person_id"], name["scope"]
        kept = await _open(database, keys, person_id, scope, name["epoch"])
        if kept is None:
            if name["sealed"]:
                findings.append(Finding("unreadable", person_id, scope, "persona"))
            continue
        findings += [
            Finding(problem, person_id, scope, subject)
            for problem, subject in _look(kept, registry, now)
        ]
    return findings + twice


async def _open(
    database: Database, keys: KeyFile, person_id: int, scope: str, epoch: int
) -> _Kept | None:
    """Return what is kept, or None when it cannot be opened."""
    key = await keys.find(person_id, scope, epoch)
    if key is None:
        return None
    try:
        return await _read(database, Access(person_id, scope, epoch, 0, key))
    except StoreError:
        return None


async def _read(database: Database, access: Access) -> _Kept:
    queries = database.queries
    name = {"person_id": access.person_id, "scope": access.scope}
    quotes: dict[str, list[tuple[int, str]]] = defaultdict(list)
    async with database.read() as connection:
        rows = [row async for row in queries.list_items(connection, **name)]
        async for row in queries.list_scope_evidence(connection, **name):
            context = evidence_context(row["item_id"], row["message_id"])
            quote = access.key.open(row["quote_sealed"], context=context)
            quotes[row["item_id"]].append((row["message_id"], quote))
        said = {
            row["message_id"]: access.key.open(
                row["text_sealed"], context=f"messages:{row['message_id']}"
            )
            async for row in queries.list_scope_messages(connection, **name)
        }
        versions = await read_versions(queries, connection, access)
    access = replace(access, version=rows[0]["version"])
    return _Kept(access, read_items(rows, access.key), quotes, said, versions)


def _look(kept: _Kept, registry: Registry, now: datetime) -> Iterator[tuple[Problem, str]]:
    for item in kept.items:
        slot = registry.get(item.slot)
        if slot is None:
            yield "unknown_slot", item.item_id
            continue
        for problem in _look_at_item(item, slot, kept, now):
            yield problem, item.item_id
        if any(
            other.item_id < item.item_id
            and other.slot == item.slot
            and same_words(other.value, item.value)
            for other in kept.items
        ):
            yield "duplicate", item.item_id
    for name, quotes in kept.quotes.items():
        for message_id, quote in quotes:
            if message_id in kept.said and normalise(quote) not in normalise(kept.said[message_id]):
                yield "orphaned_evidence", f"{name} {message_id}"
    yield from (("version_chain", number) for number in _broken(kept))


def _look_at_item(item: Item, slot: Slot, kept: _Kept, now: datetime) -> Iterator[Problem]:
    quotes = [quote for _, quote in kept.quotes.get(item.item_id, ())]
    texts = [normalise(text) for text in (item.value, *quotes)]
    if any(holds_secret(text) or holds_contact(text) for text in texts):
        yield "private_data"
    if means_nothing(normalise(item.value)):
        yield "null_phrase"
    if item.status == "active" and item.basis != "edited":
        stated = item.basis == "stated" and slot.kind != "choice"
        if not quotes or (stated and not is_supported(item.value, quotes)):
            yield "unsupported"
        elif confidence(item, slot, now) < STALE:
            yield "stale"
    if item.valid_until is not None and item.valid_until < now.date():
        yield "stale"


def _broken(kept: _Kept) -> Iterator[str]:
    """Yield the versions whose parent is not the one before, and the last if it is not now."""
    before: int | None = None
    for version in kept.versions:
        if version.parent != before or version.number != (before or 0) + 1:
            yield str(version.number)
        before = version.number
    now = {item.item_id: item.snapshot() for item in kept.items}
    last = kept.versions[-1].items if kept.versions else {}
    then = {name: item.snapshot() for name, item in last.items()}
    if (before or 0) != kept.access.version or now != then:
        yield "now"
