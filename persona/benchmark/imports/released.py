"""The files the paper's authors released: one JSON file a persona, with its scenes, in Chinese.

There are two halves: data/generated_data holds the common scenes, data/persona_profile of an
earlier commit those of the persona's own (paper, sections 4.1 and 4.2). They are joined by name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from persona.benchmark.imports.imported import (
    Gathering,
    Imported,
    check_there,
    nothing_at,
)
from persona.benchmark.imports.released_profile import released_slots
from persona.benchmark.schema import MOST_SESSIONS, Api, Person, Query, Scene, Value

_EXPECTED = (
    "the released files of tml1026/Lifelong-Personalized-Agent: the folder data, or generated_data "
    "or persona_profile in it"
)
_HALVES: dict[str, Literal["common", "own"]] = {
    "generated_data": "common",
    "persona_profile": "own",
}

_TAG = re.compile(r"</?neutrali[sz]ed[^<>]*>", re.IGNORECASE)
# A heading of the generation prompt that was copied into some titles, before the title itself.
_PLACEHOLDER = re.compile(r"^(?:场景名称?|scene name)\s*(?:[：:]\s*|$)", re.IGNORECASE)


@dataclass(slots=True)
class _Persona:
    slots: dict[str, Value]
    scenes: list[tuple[str, Literal["common", "own"], Any]] = field(default_factory=list)


def read_released(path: Path) -> Imported:
    """Read the authors' released files from a folder, or one of them.

    Sessions are in the order of the files, those of generated_data first. Raises `ImportFailed`
    when there is nothing to be read.
    """
    check_there(path)
    gathering = Gathering()
    personas: dict[str, _Persona] = {}
    for file, half in _files(path):
        record_id = f"{file.parent.name}/{file.name}"
        record = gathering.read_json(file, record_id)
        if record is None:
            continue
        if not isinstance(record, dict) or not isinstance(record.get("Demographics"), dict):
            gathering.drop(record_id, "not_a_persona")
            continue
        name = gathering.value(record_id, record["Demographics"].get("Name")) or file.stem
        persona = personas.get(name)
        if persona is None:
            persona = personas[name] = _Persona(released_slots(gathering, record_id, record))
        scenes = record.get("scenes")
        for place, scene in enumerate(scenes if isinstance(scenes, list) else [], 1):
            persona.scenes.append((f"{record_id}#{place}", half, scene))
    for name, persona in personas.items():
        _add(gathering, name, persona)
    return gathering.done(path, _EXPECTED)


def _files(path: Path) -> Iterator[tuple[Path, Literal["common", "own"]]]:
    if path.is_file():
        yield path, _HALVES.get(path.parent.name, "common")
        return
    folders = [path] if path.name in _HALVES else []
    folders += sorted(folder for half in _HALVES for folder in path.rglob(half) if folder.is_dir())
    folders.sort(key=lambda folder: list(_HALVES).index(folder.name))
    if not folders and not any(path.glob("*.json")):
        nothing_at(path, _EXPECTED)
    for folder in folders or [path]:
        for file in sorted(folder.glob("*.json")):
            yield file, _HALVES.get(folder.name, "common")


def _add(gathering: Gathering, name: str, persona: _Persona) -> None:
    person_id = f"released-{hashlib.sha256(name.encode()).hexdigest()[:10]}"
    person = gathering.make(
        Person, name, person_id=person_id, language="zh",
        region=persona.slots.get("demographics.nationality", "unspecified"),
        hint=persona.slots.get("demographics.career", "unspecified"), slots=persona.slots,
    )  # fmt: skip
    if person is None:
        return
    session = 0
    for record_id, half, given in persona.scenes:
        if session == MOST_SESSIONS:
            gathering.drop(record_id, "after_last_session")
        elif _add_scene(gathering, record_id, person_id, session + 1, half, given):
            session += 1
    if session:
        gathering.people.append(person)
    else:
        gathering.drop(name, "no_scenes")


def _add_scene(
    gathering: Gathering,
    record_id: str,
    person_id: str,
    session: int,
    half: Literal["common", "own"],
    given: Any,
) -> bool:
    """Add a scene and its query; return whether it could be used."""
    if not isinstance(given, dict):
        gathering.drop(record_id, "invalid", "not an object")
        return False
    texts = {
        key: value.strip() if isinstance(value := given.get(key), str) else ""
        for key in ("scene_type", "scene_desc", "expected_response", "scene_context",
                    "personalized_query", "neutralized_query")
    }  # fmt: skip
    title = _title(texts["scene_type"])
    if not title:
        gathering.drop(record_id, "placeholder", "no title")
        return False
    scene_id = f"{person_id}-{session:02}"
    scene = gathering.make(
        Scene, record_id, scene_id=scene_id, person_id=person_id, session=session, kind=half,
        title=title, description=texts["scene_desc"], context=texts["scene_context"] or title,
        expected_response=texts["expected_response"],
        apis=tuple(_apis(gathering, record_id, given.get("available_apis"))),
    )  # fmt: skip
    query = gathering.make(
        Query, record_id, scene_id=scene_id, personalized=texts["personalized_query"],
        neutral=_TAG.sub("", texts["neutralized_query"]).strip(),
    )  # fmt: skip
    if scene is None or query is None:
        return False
    gathering.scenes.append(scene)
    gathering.queries.append(query)
    return True


def _title(scene_type: str) -> str:
    """Return the name of a scene, without the sentence behind it that names the person."""
    named = _PLACEHOLDER.sub("", scene_type)
    ends = "[：:]" if named == scene_type else r"[：:—\s]"
    return re.split(ends, named)[0].strip()


def _apis(gathering: Gathering, record_id: str, given: object) -> Iterator[Api]:
    for name, api in given.items() if isinstance(given, dict) else ():
        described = api if isinstance(api, dict) else {}
        arguments = described.get("arguments")
        # A list of arguments says no more than their names.
        named = (
            arguments if isinstance(arguments, dict)
            else {item: item for item in arguments if isinstance(item, str)}
            if isinstance(arguments, list) else {}
        )  # fmt: skip
        made = gathering.make(
            Api, f"{record_id}/{name}", name=name, description=described.get("description") or name,
            arguments=named,
        )  # fmt: skip
        if made is not None:
            yield made
