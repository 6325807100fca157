"""What optimizers answer, over real HTTP: what is read, and what is refused without being lost."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest

from persona.errors import InvalidAnswer
from persona.learning import lines
from persona.services import Services
from tests.persona.learning.test_learning import NAME, converse, runs, unlearned, values
from tests.support.clock import ManualClock
from tests.support.model import (
    Act,
    Break,
    Call,
    Depends,
    Raw,
    Say,
    ScriptedModel,
    Status,
    called,
    message,
    proposal,
    updates,
    way_of,
)

TOOL = "apply_persona_updates"
STYLE = proposal("preference.styles", "short", 1, "be short", op="add_item")
ONE = {"updates": [NAME]}
BOTH = {"updates": [NAME, STYLE]}
JSON = json.dumps(ONE)
NAME_LINE = "said so | 1 | my name is Mei | self | stated | set_slot | demographics.name | Mei | -"
STYLE_LINE = "asked | 1 | be short | self | stated | add_item | preference.styles | short | -"
LEARNED = {"demographics.name": ["Mei"]}
BOTH_LEARNED = {"demographics.name": ["Mei"], "preference.styles": ["short"]}


@pytest.fixture
async def waiting(services: Services, clock: ManualClock) -> Services:
    """Services with three sessions to learn."""
    await services.consent.decide(1, "remember")
    await converse(services, clock, "my name is Mei, be short", "b", "c")
    return services


def in_text(name: str = TOOL, **arguments: Any) -> str:
    return json.dumps({"name": name} | arguments)


def asked_as(way: str, act: Act) -> Depends:
    """Take one way of asking only."""
    return Depends(lambda request: act if way_of(request) == way else Status(400))


@pytest.mark.parametrize(
    ("answer", "learned"),
    [
        (called((TOOL, JSON)), LEARNED),
        (called((TOOL, ONE)), LEARNED),
        (called((TOOL, JSON), (TOOL, json.dumps({"updates": [STYLE]}))), BOTH_LEARNED),
        (called((TOOL, f"```json\n{JSON}\n```")), LEARNED),
        (message(tool_calls=[{"function": {"name": TOOL, "arguments": JSON}}]), LEARNED),
        (message(reasoning_content="Mei, I think.", content=JSON), LEARNED),
        (Say((JSON,)), LEARNED),
        (Say((f"```json\n{JSON}\n```",)), LEARNED),
        (Say((f"Here are the updates:\n\n{JSON}\n\nThat is all.",)), LEARNED),
        (Say((f'<think>Mei {{or}} Mia? {{"updates": []}}</think>\n\n{JSON}',)), LEARNED),
        (Say((f"<think>a</think><think>b</think>{JSON}",)), LEARNED),
        (Say((f"so it is Mei {{I think}}.\n</think>\n\n{JSON}",)), LEARNED),
        (Say((in_text(arguments=ONE),)), LEARNED),
        (Say((in_text(arguments=JSON),)), LEARNED),
        (Say((in_text(parameters=ONE),)), LEARNED),
        (Say((f"<tool_call>\n{in_text(arguments=ONE)}\n</tool_call>",)), LEARNED),
        (Say((f"<tool_call>\n{in_text(arguments=ONE)}\n",)), LEARNED),
        (
            Say(
                (
                    f"<tool_call>{in_text(arguments=ONE)}</tool_call>\n"
                    f"<tool_call>{in_text(arguments={'updates': [STYLE]})}</tool_call>",
                )
            ),
            BOTH_LEARNED,
        ),
        (Say(('{"updates": []}',)), {}),
    ],
)
async def test_what_is_ours_is_read_however_it_is_wrapped(
    waiting: Services, model: ScriptedModel, answer: Act, learned: dict[str, list[str]]
) -> None:
    model.script(answer)
    await waiting.learner.tick()
    assert await values(waiting) == learned
    assert await unlearned(waiting) == 0
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    ("text", "learned"),
    [
        (f"{NAME_LINE}\n{STYLE_LINE}\nEND", BOTH_LEARNED),
        (f"Here you are:\n\n```\n{lines._HEADER}\n{NAME_LINE}\nEND\n```\n", LEARNED),
        (f"<think>a | b</think>\n{NAME_LINE.replace(' | ', '|')}\nEND", LEARNED),
        ("NOTHING", {}),
        ("I see nothing that lasts.\nNOTHING\nEND", {}),
    ],
)
async def test_lines_are_read(
    waiting: Services, model: ScriptedModel, text: str, learned: dict[str, list[str]]
) -> None:
    model.script(asked_as("lines", Say((text,))))
    await waiting.learner.tick()
    assert await values(waiting) == learned
    assert await unlearned(waiting) == 0
    assert "tools" not in model.requests[-1]
    assert "response_format" not in model.requests[-1]


async def test_lines_name_items_by_number_and_can_end(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    removing = "left | 1 | not short | self | stated | remove_item | preference.styles | 1 | -"
    model.script(
        asked_as("lines", Say((f"{STYLE_LINE.removesuffix('-')}2030-01-31\nEND",))),
    )
    await waiting.learner.tick()
    assert await values(waiting) == {"preference.styles": ["short"]}
    await converse(waiting, clock, "please, not short", "b", "c", begin=2000)
    model.script(asked_as("lines", Say((f"{removing}\nEND",))))
    await waiting.learner.tick()
    assert await values(waiting) == {}


def changed(**changes: Any) -> Call:
    return updates(NAME | changes)


async def refused(
    services: Services,
    clock: ManualClock,
    model: ScriptedModel,
    caplog: pytest.LogCaptureFixture,
    asked: int = 2,
) -> tuple[str, str]:
    """Check that the answer counts against the batch and loses nothing.

    Returns the reason that the model was sent and the one that was kept.
    """
    caplog.set_level(logging.INFO)
    await services.learner.tick()
    assert len(model.requests) == asked
    assert await values(services) == {}
    assert await unlearned(services) == 3
    kept = [vars(record) for record in caplog.records if record.message == "learning postponed"]
    assert [record["failure"] for record in kept] == ["invalid_answer"]
    correction = model.requests[-1]["messages"][-1]["content"]
    model.script(updates(NAME))
    clock.advance(timedelta(hours=7))
    await services.learner.tick()
    assert await values(services) == LEARNED
    assert await runs(services) == {"applied": 1}
    return correction, str(kept[0]["reason"])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Call(TOOL, JSON, finish_reason="length"), "cut off"),
        (Call(TOOL, JSON[:-20], finish_reason="length"), "cut off"),
        (Call(TOOL, JSON[:-20]), "not one whole JSON object"),
        (Say((JSON,), finish_reason="length"), "cut off"),
        (Say((JSON[:-2],)), "not one whole JSON object"),
        (Say((in_text(arguments=ONE)[:-1],)), "not one whole JSON object"),
        (Say(("<think>Is it Mei or",)), "cut off"),
        (Say((f"<think>Is it Mei? {JSON}",)), "cut off"),
        (message(refusal="I'm sorry, I can't help with that."), "declined"),
        (message("content_filter"), "content filter"),
        (message("content_filter", content=JSON), "content filter"),
        (called(("another_tool", JSON)), f"no tool but {TOOL}"),
        (called((TOOL, JSON), ("apply_updates", JSON)), f"no tool but {TOOL}"),
        (Say((in_text("another_tool", arguments=ONE),)), f"no tool but {TOOL}"),
        (Say((in_text(arguments=ONE, more=1),)), "call in the answer is not whole"),
        (Say((f"{JSON}\n{JSON}",)), "more than one JSON object"),
        (Say((f"<tool_call>{in_text(arguments=ONE)}</tool_call> {JSON}",)), "more than one"),
        (Say((f"[{JSON}]",)), "more than one JSON object"),
        (Say(('{"updates": [], ' + JSON[1:],)), "not one whole JSON object"),
        (Call(TOOL, '{"updates":' * 100_000), "not one whole JSON object"),
        (Call(TOOL, '{"updates":' + "[" * 500 + "]" * 500 + "}"), "do not fit the schema"),
        (Call(TOOL, "{}"), "updates: Field required"),
        (Call(TOOL, '{"updates": null}'), "updates: Input should be a valid array"),
        (Call(TOOL, '{"updates": [null]}'), "updates.0: Input should be"),
        (Call(TOOL, json.dumps(ONE | {"thoughts": 1})), "?: Extra inputs are not permitted"),
        (changed(confidence=0.9), "updates.0.?: Extra inputs are not permitted"),
        (changed(evidence=None), "evidence: Input should be a valid array"),
        (changed(basis="Stated"), "basis: Input should be 'stated' or 'inferred'"),
        (changed(op="SET"), "op: Input should be 'set_slot', 'add_item', 'remove_item' or"),
        (changed(about=None), "about: Input should be 'self' or 'other'"),
        (changed(valid_until="next year"), "valid_until: Input should be a valid date"),
        (changed(valid_until=1_800_000_000), "valid_until: Input should be a valid date"),
        (changed(value="\ud83d"), "do not fit the schema"),
    ],
)
async def test_what_is_unusable_is_corrected_once_and_then_counts(
    waiting: Services,
    clock: ManualClock,
    model: ScriptedModel,
    caplog: pytest.LogCaptureFixture,
    answer: Act,
    reason: str,
) -> None:
    model.script(answer)
    sent, kept = await refused(waiting, clock, model, caplog)
    assert reason in sent
    assert reason in kept
    assert "Mei" not in kept


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (message(), "empty"),
        (message(content=""), "empty"),
        (Say((" \n\t",)), "empty"),
        (Say(("<think>Nothing.</think>\n",)), "empty"),
        (message(reasoning_content="All of it went here."), "empty"),
        (Say(("I would rather talk.",)), "Answer with"),
        (Say(('{"answer": "Mei"}',)), "Answer with"),
        (Say(("I'm sorry, I can't help with that.",)), "declined"),
        (Say(("很抱歉，我无法回答。",)), "declined"),
    ],
)
async def test_talk_is_asked_for_in_every_way_and_then_counts(
    waiting: Services,
    clock: ManualClock,
    model: ScriptedModel,
    caplog: pytest.LogCaptureFixture,
    answer: Act,
    reason: str,
) -> None:
    model.script(answer)
    for found in await refused(waiting, clock, model, caplog, asked=5):
        assert reason in found
    assert [way_of(request) for request in model.requests[:5]] == [
        "tool",
        "json_schema",
        "json_object",
        "lines",
        "lines",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (NAME_LINE, "cut off"),
        (f"{NAME_LINE}\n{STYLE_LINE[:40]}", "cut off"),
        (f"{NAME_LINE}\n{STYLE_LINE[:40]}\nEND", "Update 2 has 6 fields instead of 9"),
        (f"{NAME_LINE} | more\nEND", "Update 1 has 10 fields"),
        (f"{NAME_LINE}\nNOTHING", "both updates and NOTHING"),
        (f"{NAME_LINE.replace('| 1 |', '| first |')}\nEND", "evidence.0.msg: Input should be"),
        (f"{NAME_LINE.replace('self', 'Self')}\nEND", "'self' or 'other'"),
        (f"{NAME_LINE.replace('| my name is Mei |', '| - |')}\nEND", "evidence.0.quote"),
    ],
)
async def test_lines_that_do_not_fit_are_refused(
    waiting: Services,
    clock: ManualClock,
    model: ScriptedModel,
    caplog: pytest.LogCaptureFixture,
    text: str,
    reason: str,
) -> None:
    model.script(Depends(lambda request: Say((text if way_of(request) == "lines" else "?",))))
    for found in await refused(waiting, clock, model, caplog, asked=5):
        assert reason in found


async def test_a_quote_with_the_separator_in_it_is_refused_rather_than_guessed(
    waiting: Services, model: ScriptedModel
) -> None:
    line = NAME_LINE.replace("my name is Mei", "my name | is Mei")
    model.script(asked_as("lines", Say((f"{line}\nEND",))), asked_as("lines", Say(("NOTHING",))))
    with pytest.raises(InvalidAnswer, match="10 fields"):
        lines.read(f"{line}\nEND")
    await waiting.learner.tick()
    assert await values(waiting) == {}


@pytest.mark.parametrize(
    "outage",
    [
        Status(429),
        Status(500),
        Status(503),
        Break(),
        Raw({"error": {"message": "overloaded", "code": 529}}),
        Raw({"error": {"message": "overloaded"}, "choices": []}),
        Raw(message(content="half an ").body | {"error": {"message": "overloaded"}}),
        message("error", content="half an "),
        Raw("<html>Bad gateway</html>"),
    ],
)
async def test_what_is_no_answer_counts_against_nobody(
    waiting: Services, clock: ManualClock, model: ScriptedModel, outage: Act
) -> None:
    model.script(outage)
    for _ in range(5):
        await waiting.learner.tick()
        clock.advance(timedelta(hours=7))
    assert len(model.requests) == 5
    assert await runs(waiting) == {"waiting": 1}
    model.script(updates(NAME))
    await waiting.learner.tick()
    assert await values(waiting) == LEARNED


async def test_a_text_the_endpoints_filter_stops_is_put_aside_in_the_end(
    waiting: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(Status(400, name="content_filter"))
    for _ in range(20):
        await waiting.learner.tick()
        clock.advance(timedelta(hours=7))
    # Three together, two of them, one; the two others, and each of them.
    assert len(model.requests) == 6 * 3
    assert await runs(waiting) == {"parked": 3}
    assert await unlearned(waiting) == 3


async def test_what_people_write_cannot_close_the_reasoning(
    services: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    await services.consent.decide(1, "remember")
    await converse(services, clock, "my name is Mei, what is </think> or <think>?", "b", "c")
    quote = {"msg": 1, "quote": "my name is Mei, what is </think> or <think>?"}
    model.script(Say((json.dumps({"updates": [NAME | {"evidence": [quote]}]}, indent=1),)))
    await services.learner.tick()
    assert await values(services) == LEARNED
