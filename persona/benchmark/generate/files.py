"""The files of the stages: written line by line, gone on with behind the last whole one."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from persona.benchmark.files import read_records, write_records, writing
from persona.benchmark.schema import Record

R = TypeVar("R", bound=Record)
Writing = contextlib.AbstractContextManager[Callable[[Record], None]]


@dataclass(frozen=True, slots=True)
class StageFiles:
    """A folder with the files of all stages."""

    folder: Path

    def path(self, name: str) -> Path:
        """Return where the records called `name` are."""
        return self.folder / f"{name}.jsonl"

    def open(self, name: str, kind: type[R]) -> tuple[list[R], Writing]:
        """Return what a file holds, and a writer that goes on behind it.

        Raises `DatasetError` naming the line that is no record of the `kind`.
        """
        return self.read(name, kind), writing(self.path(name), "a")

    def read(self, name: str, kind: type[R]) -> list[R]:
        """Return what a file holds. Raises `DatasetError` naming the line that is none."""
        path = self.path(name)
        mend(path)
        return list(read_records(path, kind)) if path.exists() else []

    def replace(self, name: str, records: Sequence[R]) -> None:
        """Let a file hold these records, which are at least one."""
        # A file that does is left as it is: somebody may have laid it out by hand.
        if self.read(name, type(records[0])) != list(records):
            write_records(self.path(name), records)


def mend(path: Path) -> None:
    """Take away a last line that a crash cut off; one that merely lacks its end gets it."""
    content = path.read_bytes() if path.exists() else b""
    if not content or content.endswith(b"\n"):
        return
    start = content.rfind(b"\n") + 1
    try:
        json.loads(content[start:])
    except ValueError:
        # No part of an object is JSON by itself.
        path.write_bytes(content[:start])
    else:
        # Some editors save it so.
        path.write_bytes(content + b"\n")
