"""An operator's Python functions as tools."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings
from persona.errors import SettingsError
from persona.services import open_services
from persona.settings import ChatSettings
from persona.tools.functions import load_tools, tool_of
from persona.tools.schema import function_schema
from tests.conftest import settings_for
from tests.support import tools
from tests.support.clock import ManualClock
from tests.support.model import Call, Deltas, Depends, Say, ScriptedModel, Status
from tests.support.stores import SqliteStores, Stores
from tests.support.talking import Talk

HERE = "tests.support.tools"
DONE = Say(("Done.",))
FAILED, TOO_LONG = (
    "The tool failed. Answer without it.",
    "The tool took too long. Answer without it.",
)
OFFERED = (
    "send",
    "look_up",
    "rate",
    "quote",
    "add",
    "later",
    "fail",
    "run_out",
    "leave",
    "leave_the_loop",
    "interrupt",
    "cancel",
    "check",
    "garble",
    "flood",
    "resist",
    "dawdle",
    "block",
)


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    """Tools of an operator's do not touch the database."""
    return SqliteStores(tmp_path)


@pytest.fixture
def settings(settings: Settings, model: ScriptedModel, tmp_path: Path) -> Settings:
    chat = ChatSettings(tools=tuple(f"{HERE}:{name}" for name in OFFERED), tool_seconds=1)
    return settings.model_copy(update={"chat": chat})


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    tools.sent.clear()
    tools.threads.clear()
    tools.resisting.clear()


async def told(services: Any, model: ScriptedModel, name: str, arguments: str) -> str:
    talk = Talk(services, model)
    model.script(Call(name, arguments), DONE)
    assert await talk.say("go on") == "Done."
    (answer,) = talk.told()
    return answer


def test_a_functions_signature_is_its_schema() -> None:
    (tool,) = load_tools([f"{HERE}:look_up"])
    schema = tool.schema()["function"]
    assert schema == function_schema("look_up", schema["description"], tool.arguments)["function"]
    assert schema["description"] == "Looks something up.\n\nBest with few words."
    assert schema["strict"] is True
    parameters = schema["parameters"]
    assert parameters["required"] == ["words", "kind", "most"]
    assert parameters["additionalProperties"] is False
    assert parameters["properties"] == {
        "words": {"type": "string"},
        "kind": {"enum": ["page", "person"], "type": "string"},
        "most": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    }
    (described,) = load_tools([f"{HERE}:send"])
    properties = described.schema()["function"]["parameters"]["properties"]
    assert properties["to"] == {"type": "string", "description": "whom to write to"}
    (bounded,) = load_tools([f"{HERE}:rate"])
    stars = bounded.schema()["function"]["parameters"]["properties"]["stars"]
    assert stars == {"type": "integer", "minimum": 1, "maximum": 5, "description": "how many"}


def test_a_function_has_side_effects_unless_it_says_not() -> None:
    assert [tool.side_effects for tool in load_tools([f"{HERE}:send", f"{HERE}:look_up"])] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (f"{HERE}:nowhere", "has no attribute 'nowhere'"),
        ("tests.support.no_such_module:x", "No module named"),
        ("tests.support.broken_tools:x", "ZeroDivisionError: broken on purpose"),
        (f"{HERE}:NOT_A_FUNCTION", "is not a function"),
        (f"{HERE}:undocumented", "needs a docstring"),
        (f"{HERE}:untyped", "needs a type for 'words'"),
        (f"{HERE}:many", "must name every parameter"),
        (f"{HERE}:positional", "must name every parameter"),
        (f"{HERE}:strange", "has parameters nobody knows"),
        (f"{HERE}:untellable", "'untellable' has a type or default that no schema .*: 'words'"),
        (f"{HERE}:callback", "'callback' has a type or default that no schema .*: 'words'"),
        (f"{HERE}:sentinel", "'sentinel' has a type or default that no schema .*: 'words'"),
        (f"{HERE}:shadowing", "'shadowing' needs another name for 'model_dump'"),
        (f"{HERE}:hidden", "'hidden' needs another name for '_words'"),
        (f"{HERE}:查", "needs a docstring, and a name"),
        ("builtins:max", "has parameters nobody knows"),
    ],
)
async def test_a_function_that_cannot_be_a_tool_is_one_sentence(
    model: ScriptedModel, clock: ManualClock, tmp_path: Path, place: str, words: str
) -> None:
    chat = ChatSettings(tools=(place,))
    settings = settings_for(model.base_url, tmp_path, chat=chat)
    with pytest.raises(SettingsError, match=words) as raised:
        async with open_services(settings, clock=clock):
            pass
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_a_lambda_is_no_tool() -> None:
    with pytest.raises(SettingsError, match="needs a docstring, and a name"):
        tool_of(lambda: "")


