"""A persona's history: its versions, what changed between two, and going back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from persona.changes import Actor, Change, same_value
from persona.clock import from_milliseconds
from persona.persona import Access, Item
from persona.registry import Registry
from persona.store.database import Database

_CORRECTIONS = ("message_edited", "message_deleted")


@dataclass(frozen=True, slots=True)
class Version:
    """An immutable snapshot, who made it, and why: a run's id, or what the person did."""

    number: int
    parent: int | None
    actor: Actor
    cause: str
    created_at: datetime
    items: Mapping[str, Item]


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed from one version to another; `changed` has each item before and after."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[tuple[Item, Item], ...]


def diff(before: Mapping[str, Item], after: Mapping[str, Item]) -> Diff:
    """Return what changed between two sets of items by id."""
    return Diff(
        added=tuple(item for name, item in after.items() if name not in before),
        removed=tuple(item for name, item in before.items() if name not in after),
        changed=tuple(
            (before[name], item)
            for name, item in after.items()
            if name in before and before[name].snapshot() != item.snapshot()
        ),
    )


def not_taken_back(causes: Sequence[tuple[int, str]]) -> Iterator[int]:
    """Yield the versions that were not taken back yet and can be, the newest first.

    `causes` are the versions' numbers and causes, the oldest first. What came of messages edited
    or deleted on Discord has nothing to go back to.
    """
    taken_back: set[int] = set()
    for number, cause in reversed(causes):
        kind, _, target = cause.partition(":")
        if number in taken_back or kind in _CORRECTIONS:
            continue
        if kind == "undo":
            taken_back.add(int(target))
        else:
            yield number


async def list_versions(database: Database, access: Access) -> list[Version]:
    """Return every version of the persona, the oldest first."""
    async with database.read() as connection:
        return await read_versions(database.queries, connection, access)


async def read_versions(queries: Any, connection: Any, access: Access) -> list[Version]:
    """Return every version, read in the transaction of `connection`."""
    name = {"person_id": access.person_id, "scope": access.scope}
    return [read_version(row, access) async for row in queries.list_versions(connection, **name)]


def read_version(row: Any, access: Access) -> Version:
    """Return the version in a row of `list_versions`. Raises `StoreError` if nothing opens it."""
    context = f"versions:{access.scope}:{row['version']}"
    return Version(
        number=row["version"],
        parent=row["parent"],
        actor=row["actor"],
        cause=row["cause"],
        created_at=from_milliseconds(row["created_at"]),
        items=_items(access.key.open(row["snapshot_sealed"], context=context)),
    )


async def go_back(change: Change, now: Mapping[str, Item], then: Mapping[str, Item]) -> None:
    """Make the persona what it was `then`; what it has gained since is buried.

    A value whose quotes were edited away or deleted since then waits for approval.
    """
    difference = diff(now, then)
    for item in difference.removed:
        await change.bury(item.item_id)
    for item in (*difference.added, *(after for _, after in difference.changed)):
        await change.unbury(item.value)
        await change.restore(item)


async def take_back(
    change: Change,
    registry: Registry,
    now: Mapping[str, Item],
    difference: Diff,
) -> None:
    """Undo one version's `difference`, as far as nothing later has taken its place.

    What it added is buried, unless the person confirmed it by hand since; what it ended lives
    again, unless the slot has another value by now; what it changed is as before, unless it was
    changed again or another value took its place. What lost its quotes meanwhile waits for
    approval.
    """
    left = dict(now)
    for item in difference.added:
        current = left.get(item.item_id)
        if current is not None and (current.basis != "edited" or item.basis == "edited"):
            await change.bury(item.item_id)
            del left[item.item_id]
    # What gives up its place goes before what takes one.
    for before, after in sorted(difference.changed, key=lambda each: each[0].status == "active"):
        current = left.get(after.item_id)
        if current is None or current.snapshot() != after.snapshot():
            continue
        others = {name: item for name, item in left.items() if name != before.item_id}
        if not _is_taken(before, others, registry):
            await change.restore(before)
            left[before.item_id] = before
    for item in difference.removed:
        if item.item_id not in left and not _is_taken(item, left, registry):
            await change.unbury(item.value)
            await change.restore(item)
            left[item.item_id] = item


def _is_taken(item: Item, now: Mapping[str, Item], registry: Registry) -> bool:
    slot = registry.get(item.slot)
    beside = [other for other in now.values() if other.slot == item.slot]
    if any(same_value(item.value, other.value) for other in beside):
        return True
    if slot is None or item.status != "active":
        return slot is None
    if slot.kind == "list":
        return len(beside) >= slot.max_items
    return any(other.status == "active" for other in beside)


def _items(snapshot: str) -> dict[str, Item]:
    return {
        entry["item_id"]: Item(
            item_id=entry["item_id"],
            slot=entry["slot"],
            value=entry["value"],
            basis=entry["basis"],
            status=entry["status"],
            valid_until=date.fromisoformat(entry["valid_until"]) if entry["valid_until"] else None,
        )
        for entry in json.loads(snapshot)
    }
