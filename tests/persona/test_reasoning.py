"""Hidden reasoning is no part of what people read, however the stream is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.errors import InvalidAnswer, ModelUnavailable
from persona.reasoning import ReasoningFilter, without_reasoning
from persona.services import Services
from persona.turns import Incoming
from tests.persona.test_models import collect, models_for
from tests.support.clock import ManualClock
from tests.support.model import Deltas, Say, ScriptedModel


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (("<think>I wonder.</think>\n\n", "Hello"), "Hello"),
        (("<thi", "nk>I wo", "nder.</th", "ink>", "\n", "\nHel", "lo"), "Hello"),
        (("\n<think>a</think>\n<think>b</think>", " Hello"), "Hello"),
        (("Well, <think>a</think>hello",), "Well, hello"),
        (("Hello <thi", "nk>and then"), "Hello "),
        (("a <", "b <t", "his> <thin"), "a <b <this> <thin"),
        (("Write `<think>` ", "or\n```\n<thi", "nk>\n```\nin it"),
         "Write `<think>` or\n```\n<think>\n```\nin it"),
        (("\n", "  Hello  "), "Hello  "),
        (("<thinking>I wonder.</thinking>\n", "Hello"), "Hello"),
        ((" <reas", "oning>I <think>wonder", "</reasoning> Hello"), "Hello"),
        (("<|channel|>analysis<|message|>I wonder.<|end|><|start|>assistant<|chan",
          "nel|>final<|message|>Hello"), "Hello"),
        (("<|channel|>final<|mess", "age|>Hello"), "Hello"),
        (("The tag <thinking> hides", " nothing here."), "The tag <thinking> hides nothing here."),
        (("<think", "er> is no tag"), "<thinker> is no tag"),
        (("<reason",), "<reason"),
    ],
)  # fmt: skip
async def test_reasoning_is_dropped_from_a_stream(
    model: ScriptedModel, pieces: tuple[str, ...], shown: str
) -> None:
    model.script(Say(pieces))
    streamed, whole = await collect(models_for(model))
    assert "".join(streamed) == whole.text == shown
    assert all(streamed)


async def test_reasoning_in_a_field_of_its_own_is_dropped(model: ScriptedModel) -> None:
    model.script(
        Deltas(
            (
                {"role": "assistant", "content": None, "reasoning_content": "I wonder."},
                {"reasoning": "And wonder."},
                {"content": "Hello", "reasoning_content": None},
            )
        )
    )
    streamed, whole = await collect(models_for(model))
    assert streamed == ["Hello"]
    assert whole.text == "Hello"


@pytest.mark.parametrize(
    "nothing",
    [
        Say(("<think>I wonder", " and wonder")),
        Say(("<think>I wonder.</think>", "\n\n")),
        Deltas(({"content": "", "reasoning_content": "I wonder."},), "length"),
    ],
)
async def test_nothing_but_reasoning_is_an_empty_answer(
    services: Services, clock: ManualClock, model: ScriptedModel, nothing: Say | Deltas
) -> None:
    model.script(nothing)
    turn = await services.sessions.receive(Incoming(1, 1, 2, 7, "Hello?", clock.now()))
    assert turn is not None
    shown = []
    with pytest.raises(InvalidAnswer, match="empty answer"):
        async for piece in services.chatbot.reply(turn, public=False):
            shown.append(piece)
    assert shown == []


async def test_a_failure_told_within_a_stream_is_an_outage(model: ScriptedModel) -> None:
    model.script(Deltas(({"content": "half an "},), "error"))
    with pytest.raises(ModelUnavailable, match="failed while it answered"):
        await collect(models_for(model))


_PARTS = st.lists(
    st.sampled_from(
        ["<think>", "</think>", "<thinking>", "</thinking>", "a", " ", "<", "<th", "`", "\n"]
    )
)


@given(_PARTS, st.lists(st.integers(0, 60), max_size=8))
def test_where_the_stream_is_cut_makes_no_difference(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts)
    once, often = ReasoningFilter(), ReasoningFilter()
    places = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places)]
    assert once.take(text) + once.rest() == "".join(map(often.take, pieces)) + often.rest()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (" <think>a</think> <think>b</think>\nyes ", "yes"),
        ("a\n</think>\nyes", "yes"),
        ("a</think>", ""),
        ("<think>a", None),
        ("<reasoning>a</reasoning> yes", "yes"),
        ("<thinking>a", None),
        (
            "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b",
            "b",
        ),
        ('{"quote": "what is </think> for?"}', '{"quote": "what is </think> for?"}'),
        ("yes <think>", "yes <think>"),
        ("", ""),
    ],
)
def test_a_whole_answer_begins_behind_the_reasoning(text: str, answer: str | None) -> None:
    assert without_reasoning(text) == answer
