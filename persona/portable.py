"""A persona as a file, and back: what a person takes along, and what they may bring.

What is brought passes the gate for what is typed by hand, value by value, and counts as typed by
hand: a file proves nothing, so its quotes are read by people alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json, to_json

from persona.changes import Change, State, evidence_context, same_value
from persona.clock import Clock, from_milliseconds, to_milliseconds
from persona.errors import EditError, RapportError
from persona.learning.gate.hand import check
from persona.people import check_agreed
from persona.persona import Item, Personas, Status
from persona.registry import Registry
from persona.store.database import Database

FORMAT = "rapport-persona"
VERSION = 1
LARGEST = 256 * 1024  # bytes

# Makes a link to a message of a thread; None where there is none.
Link = Callable[[str, int, int], str | None]
Problem = Literal["too_large", "not_json", "other_format", "newer_version", "malformed"]


class CannotImport(RapportError):
    """A file is no persona that can be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"The file cannot be imported: {problem}.")
        self.problem: Problem = problem


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


_Short = Annotated[str, Field(max_length=100)]
_Text = Annotated[str, Field(max_length=4000)]


class PortableSlot(_Strict):
    """A slot's name and what it is called."""

    slot: _Short
    label: _Short


class PortableQuote(_Strict):
    """What the person said, when and where."""

    text: _Text
    said_at: datetime
    link: _Text | None


class PortableItem(_Strict):
    """A value, as in `persona.persona.Item`; `since` is when it was first known."""

    slot: _Short
    value: _Text
    basis: Literal["edited", "stated", "inferred"]
    status: Literal["active", "pending"]
    valid_until: date | None
    since: datetime
    quotes: Annotated[list[PortableQuote], Field(max_length=1000)]


class PortablePersona(_Strict):
    """A person's persona in one scope. Whose it is, it does not say."""

    format: Literal["rapport-persona"]
    version: Literal[1]
    exported_at: datetime
    scope: _Short
    slots: Annotated[list[PortableSlot], Field(max_length=500)]
    items: Annotated[list[PortableItem], Field(max_length=2000)]
    locked: Annotated[list[_Short], Field(max_length=500)]


def read(data: bytes, scope: str) -> PortablePersona:
    """Return the persona in a file; of one with everything, that of `scope`.

    Raises `CannotImport` when there is none.
    """
    if len(data) > LARGEST:
        raise CannotImport("too_large")
    data = data.removeprefix(b"\xef\xbb\xbf")  # Some editors put it before UTF-8.
    try:
        found = from_json(data)
    except ValueError as error:
        raise CannotImport("not_json") from error
    if isinstance(found, dict) and isinstance(found.get("personas"), dict):
        found = found["personas"].get(scope)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise CannotImport("other_format")
    version = found.get("version")
    if isinstance(version, int) and version > VERSION:
        raise CannotImport("newer_version")
    try:
        return PortablePersona.model_validate_json(to_json(found))
    except ValidationError as error:
        # Not as its cause: it quotes the file.
        raise CannotImport("malformed") from error.__cause__


Reason = Literal["unknown_slot", "known", "taken"]


@dataclass(frozen=True, slots=True)
class Refused:
    """A value that was not taken over: a reason of ours, or a sentence of the gate's."""

    slot: str
    value: str
    reason: Reason | EditError


@dataclass(slots=True)
class Imported:
    """What came of an import. `version` is the new one, None if nothing changed."""

    values: int = 0
    version: int | None = None
    refused: list[Refused] = field(default_factory=list)


