"""What the simulated user, the functions and the judge are told, and what they may answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from persona.benchmark.model import apis, judge, user
from persona.benchmark.model.apis import ModelApis
from persona.benchmark.model.data import hashes
from persona.benchmark.model.judge import ModelJudge
from persona.benchmark.model.user import ModelUser
from persona.benchmark.truth import truth
from persona.errors import InvalidAnswer
from persona.models import Models
from tests.persona.benchmark.model.life import (
    DIALOGUE,
    PERSON,
    QUERY,
    SCENE,
    data_of,
    system_of,
)
from tests.support.model import Call, ScriptedModel

TRUTH = truth(PERSON, SCENE.session)


def call(name: str, **arguments: Any) -> Call:
    return Call(name, json.dumps(arguments))


async def test_a_session_begins_with_the_neutral_query(
    models: Models, model: ScriptedModel
) -> None:
    assert await ModelUser(models).opening(QUERY) == "What shall I do tonight?"
    assert model.requests == []


@pytest.mark.parametrize(("said", "satisfied"), [("satisfied", True), ("continue", False)])
async def test_a_verdict_knows_persona_and_expected_response(
    models: Models, model: ScriptedModel, said: str, satisfied: bool
) -> None:
    model.script(call("verdict", analysis="Too general.", verdict=said))
    simulated = ModelUser(models)
    assert await simulated.verdict(PERSON, TRUTH, SCENE, DIALOGUE) is satisfied
    (request,) = model.requests
    assert request["model"] == "the-simulator"
    data = data_of(request)
    assert data["you"]["persona"]["demographics.career"] == ["ferry pilot"]
    assert data["you"]["no_longer_true"] == {"demographics.career": ["lighthouse keeper"]}
    assert data["scene"]["expected_response"] == SCENE.expected_response
    assert data["dialogue"] == [
        {"person": "What shall I do tonight?"},
        {"assistant": "Watch the telly, perhaps?"},
    ]
    # Models decide better after giving reasons.
    schema = request["tools"][0]["function"]["parameters"]
    assert list(schema["properties"]) == ["analysis", "verdict"]


async def test_the_next_message_may_bring_up_todays_event(
    models: Models, model: ScriptedModel
) -> None:
    model.script(call("next_message", message=" I have my crosswords, you know.\n"))
    said = await ModelUser(models).answer(PERSON, TRUTH, SCENE, DIALOGUE)
    assert said == "I have my crosswords, you know."
    data = data_of(model.requests[0])
    assert data["events_of_today"] == [{"kind": "change", "said": "I pilot the ferry these days."}]
    assert data["you"]["language"] == "no"
    assert data["you"]["persona"]["personality.values_and_interests"] == ["crosswords", "herring"]
    assert data["scene"]["expected_response"] == SCENE.expected_response


async def test_events_of_other_sessions_are_not_told(models: Models, model: ScriptedModel) -> None:
    model.script(call("next_message", message="Something else."))
    later = SCENE.model_copy(update={"session": 5})
    await ModelUser(models).answer(PERSON, truth(PERSON, 5), later, DIALOGUE)
    data = data_of(model.requests[0])
    assert data["events_of_today"] == []
    assert data["you"]["persona"]["personality.values_and_interests"] == ["crosswords"]
    assert data["you"]["wants_forgotten"] == {"personality.values_and_interests": ["herring"]}


async def test_a_silent_user_is_told_to_tell_nothing(models: Models, model: ScriptedModel) -> None:
    model.script(call("next_message", message="That is not right for me."))
    await ModelUser(models, reveals=False).answer(PERSON, TRUTH, SCENE, DIALOGUE)
    await ModelUser(models).answer(PERSON, TRUTH, SCENE, DIALOGUE)
    silent, telling = model.requests
    assert "You tell nothing whatsoever about yourself" in system_of(silent)
    assert "events_of_today" not in data_of(silent)
    assert "You tell nothing whatsoever" not in system_of(telling)


async def test_an_empty_message_is_none(models: Models, model: ScriptedModel) -> None:
    model.script(call("next_message", message=" "), call("next_message", message="x" * 2001))
    with pytest.raises(InvalidAnswer, match="from 1 to 2000 characters"):
        await ModelUser(models).answer(PERSON, TRUTH, SCENE, DIALOGUE)


async def test_a_function_is_answered_from_its_description(
    models: Models, model: ScriptedModel
) -> None:
    fields = [{"name": "day", "value": "i morgen"}, {"name": "sky", "value": "grå"}]
    model.script(call("call_result", records=[{"fields": fields}]))
    device = ModelApis(models)
    result = await device.call(SCENE, SCENE.apis[0], {"day": "i morgen"})
    assert result == '{"results": [{"day": "i morgen", "sky": "grå"}]}'
    (request,) = model.requests
    assert request["model"] == "the-api"
    data = data_of(request)
    assert data["functions"][0]["description"] == "Tells the weather."
    assert data["call"] == {"name": "weather", "arguments": {"day": "i morgen"}}
    written = json.dumps(request["messages"], ensure_ascii=False)
    for untold in ("Ingrid", "power may fail", "evening to fill", "Suggests", "crosswords"):
        assert untold not in written


async def test_a_first_reply_gets_two_marks(models: Models, model: ScriptedModel) -> None:
    model.script(call("first_reply_marks", analysis="Fine.", helpfulness=7, personalization=5))
    found = await ModelJudge(models, "judge").first_reply(
        PERSON, TRUTH, SCENE, QUERY, "Watch the telly."
    )
    assert (found.helpfulness, found.personalization) == (7, 5)
    (request,) = model.requests
    assert request["model"] == "the-judge"
    data = data_of(request)
    assert data["query"] == "What shall I do tonight?"
    assert data["reply"] == "Watch the telly."
    assert data["person"]["persona"]["preference.styles"] == ["dry wit"]
    assert data["person"]["no_longer_true"] == {"demographics.career": ["lighthouse keeper"]}
    assert "What does a ferry pilot" not in json.dumps(request["messages"])


@pytest.mark.parametrize(
    "marks",
    [
        {"helpfulness": 8, "personalization": 5},
        {"helpfulness": 7, "personalization": 3},
        {"helpfulness": "7", "personalization": 5},
        {"helpfulness": 7.5, "personalization": 5},
        {"helpfulness": False, "personalization": 5},
        {"helpfulness": 7},
    ],
)
async def test_marks_beside_the_anchors_are_no_answer(
    models: Models, model: ScriptedModel, marks: dict[str, Any]
) -> None:
    model.script(call("first_reply_marks", analysis="Well.", **marks))
    with pytest.raises(InvalidAnswer, match="does not fit the schema"):
        await ModelJudge(models, "judge").first_reply(
            PERSON, TRUTH, SCENE, QUERY, "Watch the telly."
        )
    assert len(model.requests) == 2


async def test_a_learned_persona_is_compared_with_the_golden_one(
    models: Models, model: ScriptedModel
) -> None:
    model.script(call("similarity_marks", analysis="Much alike.", consistency=10, detail=3))
    learned = {"demographics.career": ["pilot of a ferry"]}
    found = await ModelJudge(models, "judge").similarity(TRUTH.usable, learned)
    assert (found.consistency, found.detail) == (10, 3)
    data = data_of(model.requests[0])
    assert data["golden"]["demographics.career"] == ["ferry pilot"]
    assert data["learned"] == learned


@pytest.mark.parametrize("winner", ["first", "second", "tie"])
async def test_two_replies_are_compared(models: Models, model: ScriptedModel, winner: str) -> None:
    model.script(call("pair_verdict", analysis="Hm.", winner=winner))
    found = await ModelJudge(models, "judge").pair(
        PERSON, TRUTH, SCENE, QUERY, "Telly.", "Crosswords."
    )
    assert found == winner
    data = data_of(model.requests[0])
    assert (data["first_reply"], data["second_reply"]) == ("Telly.", "Crosswords.")


def test_prompts_have_names_and_hashes() -> None:
    prompts = {**user.PROMPTS, **apis.PROMPTS, **judge.PROMPTS}
    assert len(prompts) == 7
    found = hashes(prompts)
    assert len(set(found.values())) == 7
    assert hashes({"x": "one"})["x"] == "7692c3ad3540bb80"
    # A brace left over is a place that nothing was put into.
    assert not any(sign in text for text in prompts.values() for sign in "{}")
