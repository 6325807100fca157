"""A stop ends a model's answer wherever it is, and the connection with it."""

from __future__ import annotations

import asyncio

from persona.completion import Completion
from persona.stopping import Stop
from tests.persona.test_models import models_for
from tests.support.model import Hold, Late, Say, ScriptedModel
from tests.support.waiting import until

ASKED = [{"role": "user", "content": "Hello?"}]


async def _collect(model: ScriptedModel, stop: Stop, pieces: list[str]) -> Completion:
    async for piece in models_for(model).stream("chat", ASKED, stop=stop):
        if isinstance(piece, Completion):
            return piece
        pieces.append(piece)
    raise AssertionError


async def test_before_the_answer_has_begun(model: ScriptedModel) -> None:
    late = Late(Say(("Hello",)))
    model.script(late)
    stop = Stop()
    pieces: list[str] = []
    answering = asyncio.create_task(_collect(model, stop, pieces))
    await asyncio.wait_for(late.begun.wait(), 10)
    stop.ask()
    whole = await asyncio.wait_for(answering, 10)
    assert (pieces, whole.text) == ([], "")
    await asyncio.wait_for(late.dropped.wait(), 10)


async def test_in_the_middle_of_it(model: ScriptedModel) -> None:
    held = Hold("Hello ", "there")
    model.script(held)
    stop = Stop()
    pieces: list[str] = []
    answering = asyncio.create_task(_collect(model, stop, pieces))
    await until(lambda: bool(pieces))
    stop.ask()
    stop.ask()
    whole = await asyncio.wait_for(answering, 10)
    assert (pieces, whole.text) == (["Hello "], "Hello ")
    assert whole.usage.completion_tokens > 0
    await asyncio.wait_for(held.dropped.wait(), 10)


async def test_before_anything(model: ScriptedModel) -> None:
    stop = Stop()
    stop.ask()
    pieces: list[str] = []
    assert (await _collect(model, stop, pieces)).text == ""
    assert pieces == []
