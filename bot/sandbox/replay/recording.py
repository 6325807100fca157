"""A recording: who said what, when, in which session.

Our own format is JSON Lines, one message a line:

    {"person": "mei", "session": "1", "time": "2026-03-01T09:00:00Z", "text": "Hello!"}

`session` names a thread of that person; `time` is ISO 8601 with an offset.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import RecordingError

# What Discord lets a member write in one message, less a mention of the bot.
LONGEST_MESSAGE = 1950

# In September 2084 Discord's ids, which hold the time, outgrow the 63 bits a database has for them.
END = datetime(2084, 1, 1, tzinfo=UTC)

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class RecordedLine(BaseModel):
    """One line of our format."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: Name
    session: Name
    time: Annotated[
        AwareDatetime,
        Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=END),
    ]
    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_MESSAGE),
        Field(description="what the person wrote"),
    ]


@dataclass(frozen=True, slots=True)
class Recording:
    """Recorded messages in the order of time. `skipped` sessions had no message in them."""

    lines: tuple[RecordedLine, ...]
    skipped: int

    @property
    def people(self) -> list[str]:
        """Everyone who speaks, in the order of their names."""
        return sorted({line.person for line in self.lines})

    @property
    def fingerprint(self) -> str:
        """A short name for exactly this recording."""
        digest = hashlib.sha256()
        for line in self.lines:
            digest.update(line.model_dump_json().encode() + b"\n")
        return digest.hexdigest()[:16]

    def timetable(self, begin: datetime) -> list[datetime]:
        """Return when each line is said in a world that begins at `begin`.

        Recorded times are moved by whole days, all alike, to lie after the world's first day; and
        no two lines share a second, so that each has a message id of its own that depends on the
        recording alone. Raises `RecordingError` when the last line would be said too late.
        """
        if not self.lines:
            return []
        first = begin + timedelta(days=1)
        missing = (first - self.lines[0].time) / timedelta(days=1)
        shift = timedelta(days=max(0, -int(-missing // 1)))
        moments: list[datetime] = []
        for line in self.lines:
            moment = (line.time + shift).replace(microsecond=0)
            if moments and moment <= moments[-1]:
                moment = moments[-1] + timedelta(seconds=1)
            moments.append(moment)
        if moments[-1] >= END:
            raise RecordingError(
                f"The recording, moved to begin in {begin.year}, would end in {moments[-1].year}; "
                f"from {END.year} on Discord's ids are too large to be kept. Split it."
            )
        return moments


def in_order(lines: Iterable[RecordedLine], skipped: int = 0) -> Recording:
    """Return a recording of `lines`, sorted by time and otherwise in the order given."""
    return Recording(tuple(sorted(lines, key=lambda line: line.time)), skipped)


def read_json_lines(path: Path) -> Recording:
    """Read a recording in our format. Raises `RecordingError` naming the line and what is wrong."""
    lines: list[RecordedLine] = []
    for number, text in enumerate(read_text(path).split("\n"), 1):
        if not text.strip():
            continue
        try:
            lines.append(RecordedLine.model_validate_json(text))
        except ValidationError as error:
            detail = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in detail["loc"])
            what = f"{where}: {detail['msg']}" if where else detail["msg"]
            raise RecordingError(f"{path}, line {number}: {what}.") from error
    return in_order(lines)


def read_json(path: Path) -> object:
    """Return the JSON document in `path`. Raises `RecordingError` when it is none."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise RecordingError(f"{path} is not valid JSON: {error}.") from error
    except RecursionError as error:
        raise RecordingError(f"{path} is nested too deeply.") from error
    except ValueError as error:
        raise RecordingError(f"{path} holds a number that is too long.") from error


def read_text(path: Path) -> str:
    """Return the text of `path`. Raises `RecordingError` when it cannot be read."""
    try:
        # Windows programs begin such files with a byte order mark.
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path} is not UTF-8 text.") from error