async def test_a_name_is_taken_once(
    model: ScriptedModel, clock: ManualClock, tmp_path: Path
) -> None:
    chat = ChatSettings(tools=(f"{HERE}:current_time",))
    settings = settings_for(model.base_url, tmp_path, chat=chat)
    with pytest.raises(SettingsError, match='two tools named "current_time"'):
        async with open_services(settings, clock=clock):
            pass


@pytest.mark.parametrize(
    ("name", "arguments", "answer", "thread"),
    [
        ("look_up", '{"words": "tea"}', "page tea None", "tool look_up"),
        ("look_up", '{"words": "a", "kind": "person", "most": 3}', "person a 3", "tool look_up"),
        ("add", '{"first": 1, "second": 2.5}', "3.5", "MainThread"),
        ("later", '{"number": 1}', "2", "MainThread"),
    ],
)
async def test_functions_are_called_plain_ones_in_a_thread(
    services: Any, model: ScriptedModel, name: str, arguments: str, answer: str, thread: str
) -> None:
    assert await told(services, model, name, arguments) == answer
    assert tools.threads == [thread]


@pytest.mark.parametrize(
    "arguments", ['{"words": 3}', "{}", '{"words": "a", "kind": "b"}', "[]", '{"x": 1}']
)
async def test_arguments_that_do_not_fit_do_not_reach_the_function(
    services: Any, model: ScriptedModel, arguments: str
) -> None:
    answer = await told(services, model, "look_up", arguments)
    assert answer.startswith("The arguments do not fit")
    assert tools.threads == []


async def test_what_an_annotation_asks_of_an_argument_is_kept(
    services: Any, model: ScriptedModel
) -> None:
    answer = await told(services, model, "rate", '{"stars": 99}')
    assert answer.startswith("The arguments do not fit: stars:")
    talk = Talk(services, model, message_id=200_000)
    model.script(Call("rate", '{"stars": 5, "tag": "tea"}'), DONE)
    assert await talk.say("tea gets 5 stars") == "Done."
    assert talk.told() == ["Rated."]
    assert tools.sent == [("TEA", "5")]


async def test_what_a_validator_makes_of_an_argument_is_warned_of_nowhere(
    services: Any, model: ScriptedModel, recwarn: pytest.WarningsRecorder
) -> None:
    answer = await told(services, model, "quote", '{"words": "velvet axolotl"}')
    assert answer == "['velvet', 'axolotl']"
    assert [each for each in recwarn if "axolotl" in str(each.message)] == []


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("fail", '{"words": "velvet-axolotl"}', "ValueError"),
        ("run_out", '{"words": "velvet-axolotl"}', "RuntimeError"),
        ("check", '{"words": "velvet-axolotl"}', "KeyError"),
        ("leave", "{}", "RuntimeError"),
        ("leave_the_loop", "{}", "SystemExit"),
        ("interrupt", "{}", "KeyboardInterrupt"),
        ("cancel", "{}", "CancelledError"),
    ],
)
async def test_a_function_that_fails_costs_no_reply_and_logs_no_words(
    services: Any,
    model: ScriptedModel,
    caplog: pytest.LogCaptureFixture,
    name: str,
    arguments: str,
    error: str,
) -> None:
    assert await told(services, model, name, arguments) == FAILED
    (record,) = [each for each in caplog.records if each.message == "tool failed"]
    assert record.levelno == logging.ERROR
    assert (vars(record)["tool"], vars(record)["error"]) == (name, error)
    assert "support/tools.py:" in vars(record)["at"]
    assert "axolotl" not in caplog.text + repr([vars(each) for each in caplog.records])