class Portable:
    """Exports and imports personas."""

    def __init__(
        self, database: Database, personas: Personas, registry: Registry, clock: Clock
    ) -> None:
        self._database = database
        self._queries = database.queries
        self._personas = personas
        self._registry = registry
        self._clock = clock

    async def scopes(self, person_id: int) -> list[str]:
        """Return the scopes in which the person has a persona."""
        async with self._database.read() as connection:
            listed = self._queries.list_personas(connection, person_id=person_id)
            return [row["scope"] async for row in listed]

    async def export(
        self,
        person_id: int,
        scope: str,
        *,
        link: Link = lambda scope, thread_id, message_id: None,
        label: Callable[[str], str] = str,
    ) -> PortablePersona:
        """Return the person's persona in `scope`; `label` translates what slots are called."""
        persona = await self._personas.load(person_id, scope)
        key = await self._personas.find(person_id, scope) if persona.items else None
        quotes: dict[str, list[PortableQuote]] = defaultdict(list)
        name = {"person_id": person_id, "scope": scope}
        async with self._database.read() as connection:
            since = {
                row["item_id"]: from_milliseconds(row["created_at"])
                async for row in self._queries.list_item_times(connection, **name)
            }
            async for row in self._queries.list_quotes(connection, **name):
                if key is None or row["epoch"] != key.epoch:
                    continue
                item_id, message_id, thread_id = (
                    row["item_id"],
                    row["message_id"],
                    row["thread_id"],
                )
                text = key.key.open(
                    row["quote_sealed"], context=evidence_context(item_id, message_id)
                )
                quotes[item_id].append(
                    PortableQuote(
                        text=text,
                        said_at=from_milliseconds(row["said_at"]),
                        link=link(scope, thread_id, message_id) if thread_id else None,
                    )
                )
            listed = self._queries.list_locks(connection, **name)
            locked = [row["slot"] async for row in listed]
        now = self._clock.now()
        used = {item.slot for item in persona.items}
        return PortablePersona(
            format="rapport-persona",
            version=1,
            exported_at=now,
            scope=scope,
            slots=[
                PortableSlot(slot=slot.name, label=label(slot.label))
                for slot in self._registry.values()
                if slot.name in used
            ],
            items=[
                PortableItem(
                    slot=item.slot,
                    value=item.value,
                    basis=item.basis,
                    status=item.status,
                    valid_until=item.valid_until,
                    since=since.get(item.item_id, now),
                    quotes=quotes[item.item_id],
                )
                for item in persona.items
            ],
            locked=locked,
        )

    async def import_(self, person_id: int, scope: str, brought: PortablePersona) -> Imported:
        """Take over what `brought` says, as far as it may be kept, in one version.

        Raises `EditError` when the person does not want to be remembered, or everything was erased
        meanwhile.
        """
        imported = Imported()
        access = await self._personas.access(person_id, scope, agreed=True)
        now = self._clock.now()
        async with self._database.write(person_id) as connection:
            change = await Change.begin_by_hand(
                self._queries, connection, access, cause="import", now=now
            )
            await check_agreed(self._queries, connection, person_id)
            taken: set[str] = set()
            before = {item.slot for item in (await change.items()).values()}
            for item in brought.items:
                try:
                    await self._take(change, item, taken)
                    imported.values += 1
                except _NotTaken as error:
                    imported.refused.append(Refused(item.slot, item.value, error.reason))
                except EditError as error:
                    imported.refused.append(Refused(item.slot, item.value, error))
            after = {item.slot for item in (await change.items()).values()}
            # Only what had no value: undoing the import leaves it without, and unlocked.
            for slot in brought.locked:
                if slot in after - before:
                    await self._queries.add_lock(
                        connection,
                        person_id=person_id,
                        scope=scope,
                        slot=slot,
                        at=to_milliseconds(now),
                    )
            imported.version = await change.finish("person")
        return imported

    async def _take(self, change: Change, brought: PortableItem, taken: set[str]) -> None:
        """Write one value, or raise `_NotTaken` or `EditError`. `taken` has single slots filled."""
        slot = self._registry.get(brought.slot)
        if slot is None:
            raise _NotTaken("unknown_slot")
        items = (await change.items()).values()
        same = next((item for item in items if _is(item, brought)), None)
        if same is not None and (brought.status == "pending" or _is_done(same, brought)):
            raise _NotTaken("known")
        status: Status = brought.status
        if slot.kind != "list" and status == "active" and slot.name in taken:
            raise _NotTaken("taken")
        others = [item for item in items if item is not same]
        value = check(slot, brought.value, others, self._registry)
        basis = "stated" if brought.basis == "edited" else brought.basis
        await change.unbury(value)
        await change.put(
            slot,
            value,
            State("edited" if status == "active" else basis, status, brought.valid_until),
        )
        if status == "active":
            taken.add(slot.name)


class _NotTaken(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def _is(item: Item, brought: PortableItem) -> bool:
    return item.slot == brought.slot and same_value(item.value, brought.value)


def _is_done(item: Item, brought: PortableItem) -> bool:
    return (item.basis, item.status, item.valid_until) == (
        "edited",
        "active",
        brought.valid_until,
    )
