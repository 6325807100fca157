"""Whether a row holds what its columns are for.

PostgreSQL sees to most of it itself; SQLite keeps whatever somebody wrote by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, get_args

from persona.attachments.attachment import Kind
from persona.changes import Actor
from persona.clock import from_milliseconds
from persona.persona import Basis


def malformed(row: Any, *columns: str) -> list[str]:
    """Return those of `columns` whose value in `row` is none of theirs."""
    return [column for column in columns if not _SOUND[column](row[column])]


def text(value: object) -> str:
    """Return what a column of names holds, or nothing where it is no text."""
    return value if isinstance(value, str) else ""


def number(value: object) -> int:
    """Return what a column of numbers holds, or 0 where it is none."""
    return value if isinstance(value, int) else 0


def shown(value: object) -> str:
    """Return what a column of numbers holds, but no text, which nobody is to see."""
    return str(value) if isinstance(value, int) else "?"


def _is_number(value: object) -> bool:
    return isinstance(value, int)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_time(value: object) -> bool:
    if not isinstance(value, int):
        return False
    try:
        from_milliseconds(value)
    except (ValueError, OverflowError, OSError):
        return False
    return True


def _is_no_day_or_sound(value: object) -> bool:
    if value is None:
        return True
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _one_of(*choices: str) -> Callable[[object], bool]:
    return lambda value: value in choices


_SOUND: Mapping[str, Callable[[object], bool]] = {
    "person_id": _is_number,
    "scope": _is_text,
    "epoch": _is_number,
    "version": _is_number,
    "item_id": _is_text,
    "slot": _is_text,
    "basis": _one_of(*get_args(Basis)),
    "status": _one_of("active", "pending", "removed"),
    "valid_until": _is_no_day_or_sound,
    "updated_at": _is_time,
    "message_id": _is_number,
    "session_id": _is_number,
    "run_id": _is_text,
    "said_at": _is_time,
    "author": _one_of("person", "bot"),
    "number": _is_number,
    "kind": _one_of(*get_args(Kind)),
    "file_id": lambda value: value is None or _is_number(value),
    "sent_at": _is_time,
    "parent": lambda value: value is None or _is_number(value),
    "actor": _one_of(*get_args(Actor)),
    "cause": _is_text,
    "created_at": _is_time,
}
