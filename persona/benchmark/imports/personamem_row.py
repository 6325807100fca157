"""The rows of PersonaMem v2: cells that hold JSON, or Python's way of writing the same."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persona.benchmark.imports.imported import Gathering
from persona.normalise import fold

_COLUMNS = frozenset({"persona_id", "expanded_persona", "user_query", "correct_answer"})
# Longer cells hold no record of this source.
_LONGEST_CELL = 200_000
# The most of a talk that a scene has room for, in characters.
_LONGEST_TALK = 4000


@dataclass(frozen=True, slots=True)
class Row:
    """A usable row.

    `said` is what the person says in the talk. `ends` is the preference that is over from there
    on: `forgets` says whether it is to be forgotten rather than replaced by `preference`, and
    `wish` is how the person puts that. `distance` counts tokens from the talk to the end of the
    chat history; 0 is unknown.
    """

    record_id: str
    persona_id: str
    profile: dict[str, Any]
    hint: str
    scenario: str
    said: str
    preference: str
    ends: str | None
    forgets: bool
    wish: str
    question: str
    right: str
    wrong: tuple[str, ...]
    distance: int


def read_rows(gathering: Gathering, file: Path) -> Iterator[Row]:
    """Yield the usable rows of a CSV file; the others are dropped with a reason."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        gathering.drop(file.name, "unreadable", type(error).__name__)
        return
    reader = csv.DictReader(io.StringIO(text, newline=""))
    number = 0
    while True:
        number += 1
        record_id = f"{file.name}#{number}"
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            gathering.drop(record_id, "unreadable", str(error))
            continue
        if number == 1 and not set(record) >= _COLUMNS:
            gathering.drop(file.name, "no_benchmark", "columns are missing")
            return
        row = _row(gathering, record_id, record)
        if row is not None:
            yield row


def _row(gathering: Gathering, record_id: str, record: dict[str | None, Any]) -> Row | None:
    """Return the row, or None when it cannot be used and is dropped with a reason.

    What belongs to somebody else is no part of the persona, and neither are secrets, which the
    source has to test that they are not repeated.
    """
    cell = {key: value for key, value in record.items() if key and isinstance(value, str)}
    kind = cell.get("pref_type", "")
    preference = gathering.value(record_id, cell.get("preference"))
    turns = _turns(cell.get("related_conversation_snippet", ""))
    wrong = _parsed(cell.get("incorrect_answers", ""))
    forgets = kind == "ask_to_forget"
    updated = forgets or cell.get("updated", "").casefold() == "true"
    ends = gathering.value(record_id, cell.get("prev_pref")) if updated else None
    wish = turns.pop() if forgets and len(turns) > 1 else ""
    said = "\n".join(turns)
    reason = (
        "no_persona" if not cell.get("persona_id", "").strip()
        else "secret" if kind == "sensitive_info" or preference == "sensitive_info"
        else "of_another" if cell.get("who", "self").strip().casefold() not in ("", "self", "user")
        else "no_preference" if preference is None or (updated and ends is None)
        else "no_conversation" if not said
        else "talk_too_long" if len(said) > _LONGEST_TALK
        else "no_options" if not (isinstance(wrong, list) and wrong and cell.get("correct_answer"))
        else ""
    )  # fmt: skip
    if reason or preference is None:
        gathering.drop(record_id, reason)
        return None
    profile = _parsed(cell.get("expanded_persona", ""))
    distance = cell.get("distance_from_related_snippet_to_query_32k", "").split(".")[0]
    return Row(
        record_id=record_id, persona_id=cell["persona_id"].strip(),
        profile=profile if isinstance(profile, dict) else {},
        hint=fold(cell.get("short_persona", ""))[:400],
        scenario=fold(cell.get("conversation_scenario", "").replace("_", " ")) or "chat",
        said=said, preference=preference, ends=ends, forgets=forgets, wish=wish,
        question=_content(cell.get("user_query", "")), right=cell["correct_answer"].strip(),
        wrong=tuple(str(option).strip() for option in wrong),
        distance=int(distance) if distance.isdecimal() else 0,
    )  # fmt: skip


def _parsed(text: str) -> Any:
    if len(text) > _LONGEST_CELL:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _content(text: str) -> str:
    """Return the text of a message, which is written as an object or plainly."""
    message = _parsed(text)
    content = message.get("content") if isinstance(message, dict) else None
    return content.strip() if isinstance(content, str) else text.strip()


def _turns(text: str) -> list[str]:
    messages = _parsed(text)
    found = [
        message.get("content")
        for message in (messages if isinstance(messages, list) else [])
        if isinstance(message, dict) and message.get("role") == "user"
    ]
    return [turn.strip() for turn in found if isinstance(turn, str) and turn.strip()]
