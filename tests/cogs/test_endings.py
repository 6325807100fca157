"""However an answer ends, there is one kind sentence about it, or none where none is needed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.world import World
from cogs.text.splitting import split
from persona.settings import ChatSettings
from tests.cogs.test_chat import mention, said, states
from tests.conftest import OpenWorld
from tests.support.model import Deltas, Depends, Say, ScriptedModel, Status

FILTERED = "A content filter stopped my answer. Please ask in another way."
TOO_LONG = "That is more than my language model can read at once."


@pytest.mark.parametrize(
    "act",
    [
        Say(("",), finish_reason="content_filter"),
        Status(400, "The response was filtered", "content_filter"),
        Deltas(({"content": None, "refusal": "I cannot"}, {"refusal": " do that."})),
    ],
)
async def test_an_answer_that_was_filtered_says_so(
    world: World, model: ScriptedModel, act: Any
) -> None:
    model.script(act, Say(("Another answer",)))
    thread = await mention(world, "something")
    assert said(thread) == [FILTERED]
    assert len(model.requests) == 1
    assert await states(world) == ["failed"]
    await world.members["Mei"].send(thread, "hello")
    assert "tools" in model.requests[-1]


async def test_what_came_before_the_filter_stays(world: World, model: ScriptedModel) -> None:
    model.script(Say(("This much I may say.",), finish_reason="content_filter"))
    thread = await mention(world, "something")
    assert said(thread)[0] == f"This much I may say.\n\n{FILTERED}"
    assert await states(world) == ["answered"]


async def test_an_answer_cut_off_by_its_length_says_so(world: World, model: ScriptedModel) -> None:
    model.script(Say(("A long story that",), finish_reason="length"), Say(("ended.",)))
    thread = await mention(world, "tell me")
    assert said(thread)[0] == "A long story that\n\n(cut off here, ask me to go on)"
    await world.members["Mei"].send(thread, "go on")
    turns = [turn["content"] for turn in model.requests[-1]["messages"][1:]]
    assert turns == ["tell me", "A long story that", "go on"]


def too_long(body: dict[str, Any], most: int = 1000) -> Status | Say:
    """Answer as a server does that reads only so many characters."""
    read = sum(len(str(message["content"])) for message in body["messages"])
    if read > most:
        return Status(400, "This model's maximum context length is 4096 tokens.")
    return Say((f"Short enough: {read > most // 3}.",))


async def test_a_conversation_that_is_too_long_is_tried_again_with_half_of_it(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world(chat=ChatSettings(history_tokens=500, instructions="Talk."))
    thread = await mention(world, "first " * 60)
    for _ in range(4):
        await world.members["Mei"].send(thread, "more " * 60)
    model.script(Depends(too_long))
    before = len(model.requests)
    await world.members["Mei"].send(thread, "and now?")
    assert said(thread)[-1] == "Short enough: True."
    tried = [request["messages"] for request in model.requests[before:]]
    assert len(tried) == 2
    assert len(tried[1]) < len(tried[0])
    assert tried[1][-1] == tried[0][-1]


@pytest.mark.parametrize(
    ("status", "told", "code"),
    [
        (400, "Please reduce the length of the messages.", "context_length_exceeded"),
        (400, "the request exceeds the available context size", "exceed_context_size_error"),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", None),
        (413, "too many tokens", None),
    ],
)
async def test_what_is_too_long_all_the_same_is_explained(
    world: World, model: ScriptedModel, status: int, told: str, code: str | None
) -> None:
    model.script(Status(status, told, code))
    thread = await mention(world, "word " * 300)
    assert len(said(thread)) == 1
    assert said(thread)[0].startswith(TOO_LONG)
    assert len(model.requests) == 2
    model.script(Say(("I am back",)))
    await world.members["Mei"].send(thread, "short")
    assert "tools" in model.requests[-1]


async def test_reasoning_is_never_shown(world: World, model: ScriptedModel) -> None:
    hidden = "The person wants tea."
    model.script(
        Deltas(({"reasoning_content": hidden}, {"reasoning": hidden}, {"content": "Tea it is."})),
        Say((f"<thinking>{hidden}</think", "ing>\n\nTea it is.")),
        Say((f"<|channel|>analysis<|message|>{hidden}<|end|><|start|>assistant",
             "<|channel|>final<|message|>Tea it is.")),
    )  # fmt: skip
    thread = await mention(world, "what shall I drink?")
    for _ in range(2):
        await world.members["Mei"].send(thread, "and now?")
    shown = [text for text in said(thread) if text.startswith("Tea")]
    assert shown == ["Tea it is."] * 3
    assert not any(hidden in part for text in said(thread) for part in split(text))
