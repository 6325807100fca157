"""Queries are written in two steps, and what still tells of the person is noticed."""

from __future__ import annotations

import json

import pytest

from persona.benchmark.model.writer import PROMPTS, check_query, write_query
from persona.benchmark.schema import Query
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.registry import Registry
from tests.persona.benchmark.model.life import PERSON, QUERY, SCENE, data_of
from tests.support.model import Call, ScriptedModel

REGISTRY = Registry()


def text(query: str) -> Call:
    return Call("query_text", json.dumps({"query": query}))


def verdict(*, answerable: bool, neutral: bool) -> Call:
    said = {"reason": "So it seems.", "answerable": answerable, "neutral": neutral}
    return Call("query_verdict", json.dumps(said))


async def test_a_query_is_personal_first_and_neutral_then(
    models: Models, model: ScriptedModel
) -> None:
    model.script(text("What does a ferry pilot do tonight? "), text(" What shall I do tonight?"))
    query = await write_query(models, PERSON, SCENE)
    assert query == Query(
        scene_id="ingrid-s03",
        personalized="What does a ferry pilot do tonight?",
        neutral="What shall I do tonight?",
    )
    written, neutralized = map(data_of, model.requests)
    assert written["you"]["persona"]["demographics.career"] == ["ferry pilot"]
    assert written["scene"]["context"] == SCENE.context
    assert neutralized["query"] == "What does a ferry pilot do tonight? "
    assert neutralized["person"]["persona"]["demographics.name"] == ["Ingrid Solheim"]
    assert {request["model"] for request in model.requests} == {"the-generator"}


@pytest.mark.parametrize("query", ["", "x" * 1001])
async def test_a_query_has_a_length(models: Models, model: ScriptedModel, query: str) -> None:
    model.script(text(query))
    with pytest.raises(InvalidAnswer, match="from 1 to 1000 characters"):
        await write_query(models, PERSON, SCENE)


@pytest.mark.parametrize("answerable", [True, False])
@pytest.mark.parametrize("neutral", [True, False])
async def test_a_query_is_checked(
    models: Models, model: ScriptedModel, answerable: bool, neutral: bool
) -> None:
    model.script(verdict(answerable=answerable, neutral=neutral))
    found = await check_query(models, PERSON, SCENE, QUERY, REGISTRY)
    assert found == (answerable, neutral, "So it seems.")
    data = data_of(model.requests[0])
    assert data["query"] == "What shall I do tonight?"
    assert data["functions"][0]["description"] == "Tells the weather."
    assert QUERY.personalized not in json.dumps(data)


@pytest.mark.parametrize(
    ("neutral", "slot"),
    [
        ("What shall I, Ingrid, do tonight?", "demographics.name"),
        ("What does a ferry pilot do tonight?", "demographics.career"),
        ("Not herring again?", "personality.values_and_interests"),
    ],
)
async def test_a_query_that_still_tells_is_caught_whatever_the_model_says(
    models: Models, model: ScriptedModel, neutral: str, slot: str
) -> None:
    model.script(verdict(answerable=False, neutral=True))
    query = QUERY.model_copy(update={"neutral": neutral})
    found = await check_query(models, PERSON, SCENE, query, REGISTRY)
    assert found == (False, False, f"The query tells the person's {slot}.")


def test_every_prompt_of_the_generator_has_a_name() -> None:
    assert set(PROMPTS) == {
        "grow_hints",
        "write_person",
        "write_events",
        "list_scenes",
        "write_scene",
        "annotate_apis",
        "write_query",
        "neutralize_query",
        "check_query",
    }
    assert not any(sign in text for text in PROMPTS.values() for sign in "{}")
