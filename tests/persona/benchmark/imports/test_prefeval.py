"""PrefEval's four kinds of records become people of two sessions, and probes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from persona.benchmark.imports.imported import Imported, ImportFailed
from persona.benchmark.imports.prefeval import read_prefeval
from persona.benchmark.schema import Need, Scene

INTERESTS = "personality.values_and_interests"
EXPLICIT = "explicit_preference"
CHOICE = "implicit_preference/choice-based"
PERSONA = "implicit_preference/persona-driven"
OPTIONS = "mcq_options"

JsonObject = dict[str, Any]


def record(preference: str = "I never fly.", **more: object) -> JsonObject:
    return {
        "preference": preference,
        "question": "How do I get to Rome?",
        "explanation": "x",
    } | more


def write(root: Path, folder: str, topic: str, *records: object) -> None:
    file = root / "benchmark_dataset" / folder / f"{topic}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(list(records)), encoding="utf-8")


def said(imported: Imported) -> list[str]:
    return [query.personalized for query in imported.queries]


def reasons(imported: Imported) -> list[tuple[str, str]]:
    return [(dropped.record_id, dropped.reason) for dropped in imported.dropped]


def test_a_preference_is_told_first_and_needed_second(tmp_path: Path) -> None:
    write(tmp_path, EXPLICIT, "travel_hotel", record())
    imported = read_prefeval(tmp_path)
    (person,) = imported.people
    assert person.person_id == "explicit-travel_hotel-001"
    assert person.slots == {INTERESTS: ("I never fly.",)}
    assert person.language == "en"
    first, second = imported.scenes
    assert (first.session, first.title, first.needs) == (1, "travel hotel", ())
    assert (second.session, second.needs) == (2, (Need(slot=INTERESTS, item="I never fly."),))
    assert said(imported) == ["I never fly.", "How do I get to Rome?"]
    assert [query.neutral for query in imported.queries] == said(imported)
    assert [query.scene_id for query in imported.queries] == [first.scene_id, second.scene_id]
    assert (imported.probes, imported.dropped) == ((), ())


def test_no_scene_tells_the_preference(tmp_path: Path) -> None:
    write(tmp_path, EXPLICIT, "travel", record(explanation="They never fly."))
    for scene in read_prefeval(tmp_path).scenes:
        assert isinstance(scene, Scene)
        text = scene.model_dump_json(exclude={"needs"})
        assert "fly" not in text


def test_what_is_told_by_a_choice_or_in_passing_is_what_the_person_said(tmp_path: Path) -> None:
    chosen = {
        "query": "Ideas for a trip?", "assistant_options": "1. A flight 2. A night train",
        "user_selection": "The night train.", "assistant_acknowledgment": "Good.",
    }  # fmt: skip
    talk = {
        "0": {"user": "I plan a trip.", "assistant": "By air?"},
        "1": {"user": "No, by train as ever.", "assistant": "Good."},
    }
    write(tmp_path, CHOICE, "travel", record(conversation=chosen, implicit_query="x", options=[]))
    write(tmp_path, PERSONA, "travel", record(conversation=talk, persona="a retired pilot"))
    imported = read_prefeval(tmp_path / "benchmark_dataset")
    assert said(imported) == [
        "Ideas for a trip?\nThe night train.",
        "How do I get to Rome?",
        "I plan a trip.\nNo, by train as ever.",
        "How do I get to Rome?",
    ]
    assert [(person.person_id, person.hint) for person in imported.people] == [
        ("choice-travel-001", "PrefEval: travel"),
        ("persona-travel-001", "a retired pilot"),
    ]


def test_options_become_a_probe_of_the_person_who_told_the_preference(tmp_path: Path) -> None:
    options = ["Take the train.", "Take a plane.", "Fly.", "Go by jet."]
    write(tmp_path, EXPLICIT, "travel", record("I never drive."), record())
    write(tmp_path, OPTIONS, "travel", record(classification_task_options=options))
    write(tmp_path, OPTIONS, "travel copy", record(classification_task_options=["Fly.", "Walk."]))
    imported = read_prefeval(tmp_path)
    (probe,) = imported.probes
    assert len(imported.people) == 2
    assert (probe.person_id, probe.session, probe.slot) == ("explicit-travel-002", 2, INTERESTS)
    assert probe.question == "How do I get to Rome?"
    assert sorted(probe.options) == sorted(options)
    assert probe.options[probe.answer] == "Take the train."
    assert reasons(imported) == [("mcq_options/travel copy.json#1", "duplicate")]


def test_options_alone_make_their_person(tmp_path: Path) -> None:
    right = [f"right {n}" for n in range(12)]
    records = [
        record(f"I like {n}.", classification_task_options=[right[n], "a", "b", "c"])
        for n in range(12)
    ]
    write(tmp_path, OPTIONS, "travel", *records)
    imported = read_prefeval(tmp_path)
    assert said(imported)[:2] == ["I like 0.", "How do I get to Rome?"]
    assert [probe.options[probe.answer] for probe in imported.probes] == right
    # The source always puts the right option first.
    assert {probe.answer for probe in imported.probes} == {0, 1, 2, 3}
    assert imported == read_prefeval(tmp_path)


def test_what_cannot_be_used_is_dropped_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path, EXPLICIT, "a", record(), {"question": "Where?"}, record("x" * 401))
    write(tmp_path, PERSONA, "b", record(conversation={}), record(conversation="talk"))
    write(tmp_path, OPTIONS, "c", record(classification_task_options=["only one"]))
    write(tmp_path, OPTIONS, "d", record("I ski.", classification_task_options=["x" * 4001, "y"]))
    write(tmp_path, OPTIONS, "e", record("I row.", classification_task_options="x"))
    write(tmp_path, "rag_retrieval", "a", record())
    write(tmp_path, ".", "filtered_inter_turns", {"conversation": []})
    (tmp_path / "benchmark_dataset" / "z.json").write_text("[{", encoding="utf-8")
    imported = read_prefeval(tmp_path)
    assert sorted(reasons(imported)) == [
        ("benchmark_dataset/filtered_inter_turns.json", "no_preferences"),
        ("benchmark_dataset/z.json", "unreadable"),
        ("explicit_preference/a.json#2", "invalid"),
        ("explicit_preference/a.json#3", "value_too_long"),
        ("mcq_options/c.json#1", "invalid"),
        ("mcq_options/d.json#1", "too_long"),
        ("mcq_options/e.json#1", "invalid"),
        ("persona-driven/b.json#1", "no_conversation"),
        ("persona-driven/b.json#2", "no_conversation"),
    ]
    assert len(imported.people) == 4


def test_nothing_usable_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="There is no file or folder"):
        read_prefeval(tmp_path / "nowhere")
    with pytest.raises(ImportFailed, match="a clone of amazon-science/PrefEval"):
        read_prefeval(tmp_path)
    write(tmp_path, EXPLICIT, "a", {"question": "Where?"})
    with pytest.raises(ImportFailed, match=r"Dropped: no_preferences 1\.$"):
        read_prefeval(tmp_path)
