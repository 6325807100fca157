"""Remembering one message: what may come between asking the model and keeping the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from persona.errors import EditError, ModelUnavailable
from persona.learning.remember import Wish
from persona.services import Services
from persona.turns import Incoming
from tests.support.model import Late, ScriptedModel, Status, proposal, updates
from tests.support.stores import rows

ME = (1, "guild:7")
INTERESTS = "personality.values_and_interests"
TEA = proposal(INTERESTS, "green tea", 1, "I love green tea", op="add_item")


def wish(services: Services, text: str = "I love green tea", message_id: int = 100) -> Wish:
    return Wish(*ME, message_id, text, services.clock.now())


async def values(services: Services) -> set[str]:
    return {item.value for item in (await services.personas.load(*ME)).items}


@pytest.fixture
async def agreed(services: Services) -> Services:
    await services.consent.decide(1, "remember")
    return services


async def reset(services: Services) -> None:
    await services.personas.reset(*ME)


async def erase(services: Services) -> None:
    await services.erasure.erase(1)


async def edit(services: Services) -> None:
    await services.editor.set(*ME, "demographics.name", "Mei")


async def lock(services: Services) -> None:
    await services.editor.lock(*ME, INTERESTS)


async def pause(services: Services) -> None:
    await services.pausing.pause(*ME)


async def withdraw(services: Services) -> None:
    await services.consent.decide(1, "chat_only")


@pytest.mark.parametrize(
    ("between", "code", "left"),
    [
        (reset, "changed", set()),
        (erase, "changed", set()),
        (edit, "changed", {"Mei"}),
        (lock, "locked", set()),
        (withdraw, "no_consent", set()),
        (pause, "changed", set()),
    ],
)
async def test_what_the_person_does_meanwhile_counts(
    agreed: Services,
    model: ScriptedModel,
    between: Callable[[Services], Awaitable[None]],
    code: str,
    left: set[str],
) -> None:
    late = Late(updates(TEA))
    model.script(late)
    asking = asyncio.create_task(agreed.remember.remember(wish(agreed)))
    await asyncio.wait_for(late.begun.wait(), 20)
    await between(agreed)
    late.release.set()
    with pytest.raises(EditError) as raised:
        await asking
    assert raised.value.code == code
    assert await values(agreed) == left


async def test_a_list_that_is_full_is_said(agreed: Services, model: ScriptedModel) -> None:
    for number in range(30):
        await agreed.editor.set(*ME, INTERESTS, f"interest {number}")
    model.script(updates(TEA))
    with pytest.raises(EditError) as raised:
        await agreed.remember.remember(wish(agreed))
    assert (raised.value.code, raised.value.slot) == ("too_many", INTERESTS)


async def test_a_removal_makes_no_room(agreed: Services, model: ScriptedModel) -> None:
    """It is left out, so what would have taken its place is refused."""
    for number in range(30):
        await agreed.editor.set(*ME, INTERESTS, f"interest {number}")
    text = "I don't care for interest 3 any more, I love green tea"
    gone = proposal(INTERESTS, None, 1, "I don't care for interest 3 any more", op="remove_item")
    model.script(updates(gone | {"item": 4}, TEA))
    with pytest.raises(EditError) as raised:
        await agreed.remember.remember(wish(agreed, text))
    assert raised.value.code == "too_many"
    assert len(await values(agreed)) == 30


async def test_a_version_is_made_and_what_it_cost_is_noted(
    agreed: Services, model: ScriptedModel
) -> None:
    model.script(updates(TEA))
    assert await agreed.remember.remember(wish(agreed)) == 1
    (version,) = await agreed.editor.versions(*ME)
    assert version.actor == "person"
    assert version.cause.startswith("remember:")
    paid = "SELECT purpose, prompt_tokens FROM usage"
    assert await rows(agreed.database, paid) == [("optimizer", 10)]
    assert await rows(agreed.database, "SELECT COUNT(*) FROM messages") == [(0,)]


async def test_a_message_of_a_conversation_belongs_to_it(
    agreed: Services, model: ScriptedModel
) -> None:
    said = Incoming(100, 1, 50, 7, "I love green tea", agreed.clock.now())
    await agreed.sessions.receive(said)
    model.script(updates(TEA))
    await agreed.remember.remember(wish(agreed))
    ((item_id,),) = await rows(agreed.database, "SELECT item_id FROM items")
    (why,) = await agreed.editor.why(*ME, str(item_id))
    assert (why.session_id, why.thread_id) == (100, 50)


async def test_an_outage_costs_and_changes_nothing(agreed: Services, model: ScriptedModel) -> None:
    model.script(Status(500))
    with pytest.raises(ModelUnavailable):
        await agreed.remember.remember(wish(agreed))
    assert await values(agreed) == set()
    assert await rows(agreed.database, "SELECT COUNT(*) FROM usage") == [(0,)]
