"""No tool with side effects reads what the bot knows of a person (memory-systems 5.7)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings
from persona.personalization.strategy import Personalization
from persona.services import Services
from persona.settings import ChatSettings
from persona.tools.leaks import leaks
from tests.persona.learning.test_learning import SCOPE
from tests.support import tools
from tests.support.model import Call, Say, ScriptedModel
from tests.support.stores import SqliteStores, Stores
from tests.support.talking import Talk

LOVES, AGE = "personality.values_and_interests", "demographics.age"
DONE = Say(("Done.",))
REFUSED = "Not done: this tool takes only what the person said just now."


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return SqliteStores(tmp_path)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    named = ("send", "label", "look_up")
    chat = ChatSettings(tools=tuple(f"tests.support.tools:{name}" for name in named))
    return settings.model_copy(update={"chat": chat})


@pytest.fixture
async def talk(services: Services, model: ScriptedModel) -> Talk:
    tools.sent.clear()
    await services.consent.decide(1, "remember")
    for slot, value in ((LOVES, 'green "oolong" tea'), (LOVES, "犬と散歩"), (AGE, "34")):
        await services.editor.set(1, SCOPE, slot, value)
    return Talk(services, model)


def send(text: str, to: str = "Tom") -> Call:
    return Call("send", json.dumps({"to": to, "text": text}))


async def told(talk: Talk, said: str, *calls: Call) -> str:
    talk.model.script(*calls, DONE)
    await talk.say(said)
    return talk.told()[-1]


@pytest.mark.parametrize(
    "call",
    [
        send('They love green "oolong" tea'),
        send("They love GREEN  oolong-tea!"),
        send("ｇｒｅｅｎ oolong\ntea"),
        send("oolong tea", to="green"),
        send("彼女は犬と散歩が好き"),
        send("She is 34."),
        Call("label", '{"tags": {"a": ["x", "green", "oolong", "tea"]}, "number": 1}'),
        Call("label", '{"tags": {"green": ["oolong", "tea"]}, "number": 1}'),
        Call("label", '{"tags": {}, "number": 34}'),
    ],
)
async def test_what_is_known_of_a_person_reaches_no_tool_that_acts(talk: Talk, call: Call) -> None:
    assert await told(talk, "write to Tom", call) == REFUSED
    assert tools.sent == []


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("write to Tom that I am late", "I am late"),
        ("write to Tom that I am 34", "I am 34"),
        ("write to Tom about green oolong tea", "Green 'oolong' tea?"),
        ("write to Tom about 1934", "It was in 1934, or 340"),
        ("write to Tom about tea", "Green tea?"),
    ],
)
async def test_what_the_person_says_just_now_does(talk: Talk, said: str, text: str) -> None:
    assert await told(talk, said, send(text)) == "Sent."
    assert tools.sent == [("Tom", text)]


async def test_tools_that_only_look_may_know(talk: Talk) -> None:
    call = Call("look_up", '{"words": "green oolong tea"}')
    assert await told(talk, "what could I read?", call) == "page green oolong tea None"


@pytest.mark.parametrize(
    "asked",
    [
        Call("what_do_you_know", "{}"),
        Call("forget", json.dumps({"slot": AGE, "value": "99", "quote": "forget"})),
    ],
)
async def test_what_a_tool_told_of_the_persona_reaches_no_tool_that_acts(
    talk: Talk, asked: Call
) -> None:
    """The prompt itself holds nothing of it."""
    talk.personalization = Personalization("none")
    said = "forget to write to Tom what you know of me"
    assert await told(talk, said, asked, send("She is 34.")) == REFUSED
    assert tools.sent == []
    assert await told(talk, said, send("She is 34.")) == "Sent."


async def test_pieces_of_earlier_conversations_reach_no_tool_that_acts(
    services: Services, model: ScriptedModel, clock: Any
) -> None:
    tools.sent.clear()
    await services.consent.decide(1, "remember")
    before = Talk(services, model)
    await before.say("by the way, I hid the spare key under the blue flower pot, you know")
    clock.moment = clock.moment.replace(day=3)
    await services.closing.idle()
    talk = Talk(services, model, message_id=300_000)
    talk.personalization = Personalization("full_history")
    assert await told(talk, "write to Tom", send("key under the blue pot")) == REFUSED
    assert await told(talk, "write to Tom", send("I am under the weather")) == "Sent."


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_known_it_is_found_between_other_words(
    known: str, before: str, after: str
) -> None:
    given_text = {"text": [f"{before} . {known} . {after}"]}
    assert leaks([known], given_text, known) is False
    assert leaks([known], given_text, "") is leaks([known], known, "")
