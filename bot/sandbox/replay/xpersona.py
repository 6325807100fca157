"""Xpersona's recordings (arXiv 2003.07568): persona chats in seven languages, with gold facts.

`[{"persona": [fact, …], "dialogue": [[user, reply], …]}]`. The facts are about the one who replies,
so the replies are what the person says here; the other side's words and the facts are not used.
Each dialogue is a person, named after the first part of the file's name: `fr-1`, `fr-2`, …

Nothing is dated. A dialogue is cut into sessions of three messages, a day apart, so that one of
usual length has the three sessions that learning waits for; messages are a minute apart, and each
dialogue begins an hour after the one before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.errors import RecordingError
from bot.sandbox.replay.recording import RecordedLine, Recording, in_order, read_json

MESSAGES_A_SESSION = 3

_BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)
_LONGEST_PREFIX = 40


class _Dialogue(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    dialogue: list[tuple[str, str]]


_FILE = TypeAdapter(list[_Dialogue])


def read_xpersona(path: Path) -> Recording:
    """Read an Xpersona file. Raises `RecordingError` saying what does not fit."""
    prefix = path.stem.split("_")[0].lower()[:_LONGEST_PREFIX]
    try:
        dialogues = _FILE.validate_python(read_json(path))
        each = [
            list(_lines(f"{prefix}-{number}", number, dialogue))
            for number, dialogue in enumerate(dialogues, 1)
        ]
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in detail["loc"])
        raise RecordingError(
            f"{path} is not an Xpersona file: {where}: {detail['msg']}."
        ) from error
    return in_order((line for lines in each for line in lines), skipped=each.count([]))


def _lines(name: str, number: int, dialogue: _Dialogue) -> Iterator[RecordedLine]:
    replies = [reply for _, reply in dialogue.dialogue if reply.strip()]
    for position, reply in enumerate(replies):
        session, minute = divmod(position, MESSAGES_A_SESSION)
        yield RecordedLine(
            person=name,
            session=str(session + 1),
            time=_BEGIN + timedelta(days=session, hours=number, minutes=minute),
            text=reply,
        )