@pytest.mark.parametrize("name", ["dawdle", "block"])
async def test_a_function_that_takes_too_long_costs_no_reply_and_holds_up_nobody(
    services: Any, model: ScriptedModel, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    slow, other = Talk(services, model), Talk(services, model, person=2, message_id=200_000)

    def answer(request: dict[str, Any]) -> Call | Say:
        last = request["messages"][-1]
        return Call(name, "{}") if last["content"] == "go on" else Say((last["content"],))

    model.script(Depends(answer))
    waiting = asyncio.create_task(slow.say("go on"))
    assert await other.say("quick") == "quick"
    assert not waiting.done()
    assert await waiting == TOO_LONG
    assert any(each.message == "tool took too long" for each in caplog.records)
    left = [each for each in threading.enumerate() if each.name == "tool block"]
    assert all(thread.daemon for thread in left)


async def test_a_function_that_goes_on_when_cancelled_is_not_waited_for(
    services: Any, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    assert await told(services, model, "resist", '{"words": "velvet-axolotl"}') == TOO_LONG
    (release,) = tools.resisting
    gc.collect()
    release.set()
    model.script(DONE)
    await Talk(services, model, person=2, message_id=200_000).say("quick")
    assert "tool failed" in caplog.messages
    assert "axolotl" not in caplog.text + repr([vars(each) for each in caplog.records])


def calls(*asked: tuple[str, str]) -> Deltas:
    """Let the model ask for these calls in one answer."""
    return Deltas(
        tuple(
            {
                "tool_calls": [
                    {
                        "index": place,
                        "id": f"call_{place}",
                        "function": {"name": name, "arguments": arguments},
                    }
                ]
            }
            for place, (name, arguments) in enumerate(asked)
        ),
        "tool_calls",
    )


async def test_what_hangs_takes_the_time_of_one_call_and_the_rest_is_not_run(
    services: Any, model: ScriptedModel
) -> None:
    talk = Talk(services, model)
    sending = '{"to": "Tom", "text": "hello"}'
    model.script(
        calls(("send", sending), ("dawdle", "{}"), ("block", "{}"), ("send", sending)), DONE
    )
    assert await talk.say("send Tom hello") == "Done."
    not_run = "Not run: a tool before it took too long."
    assert talk.told() == ["Sent.", TOO_LONG, not_run, not_run]
    assert tools.sent == [("Tom", "hello")]


async def test_of_many_calls_the_first_are_run_in_order(
    services: Any, model: ScriptedModel
) -> None:
    talk = Talk(services, model)
    asked = [("add", f'{{"first": {number}, "second": 0.5}}') for number in range(10)]
    model.script(calls(*asked), DONE)
    assert await talk.say("go on") == "Done."
    too_many = "Not run: one answer may call at most 8 tools."
    assert talk.told() == [*(f"{number}.5" for number in range(8)), too_many, too_many]
    assert len(tools.threads) == 8


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("garble", "a \ufffd b"),
        ("flood", "x" * 20_000 + "\n[Cut here, after 20,000 of 30,000 characters.]"),
    ],
)
async def test_what_a_function_says_can_be_sent_whatever_it_is(
    services: Any, model: ScriptedModel, name: str, answer: str
) -> None:
    assert await told(services, model, name, "{}") == answer


async def test_an_emoji_cut_in_two_reaches_a_function_whole(
    services: Any, model: ScriptedModel
) -> None:
    talk = Talk(services, model)
    first = {
        "index": 0,
        "id": "a",
        "function": {"name": "look_up", "arguments": '{"words": "\ud83d'},
    }
    second = {"index": 0, "function": {"arguments": '\ude00"}'}}
    model.script(Deltas(({"tool_calls": [first]}, {"tool_calls": [second]}), "tool_calls"), DONE)
    assert await talk.say("go on") == "Done."
    assert talk.told() == ["page 😀 None"]


async def test_a_model_without_tools_is_not_told_of_them(
    services: Any, model: ScriptedModel
) -> None:
    model.script(Status(400), DONE)
    assert await Talk(services, model).say("go on") == "Done."
    assert "tools" not in model.requests[-1]
