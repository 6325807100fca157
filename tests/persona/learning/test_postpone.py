"""Runs that fail: how long they wait, whose they are, what they cost, and whom they hold up."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from persona.changes import Overtaken
from persona.services import Services
from tests.persona.learning.test_learning import NAME, converse, runs, unlearned, values
from tests.support.clock import ManualClock
from tests.support.learning import Worker, claimed, optimizer_usage, stored
from tests.support.model import (
    Act,
    Body,
    Call,
    Depends,
    ScriptedModel,
    Status,
    proposal,
    updates,
)
from tests.support.stores import change, rows

INVALID = Call("apply_persona_updates", "{")


@pytest.fixture
async def waiting(services: Services, clock: ManualClock) -> Services:
    """Services with three sessions to learn."""
    await services.consent.decide(1, "remember")
    await converse(services, clock, "my name is Mei", "b", "c")
    return services


async def tries(services: Services) -> tuple[object, ...]:
    """Return state, invalid answers and outages of the only run."""
    (only,) = await rows(
        services.database, "SELECT state, attempts, outages FROM runs WHERE person_id = 1"
    )
    return only


async def test_pauses_double_up_to_six_hours(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(Status(500))
    await waiting.learner.tick()
    for asked, minutes in enumerate((5, 10, 20, 40, 80, 160, 320, 360, 360, 360), 1):
        clock.advance(timedelta(minutes=minutes) - timedelta(seconds=1))
        await waiting.learner.tick()
        assert len(model.requests) == asked
        clock.advance(timedelta(seconds=1))
        await waiting.learner.tick()
        assert len(model.requests) == asked + 1


async def test_after_sixty_outages_in_a_row_learning_is_still_tried_and_succeeds(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(Status(500))
    for _ in range(60):
        await waiting.learner.tick()
        clock.advance(timedelta(hours=6))
    assert len(model.requests) == 60
    assert await tries(waiting) == ("waiting", 0, 60)
    model.script(updates(NAME))
    await waiting.learner.tick()
    assert await values(waiting) == {"demographics.name": ["Mei"]}
    assert await unlearned(waiting) == 0


async def test_a_worker_that_lost_its_lease_does_not_put_off_the_others_run(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME))
    slow = await Worker.begin(waiting)
    clock.advance(timedelta(hours=1))
    quick = await Worker.begin(waiting)
    before = await stored(waiting)
    assert not await slow.postpone()
    assert await stored(waiting) == before
    await quick.commit()
    assert await values(waiting) == {"demographics.name": ["Mei"]}


async def test_a_worker_that_lost_its_lease_does_not_park_the_others_run(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(INVALID)
    for _ in range(2):
        await waiting.learner.tick()
        clock.advance(timedelta(hours=6))
    model.script(updates(NAME))
    slow = await Worker.begin(waiting)
    assert slow.batch.run.attempts == 2
    clock.advance(timedelta(hours=1))
    quick = await Worker.begin(waiting)
    assert not await slow.postpone("invalid_answer")
    await quick.commit()
    assert await runs(waiting) == {"applied": 1}


async def test_what_failed_tries_cost_is_recorded_for_each_of_them(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(INVALID)
    for _ in range(2):
        await waiting.learner.tick()
        clock.advance(timedelta(hours=6))
    assert await optimizer_usage(waiting) == [(20, 10), (20, 10)]
    model.script(updates(NAME))
    await waiting.learner.tick()
    assert await optimizer_usage(waiting) == [(20, 10), (20, 10), (10, 5)]


async def test_an_outage_costs_what_was_asked_before_it(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    await converse(services, clock, "my name is Mei. " + "word " * 11_000, "x " * 6000)
    model.script(Status(500))
    await services.learner.tick()
    assert await optimizer_usage(services) == []
    clock.advance(timedelta(hours=6))
    model.script(updates(NAME), Status(500))
    await services.learner.tick()
    assert await optimizer_usage(services) == [(10, 5)]
    assert await values(services) == {}
    assert await tries(services) == ("waiting", 0, 2)


async def test_one_persons_damaged_message_stops_nobody_else_and_loses_nothing(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await waiting.consent.decide(2, "remember")
    await converse(waiting, clock, "my name is Mei", "b", "c", person=2, begin=2000)
    seal = "UPDATE messages SET text_sealed = :sealed WHERE message_id = 1000"
    query = "SELECT text_sealed FROM messages WHERE message_id = 1000"
    ((whole,),) = await rows(waiting.database, query)
    await change(waiting.database, seal, sealed=b"\x01")
    model.script(updates(NAME))
    await waiting.learner.tick()
    assert await values(waiting, 2) == {"demographics.name": ["Mei"]}
    assert await tries(waiting) == ("waiting", 0, 1)
    for _ in range(5):
        clock.advance(timedelta(hours=6))
        await waiting.learner.tick()
    assert await tries(waiting) == ("waiting", 0, 6)
    assert await unlearned(waiting) == 3
    await change(waiting.database, seal, sealed=whole)
    clock.advance(timedelta(hours=6))
    await waiting.learner.tick()
    assert await values(waiting) == {"demographics.name": ["Mei"]}
    assert await unlearned(waiting) == 0


async def test_a_run_that_cannot_be_written_stops_nobody_else_and_goes_on_when_its_lease_ends(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await waiting.consent.decide(2, "remember")
    await converse(waiting, clock, "my name is Mei", "b", "c", person=2, begin=2000)
    # Neither can be written where there is no table of what things cost.
    await change(waiting.database, "ALTER TABLE usage RENAME TO elsewhere")
    model.script(updates(NAME))
    await waiting.learner.tick()
    assert await runs(waiting) == {"running": 2}
    assert len(model.requests) == 2
    await change(waiting.database, "ALTER TABLE elsewhere RENAME TO usage")
    await waiting.learner.tick()
    assert len(model.requests) == 2
    clock.advance(timedelta(seconds=121))
    await waiting.learner.tick()
    assert await values(waiting) == await values(waiting, 2) == {"demographics.name": ["Mei"]}


async def test_a_pause_of_a_clock_that_was_ahead_is_over(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    clock.advance(timedelta(days=365))
    model.script(Status(503))
    await waiting.learner.tick()
    clock.advance(timedelta(days=-365))
    model.script(updates(NAME))
    await waiting.learner.tick()
    assert await values(waiting) == {"demographics.name": ["Mei"]}


async def test_a_lease_of_a_clock_that_was_ahead_is_taken_and_its_holder_writes_nothing(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME))
    clock.advance(timedelta(seconds=120))
    held = await Worker.begin(waiting)
    clock.advance(timedelta(seconds=-120))
    assert await claimed(waiting) is None
    clock.advance(timedelta(seconds=-1))
    taken = await Worker.begin(waiting)
    with pytest.raises(Overtaken):
        await held.commit()
    await taken.commit()
    assert await values(waiting) == {"demographics.name": ["Mei"]}


LOVES = ("hiking", "pottery", "chess")
INTERESTS = "personality.values_and_interests"


def learning(request: Body) -> Act:
    """Answer what a good model would, but nonsense when the poison is among the messages."""
    asked = request["messages"][1]["content"]
    if "poison" in asked:
        return INVALID
    lines = [json.loads(line) for line in asked.splitlines() if line.startswith('{"msg"')]
    loves = [(line["msg"], line["text"]) for line in lines if line["text"].startswith("I love ")]
    return updates(
        *(
            proposal(INTERESTS, text.removeprefix("I love "), number, text, op="add_item")
            for number, text in loves
        )
    )


async def with_poison(services: Services, clock: ManualClock, poison: int) -> None:
    """Have three sessions, of which one makes the model talk nonsense."""
    await services.consent.decide(1, "remember")
    texts = [f"I love {love}" for love in LOVES]
    await converse(services, clock, *texts[:poison], "poison", *texts[poison + 1 :])


async def try_often(services: Services, clock: ManualClock, times: int = 12) -> None:
    for _ in range(times):
        await services.learner.tick()
        clock.advance(timedelta(hours=6))


@pytest.mark.parametrize("poison", range(3))
async def test_one_bad_conversation_is_parked_and_the_others_are_learned(
    services: Services, clock: ManualClock, model: ScriptedModel, poison: int
) -> None:
    await with_poison(services, clock, poison)
    model.script(Depends(learning))
    await try_often(services, clock)
    expected = {love for number, love in enumerate(LOVES) if number != poison}
    assert set((await values(services))[INTERESTS]) == expected
    query = "SELECT session_id FROM sessions WHERE learned_by IS NULL"
    assert await rows(services.database, query) == [(1000 + 10 * poison,)]
    query = (
        "SELECT s.session_id, r.attempts FROM runs AS r INNER JOIN run_sessions AS s"
        " ON r.person_id = s.person_id AND r.run_id = s.run_id WHERE r.state = 'parked'"
    )
    assert await rows(services.database, query) == [(1000 + 10 * poison, 3)]
    asked = len(model.requests)
    await try_often(services, clock, 3)
    assert len(model.requests) == asked


async def test_what_was_parked_is_tried_again_when_the_person_asks(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await with_poison(services, clock, 1)
    model.script(Depends(learning))
    await try_often(services, clock)
    model.script(updates(proposal(INTERESTS, "poison", 1, "poison", op="add_item")))
    await services.learner.ask(1, "guild:7")
    await services.learner.tick()
    assert set((await values(services))[INTERESTS]) == {"hiking", "chess", "poison"}
    assert await unlearned(services) == 0
    assert "parked" not in await runs(services)


async def test_what_stays_bad_when_it_is_tried_again_is_parked_again(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await with_poison(services, clock, 1)
    model.script(Depends(learning))
    await try_often(services, clock)
    asked = len(model.requests)
    await services.learner.ask(1, "guild:7")
    await try_often(services, clock)
    assert len(model.requests) == asked + 3 * 2  # Three attempts, each with one correction.
    assert (await runs(services))["parked"] == 1
    assert await unlearned(services) == 1


async def test_the_halves_are_tried_at_once_each_with_all_its_attempts(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await with_poison(services, clock, 0)
    model.script(Depends(learning))
    for attempts in (1, 2):
        await services.learner.tick()
        assert await tries(services) == ("waiting", attempts, 0)
        clock.advance(timedelta(minutes=10))
    # The third attempt halves three sessions into two and one, and the two have their first.
    asked = len(model.requests)
    await services.learner.tick()
    assert len(model.requests) == asked + 2 * 2
    assert await tries(services) == ("waiting", 1, 0)
    assert await rows(services.database, "SELECT session_id FROM run_sessions ORDER BY 1") == [
        (1000,),
        (1010,),
    ]


async def test_outages_halve_nothing(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await with_poison(services, clock, 0)
    model.script(Status(500))
    await try_often(services, clock, 8)
    assert len(await rows(services.database, "SELECT session_id FROM run_sessions")) == 3


async def test_a_worker_that_lost_its_lease_halves_nothing(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await with_poison(services, clock, 0)
    model.script(Depends(learning))
    for _ in range(2):
        await services.learner.tick()
        clock.advance(timedelta(hours=6))
    model.script(updates())
    slow = await Worker.begin(services)
    clock.advance(timedelta(hours=1))
    quick = await Worker.begin(services)
    before = await stored(services)
    assert not await slow.postpone("invalid_answer")
    assert await stored(services) == before
    assert len(quick.batch.messages) == 6
    assert len(await rows(services.database, "SELECT session_id FROM run_sessions")) == 3
