"""Messages edited or deleted on Discord: what is stored of them, and what rested on them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from persona.changes import Overtaken
from persona.corrections import Corrections
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
from tests.support.learning import Worker, stored
from tests.support.model import Late, ScriptedModel, proposal, updates
from tests.support.stores import rows

# The messages of the first two sessions, and the bot's answer to the first.
FIRST, ANSWER, SECOND = 1000, 1001, 1010
CALLED = "demographics.name"
TWICE = NAME | {"evidence": [*NAME["evidence"], {"msg": 3, "quote": "call me Mei"}]}
TEXTS = ("my name is Mei", "call me Mei", "c")

Correct = Callable[[Corrections, int], Awaitable[None]]


async def edit(corrections: Corrections, message_id: int) -> None:
    await corrections.edited(message_id, "my name is a secret")


async def delete(corrections: Corrections, message_id: int) -> None:
    await corrections.deleted(message_id)


both = pytest.mark.parametrize("correct", [edit, delete])


@pytest.fixture
async def said(services: Services, clock: ManualClock) -> Services:
    """Services with three sessions to learn."""
    await services.consent.decide(1, "remember")
    await converse(services, clock, *TEXTS)
    return services


@pytest.fixture
async def learned(said: Services, model: ScriptedModel) -> Services:
    """Services with a name learned from one message, as version 1."""
    model.script(updates(NAME))
    await said.learner.tick()
    return said


async def name(services: Services) -> tuple[str, str, list[str]]:
    """Return value, status and quotes of what is known."""
    (item,) = (await services.personas.load(1, SCOPE)).items
    why = await services.editor.why(1, SCOPE, item.item_id)
    return item.value, item.status, [each.quote for each in why]


async def used(services: Services) -> list[str]:
    return (await services.personas.load(1, SCOPE)).values(CALLED)


async def causes(services: Services) -> list[str]:
    return [version.cause for version in await services.editor.versions(1, SCOPE)][1:]


def shown(model: ScriptedModel, request: int) -> dict[int, str]:
    """Return the texts in a request to the optimizer by their numbers."""
    content = model.prompts()[request][1]["content"]
    lines = (json.loads(line) for line in content.splitlines() if line.startswith('{"msg"'))
    return {line["msg"]: line["text"] for line in lines}


# What is stored.


async def test_the_optimizer_reads_a_message_as_it_was_edited_last(
    said: Services, model: ScriptedModel
) -> None:
    query = "SELECT tokens FROM messages WHERE message_id = 1000"
    before = await rows(said.database, query)
    await said.corrections.edited(FIRST, "my name is Mina, and this is a longer message by far")
    await said.corrections.edited(FIRST, "my name is Mina, I meant, in a longer message by far")
    assert await rows(said.database, query) > before
    model.script(updates(NAME), NOTHING)
    await said.learner.tick()
    assert shown(model, 0)[1] == "my name is Mina, I meant, in a longer message by far"
    assert "quote_not_found" in json.dumps(model.requests[1])
    assert await values(said) == {}


async def test_the_optimizer_does_not_read_what_was_deleted(
    said: Services, model: ScriptedModel
) -> None:
    await said.corrections.deleted(FIRST)
    model.script(NOTHING)
    await said.learner.tick()
    assert list(shown(model, 0).values())[:2] == ["As you say.", "call me Mei"]
    assert await rows(said.database, "SELECT * FROM messages WHERE message_id = 1000") == []


async def test_conversations_of_which_nothing_is_left_cost_no_call(
    said: Services, model: ScriptedModel
) -> None:
    for number in range(3):
        await said.corrections.deleted(FIRST + 10 * number)
    await said.learner.tick()
    assert model.requests == []
    assert await runs(said) == {"empty": 1}
    assert await unlearned(said) == 0


async def test_what_the_bot_said_is_not_edited_by_anybody_but_can_be_deleted(
    learned: Services,
) -> None:
    query = "SELECT text_sealed FROM messages WHERE message_id = 1001"
    before = await rows(learned.database, query)
    await edit(learned.corrections, ANSWER)
    assert await rows(learned.database, query) == before
    await delete(learned.corrections, ANSWER)
    assert await rows(learned.database, query) == []
    assert await name(learned) == ("Mei", "active", ["my name is Mei"])
    assert await causes(learned) == []


@both
async def test_messages_that_are_not_known_are_nobodys(learned: Services, correct: Correct) -> None:
    before = await stored(learned)
    await correct(learned.corrections, 999_999)
    assert await stored(learned) == before


@both
async def test_what_happens_to_a_message_after_a_reset_changes_nothing(
    learned: Services, correct: Correct
) -> None:
    await learned.personas.reset(1, SCOPE)
    before = await stored(learned)
    await correct(learned.corrections, FIRST)
    assert await stored(learned) == before


# What rests on it.


@pytest.mark.parametrize(
    ("correct", "cause"), [(edit, "message_edited"), (delete, "message_deleted")]
)
async def test_a_value_without_its_only_quote_waits_for_approval(
    learned: Services, correct: Correct, cause: str
) -> None:
    await correct(learned.corrections, FIRST)
    assert await name(learned) == ("Mei", "pending", [])
    assert await used(learned) == []
    assert await causes(learned) == [cause]
    assert (await learned.editor.versions(1, SCOPE))[-1].actor == "person"
    assert await rows(learned.database, "SELECT quote_sealed FROM evidence") == []


@both
async def test_said_again_or_approved_it_counts_again(
    learned: Services, clock: ManualClock, model: ScriptedModel, correct: Correct
) -> None:
    await correct(learned.corrections, FIRST)
    model.script(updates(NAME))
    await converse(learned, clock, *TEXTS, begin=2000)
    await learned.learner.tick()
    assert await name(learned) == ("Mei", "active", ["my name is Mei"])
    await correct(learned.corrections, 2000)
    (item,) = (await learned.personas.load(1, SCOPE)).items
    await learned.editor.approve(1, SCOPE, item.item_id)
    assert await used(learned) == ["Mei"]


@both
async def test_a_value_with_another_quote_stays(
    said: Services, model: ScriptedModel, correct: Correct
) -> None:
    model.script(updates(TWICE))
    await said.learner.tick()
    await correct(said.corrections, FIRST)
    assert await name(said) == ("Mei", "active", ["call me Mei"])
    await correct(said.corrections, SECOND)
    assert await name(said) == ("Mei", "pending", [])


@both
async def test_what_was_written_by_hand_stays(learned: Services, correct: Correct) -> None:
    await learned.editor.set(1, SCOPE, CALLED, "Mei")
    await correct(learned.corrections, FIRST)
    assert await name(learned) == ("Mei", "active", [])
    assert await used(learned) == ["Mei"]


async def test_a_quote_that_is_still_said_stays(learned: Services) -> None:
    await learned.corrections.edited(FIRST, "Hello! My  NAME is Mei, by the way.")
    assert await name(learned) == ("Mei", "active", ["my name is Mei"])
    assert await causes(learned) == []


@pytest.mark.parametrize(
    "text",
    [
        "> my name is Mei\nsaid she",
        "```\nmy name is Mei\n```",
        "",
        "imagine my name is Mei",
        "I never said my name is Mei",
        "my name is Mei, no, not Mei",
        "my name is Mei? no",
    ],
)
async def test_a_quote_that_became_somebody_elses_words_goes(learned: Services, text: str) -> None:
    await learned.corrections.edited(FIRST, text)
    assert await name(learned) == ("Mei", "pending", [])


@both
async def test_quotes_go_also_when_the_text_is_no_longer_kept(
    learned: Services, correct: Correct, clock: ManualClock
) -> None:
    clock.advance(timedelta(days=learned.settings.sessions.keep_days + 1))
    await learned.learner.tick()
    assert await rows(learned.database, "SELECT * FROM messages") == []
    await correct(learned.corrections, FIRST)
    assert await name(learned) == ("Mei", "pending", [])


@both
async def test_the_quotes_of_what_was_forgotten_go_too(learned: Services, correct: Correct) -> None:
    (item,) = (await learned.personas.load(1, SCOPE)).items
    await learned.editor.forget(1, SCOPE, item.item_id)
    await correct(learned.corrections, FIRST)
    assert await rows(learned.database, "SELECT quote_sealed FROM evidence") == []
    assert await values(learned) == {}


# In the middle of learning.


@both
async def test_what_was_read_before_a_correction_is_not_committed_after_it(
    said: Services, model: ScriptedModel, correct: Correct
) -> None:
    model.script(updates(NAME))
    worker = await Worker.begin(said)
    await correct(said.corrections, FIRST)
    before = await stored(said)
    with pytest.raises(Overtaken):
        await worker.commit()
    assert await stored(said) == before
    assert await values(said) == {}


@both
async def test_a_run_reads_again_when_a_message_is_corrected_while_the_model_thinks(
    said: Services, model: ScriptedModel, correct: Correct
) -> None:
    late = Late(updates(TWICE))
    again = 3 if correct is edit else 2  # Numbers count what is still there.
    model.script(late, updates(proposal(CALLED, "Mei", again, "call me Mei")))
    learning = asyncio.create_task(said.learner.tick())
    try:
        await late.begun.wait()
        await correct(said.corrections, FIRST)
    finally:
        late.release.set()
        await learning
    assert "my name is Mei" in shown(model, 0).values()
    assert "my name is Mei" not in shown(model, 1).values()
    assert len(model.requests) == 2
    assert await name(said) == ("Mei", "active", ["call me Mei"])
    assert await runs(said) == {"applied": 1}
    # It was nobody's fault, so it counts as no failure.
    assert await rows(said.database, "SELECT attempts, outages FROM runs") == [(0, 0)]
    assert await unlearned(said) == 0


@both
async def test_a_correction_in_a_conversation_that_is_not_being_learned_stops_nothing(
    said: Services, clock: ManualClock, model: ScriptedModel, correct: Correct
) -> None:
    await converse(said, clock, "d", begin=2000)
    model.script(updates(NAME))
    worker = await Worker.begin(said)
    await correct(said.corrections, 2000)
    await worker.commit()
    assert await values(said) == {CALLED: ["Mei"]}
