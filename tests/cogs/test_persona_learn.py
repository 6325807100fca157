"""/persona learn: what was said is learned now, and the person sees what came of it."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from bot.sandbox.transcript import text_of
from bot.sandbox.world import World
from cogs.forgetting import forget
from persona.settings import LearningSettings
from tests.cogs.test_persona import LEARNED, answering, known, talk
from tests.conftest import OpenWorld
from tests.support.model import Body, Depends, Late, Say, ScriptedModel, Status, updates
from tests.support.pages import command, labels, only, press

SAID = "I am Mei, be short, I love hiking"


@pytest.fixture
async def agreed(world: World, model: ScriptedModel) -> World:
    await world.services.consent.decide(world.members["Mei"].id, "remember")
    answering(model, LEARNED)
    return world


def failing(model: ScriptedModel, act: Status | Say) -> None:
    """Let the optimizer fail, and the chat go on."""

    def answer(request: Body) -> Status | Say:
        return act if "apply_persona" in json.dumps(request) else Say(("Hello",))

    model.acts = [Depends(answer)]


async def test_one_conversation_that_ended_is_learned_now(agreed: World) -> None:
    await talk(agreed, SAID)
    await agreed.services.closing.idle()
    page = await command(agreed, "learn")
    assert text_of(page) == (
        "This is what I learned:\n"
        "＋ Name: Mei\n"
        "＋ Styles: short answers\n"
        "＋ Values and interests: hiking"
    )
    assert labels(page) == ["Show all", "Undo"]
    await press(agreed, page, "Show all")
    assert "- Name: Mei" in text_of(page)


async def test_the_conversation_it_is_asked_in_is_ended_first(agreed: World) -> None:
    mei = agreed.members["Mei"]
    message = await mei.send(agreed.channel, f"{agreed.bot_mention} {SAID}")
    page = only(await mei.slash(agreed.thread(message.id), "persona learn"))
    assert "＋ Name: Mei" in text_of(page)
    await press(agreed, page, "Undo")
    assert await known(agreed) == ()


async def test_learning_twice_finds_nothing_more(agreed: World, model: ScriptedModel) -> None:
    await talk(agreed, SAID)
    await agreed.services.closing.idle()
    await command(agreed, "learn")
    asked = len(model.requests)
    page = await command(agreed, "learn")
    assert text_of(page).startswith("There is no conversation that has ended")
    assert len(model.requests) == asked


async def test_more_conversations_than_one_run_reads_are_all_learned(
    agreed: World, model: ScriptedModel
) -> None:
    failing(model, Status(500))
    for text in ("one", "two", "three", "four"):
        await talk(agreed, text)
    await agreed.tick()
    answering(model, updates())
    page = await command(agreed, "learn")
    assert text_of(page) == "I read our conversations and found nothing new about you."
    assert labels(page) == ["Show all"]
    again = await command(agreed, "learn")
    assert text_of(again).startswith("There is no conversation")


async def test_a_model_out_of_reach_is_said_and_tried_again_later(
    agreed: World, model: ScriptedModel
) -> None:
    failing(model, Status(500))
    await talk(agreed, SAID)
    await agreed.services.closing.idle()
    page = await command(agreed, "learn")
    assert text_of(page) == ("I cannot reach my language model right now. I try again by myself.")
    answering(model, LEARNED)
    assert "＋ Name: Mei" in text_of(await command(agreed, "learn"))


async def test_an_answer_of_no_use_is_said(agreed: World, model: ScriptedModel) -> None:
    failing(model, Say(("no idea",)))
    await talk(agreed, SAID)
    await agreed.services.closing.idle()
    page = await command(agreed, "learn")
    assert text_of(page).startswith("I could not make sense of it right now.")


async def test_what_was_put_aside_is_tried_again(agreed: World, model: ScriptedModel) -> None:
    failing(model, Say(("no idea",)))
    await talk(agreed, SAID)
    await agreed.advance(timedelta(days=9))
    for _ in range(8):
        await agreed.tick()
        await agreed.advance(timedelta(hours=7))
    answering(model, LEARNED)
    await agreed.tick()
    assert await known(agreed) == ()
    assert "＋ Name: Mei" in text_of(await command(agreed, "learn"))


async def test_who_has_not_agreed_is_asked(world: World, model: ScriptedModel) -> None:
    page = await command(world, "learn")
    assert labels(page) == ["Remember me", "Just chat"]
    assert model.requests == []


async def test_learning_switched_off_by_the_operator_is_said(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world(learning=LearningSettings(enabled=False))
    await world.services.consent.decide(world.members["Mei"].id, "remember")
    await talk(world, SAID)
    page = await command(world, "learn")
    assert text_of(page) == "Learning is switched off here."


async def test_during_a_pause_nothing_is_ended_or_learned(
    agreed: World, model: ScriptedModel
) -> None:
    await talk(agreed, SAID)
    await agreed.services.closing.idle()
    mei = agreed.members["Mei"]
    await mei.slash(agreed.channel, "persona pause")
    asked = len(model.requests)
    page = await command(agreed, "learn")
    assert text_of(page).startswith("I have been learning nothing here since")
    assert len(model.requests) == asked
    await mei.slash(agreed.channel, "persona resume")
    assert "＋ Name: Mei" in text_of(await command(agreed, "learn"))


CHANGED = "Something changed in the meantime. Please try again."


@pytest.mark.parametrize("how", ["erase", "withdraw", "reset", "pause"])
async def test_what_is_done_meanwhile_goes_first_and_is_said(
    agreed: World, model: ScriptedModel, how: str
) -> None:
    await talk(agreed, SAID)
    await agreed.services.closing.idle()
    late = Late(LEARNED)
    model.acts = [late]
    mei, scope = agreed.members["Mei"], f"guild:{agreed.guild.id}"
    learning = asyncio.create_task(mei.slash(agreed.channel, "persona learn"))
    await late.begun.wait()
    if how == "erase":
        assert (await forget(agreed.env.bot, mei.id)).left == {}
        # Stopped at once: nobody waits for the model any more.
        await asyncio.wait_for(learning, 10)
    elif how == "withdraw":
        assert await agreed.services.learner.cancel(mei.id) == 1
        await agreed.services.consent.withdraw(mei.id)
    elif how == "reset":
        await agreed.services.personas.reset(mei.id, scope)
    else:
        await agreed.services.pausing.pause(mei.id, scope)
    late.release.set()
    assert text_of(only(await learning)) == CHANGED
    assert await known(agreed) == ()
    if how == "erase":
        assert await agreed.services.erasure.left(mei.id) == {}
