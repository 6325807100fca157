"""What is read from a dataset of others, and how what cannot be used is named."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import ValidationError

from persona.benchmark.schema import (
    Dropped,
    Person,
    Probe,
    Query,
    Record,
    Scene,
    Value,
)
from persona.errors import RapportError
from persona.normalise import fold

# The longest value there may be in a slot, in characters.
LONGEST_VALUE = 400

Made = TypeVar("Made", bound=Record)


class ImportFailed(RapportError):
    """There is nothing at the path that can be imported; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The records of a dataset of others, and what of it was dropped: stage "import"."""

    people: tuple[Person, ...]
    scenes: tuple[Scene, ...]
    queries: tuple[Query, ...]
    probes: tuple[Probe, ...]
    dropped: tuple[Dropped, ...]


@dataclass(slots=True)
class Gathering:
    """Collects records while a dataset is read; what cannot be used is dropped with a reason."""

    people: list[Person] = field(default_factory=list)
    scenes: list[Scene] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def drop(self, record_id: str, reason: str, detail: str = "") -> None:
        """Note that a record was dropped: `reason` is one of a few words, `detail` says more."""
        # Names in broken files may hold characters that no record can.
        self.dropped.append(
            Dropped(stage="import", record_id=fold(record_id), reason=reason, detail=fold(detail))
        )

    def make(self, kind: type[Made], record_id: str, /, **fields: object) -> Made | None:
        """Return a record of `fields`, or None when they do not fit and the record is dropped."""
        try:
            return kind.model_validate(fields)
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False)
            long = any(problem["type"] == "string_too_long" for problem in problems)
            places = {".".join(map(str, problem["loc"])) for problem in problems}
            self.drop(record_id, "too_long" if long else "invalid", ", ".join(sorted(places)))
            return None

    def read_json(self, file: Path, record_id: str) -> Any:
        """Return what the file holds, or None when it cannot be read and is dropped.

        A pickle is recognised by its first bytes and left alone: to unpickle it would run
        whatever it says.
        """
        try:
            held = file.read_bytes()
        except OSError as error:
            self.drop(record_id, "unreadable", type(error).__name__)
            return None
        if held[:1] == b"\x80":
            self.drop(record_id, "pickle", "A pickle, which is never opened.")
            return None
        try:
            read = json.loads(held.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            self.drop(record_id, "unreadable", type(error).__name__)
            return None
        if read is None:
            self.drop(record_id, "unreadable", "null")
        return read

    def value(self, record_id: str, given: object) -> str | None:
        """Return one value of a slot as it is stored; None when there is none or it is dropped."""
        if given is None or isinstance(given, (dict, list, bool)):
            return None
        value = fold(str(given))
        if value in ("", "None", "null"):
            return None
        if len(value) > LONGEST_VALUE:
            self.drop(record_id, "value_too_long", f"{len(value)} characters")
            return None
        return value

    def values(self, record_id: str, given: object) -> tuple[str, ...]:
        """Return the values of a list slot, each once; a single one counts as a list of one."""
        items: Iterable[object] = given if isinstance(given, list) else [given]
        found = (self.value(record_id, item) for item in items)
        return tuple(dict.fromkeys(value for value in found if value is not None))

    def done(self, path: Path, expected: str) -> Imported:
        """Return what was gathered. Raises `ImportFailed` when there is not one person."""
        if not self.people:
            reasons = Counter(dropped.reason for dropped in self.dropped)
            named = ", ".join(f"{reason} {number}" for reason, number in sorted(reasons.items()))
            nothing_at(path, expected, f" Dropped: {named}." if named else "")
        return Imported(
            tuple(self.people),
            tuple(self.scenes),
            tuple(self.queries),
            tuple(self.probes),
            tuple(self.dropped),
        )


def nothing_at(path: Path, expected: str, more: str = "") -> NoReturn:
    """Raise `ImportFailed` saying what was expected at `path`."""
    raise ImportFailed(f"Nothing can be imported from {path}: it is to be {expected}.{more}")


def check_there(path: Path) -> None:
    """Raise `ImportFailed` when there is no such file or folder."""
    if not path.exists():
        raise ImportFailed(f"There is no file or folder {path} to import.")


def placed(record_id: str, right: str, wrong: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """Return the options with the right one at a place drawn from the record's id, and the place.

    Sources put the right one first.
    """
    place = int.from_bytes(hashlib.sha256(record_id.encode()).digest()[:8]) % (len(wrong) + 1)
    return (*wrong[:place], right, *wrong[place:]), place


def without_empty(slots: dict[str, Value | None]) -> dict[str, Value]:
    """Return the slots that hold something."""
    return {slot: value for slot, value in slots.items() if value}
