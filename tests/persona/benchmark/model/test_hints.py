"""Hints are grown from seeds in every language, and none is there twice."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from persona.benchmark.model.writer import grow_hints
from persona.benchmark.schema import Dropped, Seed
from persona.errors import InvalidAnswer
from persona.models import Models
from tests.persona.benchmark.model.life import data_of
from tests.support.model import Act, Call, Depends, ScriptedModel

SEEDS = [
    *(
        Seed(seed_id=f"en{n}", language="en", region="Wales", line=f"{who} who keeps bees")
        for n, who in enumerate(("A smith", "A nurse", "A widower", "A pilot", "A cook", "A monk"))
    ),
    Seed(seed_id="de1", language="de", region="Sachsen", line="Rentner, der Orgeln stimmt"),
]


class Author:
    """Writes as many hints as are wanted, each of another number."""

    def __init__(self) -> None:
        self.written = 0

    def __call__(self, request: dict[str, Any]) -> Act:
        hints = []
        for _ in range(data_of(request)["wanted"]):
            self.written += 1
            # Letters far apart, so that no two are alike.
            hints.append({"region": "Here", "line": chr(96 + self.written) * 40})
        return Call("hint_drafts", json.dumps({"hints": hints}))


async def test_each_language_grows_alike(models: Models, model: ScriptedModel) -> None:
    model.script(Depends(Author()))
    hints = await grow_hints(models, SEEDS, 20, Random(1))
    assert [hint.hint_id for hint in hints[:2]] == ["hint-0001", "hint-0002"]
    assert [hint.language for hint in hints] == [*["en"] * 5, *["de"] * 5] * 2
    assert {request["model"] for request in model.requests} == {"the-generator"}
    assert len(model.requests) == 4
    for request, hint in zip(model.requests, hints[::5], strict=True):
        data = data_of(request)
        assert data["language"] == hint.language
        assert 3 <= len(data["examples"]) <= 5
        assert len(hint.grown_from) == len(data["examples"])
    # There is one German seed only; English ones help out, until there are German hints.
    assert hints[5].grown_from[0] == "de1"
    assert len(data_of(model.requests[1])["examples"]) == 3
    german = {f"hint-{number:04d}" for number in range(6, 11)}
    assert set(hints[15].grown_from[:2]) <= german
    assert hints[15].grown_from[2] == "de1"


async def test_the_same_random_asks_the_same(models: Models, model: ScriptedModel) -> None:
    for _ in range(2):
        model.script(Depends(Author()))
        await grow_hints(models, SEEDS, 12, Random(7))
    prompts = model.prompts()
    assert prompts[:3] == prompts[3:]


async def test_what_is_like_another_is_dropped(models: Models, model: ScriptedModel) -> None:
    lines = [
        "A smith who KEEPS  bees!",
        "Somebody else entirely, with a boat",
        "Somebody else entirely, with a goat",
        "Nobody in particular",
    ]
    drafts = [{"region": "Wales", "line": line} for line in lines]
    model.script(Call("hint_drafts", json.dumps({"hints": drafts})))
    dropped: list[Dropped] = []
    english = SEEDS[:3]
    with pytest.raises(InvalidAnswer, match="2 of 5 hints"):
        await grow_hints(models, english, 5, Random(1), dropped=dropped)
    assert [each.detail for each in dropped[:2]] == [lines[0], lines[2]]
    assert {each.reason for each in dropped} == {"duplicate"}
    # Each further request is another, or a cache would answer it alike.
    assert len({json.dumps(prompt) for prompt in model.prompts()}) == len(model.prompts())


async def test_an_answer_that_stays_invalid_is_passed_over(
    models: Models, model: ScriptedModel
) -> None:
    two_lines = Call("hint_drafts", '{"hints": [{"region": "x", "line": "two\\nlines"}]}')
    model.script(two_lines, two_lines, Depends(Author()))
    dropped: list[Dropped] = []
    hints = await grow_hints(models, SEEDS, 5, Random(1), dropped=dropped)
    assert len(hints) == 5
    assert [each.reason for each in dropped] == ["invalid"]
    assert "one line" in dropped[0].detail
