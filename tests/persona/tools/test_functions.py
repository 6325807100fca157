"""An operator's Python functions as tools."""

from __future__ import annotations

import asyncio
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
from tests.support.model import Call, Depends, Say, ScriptedModel, Status
from tests.support.stores import SqliteStores, Stores
from tests.support.talking import Talk

HERE = "tests.support.tools"
DONE = Say(("Done.",))


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    """Tools of an operator's do not touch the database."""
    return SqliteStores(tmp_path)


@pytest.fixture
def settings(settings: Settings, model: ScriptedModel, tmp_path: Path) -> Settings:
    named = ("send", "look_up", "add", "later", "fail", "leave", "dawdle", "block")
    chat = ChatSettings(tools=tuple(f"{HERE}:{name}" for name in named), tool_seconds=1)
    return settings.model_copy(update={"chat": chat})


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    tools.sent.clear()
    tools.threads.clear()


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
        (f"{HERE}:untellable", "has parameters no schema can tell"),
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


@pytest.mark.parametrize(("name", "error"), [("fail", "ValueError"), ("leave", "RuntimeError")])
async def test_a_function_that_fails_costs_no_reply_and_logs_no_words(
    services: Any, model: ScriptedModel, caplog: pytest.LogCaptureFixture, name: str, error: str
) -> None:
    arguments = '{"words": "velvet-axolotl"}' if name == "fail" else "{}"
    answer = await told(services, model, name, arguments)
    assert answer == "The tool failed. Answer without it."
    (record,) = [each for each in caplog.records if each.message == "tool failed"]
    assert record.levelno == logging.ERROR
    assert (vars(record)["tool"], vars(record)["error"]) == (name, error)
    assert ".py:" in vars(record)["at"]
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
    assert await waiting == "The tool took too long. Answer without it."
    assert any(each.message == "tool took too long" for each in caplog.records)
    left = [each for each in threading.enumerate() if each.name == "tool block"]
    assert all(thread.daemon for thread in left)


async def test_a_model_without_tools_is_not_told_of_them(
    services: Any, model: ScriptedModel
) -> None:
    model.script(Status(400), DONE)
    assert await Talk(services, model).say("go on") == "Done."
    assert "tools" not in model.requests[-1]
