from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.settings import Settings
from persona.answers import Part
from persona.completion import Usage
from persona.services import Services, open_services
from persona.settings import SessionSettings
from persona.turns import Incoming, Turn
from tests.support.clock import ManualClock
from tests.support.stores import change, rows

COST = Usage("m", 10, 5)


def said(services: Services, number: int, text: str = "Hello", **changes: int | None) -> Incoming:
    fields: dict[str, int | None] = {"person_id": 1, "thread_id": 50, "guild_id": 7, **changes}
    return Incoming(message_id=number, text=text, sent_at=services.clock.now(), **fields)  # type: ignore[arg-type]


async def receive(services: Services, number: int, text: str = "Hello", **changes: int) -> Turn:
    turn = await services.sessions.receive(said(services, number, text, **changes))
    assert turn is not None
    return turn


async def answer(services: Services, turn: Turn, text: str = "Hi") -> None:
    asked = await services.sessions.may_ask_consent(turn)
    assert await services.sessions.reply_finished(
        turn, turn.message_id + 1, text, COST, asked_consent=asked
    )


async def test_the_same_message_twice_is_one_message(services: Services) -> None:
    first = await services.sessions.receive(said(services, 100))
    assert first is not None
    assert await services.sessions.receive(said(services, 100, "changed")) is None
    assert [turn.text for turn in await services.sessions.waiting()] == ["Hello"]


async def test_many_deliveries_at_once_give_one_turn(services: Services) -> None:
    turns = await asyncio.gather(
        *(services.sessions.receive(said(services, 100)) for _ in range(20))
    )
    assert sum(turn is not None for turn in turns) == 1


async def test_a_session_is_named_by_its_first_message_and_goes_on(services: Services) -> None:
    turns = [await receive(services, number) for number in (100, 102, 104)]
    assert {turn.session_id for turn in turns} == {100}


async def test_people_in_one_thread_have_sessions_of_their_own(services: Services) -> None:
    mei = await receive(services, 100, "I am Mei", person_id=1)
    tom = await receive(services, 102, "I am Tom", person_id=2)
    assert (mei.session_id, tom.session_id) == (100, 102)
    await answer(services, mei)
    later = await receive(services, 104, person_id=2)
    assert [line.text for line in await services.sessions.history(later, 1000)] == ["I am Tom"]


async def test_scopes_are_servers_and_direct_messages(services: Services) -> None:
    in_server = await receive(services, 100)
    direct = await services.sessions.receive(said(services, 102, thread_id=51, guild_id=None))
    assert in_server.scope == "guild:7"
    assert direct is not None
    assert direct.scope == "dm"


async def test_silence_ends_a_session(services: Services, clock: ManualClock) -> None:
    await services.consent.decide(1, "remember")
    first = await receive(services, 100)
    await answer(services, first)
    clock.advance(timedelta(minutes=59))
    assert await services.closing.idle() == 0
    clock.advance(timedelta(minutes=2))
    assert await services.closing.idle() == 1
    assert (await receive(services, 102)).session_id == 102


async def test_silence_ends_a_session_also_before_anyone_looked(
    services: Services, clock: ManualClock
) -> None:
    await services.consent.decide(1, "remember")
    await answer(services, await receive(services, 100))
    clock.advance(timedelta(hours=5))
    assert (await receive(services, 102)).session_id == 102


async def test_a_thread_goes_on_where_it_was_after_silence(
    services: Services, clock: ManualClock
) -> None:
    """People see the whole thread, so the bot had better know it too."""
    await services.consent.decide(1, "remember")
    await answer(services, await receive(services, 100, "My cat is called Miso"), "Lovely")
    clock.advance(timedelta(days=1))
    turn = await receive(services, 102, "What is my cat called?")
    assert [line.text for line in await services.sessions.history(turn, 1000)] == [
        "My cat is called Miso",
        "Lovely",
    ]


@pytest.mark.parametrize("decision", [None, "chat_only"])
async def test_without_a_yes_nothing_outlives_the_session(
    services: Services, clock: ManualClock, decision: str | None
) -> None:
    if decision == "chat_only":
        await services.consent.decide(1, "chat_only")
    await answer(services, await receive(services, 100, "secret"))
    clock.advance(timedelta(hours=2))
    await services.closing.idle()
    async with services.database.read() as connection:
        counted = await services.database.queries.count_conversations(connection)
    assert (counted["sessions"], counted["messages_in"], counted["replies"]) == (0, 0, 0)


