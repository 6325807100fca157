"""Asking for a record in all ways; what does not fit is sent back once."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from pydantic import Field

from persona.benchmark.asking import Answer, ask, prompt
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.structured import WAYS, Way
from tests.support.model import Act, Call, Depends, Say, ScriptedModel, Status, called, way_of

PROMPT = prompt("Say how warm it is.", {"place": 'Bergen "town"'})


class Weather(Answer):
    """What is asked for here."""

    degrees: int = Field(description="in whole degrees")
    sky: Literal["clear", "grey"]


class TheWeatherToday(Answer):
    """A name of several words."""

    degrees: int


GOOD = json.dumps({"degrees": 7, "sky": "grey"})


def heeds(only: Way) -> Depends:
    """An endpoint that turns down every way but one."""

    def answer(request: dict[str, Any]) -> Act:
        if way_of(request) != only:
            return Status(400)
        return Call("weather", GOOD) if only == "tool" else Say((GOOD,))

    return Depends(answer)


@pytest.mark.parametrize("way", WAYS)
async def test_a_record_is_read_in_every_way(
    models: Models, model: ScriptedModel, way: Way
) -> None:
    model.script(heeds(way))
    found = await ask(models, "judge", PROMPT, Weather)
    assert found == Weather(degrees=7, sky="grey")
    request = model.requests[-1]
    assert request["model"] == "the-judge"
    system, user = request["messages"]
    assert json.loads(user["content"]) == {"place": 'Bergen "town"'}
    assert system["content"].startswith("Say how warm it is.")
    if way == "tool":
        function = request["tools"][0]["function"]
        assert (function["name"], function["strict"]) == ("weather", True)
        assert function["parameters"]["required"] == ["degrees", "sky"]
        assert "in whole degrees" not in system["content"]
    else:
        assert "in whole degrees" in system["content"]


@pytest.mark.parametrize(
    "text",
    [
        f"Here you are:\n```json\n{GOOD}\n```",
        f"<think>It rains, say {{3}}.</think>{GOOD}",
        f'<tool_call>{{"name": "weather", "arguments": {GOOD}}}</tool_call>',
        f'{{"name": "weather", "parameters": {GOOD}}}',
    ],
)
async def test_the_object_is_found_in_text(models: Models, model: ScriptedModel, text: str) -> None:
    model.script(Say((text,)))
    assert await ask(models, "judge", PROMPT, Weather) == Weather(degrees=7, sky="grey")
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    ("act", "returned", "reason"),
    [
        (Call("weather", '{"degrees": "7", "sky": "grey"}'), '"7"', "degrees: Input should be"),
        (Call("weather", '{"degrees": 7}'), '{"degrees": 7}', "sky: Field required"),
        (Say((GOOD.replace("grey", "blue"),)), "blue", "sky: Input should be 'clear' or 'grey'"),
        (Say((GOOD[:-1] + ', "wind": 3}',)), "wind", "wind: Extra inputs"),
        (Say((GOOD[:13],)), '"degrees"', "not one whole JSON object"),
        (Say((f"{GOOD}\n{GOOD}",)), GOOD, "more than one JSON object"),
        (called(("weather", GOOD), ("weather", GOOD)), GOOD, "Exactly one call"),
        (Say((GOOD,), finish_reason="length"), GOOD, "cut off"),
    ],
)
async def test_what_does_not_fit_is_sent_back_with_the_reason(
    models: Models, model: ScriptedModel, act: Act, returned: str, reason: str
) -> None:
    model.script(act, Call("weather", GOOD))
    found = await ask(models, "judge", PROMPT, Weather)
    assert found == Weather(degrees=7, sky="grey")
    _, _, assistant, correction = model.requests[1]["messages"]
    assert assistant["role"] == "assistant"
    assert returned in assistant["content"]
    assert reason in correction["content"]


async def test_it_is_sent_back_only_once(models: Models, model: ScriptedModel) -> None:
    model.script(Call("weather", '{"degrees": 7}'))
    with pytest.raises(InvalidAnswer, match="sky: Field required"):
        await ask(models, "judge", PROMPT, Weather)
    assert len(model.requests) == 2


async def test_what_no_schema_can_say_is_checked(models: Models, model: ScriptedModel) -> None:
    def not_seven(weather: Weather) -> None:
        if weather.degrees == 7:
            raise InvalidAnswer("Seven it is not.")

    other = json.dumps({"degrees": 8, "sky": "clear"})
    model.script(Call("weather", GOOD), Call("weather", other))
    found = await ask(models, "judge", PROMPT, Weather, check=not_seven)
    assert found.degrees == 8
    assert "Seven it is not." in model.requests[1]["messages"][-1]["content"]


async def test_a_model_that_takes_no_notice_is_asked_in_the_other_ways(
    models: Models, model: ScriptedModel
) -> None:
    model.script(Say(("Nice weather today!",)))
    with pytest.raises(InvalidAnswer, match="nothing of what was asked"):
        await ask(models, "judge", PROMPT, Weather)
    assert [way_of(request) for request in model.requests] == list(WAYS)


async def test_a_runaway_answer_is_not_sent_back(models: Models, model: ScriptedModel) -> None:
    long = json.dumps({"degrees": 7, "sky": "x" * 40_001})
    model.script(Say((long,)), Say((GOOD,)))
    await ask(models, "judge", PROMPT, Weather)
    assert "xxx" not in json.dumps(model.requests[1]["messages"])


async def test_the_tool_is_named_for_the_record(models: Models, model: ScriptedModel) -> None:
    model.script(Call("the_weather_today", '{"degrees": 1}'))
    assert (await ask(models, "api", PROMPT, TheWeatherToday)).degrees == 1
