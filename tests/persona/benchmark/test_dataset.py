"""Datasets: whose data are the same in two of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from persona.benchmark.dataset import Dataset
from tests.persona.benchmark.made import CAREER, dataset, probe, query, scene, someone

PEOPLE = [someone({CAREER: "baker"}), someone({CAREER: "vet"}, person_id="p2")]
SCENES = [scene(1), scene(2), scene(1, person_id="p2")]
WHOLE = dataset(PEOPLE, SCENES, probe(2, CAREER, "baker", "vet"))


def edited(what: str) -> Dataset:
    if what == "person":
        return replace(WHOLE, people=(someone({CAREER: "cook"}), PEOPLE[1]))
    if what == "scene":
        return replace(WHOLE, scenes=(scene(1, title="A walk"), *SCENES[1:]))
    if what == "query":
        other = query(SCENES[0], "What now?")
        return replace(WHOLE, queries=WHOLE.queries | {other.scene_id: other})
    return replace(WHOLE, probes=())


@pytest.mark.parametrize("what", ["person", "scene", "query", "probe"])
def test_a_persons_data_are_others_when_any_record_is(what: str) -> None:
    before, after = WHOLE.fingerprints, edited(what).fingerprints
    assert before["p1"] != after["p1"]
    assert before["p2"] == after["p2"]


def test_whoever_else_is_there_makes_no_difference() -> None:
    alone = dataset([PEOPLE[1]], [SCENES[2]])
    assert alone.fingerprints == {"p2": WHOLE.fingerprints["p2"]}
    assert alone.fingerprint != WHOLE.fingerprint
