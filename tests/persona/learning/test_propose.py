"""Asking the optimizer in several calls: what is kept of each, and what they cost together."""

from __future__ import annotations

import json

import pytest

from persona.services import Services
from tests.persona.learning.test_learning import NAME, NOTHING, converse, runs, values
from tests.support.clock import ManualClock
from tests.support.learning import optimizer_usage
from tests.support.model import Call, Say, ScriptedModel, proposal, updates
from tests.support.stores import rows

LONG = "my name is Mei, be short. " + "word " * 11_000
WRONG = NAME | {"evidence": [{"msg": 1, "quote": "my name is May"}]}


NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def style(value: str, msg: int) -> dict[str, object]:
    return proposal("preference.styles", value, msg, "be short", op="add_item")


@pytest.fixture
async def agreed(services: Services) -> Services:
    await services.consent.decide(1, "remember")
    return services


@pytest.mark.parametrize(
    "nonsense",
    [
        Call("apply_persona_updates", "{"),
        Call("another_tool", "{}"),
        Say(("I would rather talk.",)),
    ],
)
async def test_a_malformed_correction_leaves_what_was_accepted_before_it(
    agreed: Services, clock: ManualClock, model: ScriptedModel, nonsense: Call | Say
) -> None:
    model.script(updates(style("short", 1), WRONG), nonsense)
    await converse(agreed, clock, "my name is Mei, be short", "b", "c")
    await agreed.learner.tick()
    assert await values(agreed) == {"preference.styles": ["short"]}
    assert await runs(agreed) == {"applied": 1}
    assert len(model.requests) == 2


async def test_a_lists_limit_counts_what_earlier_calls_of_the_run_added(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    full = [f"be short {number}" for number in NUMBERS]
    model.script(
        updates(*(style(value, 1) for value in full)), updates(style("be short eleven", 3)), NOTHING
    )
    await converse(agreed, clock, LONG, "be short")
    await agreed.learner.tick()
    assert await values(agreed) == {"preference.styles": full}
    assert "too_many" in model.requests[2]["messages"][-1]["content"]


async def test_a_lists_limit_counts_what_was_accepted_before_the_correction(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    full = [f"be short {number}" for number in NUMBERS]
    model.script(
        updates(*(style(value, 1) for value in full), WRONG), updates(style("be short eleven", 1))
    )
    await converse(agreed, clock, "my name is Mei, be short", "b", "c")
    await agreed.learner.tick()
    assert await values(agreed) == {"preference.styles": full}
    ((refusals,),) = await rows(agreed.database, "SELECT refusals FROM runs")
    assert json.loads(str(refusals)) == {"quote_not_found": 1, "too_many": 1}


async def test_all_calls_of_a_run_are_in_what_it_cost(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(WRONG), updates(NAME), NOTHING)
    await converse(agreed, clock, LONG, "b")
    await agreed.learner.tick()
    assert len(model.requests) == 3
    assert await optimizer_usage(agreed) == [(30, 15)]