async def test_history_is_cut_at_its_budget_and_begins_with_the_person(
    services: Services,
) -> None:
    for number in range(100, 140, 2):
        turn = await receive(services, number, f"word {number} " * 20)
        await answer(services, turn, f"reply {number} " * 20)
    last = await receive(services, 200)
    lines = await services.sessions.history(last, 400)
    assert lines[0].author == "person"
    assert sum(line.tokens for line in lines) <= 400
    assert lines[-1].text.startswith("reply 138")
    assert 2 <= len(lines) < 12


async def test_consent_is_asked_once_in_a_session(services: Services) -> None:
    first = await receive(services, 100)
    assert await services.sessions.may_ask_consent(first)
    await answer(services, first)
    assert not await services.sessions.may_ask_consent(await receive(services, 102))


async def test_consent_is_asked_again_in_the_next_session_until_it_is_given(
    services: Services, clock: ManualClock
) -> None:
    await answer(services, await receive(services, 100))
    clock.advance(timedelta(hours=2))
    again = await receive(services, 102)
    assert await services.sessions.may_ask_consent(again)
    await services.consent.decide(1, "chat_only")
    clock.advance(timedelta(hours=2))
    assert not await services.sessions.may_ask_consent(await receive(services, 104))


async def test_a_message_is_answered_once_only(services: Services) -> None:
    turn = await receive(services, 100)
    await answer(services, turn)
    assert not await services.sessions.reply_finished(turn, 999, "again", COST, asked_consent=False)
    assert await services.sessions.waiting() == []


async def test_a_crash_leaves_the_turn_and_the_parts_of_the_reply_it_began(
    services: Services,
) -> None:
    turn = await receive(services, 100, "Are you there?")
    await services.answers.note_part(turn, 0, 101)
    await services.answers.note_part(turn, 1, 102)
    (left,) = await services.sessions.waiting()
    assert left.text == "Are you there?"
    assert await services.answers.parts(left) == [Part(100, 0, 101), Part(100, 1, 102)]


async def test_what_waits_together_is_answered_together(services: Services) -> None:
    turns = [await receive(services, number, f"message {number}") for number in (100, 102, 104)]
    assert [await services.sessions.take(turn) for turn in turns[:2]] == [None, None]
    taken = await services.sessions.take(turns[2])
    assert taken is not None
    assert [said.text for said in taken.said] == ["message 100", "message 102", "message 104"]
    await answer(services, taken)
    assert await services.sessions.waiting() == []
    assert await services.sessions.take(turns[2]) is None


async def test_what_waits_together_fails_together_and_no_more(services: Services) -> None:
    first, second = [await receive(services, number) for number in (100, 102)]
    later = await receive(services, 104)
    await services.sessions.gave_up(second, "failed")
    assert [turn.message_id for turn in await services.sessions.waiting()] == [104]
    taken = await services.sessions.take(later)
    assert taken is not None
    assert taken.earlier == ()
    assert await services.sessions.take(first) is None


async def test_what_waited_too_long_is_given_up(services: Services, clock: ManualClock) -> None:
    await receive(services, 100, "old")
    clock.advance(timedelta(minutes=10))
    await receive(services, 102, "young")
    clock.advance(timedelta(minutes=10))
    assert [turn.text for turn in await services.sessions.waiting()] == ["young"]
    assert [turn.text for turn in await services.sessions.waiting()] == ["young"]


async def test_a_closed_thread_closes_everyones_session_in_it(services: Services) -> None:
    for person in (1, 2):
        await services.consent.decide(person, "remember")
        await receive(services, 100 + person, person_id=person)
    other = await receive(services, 110, thread_id=51)
    assert await services.closing.thread(50, "archived") == 2
    assert (await receive(services, 120)).session_id == 120
    assert (await receive(services, 122, thread_id=51)).session_id == other.session_id


async def test_the_opener_of_a_thread_is_remembered(services: Services) -> None:
    assert await services.sessions.opener(50) is None
    await services.sessions.opened(1, 50)
    await services.sessions.opened(2, 50)
    assert await services.sessions.opener(50) == 1


async def test_a_reset_in_mid_turn_wins(services: Services) -> None:
    turn = await receive(services, 100, "secret")
    await services.personas.reset(1, "guild:7")
    assert not await services.sessions.reply_finished(turn, 101, "Hi", COST, asked_consent=False)
    async with services.database.read() as connection:
        counted = await services.database.queries.count_conversations(connection)
    assert (counted["messages_in"], counted["replies"]) == (0, 0)


async def test_learned_text_is_deleted_after_its_time(
    services: Services, clock: ManualClock
) -> None:
    await services.consent.decide(1, "remember")
    await answer(services, await receive(services, 100))
    clock.advance(timedelta(hours=2))
    await services.closing.idle()
    await change(services.database, "UPDATE sessions SET learned_by = 'run'")
    await services.closing.delete_old()
    assert await _messages(services) == 2
    clock.advance(timedelta(days=91))
    await services.closing.delete_old()
    assert await _messages(services) == 0


