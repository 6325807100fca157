"""Records of a dataset, made small: a test says only what it is about."""

from __future__ import annotations

from typing import Any

from persona.benchmark.dataset import Dataset
from persona.benchmark.schema import (
    Event,
    Hint,
    Manifest,
    Need,
    Person,
    Probe,
    Query,
    Scene,
    Value,
)

NAME = "demographics.name"
AGE = "demographics.age"
CAREER = "demographics.career"
INTERESTS = "personality.values_and_interests"
EXTRAVERSION = "personality.extraversion_introversion"
STYLES = "preference.styles"
FORMATS = "preference.formats"


def someone(
    slots: dict[str, Value], *events: Event, person_id: str = "p1", language: str = "en"
) -> Person:
    return Person(
        person_id=person_id,
        language=language,
        region="Ireland",
        hint="An invented person.",
        slots=slots,
        events=events,
    )


def scene(session: int, *needs: Need, person_id: str = "p1", **others: Any) -> Scene:
    return Scene.model_validate(
        {
            "scene_id": f"{person_id}-s{session:02d}",
            "person_id": person_id,
            "session": session,
            "kind": "common",
            "title": "A meal",
            "description": "The person comes with a question.",
            "context": "It is for Friday.",
            "expected_response": "A reply that fits.",
            "needs": needs,
        }
        | others
    )


def query(of: Scene, neutral: str = "") -> Query:
    text = neutral or f"What shall I do in session {of.session}?"
    return Query(scene_id=of.scene_id, personalized=text, neutral=text)


def queries(scenes: list[Scene]) -> dict[str, Query]:
    return {each.scene_id: query(each) for each in scenes}


def probe(session: int, slot: str, *options: str, answer: int = 0, **others: Any) -> Probe:
    return Probe.model_validate(
        {
            "probe_id": f"p1-{slot}-{session}",
            "person_id": "p1",
            "session": session,
            "slot": slot,
            "question": "Which of these is true of me?",
            "options": options,
            "answer": answer,
        }
        | others
    )


def dataset(people: list[Person], scenes: list[Scene], *probes: Probe) -> Dataset:
    manifest = Manifest(name="made", track="scripted", source="a test", licence="CC0-1.0")
    return Dataset(manifest, tuple(people), tuple(scenes), queries(scenes), probes)


def hint(number: int, language: str = "en") -> Hint:
    return Hint(hint_id=f"hint-{number}", language=language, region="Ireland", line="A line.")
