"""PersonaMem v2 (bowen-upenn/PersonaMem-v2): people, talks that show a preference, and questions.

A row of benchmark.csv has a person's profile, a preference, the talk in which it shows, and a
question with one right answer and three wrong ones. Each talk becomes a session, in which what the
person said is the opening query; each question becomes a probe after the last session, as the
source asks it. A row that asks to forget a preference becomes an event.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from persona.benchmark.imports.imported import (
    Gathering,
    Imported,
    check_there,
    nothing_at,
    placed,
)
from persona.benchmark.imports.personamem_profile import profile_slots
from persona.benchmark.imports.personamem_row import Row, read_rows
from persona.benchmark.schema import MOST_SESSIONS, Event, Person, Probe, Query, Scene, Value

_EXPECTED = "benchmark.csv of PersonaMem v2, or the folder that holds benchmark/text/benchmark.csv"
_SLOT = "personality.values_and_interests"
_FITTING = "A reply that helps with the matter and fits this person."


@dataclass(frozen=True, slots=True)
class _Talk:
    """A session: its row, and what the scene is called."""

    session: int
    row: Row


def read_personamem(path: Path) -> Imported:
    """Read PersonaMem v2 from its CSV file or a folder of them.

    Sessions are in the order of the chat history where the rows say it, else of the file. Raises
    `ImportFailed` when there is nothing to be read.
    """
    check_there(path)
    gathering = Gathering()
    lives: dict[str, list[Row]] = {}
    for file in _files(path):
        for row in read_rows(gathering, file):
            lives.setdefault(row.persona_id, []).append(row)
    for persona_id, rows in lives.items():
        if all(row.distance > 0 for row in rows):
            rows.sort(key=lambda row: -row.distance)
        _add(gathering, f"personamem-{re.sub('[^A-Za-z0-9]+', '-', persona_id)[:40]}", rows)
    return gathering.done(path, _EXPECTED)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    for known in (path / "benchmark" / "text" / "benchmark.csv", path / "benchmark.csv"):
        if known.is_file():
            return [known]
    files = sorted(path.rglob("*.csv"))
    if not files:
        nothing_at(path, _EXPECTED)
    return files


def _add(gathering: Gathering, person_id: str, rows: list[Row]) -> None:
    talks, asked = _talks(gathering, rows)
    if not talks:
        gathering.drop(person_id, "no_scenes")
        return
    slots = profile_slots(gathering, rows[0].record_id, rows[0].profile)
    interests, events = _interests(gathering, slots.get(_SLOT, ()), talks)
    person = gathering.make(
        Person, person_id, person_id=person_id, language="en",
        region=slots.get("demographics.nationality", "unspecified"),
        hint=rows[0].hint or "PersonaMem v2", slots=slots | {_SLOT: interests}, events=events,
    )  # fmt: skip
    if person is None:
        return
    made = [_session(gathering, person_id, talk) for talk in talks]
    sessions = [session for session in made if session is not None]
    if len(sessions) < len(made):
        gathering.drop(person_id, "broken_life", "one of the talks cannot be used")
        return
    gathering.people.append(person)
    gathering.scenes += [scene for scene, _ in sessions]
    gathering.queries += [query for _, query in sessions]
    for number, row in enumerate(asked, 1):
        probe = _probe(gathering, f"{person_id}-probe-{number:03}", person_id, len(sessions), row)
        if probe is not None:
            gathering.probes.append(probe)


def _talks(gathering: Gathering, rows: list[Row]) -> tuple[list[_Talk], list[Row]]:
    """Return the sessions, and the rows whose question can be asked after them."""
    talks: dict[str, _Talk] = {}
    asked: list[Row] = []
    for row in rows:
        if row.said in talks:
            asked.append(row)
        elif len(talks) == MOST_SESSIONS:
            gathering.drop(row.record_id, "after_last_session")
        elif row.ends and not talks:
            gathering.drop(row.record_id, "ends_in_first_session")
        else:
            talks[row.said] = _Talk(len(talks) + 1, row)
            asked.append(row)
    return list(talks.values()), asked


def _interests(
    gathering: Gathering, profile: Value, talks: list[_Talk]
) -> tuple[tuple[str, ...], tuple[Event, ...]]:
    """Return what the person likes at the beginning, and what changes or is to be forgotten."""
    liked = dict.fromkeys([profile] if isinstance(profile, str) else profile)
    events = []
    for talk in talks:
        row = talk.row
        if not row.ends:
            liked[row.preference] = None
            continue
        event = gathering.make(
            Event, row.record_id, session=talk.session, kind="forget" if row.forgets else "change",
            slot=_SLOT, before=row.ends, after=None if row.forgets else row.preference,
            said=row.wish or row.preference,
        )  # fmt: skip
        if event is not None:
            liked[row.ends] = None
            events.append(event)
    return tuple(liked), tuple(events)


def _session(gathering: Gathering, person_id: str, talk: _Talk) -> tuple[Scene, Query] | None:
    row = talk.row
    scene_id = f"{person_id}-{talk.session:02}"
    scene = gathering.make(
        Scene, row.record_id, scene_id=scene_id, person_id=person_id, session=talk.session,
        kind="own", title=row.scenario, description=f"A talk: {row.scenario}.",
        context=f"A talk: {row.scenario}.", expected_response=_FITTING,
    )  # fmt: skip
    # What is said is the source's; there is no neutral version of it.
    query = gathering.make(
        Query, row.record_id, scene_id=scene_id, personalized=row.said, neutral=row.said
    )
    return None if scene is None or query is None else (scene, query)


def _probe(
    gathering: Gathering, probe_id: str, person_id: str, session: int, row: Row
) -> Probe | None:
    options, answer = placed(probe_id, row.right, row.wrong)
    return gathering.make(
        Probe, row.record_id, probe_id=probe_id, person_id=person_id, session=session, slot=_SLOT,
        question=row.question, options=options, answer=answer,
    )  # fmt: skip
