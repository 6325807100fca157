"""What is due, what a run takes, and in which portions it is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from persona.learning.batch import Batch, BatchMessage, Run
from persona.privacy import Decision
from persona.services import Services
from persona.turns import Author, Incoming
from tests.persona.learning.test_learning import NAME, NOTHING, converse, runs, unlearned, values
from tests.support.clock import ManualClock
from tests.support.learning import claimed
from tests.support.model import Call, ScriptedModel, updates
from tests.support.stores import change

Line = tuple[Author, int]


def portions(*lines: Line, budget: int) -> list[list[int]]:
    """Return the numbers of the messages in each portion; a line is its author and its tokens."""
    messages = tuple(
        BatchMessage(number, 1, 10, 100 + number, author, datetime.now(UTC), tokens, "text")
        for number, (author, tokens) in enumerate(lines, 1)
    )
    batch = Batch(Run(1, "dm", "run", 1, 1, 0, 0, 0), messages, (), (len(messages), 0))
    return [[message.number for message in part] for part in batch.parts(budget)]


def test_a_portion_is_filled_to_the_last_token_and_not_beyond() -> None:
    lines: list[Line] = [("person", 40), ("bot", 30), ("person", 30)]
    assert portions(*lines, budget=100) == [[1, 2, 3]]
    assert portions(*lines, budget=99) == [[1, 2], [3]]


def test_each_portion_has_the_whole_budget() -> None:
    lines: list[Line] = [("person", 60), ("person", 60), ("person", 40), ("person", 60)]
    assert portions(*lines, budget=100) == [[1], [2, 3], [4]]


def test_a_message_beyond_the_budget_is_a_portion_of_its_own() -> None:
    assert portions(("person", 5), ("person", 500), ("person", 5), budget=100) == [[1], [2], [3]]


def test_a_portion_without_a_word_of_the_person_is_left_out() -> None:
    lines: list[Line] = [("person", 60), ("bot", 100), ("bot", 20), ("person", 20)]
    assert portions(*lines, budget=100) == [[1], [3, 4]]
    assert portions(("bot", 60), budget=100) == []


async def test_a_claim_that_finds_nothing_does_not_stand_in_the_way_of_the_next(
    services: Services, clock: ManualClock
) -> None:
    await services.consent.decide(1, "remember")
    await services.sessions.receive(Incoming(1000, 1, 50, 7, "hello", clock.now()))
    assert await claimed(services) is None
    await services.closing.thread(50, "archived")
    assert await claimed(services) is not None
    assert await claimed(services) is None


async def test_sessions_of_a_past_epoch_make_nothing_due(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    model.script(NOTHING)
    await converse(services, clock, "a", "b")
    await change(services.database, "UPDATE personas SET epoch = epoch + 1")
    await converse(services, clock, "c", begin=2000)
    await services.learner.tick()
    assert model.requests == []
    await converse(services, clock, "d", "e", begin=3000)
    await services.learner.tick()
    assert await runs(services) == {"empty": 1}


async def test_parked_sessions_do_not_count_towards_the_next_run(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    model.script(Call("apply_persona_updates", "{"))
    await converse(services, clock, "a", "b", "c")
    for _ in range(15):
        await services.learner.tick()
        clock.advance(timedelta(hours=6))
    assert await runs(services) == {"parked": 3}
    asked = len(model.requests)
    model.script(NOTHING)
    await converse(services, clock, "d", begin=2000)
    await services.learner.tick()
    assert len(model.requests) == asked
    assert await unlearned(services) == 4


async def test_parked_sessions_do_not_make_a_new_one_look_old(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    model.script(Call("apply_persona_updates", "{"))
    await converse(services, clock, "a", "b", "c")
    for _ in range(15):
        await services.learner.tick()
        clock.advance(timedelta(hours=60))
    assert await runs(services) == {"parked": 3}
    asked = len(model.requests)
    await converse(services, clock, "d", begin=2000)
    await services.learner.tick()
    assert len(model.requests) == asked


async def test_who_withdrew_the_yes_is_not_learned(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    await converse(services, clock, "my name is Mei", "b", "c")
    await services.consent.decide(1, "chat_only")
    await services.learner.tick()
    assert model.requests == []


@pytest.mark.parametrize("before", [("chat_only",), ("remember", "chat_only")])
async def test_who_says_yes_after_a_no_is_learned(
    services: Services, clock: ManualClock, model: ScriptedModel, before: tuple[Decision, ...]
) -> None:
    for decision in (*before, "remember"):
        await services.consent.decide(1, decision)
    model.script(updates(NAME))
    await converse(services, clock, "my name is Mei", "b", "c")
    await services.learner.tick()
    assert await values(services) == {"demographics.name": ["Mei"]}


async def test_asking_with_nothing_to_learn_leaves_the_next_conversation_to_its_turn(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    model.script(updates())
    await converse(services, clock, "a", "b", "c")
    await services.learner.tick()
    asked = len(model.requests)
    await services.learner.ask(1, "guild:7")
    await services.learner.tick()
    await converse(services, clock, "d", begin=2000)
    await services.learner.tick()
    assert len(model.requests) == asked
