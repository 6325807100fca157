"""PrefEval (amazon-science/PrefEval): one preference a person, told once, and a question later.

Each record becomes a person of two sessions: in the first the preference is told, outright
(explicit), by a choice (choice-based) or in passing (persona-driven); the second asks the question.
Records with options become probes after the second session.
"""

from __future__ import annotations

from pathlib import Path

from persona.benchmark.imports.imported import Gathering, Imported, check_there, nothing_at, placed
from persona.benchmark.imports.prefeval_entry import Entry, entries_of, told
from persona.benchmark.schema import Need, Person, Probe, Query, Scene
from persona.normalise import fold

_EXPECTED = "a clone of amazon-science/PrefEval, its folder benchmark_dataset, or a part of that"
_SLOT = "personality.values_and_interests"
_FITTING = "A reply that fits what this person said they prefer."


def read_prefeval(path: Path) -> Imported:
    """Read PrefEval's records from a folder or a file.

    Raises `ImportFailed` when there is nothing to be read.
    """
    check_there(path)
    gathering = Gathering()
    entries = [entry for file in _files(path) for entry in entries_of(gathering, file)]
    owners: dict[tuple[str, str, str], str] = {}
    for entry in entries:
        if entry.form == "options":
            continue
        person_id = _add_person(gathering, entry)
        if person_id is not None and entry.form == "explicit":
            owners.setdefault(entry.key, person_id)
    probed: set[str] = set()
    for entry in entries:
        if entry.form != "options":
            continue
        owner = owners.get(entry.key) or _add_person(gathering, entry)
        if owner is None:
            continue
        owners[entry.key] = owner
        if owner in probed:
            gathering.drop(entry.record_id, "duplicate")
        elif (probe := _probe(gathering, entry, owner)) is not None:
            probed.add(owner)
            gathering.probes.append(probe)
    return gathering.done(path, _EXPECTED)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    root = path / "benchmark_dataset"
    files = sorted((root if root.is_dir() else path).rglob("*.json"))
    # Those are copies of the explicit records with what a retriever found for them.
    files = [file for file in files if "rag_retrieval" not in file.parts]
    if not files:
        nothing_at(path, _EXPECTED)
    # Where a file was copied, the original is what counts.
    return sorted(files, key=lambda file: (" copy" in file.stem, file))


def _add_person(gathering: Gathering, entry: Entry) -> str | None:
    person_id = f"{entry.form}-{entry.topic}-{entry.place:03}"
    topic = entry.topic.replace("_", " ")
    said = told(entry)
    if not said:
        gathering.drop(entry.record_id, "no_conversation")
        return None
    hint = entry.given.get("persona")
    person = gathering.make(
        Person, entry.record_id, person_id=person_id, language="en", region="unspecified",
        hint=fold(hint) if isinstance(hint, str) and hint.strip() else f"PrefEval: {topic}",
        slots={_SLOT: (entry.preference,)},
    )  # fmt: skip
    need = Need(slot=_SLOT, item=entry.preference)
    sessions = [
        _session(gathering, entry, person_id, 1, topic, said, ()),
        _session(gathering, entry, person_id, 2, topic, entry.question, (need,)),
    ]
    made = [session for session in sessions if session is not None]
    if person is None or len(made) < len(sessions):
        return None
    gathering.people.append(person)
    gathering.scenes += [scene for scene, _ in made]
    gathering.queries += [query for _, query in made]
    return person_id


def _session(
    gathering: Gathering,
    entry: Entry,
    person_id: str,
    session: int,
    topic: str,
    said: str,
    needs: tuple[Need, ...],
) -> tuple[Scene, Query] | None:
    scene_id = f"{person_id}-{session:02}"
    about = f"A talk about {topic}." if session == 1 else f"A question about {topic}."
    scene = gathering.make(
        Scene, entry.record_id, scene_id=scene_id, person_id=person_id, session=session, kind="own",
        title=topic, description=about, context=about, expected_response=_FITTING, needs=needs,
    )  # fmt: skip
    # What is said is the source's; there is no neutral version of it.
    query = gathering.make(
        Query, entry.record_id, scene_id=scene_id, personalized=said, neutral=said
    )
    return None if scene is None or query is None else (scene, query)


def _probe(gathering: Gathering, entry: Entry, person_id: str) -> Probe | None:
    given = entry.given["classification_task_options"]
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        gathering.drop(entry.record_id, "invalid", "classification_task_options")
        return None
    # The first option is the one that follows the preference.
    options, answer = placed(person_id, given[0], given[1:]) if given else ((), 0)
    return gathering.make(
        Probe, entry.record_id, probe_id=f"{person_id}-probe", person_id=person_id, session=2,
        slot=_SLOT, question=entry.question, options=options, answer=answer,
    )  # fmt: skip
