"""Which past turns are found for a message."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic import HttpUrl

from persona.personalization.strategy import Personalization
from persona.settings import (
    EmbeddingsSettings,
    EndpointSettings,
    ModelsSettings,
    PersonalizationSettings,
)
from tests.persona.personalization.conftest import Begin, Conversations, block
from tests.support.model import ScriptedModel, Status

RETRIEVAL = Personalization("retrieval")


async def found(talk: Conversations, asked: str, thread: int = 99) -> list[str]:
    """Return what was said in the turns found for `asked`, in a thread of its own."""
    prompt = await talk.say(asked, None, thread=thread, by=RETRIEVAL)
    lines = block(prompt).splitlines()
    return [line.split('"')[1] for line in lines if " person: " in line]


@pytest.mark.parametrize(
    ("about_dogs", "about_work", "asked"),
    [
        ("My dog Rex barks", "I work in a bank", "What should the DOG eat?"),
        ("Мою собаку зовут Рекс", "Я работаю в банке", "чем кормить собаку?"),
        ("我的狗叫雷克斯", "我在銀行上班", "那隻狗叫什麼？"),
        ("犬の名前はレックスです", "銀行で働いている", "犬の名前は？"),
        ("우리 강아지 이름은 렉스야", "은행에서 일해", "강아지가 뭘 먹지?"),
        ("หมาของฉันชื่อเร็กซ์", "ทำงานธนาคาร", "หมากินอะไรดี"),
        ("मेरे कुत्ते का नाम रेक्स है", "मैं बैंक में काम करती हूँ", "कुत्ते को क्या खिलाऊँ?"),
        ("كلبي اسمه ريكس", "أعمل في بنك", "ماذا يأكل كلبي؟"),
    ],
)
async def test_words_in_any_language(
    talk: Conversations, about_dogs: str, about_work: str, asked: str
) -> None:
    for text in (about_dogs, about_work):
        await talk.say(text, thread=40)
    assert (await found(talk, asked))[-1:] == [about_dogs]
    assert about_work not in await found(talk, asked)


async def test_nothing_in_common_finds_nothing(talk: Conversations) -> None:
    await talk.say("my dog Rex", thread=40)
    await talk.say("🎉!!", thread=40)
    assert await found(talk, "what is for dinner?") == []
    assert await found(talk, "🎉") == []


async def test_what_the_bot_said_is_not_compared(talk: Conversations) -> None:
    await talk.say("hello", "Dogs are great!", thread=40)
    assert await found(talk, "dogs?") == []


async def test_of_equally_similar_turns_the_newest_are_kept(begin: Begin) -> None:
    talk = await begin(personalization=PersonalizationSettings(retrieval_turns=2))
    await talk.agree()
    for number in range(5):
        await talk.say(f"my dog number{number}", thread=40)
    assert await found(talk, "dog?") == ["my dog number3", "my dog number4"]


async def test_the_most_similar_is_kept_when_there_is_room_for_one(begin: Begin) -> None:
    talk = await begin(personalization=PersonalizationSettings(retrieval_turns=1))
    await talk.agree()
    for text in ("the brown dog Rex", "the brown cat", "the brown house"):
        await talk.say(text, thread=40)
    assert await found(talk, "the brown dog") == ["the brown dog Rex"]


BeginWithEmbeddings = Callable[[], Awaitable[Conversations]]


@pytest.fixture
def begin_with_embeddings(begin: Begin, model: ScriptedModel) -> BeginWithEmbeddings:
    async def opened() -> Conversations:
        model.topics = (("dog", "puppy", "bark"), ("bank", "work", "job"))
        near = EndpointSettings(base_url=HttpUrl(model.base_url), max_retries=0, timeout_seconds=5)
        talk = await begin(
            models=ModelsSettings(
                endpoints={"default": near, "near": near},
                embeddings=EmbeddingsSettings(endpoint="near", model="small"),
            ),
            personalization=PersonalizationSettings(retrieval_turns=2),
        )
        await talk.agree()
        return talk

    return opened


async def test_embeddings_find_what_shares_no_word(
    begin_with_embeddings: BeginWithEmbeddings, model: ScriptedModel
) -> None:
    talk = await begin_with_embeddings()
    for text in ("I have a puppy", "my job is dull", "it barks at night", "hello", "the bank"):
        await talk.say(text, thread=40)
    assert await found(talk, "dog food?") == ["I have a puppy", "it barks at night"]
    assert await found(talk, "I hate work", thread=98) == ["my job is dull", "the bank"]


async def test_every_message_is_embedded_once(
    begin_with_embeddings: BeginWithEmbeddings, model: ScriptedModel
) -> None:
    talk = await begin_with_embeddings()
    for text in ("a puppy", "a job"):
        await talk.say(text, thread=40)
    for text in ("the dog?", "", "it barks", "a job"):
        await talk.say(text, by=RETRIEVAL)
    sent = [text for batch in model.embedded for text in batch]
    assert sorted(sent) == ["a job", "a job", "a puppy", "it barks", "the dog?"]


async def test_when_the_model_behind_the_endpoint_changes_everything_is_embedded_anew(
    begin_with_embeddings: BeginWithEmbeddings, model: ScriptedModel
) -> None:
    talk = await begin_with_embeddings()
    for text in ("a job", "more work", "a puppy", "a bank"):
        await talk.say(text, thread=40)
    assert await found(talk, "the dog?", thread=97) == ["a puppy", "a bank"]
    model.topics = (("none",), *model.topics)
    assert await found(talk, "what does it bark at?", thread=98) == ["a puppy", "a bank"]
    assert len(model.embedded[-1]) == 5
    sent = len(model.embedded)
    await found(talk, "and a puppy?", thread=99)
    assert [len(batch) for batch in model.embedded[sent:]] == [1]


async def test_vectors_of_what_was_erased_are_dropped(
    begin_with_embeddings: BeginWithEmbeddings, model: ScriptedModel
) -> None:
    talk = await begin_with_embeddings()
    await talk.say("a puppy", thread=40)
    await talk.say("the dog?", by=RETRIEVAL)
    await talk.services.personas.reset(1, "guild:7")
    await talk.say("my job", thread=41)
    assert await found(talk, "a puppy") == ["my job"]


async def test_without_the_endpoint_the_reply_comes_all_the_same(
    begin_with_embeddings: BeginWithEmbeddings,
    model: ScriptedModel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    talk = await begin_with_embeddings()
    await talk.say("a secret puppy", thread=40)
    model.embeddings_act = Status(500)
    assert await found(talk, "the dog?") == []
    assert [record.message for record in caplog.records] == ["replying without retrieval"]
    assert "secret" not in str(vars(caplog.records[0]))


async def test_nothing_said_reaches_the_endpoint_without_need(
    begin_with_embeddings: BeginWithEmbeddings, model: ScriptedModel
) -> None:
    talk = await begin_with_embeddings()
    await talk.say("a puppy", thread=40)
    await talk.say("the dog?", by=RETRIEVAL, public=True)
    await talk.say("the dog?")
    await talk.services.consent.decide(1, "chat_only")
    await talk.say("the dog?", by=RETRIEVAL)
    assert model.embedded == []


async def test_no_word_and_no_vector_is_written(
    begin_with_embeddings: BeginWithEmbeddings, tmp_path: Path
) -> None:
    talk = await begin_with_embeddings()
    await talk.say("cinnamon puppy", thread=40)
    before = {path.name for path in tmp_path.rglob("*")}
    assert await found(talk, "cinnamon dog") == ["cinnamon puppy"]
    assert {path.name for path in tmp_path.rglob("*")} == before
    assert all(b"cinnamon" not in path.read_bytes() for path in tmp_path.iterdir())


WITHOUT_LIBRARY = """
import asyncio, sys
sys.modules["bm25s"] = None
from pathlib import Path
from bot.sandbox.world import store_beside
from persona.clock import SystemClock
from persona.services import open_services
from persona.settings import EngineSettings, PersonalizationSettings

async def main(strategy):
    settings = EngineSettings(
        store=store_beside(Path(sys.argv[1]) / "rapport.db"),
        personalization=PersonalizationSettings(strategy=strategy),
    )
    async with open_services(settings, clock=SystemClock()):
        print("opened", strategy)

asyncio.run(main("full_history"))
asyncio.run(main("retrieval"))
"""


def test_without_the_extra_the_start_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LIBRARY, str(tmp_path)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "opened full_history\n"
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("persona.errors.SettingsError: ")
    assert "install requirements/full.txt" in last


def test_the_library_is_loaded_late() -> None:
    script = "import sys, persona.services; assert not {'bm25s', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3], check=True)


def test_golden_is_not_for_the_live_bot() -> None:
    with pytest.raises(ValueError, match='"golden" is for benchmarks'):
        PersonalizationSettings(strategy="golden")


def test_the_endpoint_of_embeddings_exists() -> None:
    with pytest.raises(ValueError, match=r"models\.embeddings names the endpoint 'far'"):
        ModelsSettings(embeddings=EmbeddingsSettings(endpoint="far", model="small"))
    # Without a model none is asked.
    ModelsSettings(embeddings=EmbeddingsSettings(endpoint="far"))