async def test_unlearned_text_is_kept_until_it_is_learned(
    services: Services, clock: ManualClock
) -> None:
    await services.consent.decide(1, "remember")
    await answer(services, await receive(services, 100))
    clock.advance(timedelta(hours=2))
    await services.closing.idle()
    clock.advance(timedelta(days=400))
    await services.closing.delete_old()
    assert await _messages(services) == 2


async def _messages(services: Services) -> int:
    async with services.database.read() as connection:
        counted = await services.database.queries.count_conversations(connection)
    return int(counted["messages_in"] + counted["replies"])


async def test_a_session_is_not_idle_while_an_answer_is_being_written(
    settings: Settings, clock: ManualClock
) -> None:
    hasty = settings.model_copy(update={"sessions": SessionSettings(idle_minutes=1)})
    async with open_services(hasty, clock=clock) as services:
        turn = await receive(services, 100)
        clock.advance(timedelta(minutes=59))
        assert await services.closing.idle() == 0
        assert (await receive(services, 102)).session_id == turn.session_id
        await answer(services, turn, "At last")
        assert await _messages(services) == 3


@pytest.mark.parametrize("looked", [True, False])
async def test_a_message_left_waiting_does_not_keep_its_session_open_for_ever(
    services: Services, clock: ManualClock, looked: bool
) -> None:
    await services.consent.decide(1, "remember")
    left = await receive(services, 100)
    clock.advance(timedelta(minutes=61))
    if looked:
        assert await services.closing.idle() == 1
    assert (await receive(services, 102)).session_id == 102
    assert await services.sessions.take(left) is None
    assert await rows(
        services.database, "SELECT session_id, close_reason FROM sessions ORDER BY 1"
    ) == [(100, "idle"), (102, None)]


async def test_what_may_be_answered_after_a_restart_keeps_its_session_open(
    settings: Settings, clock: ManualClock
) -> None:
    patient = SessionSettings(answer_after_restart_minutes=1440)
    settings = settings.model_copy(update={"sessions": patient})
    async with open_services(settings, clock=clock) as services:
        await receive(services, 100)
    clock.advance(timedelta(hours=20))
    async with open_services(settings, clock=clock) as services:
        assert await services.closing.idle() == 0
        (turn,) = await services.sessions.waiting()
        await answer(services, turn)


@pytest.mark.parametrize("looked", [True, False])
async def test_a_session_of_a_clock_that_was_ahead_is_ended(
    services: Services, clock: ManualClock, looked: bool
) -> None:
    await services.consent.decide(1, "remember")
    clock.advance(timedelta(minutes=60))
    await answer(services, await receive(services, 100))
    clock.advance(timedelta(minutes=-60))
    assert await services.closing.idle() == 0
    clock.advance(timedelta(days=-1))
    if looked:
        assert await services.closing.idle() == 1
    assert (await receive(services, 102)).session_id == 102


async def test_a_session_ends_exactly_when_its_time_is_over(
    services: Services, clock: ManualClock
) -> None:
    await services.consent.decide(1, "remember")
    await answer(services, await receive(services, 100))
    clock.advance(timedelta(minutes=60))
    assert (await receive(services, 102)).session_id == 100


async def test_the_last_decision_holds_even_if_the_clock_was_set_back(
    services: Services, clock: ManualClock
) -> None:
    await services.consent.decide(1, "remember")
    clock.advance(timedelta(days=-2))
    await services.consent.decide(1, "chat_only")
    assert await services.consent.decision(1) == "chat_only"


async def test_silence_ends_an_incognito_conversation_unless_an_answer_is_being_written(
    settings: Settings, clock: ManualClock
) -> None:
    hasty = settings.model_copy(update={"sessions": SessionSettings(idle_minutes=1)})
    async with open_services(hasty, clock=clock) as services:
        incognito = services.incognito
        await incognito.begin(1, 50, "guild:7")
        turn = await receive(services, 100)
        clock.advance(timedelta(minutes=59))
        assert incognito.idle() == 0
        assert await services.sessions.take(turn) == turn
        assert await services.sessions.reply_finished(turn, 101, "Hi", COST, asked_consent=False)
        clock.advance(timedelta(minutes=1))
        assert incognito.idle() == 0
        clock.advance(timedelta(milliseconds=1))
        assert incognito.idle() == 1
        await receive(services, 102)
        clock.advance(timedelta(hours=2))
        assert incognito.idle() == 1
