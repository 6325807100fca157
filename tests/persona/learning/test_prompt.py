"""The optimizer's prompt: the same beginning for everyone, short, and without words to learn."""

from __future__ import annotations

import pytest

from persona.learning.prompt import HOW_TO_ANSWER, prompt_hash, system_prompt
from persona.learning.proposal import Proposal
from persona.registry import Registry
from persona.services import Services
from persona.structured import WAYS, Way
from persona.tokens import estimate
from tests.persona.learning.test_learning import converse
from tests.support.clock import ManualClock
from tests.support.model import Say, ScriptedModel, Status, updates, way_of


def test_the_unchanging_part_is_short() -> None:
    system = system_prompt(Registry())
    # Our estimate counts English at three characters a token; tokenizers make four and more of it.
    assert estimate(f"{system}\n\n{HOW_TO_ANSWER['tool']}") < 900
    for way in WAYS:
        assert estimate(f"{system}\n\n{HOW_TO_ANSWER[way]}") < 1000


async def test_the_system_prompt_is_the_same_for_everyone_in_a_way(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates())
    for person in (1, 2):
        await services.consent.decide(person, "remember")
        texts = (f"I am person {person}", "b", "c")
        await converse(services, clock, *texts, person=person, begin=person * 1000)
    await services.learner.tick()
    first, second = (prompt[0]["content"] for prompt in model.prompts())
    assert first == second


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_begins_alike_and_says_how_to_answer(
    services: Services, clock: ManualClock, model: ScriptedModel, way: Way
) -> None:
    nothing = Say(("NOTHING" if way == "lines" else '{"updates": []}',))
    model.script(*[Status(400)] * WAYS.index(way), nothing)
    await services.consent.decide(1, "remember")
    await converse(services, clock, "a", "b", "c")
    await services.learner.tick()
    assert way_of(model.requests[-1]) == way
    content = model.prompts()[-1][0]["content"]
    assert content == f"{system_prompt(services.registry)}\n\n{HOW_TO_ANSWER[way]}"


@pytest.mark.parametrize("way", WAYS[1:])
def test_ways_without_a_tool_name_every_field(way: Way) -> None:
    fields = set(Proposal.model_fields) - ({"evidence", "item"} if way == "lines" else set())
    for field in fields | {"msg", "quote"}:
        assert field in HOW_TO_ANSWER[way]


def test_another_prompt_has_another_name() -> None:
    assert prompt_hash(system_prompt(Registry())) != prompt_hash("another")
