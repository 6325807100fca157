"""What the database keeps of one person, opened, and what must always be so of it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from persona.normalise import normalise
from persona.persona import Access
from persona.registry import Registry
from persona.services import Services
from tests.support.stores import rows

Item = Mapping[str, Any]

_ITEMS = (
    "SELECT item_id, slot, value_sealed, value_fingerprint, basis, status, valid_until FROM items "
    "WHERE person_id = :person AND status <> 'removed'"
)
_VERSIONS = (
    "SELECT version, parent, actor, cause, snapshot_sealed, created_at FROM versions "
    "WHERE person_id = :person ORDER BY version"
)
_EVIDENCE = "SELECT item_id, message_id, quote_sealed FROM evidence WHERE person_id = :person"
_SESSIONS = (
    "SELECT s.session_id, s.learned_by, r.run_id, r.state FROM sessions AS s "
    "LEFT JOIN run_sessions AS rs ON s.person_id = rs.person_id AND s.session_id = rs.session_id "
    "LEFT JOIN runs AS r ON rs.person_id = r.person_id AND rs.run_id = r.run_id "
    "WHERE s.person_id = :person AND s.closed_at IS NOT NULL"
)
_LEASE = (
    "SELECT COALESCE(MAX(fence), 0), COALESCE(MAX(expires_at), 0) FROM leases "
    "WHERE person_id = :person"
)
_FINISHED = ("applied", "empty", "refused")
_UNFINISHED = ("running", "waiting")
_ERASED = (
    "items",
    "evidence",
    "versions",
    "sessions",
    "messages",
    "answers",
    "answer_parts",
    "attachments",
    "runs",
    "run_sessions",
    "locks",
    "tombstones",
    "tombstone_messages",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """All of one person in one scope. Items are snapshots by id, and only those not ended.

    `rows` has each version as it is in the database, `versions` the items in it. `evidence` has
    (message, quote) by item, `learned_by` the run that learned each closed session, `runs` the
    runs (id and state) that have each session. `leased_until` is in milliseconds.
    """

    epoch: int
    version: int
    items: Mapping[str, Item]
    fingerprints: Mapping[str, bytes]
    rows: Mapping[int, tuple[Any, ...]]
    versions: Mapping[int, Mapping[str, Item]]
    evidence: Mapping[str, list[tuple[int, str]]]
    learned_by: Mapping[int, str | None]
    runs: Mapping[int, list[tuple[str, str]]]
    fence: int
    leased_until: int

    def at(self, version: int) -> Mapping[str, Item]:
        """Return the items of a version; of version 0 none."""
        return self.versions[version] if version else {}


@dataclass
class Reader:
    """Reads what is kept of `access`; sealed text is opened once."""

    services: Services
    person: int
    scope: str
    _opened: dict[bytes, str] = field(default_factory=dict)

    async def read(self) -> Kept:
        access = await self.services.personas.access(self.person, self.scope)
        items: dict[str, Item] = {}
        fingerprints: dict[str, bytes] = {}
        for name, slot, sealed, fingerprint, basis, status, until in await self._rows(_ITEMS):
            items[name] = {
                "item_id": name,
                "slot": slot,
                "value": self._open(access, sealed, f"items:{name}"),
                "basis": basis,
                "status": status,
                "valid_until": until,
            }
            fingerprints[name] = bytes(fingerprint)
        versions = {row[0]: row for row in await self._rows(_VERSIONS)}
        evidence: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for name, message, sealed in await self._rows(_EVIDENCE):
            context = f"evidence:{name}:{message}"
            evidence[name].append((message, self._open(access, sealed, context)))
        learned_by: dict[int, str | None] = {}
        runs: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for session, learner, run, state in await self._rows(_SESSIONS):
            learned_by[session] = learner
            if run is not None:
                runs[session].append((run, state))
        ((fence, leased_until),) = await self._rows(_LEASE)
        return Kept(
            access.epoch,
            access.version,
            items,
            fingerprints,
            versions,
            {number: self._snapshot(access, row) for number, row in versions.items()},
            evidence,
            learned_by,
            runs,
            fence,
            leased_until,
        )

    async def check_erased(self, epoch: int) -> None:
        """After a reset nothing is left of `epoch`, and no key to open a copy of it with."""
        assert await self.services.keys.find(self.person, self.scope, epoch) is None
        for table in _ERASED:
            query = f"SELECT COUNT(*) FROM {table} WHERE person_id = :person"
            assert await self._rows(query) == [(0,)], f"{table} outlived the reset"

    async def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return await rows(self.services.database, query, person=self.person)

    def _open(self, access: Access, sealed: bytes, context: str) -> str:
        if sealed not in self._opened:
            self._opened[sealed] = access.key.open(sealed, context=context)
        return self._opened[sealed]

    def _snapshot(self, access: Access, row: tuple[Any, ...]) -> dict[str, Item]:
        text = self._open(access, row[4], f"versions:{access.scope}:{row[0]}")
        return {item["item_id"]: item for item in json.loads(text)}


def check_versions(now: Kept, before: Kept) -> None:
    """Versions form one chain, old ones never change, and the newest is what is."""
    assert list(now.rows) == list(range(1, now.version + 1)), "numbers have gaps"
    assert all(row[1] == (row[0] - 1 or None) for row in now.rows.values()), "not one chain"
    if now.epoch == before.epoch:
        kept = {number: now.rows.get(number) for number in before.rows}
        assert kept == before.rows, "a version was changed"
    assert now.at(now.version) == now.items, "the newest version is not what is"


def check_items(now: Kept, registry: Registry) -> None:
    """Values are unique, as many as may be, and rest on what was said."""
    unique = Counter((item["slot"], now.fingerprints[name]) for name, item in now.items.items())
    assert not unique or max(unique.values()) == 1, "a value is there twice"
    values = Counter((item["slot"], normalise(item["value"])) for item in now.items.values())
    assert values.keys() == {
        (item["slot"], normalise(item["value"])) for item in now.items.values()
    }
    assert not values or max(values.values()) == 1, "a value is there in two spellings"
    for slot in registry.values():
        held = [item for item in now.items.values() if item["slot"] == slot.name]
        used = [item for item in held if item["status"] == "active"]
        assert len(held if slot.kind == "list" else used) <= slot.max_items, f"{slot.name} is full"
        assert all(len(item["value"]) <= slot.max_length for item in held)
    for name, item in now.items.items():
        if item["status"] == "active" and item["basis"] != "edited":
            assert now.evidence.get(name), "a value is used that nothing supports"


def check_sessions(now: Kept) -> None:
    """Every closed session waits, is being learned, put aside, or was learned by one run."""
    unfinished = {run for runs in now.runs.values() for run, state in runs if state in _UNFINISHED}
    assert len(unfinished) <= 1, "two runs under way"
    for session, learned_by in now.learned_by.items():
        runs = now.runs.get(session, [])
        finished = [run for run, state in runs if state in _FINISHED]
        assert finished == ([learned_by] if learned_by else []), "not learned once"
        if learned_by is None:
            held = [state for _, state in runs if state != "retried"]
            assert len(held) <= 1, "a session is in two runs"
