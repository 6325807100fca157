"""Finding the way in which an endpoint can be asked, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from persona.errors import InvalidAnswer, ModelRefused
from persona.learning.prompt import fenced
from persona.learning.proposal import Proposal
from persona.learning.question import OptimizerQuestion
from persona.models import Models
from persona.services import Services
from persona.structured import WAYS, Way
from tests.persona.learning.test_learning import NAME, converse, runs, unlearned, values
from tests.persona.test_models import models_for
from tests.support.clock import ManualClock
from tests.support.model import (
    Act,
    Body,
    Call,
    Depends,
    Say,
    ScriptedModel,
    Status,
    proposal,
    updates,
    way_of,
)

WRONG = NAME | {"evidence": [{"msg": 1, "quote": "my name is May"}]}
JSON = Say((json.dumps({"updates": [NAME]}),))
LINE = "said so | 1 | my name is Mei | self | stated | set_slot | demographics.name | Mei | -"
GOOD: dict[Way, Act] = {
    "tool": updates(NAME),
    "json_schema": JSON,
    "json_object": JSON,
    "lines": Say((f"{LINE}\nEND",)),
}
LEARNED = {"demographics.name": ["Mei"]}


@pytest.fixture
async def agreed(services: Services) -> Services:
    await services.consent.decide(1, "remember")
    return services


def takes(*ways: Way, otherwise: Act) -> Depends:
    """Be an endpoint that can be asked in these ways only."""

    def answer(request: Body) -> Act:
        way = way_of(request)
        return GOOD[way] if way in ways else otherwise

    return Depends(answer)


def asked(model: ScriptedModel) -> list[Way]:
    return [way_of(request) for request in model.requests]


async def learn(services: Services, clock: ManualClock, begin: int = 1000) -> None:
    await converse(services, clock, "my name is Mei", "b", "c", begin=begin)
    await services.learner.tick()


def question() -> OptimizerQuestion:
    return OptimizerQuestion(fenced("system", "tag", [], []))


async def ask(models: Models) -> list[Proposal]:
    return await models.complete("optimizer", question())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "otherwise",
    [
        Status(400),
        Status(404),
        Status(422),
        Status(501),
        Status(500, "tools param requires --jinja flag, response_format is not supported"),
        Say(("I would rather talk.",)),
        Say(('{"answer": "My own JSON."}',)),
        Say(("",)),
    ],
)
async def test_the_first_way_that_works_is_found_and_kept(
    agreed: Services, clock: ManualClock, model: ScriptedModel, way: Way, otherwise: Act
) -> None:
    model.script(takes(way, otherwise=otherwise))
    await learn(agreed, clock)
    assert await values(agreed) == LEARNED
    tried = list(WAYS[: WAYS.index(way) + 1])
    assert asked(model) == tried
    await learn(agreed, clock, begin=2000)
    assert asked(model) == [*tried, way]
    assert await runs(agreed) == {"applied": 2}


async def test_a_way_that_stops_working_is_looked_for_from_the_top(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(takes("json_object", otherwise=Status(400)))
    await learn(agreed, clock)
    model.requests.clear()
    model.script(takes("tool", "lines", otherwise=Say(("I would rather talk.",))))
    await learn(agreed, clock, begin=2000)
    assert asked(model) == ["json_object", "tool"]
    await learn(agreed, clock, begin=3000)
    assert asked(model) == ["json_object", "tool", "tool"]
    assert await runs(agreed) == {"applied": 3}


async def test_an_outage_is_not_taken_for_a_way_that_does_not_work(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(takes("lines", otherwise=Status(400)))
    await learn(agreed, clock)
    model.requests.clear()
    model.script(Status(500))
    await learn(agreed, clock, begin=2000)
    assert asked(model) == ["lines"]


async def test_a_model_that_declines_in_its_way_is_asked_again_only_there(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(takes("json_schema", otherwise=Status(400)))
    await learn(agreed, clock)
    model.requests.clear()
    model.script(Say(("I'm sorry, but I can't help with that.",)))
    await learn(agreed, clock, begin=2000)
    assert asked(model) == ["json_schema", "json_schema"]
    assert await unlearned(agreed) == 3


async def test_a_way_that_never_gave_a_usable_answer_is_put_last(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(takes("json_schema", otherwise=Call("apply_persona_updates", "{}")))
    await learn(agreed, clock)
    assert asked(model) == ["tool", "tool"]
    clock.advance(timedelta(hours=7))
    await agreed.learner.tick()
    assert asked(model) == ["tool", "tool", "json_schema"]
    assert await values(agreed) == LEARNED


async def test_a_way_that_works_is_kept_through_a_bad_answer(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME))
    await learn(agreed, clock)
    model.script(Call("apply_persona_updates", "{}"))
    await learn(agreed, clock, begin=2000)
    clock.advance(timedelta(hours=7))
    await agreed.learner.tick()
    assert set(asked(model)) == {"tool"}


@pytest.mark.parametrize("way", WAYS[1:])
async def test_the_reasons_go_back_in_the_way_of_the_answer(
    agreed: Services, clock: ManualClock, model: ScriptedModel, way: Way
) -> None:
    wrong = json.dumps({"updates": [WRONG, NAME | {"about": "other"}]})
    if way == "lines":
        wrong = "\n".join([LINE.replace("is Mei", "is May"), LINE.replace("self", "other"), "END"])
    model.script(*[Status(400)] * WAYS.index(way), Say((f"<think>Hm.</think>{wrong}",)), GOOD[way])
    await learn(agreed, clock)
    assert await values(agreed) == LEARNED
    first, second = model.requests[-2:]
    assert way_of(second) == way
    assert second["messages"][:2] == first["messages"]
    answer, correction = second["messages"][2:]
    assert answer == {"role": "assistant", "content": wrong}
    assert correction["role"] == "user"
    assert "quote_not_found: Message 1 does not say that" in correction["content"]
    assert "about_other: Only facts about the person" in correction["content"]


async def test_arguments_that_are_no_json_are_not_sent_back_as_a_call(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    """Servers turn down a history whose calls they cannot read."""
    model.script(Call("apply_persona_updates", '{"updates": ['), updates(NAME))
    await learn(agreed, clock)
    assert await values(agreed) == LEARNED
    answer, correction = model.requests[1]["messages"][2:]
    assert answer == {"role": "assistant", "content": '{"updates": ['}
    assert "not one whole JSON object" in correction["content"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Say(("<think>Is it",)), "cut off"),
        (Say(("I" * 50_000 + '{"updates": [',)), "not one whole"),
        (updates(NAME | {"why": "I" * 50_000, "about": None}), "'self' or 'other'"),
    ],
)
async def test_an_answer_that_is_empty_or_runs_wild_is_corrected_without_a_turn_of_it(
    agreed: Services, clock: ManualClock, model: ScriptedModel, answer: Act, reason: str
) -> None:
    model.script(answer, updates(NAME))
    await learn(agreed, clock)
    assert await values(agreed) == LEARNED
    assert [turn["role"] for turn in model.requests[1]["messages"]] == ["system", "user"]
    assert reason in model.requests[1]["messages"][1]["content"]


async def test_a_correction_whose_form_is_turned_down_is_put_in_another(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    def without_tool_turns(request: Body) -> Act:
        if any(turn["role"] == "tool" for turn in request["messages"]):
            return Status(400)
        return updates(WRONG) if way_of(request) == "tool" else JSON

    model.script(Depends(without_tool_turns))
    await learn(agreed, clock)
    assert await values(agreed) == LEARNED
    assert asked(model) == ["tool", "tool", "json_schema"]
    assert "tool_calls" not in json.dumps(model.requests[-1]["messages"])


@pytest.mark.parametrize(
    ("first", "outcome"),
    [(Call("apply_persona_updates", "{}"), "waiting"), (updates(WRONG, NAME), "applied")],
)
async def test_a_correction_that_no_form_carries_counts_as_none(
    agreed: Services, clock: ManualClock, model: ScriptedModel, first: Act, outcome: str
) -> None:
    model.script(first, Status(400))
    await learn(agreed, clock)
    assert len(model.requests) == 5
    assert await runs(agreed) == {outcome: 1}
    for _ in range(20):
        clock.advance(timedelta(hours=7))
        model.script(first, Status(400))
        await agreed.learner.tick()
    assert await runs(agreed) == ({"parked": 3} if outcome == "waiting" else {"applied": 1})


async def test_a_model_that_is_not_there_is_named_however_it_is_asked(
    model: ScriptedModel,
) -> None:
    model.script(Status(404))
    models = models_for(model)
    with pytest.raises(ModelRefused, match="no model 'optimizer'"):
        await ask(models)
    await models.close()
    assert asked(model) == list(WAYS)


async def test_each_model_has_its_own_way(model: ScriptedModel) -> None:
    async with ScriptedModel() as second:
        model.script(Status(503))
        second.script(takes("lines", otherwise=Status(400)))
        models = models_for(model, second)
        for _ in range(2):
            assert [item.value for item in await ask(models)] == ["Mei"]
        model.script(GOOD["tool"])
        assert [item.value for item in await ask(models)] == ["Mei"]
        await models.close()
    assert asked(model) == ["tool"] * 3
    assert asked(second) == [*WAYS, "lines"]


async def test_an_unusable_answer_is_not_asked_of_the_next_model(model: ScriptedModel) -> None:
    async with ScriptedModel([GOOD["tool"]]) as second:
        model.script(Call("apply_persona_updates", "{}"))
        models = models_for(model, second)
        with pytest.raises(InvalidAnswer):
            await ask(models)
        await models.close()
        assert second.requests == []


async def test_what_the_ways_cost_is_counted_together(model: ScriptedModel) -> None:
    model.script(takes("lines", otherwise=Say(("I would rather talk.",))))
    models = models_for(model)
    asking = question()
    await models.complete("optimizer", asking)
    await models.close()
    assert (asking.usage.prompt_tokens, asking.usage.completion_tokens) == (40, 20)


def _json_schema(request: Body) -> object:
    return request["response_format"]["json_schema"]["schema"]


@pytest.mark.parametrize(
    ("way", "schema"),
    [
        ("tool", lambda request: request["tools"][0]["function"]["parameters"]),
        ("json_schema", _json_schema),
    ],
)
async def test_the_schema_is_strict_and_lists_every_field(
    model: ScriptedModel, way: Way, schema: Callable[[Body], Body]
) -> None:
    model.script(takes(way, otherwise=Status(400)))
    models = models_for(model)
    await ask(models)
    await models.close()
    update = schema(model.requests[-1])["$defs"]["Proposal"]
    assert update["required"] == list(update["properties"])
    assert update["required"][-2:] == ["value", "valid_until"]
    assert update["properties"]["valid_until"]["anyOf"] == [{"type": "string"}, {"type": "null"}]


async def test_a_proposal_may_say_until_when(model: ScriptedModel) -> None:
    until = proposal(
        "demographics.career", "intern", 1, "intern until June", valid_until="2026-06-30"
    )
    model.script(updates(until, until | {"valid_until": None}, NAME))
    models = models_for(model)
    found = [str(item.valid_until) for item in await ask(models)]
    await models.close()
    assert found == ["2026-06-30", "None", "None"]
