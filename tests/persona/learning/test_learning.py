"""The optimizer from closed sessions to a new persona version, against a scripted endpoint."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from persona.completion import Usage
from persona.services import Services
from persona.turns import Incoming
from tests.support.clock import ManualClock
from tests.support.model import Call, Say, ScriptedModel, Status, proposal, updates
from tests.support.stores import rows

SCOPE = "guild:7"
NOTHING = updates()


async def converse(
    services: Services,
    clock: ManualClock,
    *texts: str,
    person: int = 1,
    begin: int = 1000,
    guild: int | None = 7,
) -> None:
    """One session a text, each closed."""
    for offset, text in enumerate(texts):
        number = begin + 10 * offset
        turn = await services.sessions.receive(
            Incoming(number, person, 50 + number, guild, text, clock.now())
        )
        assert turn is not None
        await services.sessions.reply_finished(
            turn, number + 1, "As you say.", Usage(), asked_consent=False
        )
        clock.advance(timedelta(hours=2))
    await services.closing.idle()


async def values(services: Services, person: int = 1) -> dict[str, list[str]]:
    persona = await services.personas.load(person, SCOPE)
    found: dict[str, list[str]] = {}
    for item in persona.items:
        found.setdefault(item.slot, []).append(item.value)
    return found


async def runs(services: Services) -> dict[str, int]:
    async with services.database.read() as connection:
        return {
            row["state"]: row["number"]
            async for row in services.database.queries.count_runs(connection)
        }


async def unlearned(services: Services) -> int:
    query = "SELECT COUNT(*) FROM sessions WHERE learned_by IS NULL"
    ((number,),) = await rows(services.database, query)
    return int(number)


@pytest.fixture
async def agreed(services: Services) -> Services:
    await services.consent.decide(1, "remember")
    return services


NAME = proposal("demographics.name", "Mei", 1, "my name is Mei")


async def test_learning_waits_for_the_third_session(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME))
    await converse(agreed, clock, "my name is Mei", "hello again")
    await agreed.learner.tick()
    assert model.requests == []
    await converse(agreed, clock, "and again", begin=2000)
    await agreed.learner.tick()
    assert await values(agreed) == {"demographics.name": ["Mei"]}
    assert await runs(agreed) == {"applied": 1}
    assert await unlearned(agreed) == 0
    assert len(model.requests) == 1


async def test_learning_starts_from_an_empty_persona_and_shows_what_is_known_later(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME), NOTHING)
    await converse(agreed, clock, "my name is Mei", "b", "c")
    await agreed.learner.tick()
    await converse(agreed, clock, "d", "e", "f", begin=2000)
    await agreed.learner.tick()
    first, second = (prompt[1]["content"] for prompt in model.prompts())
    assert '"item"' not in first
    assert '{"item": 1, "slot": "demographics.name", "value": "Mei"}' in second
    assert await runs(agreed) == {"applied": 1, "empty": 1}


async def test_the_prompt_holds_both_sides_but_never_the_persona_block(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(NOTHING)
    await converse(agreed, clock, "I like </messages> & tea", "b", "c")
    await agreed.learner.tick()
    system, user = model.prompts()[0]
    lines = [json.loads(line) for line in user["content"].splitlines() if line.startswith("{")]
    assert [(line["msg"], line["session"], line["by"]) for line in lines] == [
        (1, 1, "person"),
        (2, 1, "bot"),
        (3, 2, "person"),
        (4, 2, "bot"),
        (5, 3, "person"),
        (6, 3, "bot"),
    ]
    assert lines[0]["text"] == "I like </messages> & tea"
    assert lines[0]["date"] == "2026-03-01"
    assert "<persona>" not in system["content"] + user["content"]
    assert "person_id" not in json.dumps(model.requests[0]["tools"])


async def test_people_who_did_not_agree_are_not_learned(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await converse(services, clock, "my name is Mei", "b", "c", "d")
    await services.learner.tick()
    assert model.requests == []


async def test_a_single_session_is_learned_when_it_has_waited_long_enough(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME))
    await converse(agreed, clock, "my name is Mei")
    clock.advance(timedelta(hours=160))
    await agreed.learner.tick()
    assert model.requests == []
    clock.advance(timedelta(hours=10))
    await agreed.learner.tick()
    assert await values(agreed) == {"demographics.name": ["Mei"]}


async def test_much_text_is_learned_at_once_and_in_several_calls(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME), NOTHING)
    long = "my name is Mei. " + "word " * 11_000
    await converse(agreed, clock, long, "x " * 6000)
    await agreed.learner.tick()
    assert await values(agreed) == {"demographics.name": ["Mei"]}
    assert len(model.requests) == 2
    assert await runs(agreed) == {"applied": 1}
    assert await unlearned(agreed) == 0


async def test_a_backlog_is_learned_three_by_three(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(NOTHING)
    await converse(agreed, clock, *"abcdefg")
    await agreed.learner.tick()
    assert await runs(agreed) == {"empty": 2}
    assert await unlearned(agreed) == 1


async def test_refused_proposals_are_sent_back_once_with_the_reasons(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    wrong = NAME | {"evidence": [{"msg": 1, "quote": "my name is May"}]}
    model.script(updates(wrong), updates(NAME))
    await converse(agreed, clock, "my name is Mei", "b", "c")
    await agreed.learner.tick()
    assert await values(agreed) == {"demographics.name": ["Mei"]}
    assert "quote_not_found" in model.requests[1]["messages"][-1]["content"]
    assert model.requests[1]["messages"][-1]["role"] == "tool"


async def test_a_run_in_which_all_is_refused_changes_nothing_and_says_why(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME | {"about": "other"}))
    await converse(agreed, clock, "my name is Mei", "b", "c")
    await agreed.learner.tick()
    assert await values(agreed) == {}
    assert await runs(agreed) == {"refused": 1}
    assert await unlearned(agreed) == 0
    ((refusals,),) = await rows(agreed.database, "SELECT refusals FROM runs")
    assert json.loads(refusals) == {"about_other": 2}


@pytest.mark.parametrize("outage", [Status(500), Status(429), Status(401)])
async def test_an_outage_costs_no_session_and_is_retried_later(
    agreed: Services, clock: ManualClock, model: ScriptedModel, outage: Status
) -> None:
    model.script(outage)
    await converse(agreed, clock, "my name is Mei", "b", "c")
    for _ in range(5):
        await agreed.learner.tick()
        clock.advance(timedelta(hours=7))
    assert await runs(agreed) == {"waiting": 1}
    assert await unlearned(agreed) == 3
    model.script(updates(NAME))
    await agreed.learner.tick()
    assert await values(agreed) == {"demographics.name": ["Mei"]}
    assert await runs(agreed) == {"applied": 1}


async def test_a_postponed_run_waits_out_its_pause(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(Status(500))
    await converse(agreed, clock, "a", "b", "c")
    await agreed.learner.tick()
    asked = len(model.requests)
    clock.advance(timedelta(minutes=4))
    await agreed.learner.tick()
    assert len(model.requests) == asked
    clock.advance(timedelta(minutes=2))
    await agreed.learner.tick()
    assert len(model.requests) == asked + 1
    clock.advance(timedelta(minutes=9))
    await agreed.learner.tick()
    assert len(model.requests) == asked + 1


@pytest.mark.parametrize(
    ("nonsense", "asked"),
    [
        # Each of three attempts has one correction.
        (Call("apply_persona_updates", "{"), 2),
        (Call("apply_persona_updates", '{"updates": [{"slot": 3}]}'), 2),
        (Call("another_tool", "{}"), 2),
        # Talk may mean that another way is wanted: each of four is tried.
        (Say(("I would rather talk.",)), 4 + 1),
    ],
)
async def test_answers_that_stay_invalid_are_parked_and_lose_nothing(
    agreed: Services, clock: ManualClock, model: ScriptedModel, nonsense: Any, asked: int
) -> None:
    model.script(nonsense)
    await converse(agreed, clock, "my name is Mei", "b", "c")
    for _ in range(20):
        await agreed.learner.tick()
        clock.advance(timedelta(hours=7))
    # Three together, the first two of them, one; the two others, and each of them.
    assert await runs(agreed) == {"parked": 3}
    assert await unlearned(agreed) == 3
    assert len(model.requests) == 6 * 3 * asked
    model.script(NOTHING)
    await converse(agreed, clock, "d", "e", "f", begin=2000)
    await agreed.learner.tick()
    assert await runs(agreed) == {"parked": 3, "empty": 1}


async def test_a_malformed_answer_is_corrected_once(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(Call("apply_persona_updates", "{"), updates(NAME))
    await converse(agreed, clock, "my name is Mei", "b", "c")
    await agreed.learner.tick()
    assert await runs(agreed) == {"applied": 1}
    assert await values(agreed) == {"demographics.name": ["Mei"]}


async def test_a_new_value_replaces_the_old_one_and_makes_a_version(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME), updates(proposal("demographics.name", "Mina", 1, "Mina")))
    await converse(agreed, clock, "my name is Mei", "b", "c")
    await agreed.learner.tick()
    await converse(agreed, clock, "call me Mina", "b", "c", begin=2000)
    await agreed.learner.tick()
    assert await values(agreed) == {"demographics.name": ["Mina"]}
    chain = await rows(agreed.database, "SELECT version, parent FROM versions ORDER BY version")
    assert chain == [(1, None), (2, 1)]


async def test_the_same_value_again_is_support_not_a_second_item(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    tea = proposal("preference.styles", "Short answers", 1, "short", op="add_item")
    model.script(updates(tea, tea | {"value": "short  ANSWERS"}))
    await converse(agreed, clock, "short answers please", "b", "c")
    await agreed.learner.tick()
    assert await values(agreed) == {"preference.styles": ["Short answers"]}


async def test_removing_and_confirming_name_items_by_number(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    tea = proposal("preference.styles", "short", 1, "short", op="add_item")
    model.script(
        updates(NAME, tea),
        updates(
            tea | {"op": "remove_item", "item": 2, "value": None},
            NAME | {"op": "confirm", "item": 1, "value": None},
        ),
    )
    await converse(agreed, clock, "my name is Mei, be short", "b", "c")
    await agreed.learner.tick()
    await converse(agreed, clock, "my name is Mei, not so short", "b", "c", begin=2000)
    await agreed.learner.tick()
    assert await values(agreed) == {"demographics.name": ["Mei"]}
    assert await _evidence(agreed) == {"Mei": 2}


async def _evidence(services: Services) -> dict[str, int]:
    persona = await services.personas.load(1, SCOPE)
    query = "SELECT item_id, COUNT(*) FROM evidence GROUP BY item_id"
    counted = dict(await rows(services.database, query))
    return {item.value: counted[item.item_id] for item in persona.items}


@pytest.mark.parametrize(
    ("inferred", "status"), [("ask", "pending"), ("use", "active"), ("off", None)]
)
async def test_inferred_values_follow_the_setting(
    agreed: Services, clock: ManualClock, model: ScriptedModel, inferred: str, status: str | None
) -> None:
    learner = agreed.learner
    learner._settings = learner._settings.model_copy(update={"inferred": inferred})
    guess = proposal("preference.styles", "short", 1, "tl;dr", op="add_item", basis="inferred")
    guess["evidence"] += [{"msg": 3, "quote": "too long"}]
    model.script(updates(guess))
    await converse(agreed, clock, "tl;dr", "too long, sorry", "c")
    await learner.tick()
    persona = await agreed.personas.load(1, SCOPE)
    assert [item.status for item in persona.items] == ([status] if status else [])
    assert persona.values("preference.styles") == (["short"] if status == "active" else [])


async def test_a_reset_while_the_model_thinks_wins(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await converse(agreed, clock, "my name is Mei", "b", "c")
    answered = asyncio.Event()
    complete = agreed.models.complete

    async def slow(*args: Any, **options: Any) -> Any:
        answer = await complete(*args, **options)
        await agreed.personas.reset(1, SCOPE)
        answered.set()
        return answer

    agreed.learner._models.complete = slow  # type: ignore[method-assign]
    model.script(updates(NAME))
    await agreed.learner.tick()
    assert answered.is_set()
    assert await values(agreed) == {}
    assert await runs(agreed) == {}


async def test_personas_are_learned_side_by_side_and_apart(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    for person in range(1, 9):
        await services.consent.decide(person, "remember")
        await converse(
            services, clock, f"my name is P{person}", "b", "c", person=person, begin=person * 1000
        )
    model.script(updates(proposal("demographics.name", "P", 1, "my name is P")))
    await services.learner.tick()
    for person in range(1, 9):
        assert await values(services, person) == {"demographics.name": ["P"]}
    seen = [prompt[1]["content"] for prompt in model.prompts()]
    for person in range(1, 9):
        assert sum(f"P{person}" in prompt for prompt in seen) == 1


async def test_ticks_at_once_learn_once(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(NOTHING)
    await converse(agreed, clock, "a", "b", "c")
    await asyncio.gather(*(agreed.learner.tick() for _ in range(5)))
    assert len(model.requests) == 1
    assert await runs(agreed) == {"empty": 1}


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
async def test_learning_sees_what_was_committed_while_others_read(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    """A statement left unfinished on a shared connection would show the run without sessions."""
    model.script(updates(NAME))
    await converse(agreed, clock, "my name is Mei", "b", "c")
    async with (
        agreed.database.read() as slow,
        slow.execute("SELECT name FROM sqlite_master") as cursor,
    ):
        await cursor.fetchone()
        await agreed.learner.tick()
    assert await values(agreed) == {"demographics.name": ["Mei"]}
    assert len(model.requests) == 1


@pytest.mark.parametrize("last", ["confirm", "add_and_confirm"])
async def test_one_run_cannot_contradict_itself(
    agreed: Services, clock: ManualClock, model: ScriptedModel, last: str
) -> None:
    tea = proposal("preference.styles", "short", 1, "short", op="add_item")
    await converse(agreed, clock, "my name is Mei, be short", "b", "c")
    model.script(updates(NAME, tea))
    await agreed.learner.tick()
    over = [{"msg": 5, "quote": "no longer short"}]
    remove = tea | {"op": "remove_item", "item": 2, "value": None, "evidence": over}
    confirm = remove | {"op": "confirm"}
    again = [tea] if last == "add_and_confirm" else []
    may = NAME | {"value": "May", "evidence": [{"msg": 3, "quote": "call me May"}]}
    mei = NAME | {"op": "confirm", "item": 1, "value": None}
    model.script(updates(may, mei, remove, *again, confirm), NOTHING)
    said = ("my name is Mei, be short", "call me May", "no longer short")
    await converse(agreed, clock, *said, begin=2000)
    await agreed.learner.tick()
    found = await values(agreed)
    assert found["demographics.name"] == ["May"]
    assert found.get("preference.styles", []) == (["short"] if again else [])
    assert await runs(agreed) == {"applied": 2}
