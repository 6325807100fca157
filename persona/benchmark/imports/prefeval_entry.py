"""One record of PrefEval: a preference, a question, and how the preference is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from persona.benchmark.imports.imported import Gathering

Form = Literal["explicit", "choice", "persona", "options"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of one form; `place` counts from 1 in its file, `given` is what the file says."""

    record_id: str
    form: Form
    topic: str
    place: int
    preference: str
    question: str
    given: dict[str, Any]

    @property
    def key(self) -> tuple[str, str, str]:
        """What records of different forms about the same preference have in common."""
        return self.topic, self.preference, self.question


def entries_of(gathering: Gathering, file: Path) -> Iterator[Entry]:
    """Yield the records of a file; what cannot be used is dropped with a reason."""
    name = f"{file.parent.name}/{file.name}"
    records = gathering.read_json(file, name)
    if records is None:
        return
    if not isinstance(records, list) or not any(map(_has_preference, records)):
        gathering.drop(name, "no_preferences")
        return
    topic = re.sub(r"[^A-Za-z0-9_]+", "_", file.stem.removesuffix(" copy"))[:40].strip("_")
    for place, record in enumerate(records, 1):
        record_id = f"{name}#{place}"
        if not _has_preference(record):
            gathering.drop(record_id, "invalid", "preference, question")
            continue
        if (preference := gathering.value(record_id, record["preference"])) is None:
            continue
        yield Entry(
            record_id, _form(record), topic, place, preference, record["question"].strip(), record
        )


def _has_preference(record: Any) -> bool:
    return isinstance(record, dict) and all(
        isinstance(record.get(key), str) and record[key].strip()
        for key in ("preference", "question")
    )


def _form(record: dict[str, Any]) -> Form:
    if "classification_task_options" in record:
        return "options"
    conversation = record.get("conversation")
    if conversation is None:
        return "explicit"
    return "choice" if isinstance(conversation, dict) and "query" in conversation else "persona"


def told(entry: Entry) -> str:
    """Return what the person says in the session in which the preference is told."""
    conversation = entry.given.get("conversation")
    if entry.form == "choice" and isinstance(conversation, dict):
        turns = [conversation.get(key) for key in ("query", "user_selection")]
    elif entry.form == "persona" and isinstance(conversation, dict):
        turns = [turn.get("user") for turn in conversation.values() if isinstance(turn, dict)]
    elif entry.form == "persona":
        turns = []
    else:
        turns = [entry.preference]
    return "\n".join(turn.strip() for turn in turns if isinstance(turn, str) and turn.strip())
