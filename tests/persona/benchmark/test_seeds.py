"""The seeds: hand-written people of many languages and places, no two alike."""

from __future__ import annotations

from collections import Counter
from importlib import resources
from itertools import combinations

import pytest

from persona.benchmark.schema import Seed
from persona.learning.gate.lexicon import has
from persona.normalise import normalise

FILE = resources.files("persona.benchmark") / "seeds.jsonl"
SEEDS = [Seed.model_validate_json(row) for row in FILE.read_text(encoding="utf-8").splitlines()]

# Of the runs of three characters in two lines, the most they may share.
MOST_SHARED = 0.25


def _runs(line: str) -> set[str]:
    said = normalise(line)
    return {said[start : start + 3] for start in range(len(said) - 2)}


def _shared(one: str, other: str) -> float:
    """Return the share of the runs of either line that are in both, from 0 to 1."""
    first, second = _runs(one), _runs(other)
    return len(first & second) / len(first | second)


def test_there_are_enough_in_enough_languages() -> None:
    spoken = Counter(seed.language for seed in SEEDS)
    assert len(SEEDS) >= 64
    assert len(spoken) >= 10
    assert min(spoken.values()) >= 4


def test_ids_are_unique_and_name_the_language() -> None:
    assert len({seed.seed_id for seed in SEEDS}) == len(SEEDS)
    assert all(seed.seed_id.startswith(f"{seed.language}-") for seed in SEEDS)


@pytest.mark.parametrize("language", sorted({seed.language for seed in SEEDS}))
def test_a_language_is_spoken_in_several_regions(language: str) -> None:
    assert len({seed.region for seed in SEEDS if seed.language == language}) >= 2


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.seed_id)
def test_a_line_is_a_line_and_holds_nothing_sensitive(seed: Seed) -> None:
    assert 80 <= len(seed.line) <= 160
    assert "\n" not in seed.line
    assert not has(normalise(seed.line), "sensitive")


def test_no_two_lines_are_nearly_the_same() -> None:
    alike = [
        (one.seed_id, other.seed_id)
        for one, other in combinations(SEEDS, 2)
        if _shared(one.line, other.line) > MOST_SHARED
    ]
    assert alike == []


def test_a_line_with_one_word_changed_is_nearly_the_same() -> None:
    assert _shared("abcd", "abce") == pytest.approx(1 / 3)  # abc, bcd and abc, bce.
    line = "I am 17 and repair old radios in Galway."
    assert _shared(line, line.replace("17", "18")) > MOST_SHARED
