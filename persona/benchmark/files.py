"""JSON Lines files of records: written whole or not at all, read with the line of any mistake."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from persona.benchmark.errors import DatasetError

R = TypeVar("R", bound=BaseModel)


def dump(record: BaseModel) -> str:
    """Return a record as one line of JSON."""
    return json.dumps(record.model_dump(mode="json"), ensure_ascii=False)


def fingerprint(records: Iterable[BaseModel]) -> str:
    """Return a hash by which it is noticed that one of the records was edited."""
    hashed = hashlib.sha256()
    for record in records:
        hashed.update(f"{record.model_dump_json()}\n".encode())
    return hashed.hexdigest()[:16]


def write_records(path: Path, records: Iterable[BaseModel]) -> int:
    """Write the records in place of what `path` held; return how many they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    number = 0
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(f"{dump(record)}\n")
            number += 1
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return number


@contextlib.contextmanager
def writing(path: Path, mode: Literal["w", "a"]) -> Iterator[Callable[[BaseModel], None]]:
    """Yield what writes a record to a file begun anew ("w") or gone on with ("a")."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open(mode, encoding="utf-8", newline="\n") as file:

        def write(record: BaseModel) -> None:
            file.write(f"{dump(record)}\n")
            file.flush()  # What is flushed outlives the process.

        yield write


def read_records(path: Path, kind: type[R]) -> Iterator[R]:
    """Yield the records of a file. Raises `DatasetError` naming the line that is none."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield parse(line, kind, f"{path}, line {number}")
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path} is not UTF-8 text; save it as UTF-8.") from error


def parse(line: str, kind: type[R], place: str) -> R:
    """Return the record in a line. Raises `DatasetError` saying what is wrong at `place`."""
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        raise DatasetError(f"{place}: {problems(error)}") from error


def problems(error: ValidationError) -> str:
    """Return what is wrong with a record in one sentence, without quoting it."""
    found = [
        f"{'.'.join(map(str, detail['loc'])) or 'the record'}: "
        f"{detail['msg'].removeprefix('Value error, ')}"
        for detail in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return "; ".join(found[:3]) + "."


def faults(path: Path, kind: type[BaseModel]) -> Iterator[str]:
    """Yield what is wrong with every line of a file that is no record, or with the file."""
    try:
        lines = read_text(path).split("\n")
    except DatasetError as error:
        yield str(error)
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                parse(line, kind, f"{path}, line {number}")
            except DatasetError as error:
                yield str(error)


def read_text(path: Path) -> str:
    """Return what a file says. Raises `DatasetError` when it cannot be read, or is no UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path} is not UTF-8 text; save it as UTF-8.") from error


def read_json(path: Path) -> Any:
    """Return the JSON in a file. Raises `DatasetError` when there is none."""
    try:
        return json.loads(read_text(path))
    except ValueError as error:
        raise DatasetError(f"{path} is not JSON.") from error
