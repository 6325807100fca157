"""Committing a learning run: only by whom it belongs to, and what becomes of the values."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from persona.changes import Overtaken
from persona.services import Services
from tests.persona.learning.test_learning import (
    NAME,
    NOTHING,
    SCOPE,
    converse,
    runs,
    unlearned,
    values,
)
from tests.support.clock import ManualClock
from tests.support.learning import Worker, claimed, optimizer_usage, stored
from tests.support.model import Call, ScriptedModel, proposal, updates
from tests.support.stores import change

SLOT = "personality.thinking_feeling"
THINKING = proposal(SLOT, "thinking", 1, "I am a thinker")
FEELING = proposal(SLOT, "feeling", 1, "I feel so much")
GUESS = FEELING | {
    "basis": "inferred",
    "evidence": [{"msg": 1, "quote": "I feel so much"}, {"msg": 3, "quote": "b"}],
}


async def begun(
    services: Services, clock: ManualClock, model: ScriptedModel, answer: Call
) -> Worker:
    """A worker that has an answer to three sessions and is about to commit it."""
    model.script(answer)
    await services.consent.decide(1, "remember")
    await converse(services, clock, "my name is Mei", "b", "c")
    return await Worker.begin(services)


async def refuses(worker: Worker) -> None:
    """The commit raises and leaves everything as it is."""
    before = await stored(worker.services)
    with pytest.raises(Overtaken):
        await worker.commit()
    assert await stored(worker.services) == before


async def learn(
    services: Services, clock: ManualClock, model: ScriptedModel, text: str, answer: dict[str, Any]
) -> dict[str, str]:
    """Learn `answer` from three more sessions; return what the slot holds then."""
    number = int(clock.now().timestamp())
    model.script(updates(answer), NOTHING)
    await converse(services, clock, text, "b", "c", begin=number)
    await services.learner.tick()
    persona = await services.personas.load(1, SCOPE)
    return {item.value: f"{item.basis}, {item.status}" for item in persona.items}


@pytest.mark.parametrize("answer", [updates(NAME), NOTHING])
async def test_a_worker_whose_lease_was_taken_over_commits_nothing(
    services: Services, clock: ManualClock, model: ScriptedModel, answer: Call
) -> None:
    slow = await begun(services, clock, model, answer)
    clock.advance(timedelta(hours=1))
    quick = await Worker.begin(services)
    assert quick.batch.run.run_id == slow.batch.run.run_id
    await refuses(slow)
    await quick.commit()
    assert await unlearned(services) == 0
    await refuses(slow)


@pytest.mark.parametrize("answer", [updates(NAME), NOTHING])
async def test_what_was_read_before_a_reset_is_not_committed_after_it(
    services: Services, clock: ManualClock, model: ScriptedModel, answer: Call
) -> None:
    worker = await begun(services, clock, model, answer)
    await services.personas.reset(1, SCOPE)
    await refuses(worker)
    assert await values(services) == {}


@pytest.mark.parametrize("answer", [updates(NAME), NOTHING])
async def test_a_new_epoch_alone_is_enough_to_refuse_a_commit(
    services: Services, clock: ManualClock, model: ScriptedModel, answer: Call
) -> None:
    """A reset deletes the run too; were that ever to change, its epoch must still count."""
    worker = await begun(services, clock, model, answer)
    await change(services.database, "UPDATE personas SET epoch = epoch + 1")
    await refuses(worker)


@pytest.mark.parametrize("answer", [updates(NAME), NOTHING])
async def test_nothing_is_learned_about_who_wants_just_to_chat_by_now(
    services: Services, clock: ManualClock, model: ScriptedModel, answer: Call
) -> None:
    worker = await begun(services, clock, model, answer)
    await services.consent.decide(1, "chat_only")
    await refuses(worker)
    await worker.postpone("overtaken")
    await services.learner.tick()
    assert await unlearned(services) == 3
    await services.consent.decide(1, "remember")
    await services.learner.tick()
    assert await unlearned(services) == 0


@pytest.mark.parametrize("answer", [updates(NAME), NOTHING])
async def test_what_was_read_before_the_persona_changed_is_not_committed(
    services: Services, clock: ManualClock, model: ScriptedModel, answer: Call
) -> None:
    worker = await begun(services, clock, model, answer)
    await change(services.database, "UPDATE personas SET version = version + 1")
    await refuses(worker)
    assert await unlearned(services) == 3


async def test_nothing_is_committed_about_somebody_who_is_gone(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    worker = await begun(services, clock, model, updates(NAME))
    await change(services.database, "DELETE FROM people")
    await refuses(worker)


@pytest.mark.parametrize("answer", [updates(NAME), NOTHING])
async def test_a_run_that_was_put_off_is_not_committed_by_the_try_before(
    services: Services, clock: ManualClock, model: ScriptedModel, answer: Call
) -> None:
    worker = await begun(services, clock, model, answer)
    await change(services.database, "UPDATE runs SET state = 'waiting'")
    await refuses(worker)
    assert await unlearned(services) == 3


async def test_a_run_is_committed_once(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    worker = await begun(services, clock, model, NOTHING)
    await worker.commit()
    await refuses(worker)


async def test_a_commit_gives_the_lease_back_so_that_a_backlog_goes_on_at_once(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    worker = await begun(services, clock, model, NOTHING)
    await converse(services, clock, "d", begin=2000)
    again = await Worker.begin(services)
    assert again.batch.run.run_id == worker.batch.run.run_id
    await again.commit()
    assert await claimed(services) is not None


@pytest.mark.parametrize(
    ("answer", "ended"),
    [
        (updates(NAME), {"applied": 1}),
        (NOTHING, {"empty": 1}),
        (updates(NAME | {"about": "other"}), {"refused": 1}),
    ],
)
async def test_what_a_run_cost_is_recorded_however_it_ended(
    services: Services,
    clock: ManualClock,
    model: ScriptedModel,
    answer: Call,
    ended: dict[str, int],
) -> None:
    worker = await begun(services, clock, model, answer)
    await worker.commit()
    assert await runs(services) == ended
    calls = len(model.requests)
    assert await optimizer_usage(services) == [(10 * calls, 5 * calls)]


async def test_a_guess_does_not_replace_what_was_stated(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    await learn(services, clock, model, "I am a thinker", THINKING)
    assert await learn(services, clock, model, "I feel so much", GUESS) == {
        "thinking": "stated, active"
    }


async def test_a_guess_that_is_guessed_again_still_waits_for_approval(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    for _ in range(2):
        assert await learn(services, clock, model, "I feel so much", GUESS) == {
            "feeling": "inferred, pending"
        }
    persona = await services.personas.load(1, SCOPE)
    assert persona.values(SLOT) == []


@pytest.mark.parametrize("how", ["set_slot", "confirm"])
async def test_a_guess_that_is_stated_later_counts_and_replaces_what_was_there(
    services: Services, clock: ManualClock, model: ScriptedModel, how: str
) -> None:
    await services.consent.decide(1, "remember")
    await learn(services, clock, model, "I feel so much", GUESS)
    await learn(services, clock, model, "I am a thinker", THINKING)
    said = FEELING
    if how == "confirm":
        said = FEELING | {"op": "confirm", "item": 1, "value": None}
    assert await learn(services, clock, model, "I feel so much", said) == {
        "feeling": "stated, active"
    }
    persona = await services.personas.load(1, SCOPE)
    assert persona.values(SLOT) == ["feeling"]
