"""Answers are found by their messages, rated by their person, and written anew in place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.settings import Settings
from persona.answers import Answer
from persona.budget import BudgetSettings
from persona.chatbot import Reply
from persona.completion import Usage
from persona.errors import BudgetSpent
from persona.grounds import Grounds
from persona.services import Services, open_services
from persona.turns import Turn
from tests.persona.test_sessions import receive
from tests.support.clock import ManualClock
from tests.support.stores import rows

GROUNDS = Grounds("persona", ("demographics.name", "preference.styles"))
COST = Usage("model", 100, 20)


async def answered(services: Services, message_id: int) -> Turn:
    """Answer a message in two parts."""
    turn = await receive(services, message_id)
    for number in range(2):
        await services.answers.note_part(turn, number, message_id + 1 + number)
    assert await services.sessions.reply_finished(
        turn, message_id + 1, "Hi", COST, asked_consent=False, grounds=GROUNDS
    )
    return turn


async def test_an_answer_is_found_by_each_of_its_parts(services: Services) -> None:
    turn = await answered(services, 100)
    for part_id in (101, 102):
        found = await services.answers.of_part(part_id)
        assert found == Answer(1, 100, turn.scope, GROUNDS, COST, 1, None, True, 102)
    assert await services.answers.of_part(100) is None


async def test_one_that_was_begun_is_none_yet(services: Services) -> None:
    turn = await receive(services, 100)
    await services.answers.note_part(turn, 0, 101)
    assert await services.answers.of_part(101) == 1
    assert await services.answers.of_turn(100) is None


async def test_only_the_last_of_a_session_is_the_newest(services: Services) -> None:
    for message_id in (100, 110):
        await answered(services, message_id)
    newest = {}
    for message_id in (100, 110):
        found = await services.answers.of_turn(message_id)
        newest[message_id] = found is not None and found.newest
    assert newest == {100: False, 110: True}


async def test_an_answer_is_rated_by_nobody_else(services: Services) -> None:
    await answered(services, 100)
    assert await services.answers.rate(1, 100, liked=True) is True
    assert await services.answers.rate(2, 100, liked=False) is None
    found = await services.answers.of_turn(100)
    assert found is not None
    assert found.liked is True
    assert await services.answers.rate(1, 100, liked=True) is None


async def test_a_new_answer_takes_the_place_of_the_old(services: Services) -> None:
    turn = await answered(services, 100)
    await services.answers.rate(1, 100, liked=False)
    again = Usage("other", 7, 3)
    assert await services.answers.replace(turn, 101, "Hello again", again, Grounds("none"))
    found = await services.answers.of_turn(100)
    assert found is not None
    assert (found.attempts, found.liked, found.usage, found.grounds.slots) == (2, None, again, ())
    assert await services.answers.text(turn) == "Hello again"
    spent = "SELECT usage_id, prompt_tokens FROM usage ORDER BY usage_id"
    assert await rows(services.database, spent) == [("100", 100), ("100:2", 7)]
    later = await receive(services, 120)
    history = await services.sessions.history(later, 1000)
    assert [line.text for line in history][1:] == ["Hello again"]


async def test_what_was_forgotten_cannot_be_written_anew(services: Services) -> None:
    turn = await answered(services, 100)
    found = await services.answers.of_turn(100)
    assert found is not None
    await services.corrections.deleted(100)
    assert await services.answers.of_part(101) is None
    assert await services.answers.turn(found) is None
    assert not await services.answers.replace(turn, 101, "Hello", COST, GROUNDS)


async def reply(services: Services, message_id: int) -> None:
    turn = await receive(services, message_id)
    async for piece in services.chatbot.reply(turn, public=False):
        if isinstance(piece, Reply):
            await services.sessions.reply_finished(
                turn, message_id + 1, piece.text, piece.usage, asked_consent=False
            )


async def test_tokens_come_back_as_they_grow_old(settings: Settings, clock: ManualClock) -> None:
    """Of three answers of 15 tokens each, the oldest two have to be over for the next."""
    budget = BudgetSettings(daily_tokens_per_person=30)
    limited = settings.model_copy(update={"budget": budget})
    async with open_services(limited, clock=clock) as services:
        begun = clock.now()
        for message_id in (100, 110):
            await reply(services, message_id)
            clock.advance(timedelta(hours=1))
        with pytest.raises(BudgetSpent) as spent:
            await reply(services, 120)
        assert spent.value.again_at == begun + timedelta(hours=24)
        clock.advance(timedelta(hours=22, seconds=-1))
        with pytest.raises(BudgetSpent):
            await reply(services, 130)
        clock.advance(timedelta(seconds=1))
        await reply(services, 140)


async def test_a_clock_that_was_ahead_holds_nobody_up(
    settings: Settings, clock: ManualClock
) -> None:
    budget = BudgetSettings(daily_tokens_per_person=15)
    limited = settings.model_copy(update={"budget": budget})
    async with open_services(limited, clock=clock) as services:
        clock.advance(timedelta(days=400))
        await reply(services, 100)
        clock.advance(timedelta(days=-400))
        await reply(services, 110)
