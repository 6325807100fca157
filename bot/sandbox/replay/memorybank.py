"""MemoryBank's recordings (arXiv 2305.10250): people, days, and what they said to a companion.

`{name: {"history": {date: [{"query": …, "response": …}]}}}`. Each day becomes a session, each query
a message of the person; the recorded responses are not used. Only days are recorded, so messages
are put a minute apart from nine o'clock on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.errors import RecordingError
from bot.sandbox.replay.recording import RecordedLine, Recording, in_order, read_json


class _Exchange(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    query: str


class _Person(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    history: dict[date, list[_Exchange]]


_FILE = TypeAdapter(dict[str, _Person])


def read_memorybank(path: Path) -> Recording:
    """Read a MemoryBank file. Raises `RecordingError` saying what does not fit."""
    try:
        people = _FILE.validate_python(read_json(path))
        lines = [line for name, person in people.items() for line in _lines(name, person)]
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in detail["loc"])
        raise RecordingError(
            f"{path} is not a MemoryBank file: {where}: {detail['msg']}."
        ) from error
    empty = sum(not day for person in people.values() for day in person.history.values())
    return in_order(lines, skipped=empty)


def _lines(name: str, person: _Person) -> Iterator[RecordedLine]:
    for day, exchanges in person.history.items():
        morning = datetime.combine(day, time(9), UTC)
        for position, exchange in enumerate(exchanges):
            yield RecordedLine(
                person=name,
                session=day.isoformat(),
                time=morning + timedelta(minutes=position),
                text=exchange.query,
            )
