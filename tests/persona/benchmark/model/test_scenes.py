"""Scenes: half of them common, none tells the persona, and what fails is replaced."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from persona.benchmark.model.common import COMMON_SCENES
from persona.benchmark.model.scene import write_scene
from persona.benchmark.model.writer import write_repeat, write_scenes
from persona.benchmark.schema import Dropped, Need, Scene
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.registry import Registry
from tests.persona.benchmark.model.life import PERSON, SCENE, data_of
from tests.support.model import Act, Call, Depends, ScriptedModel

REGISTRY = Registry()
INTERESTS = "personality.values_and_interests"

TITLES = {
    origin: [f"{origin} one", f"{origin} two"]
    for origin in ("career", "personality", "values", "behaviour", "preferences")
}
DRAFT: dict[str, Any] = {
    "title": "En kveld",
    "description": "The person wants to fill an evening.",
    "context": "It is Tuesday.",
    "expected_response": "It takes up what they like to do.",
    "needs": [{"slot": INTERESTS, "item": "crosswords"}],
}
APIS: dict[str, Any] = {
    "apis": [
        {
            "name": "readCalendar",
            "description": "Tells what is in the calendar.",
            "arguments": [{"name": "day", "description": "which day"}],
        }
    ]
}


class Author:
    """Writes what each request wants; `changes` say of titles what is wrong with their scenes."""

    def __init__(
        self,
        titles: dict[str, list[str]] = TITLES,
        apis: dict[str, Any] = APIS,
        **changes: dict[str, Any],
    ) -> None:
        self.titles = titles
        self.apis = apis
        self.changes = changes

    def __call__(self, request: dict[str, Any]) -> Act:
        name = request["tools"][0]["function"]["name"]
        if name == "scene_titles":
            return Call(name, json.dumps(self.titles))
        if name == "api_drafts":
            return Call(name, json.dumps(self.apis))
        title = data_of(request)["title"]
        draft = DRAFT | {"title": title} | self.changes.get(title, self.changes.get("every", {}))
        return Call(name, json.dumps(draft))


def scripted(model: ScriptedModel, *arguments: Any, **changes: Any) -> None:
    model.script(Depends(Author(*arguments, **changes)))


def asked(model: ScriptedModel, name: str) -> list[dict[str, Any]]:
    return [
        data_of(request)
        for request in model.requests
        if request["tools"][0]["function"]["name"] == name
    ]


def test_common_scenes_are_many_and_different() -> None:
    assert len(set(COMMON_SCENES)) == len(COMMON_SCENES) >= 40


async def test_ten_scenes_are_common_and_ten_grow_out_of_the_person(
    models: Models, model: ScriptedModel
) -> None:
    scripted(model)
    scenes = await write_scenes(models, PERSON, REGISTRY, Random(5))
    assert [scene.session for scene in scenes] == list(range(1, 21))
    assert scenes[4].scene_id == "ingrid-s05"
    own = [scene.title for scene in scenes if scene.kind == "own"]
    assert sorted(own) == sorted(title for pair in TITLES.values() for title in pair)
    common = [scene.title for scene in scenes if scene.kind == "common"]
    assert len(set(common)) == 10
    assert set(common) <= set(COMMON_SCENES)
    # They are not one half after the other.
    assert len({scene.kind for scene in scenes[:10]}) == 2
    assert scenes[0].apis[0].name == "readCalendar"
    assert scenes[0].apis[0].arguments == {"day": "which day"}
    assert scenes[0].needs == (Need(slot=INTERESTS, item="crosswords"),)
    assert {request["model"] for request in model.requests} == {"the-generator"}
    assert len(model.requests) == 1 + 20 + 20
    (titles,) = asked(model, "scene_titles")
    assert titles["persona_by_origin"]["career"] == {"demographics.career": "lighthouse keeper"}
    assert titles["persona_by_origin"]["preferences"] == {"preference.styles": ["dry wit"]}


async def test_a_scene_is_of_its_session(models: Models, model: ScriptedModel) -> None:
    """The career changes in the third session, and herring is to be forgotten from the fourth."""
    scripted(model)
    await write_scenes(models, PERSON, REGISTRY, Random(5), sessions=(2, 3, 4))
    second, third, fourth = (data["persona"] for data in asked(model, "scene_draft"))
    assert second["demographics.career"] == ["lighthouse keeper"]
    assert third["demographics.career"] == ["ferry pilot"]
    assert third[INTERESTS] == ["crosswords", "herring"]
    assert fourth[INTERESTS] == ["crosswords"]


async def test_what_functions_are_there_is_asked_without_the_persona(
    models: Models, model: ScriptedModel
) -> None:
    scripted(model)
    await write_scenes(models, PERSON, REGISTRY, Random(5), sessions=(1,))
    (data,) = asked(model, "api_drafts")
    assert set(data) == {"title", "description", "context", "expected_response"}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"description": "Ingrid has an evening to fill."}, "tells the person's demographics.name"),
        ({"context": "She was a lighthouse keeper."}, "tells the person's demographics.career"),
        ({"expected_response": "It suggests crosswords."}, f"tells the person's {INTERESTS}"),
        ({"title": "Herring"}, f"tells the person's {INTERESTS}"),
        ({"context": " "}, "context: String should have at least 1 character"),
        ({"needs": []}, "from one to four needs"),
        ({"needs": [{"slot": INTERESTS, "item": "chess"}]}, f"item of {INTERESTS} is one of"),
        ({"needs": [{"slot": "demographics.age", "item": None}]}, "one of the slots in the data"),
        (
            {"needs": [{"slot": "demographics.career", "item": "lighthouse keeper"}]},
            "null if it is no list",
        ),
    ],
)
async def test_a_scene_that_does_not_fit_is_sent_back(
    models: Models, model: ScriptedModel, wrong: dict[str, Any], reason: str
) -> None:
    scripted(model, every=wrong)
    with pytest.raises(InvalidAnswer, match=reason):
        await write_scene(models, PERSON, REGISTRY, 2, "common", "an evening")
    assert len(model.requests) == 2
    assert reason in model.requests[1]["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("apis", "reason"),
    [
        ([{"name": "read calendar", "description": "x", "arguments": []}], "no function: name"),
        (APIS["apis"] * 2, "of different names"),
        ([{"name": f"f{n}", "description": "x", "arguments": []} for n in range(6)], "at most 5"),
        ([{"name": "f", "description": "For Ingrid.", "arguments": []}], "demographics.name"),
    ],
)
async def test_functions_that_do_not_fit_are_sent_back(
    models: Models, model: ScriptedModel, apis: list[dict[str, Any]], reason: str
) -> None:
    scripted(model, TITLES, {"apis": apis})
    with pytest.raises(InvalidAnswer, match=reason):
        await write_repeat(models, PERSON, SCENE, 5, REGISTRY)


@pytest.mark.parametrize(
    ("titles", "reason"),
    [
        (TITLES | {"career": ["one"]}, "exactly two titles"),
        (TITLES | {"career": ["one", "values one"]}, "all different"),
        (TITLES | {"career": ["one", " "]}, "from 1 to 80 characters"),
        (TITLES | {"career": ["one", "A ferry pilot's day"]}, "demographics.career"),
    ],
)
async def test_titles_that_do_not_fit_are_sent_back(
    models: Models, model: ScriptedModel, titles: dict[str, list[str]], reason: str
) -> None:
    scripted(model, titles)
    with pytest.raises(InvalidAnswer, match=reason):
        await write_scenes(models, PERSON, REGISTRY, Random(5))
    assert len(model.requests) == 2


async def test_a_common_scene_stands_in_for_one_that_fails(
    models: Models, model: ScriptedModel
) -> None:
    scripted(model, **{"values two": {"description": "Ingrid again."}})
    dropped: list[Dropped] = []
    scenes = await write_scenes(models, PERSON, REGISTRY, Random(5), dropped=dropped)
    assert [scene.session for scene in scenes] == list(range(1, 21))
    assert [scene.kind for scene in scenes].count("common") == 11
    assert len({scene.title for scene in scenes}) == 20
    (drop,) = dropped
    assert (drop.stage, drop.reason) == ("scenes", "invalid")
    assert "demographics.name" in drop.detail


async def test_when_every_scene_fails_it_comes_to_an_end(
    models: Models, model: ScriptedModel
) -> None:
    scripted(model, every={"needs": []})
    dropped: list[Dropped] = []
    with pytest.raises(InvalidAnswer, match="from one to four needs"):
        await write_scenes(models, PERSON, REGISTRY, Random(5), sessions=(1, 2), dropped=dropped)
    # The first scene, and every common one that could stand in for it.
    assert len(dropped) == len(COMMON_SCENES)


async def test_a_repeat_is_another_time_of_the_same(models: Models, model: ScriptedModel) -> None:
    scripted(model, every={"title": "Another title"})
    again: Scene = await write_repeat(models, PERSON, SCENE, 21, REGISTRY)
    assert (again.kind, again.repeats) == ("repeat", "ingrid-s03")
    assert (again.scene_id, again.session) == ("ingrid-s21", 21)
    assert again.title == SCENE.title
    assert again.description == "The person wants to fill an evening."
    assert [api.name for api in again.apis] == ["readCalendar"]
    (data,) = asked(model, "scene_draft")
    assert data["earlier_time"] == {"description": SCENE.description, "context": SCENE.context}
