"""Answers between the SDK and a real endpoint: kept, counted, and asked for so many at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import HttpUrl

from persona.benchmark.answers import AnswerFile, Keeping
from persona.benchmark.asking import Answer, ask, prompt
from persona.benchmark.ledger import Ledger, charged
from persona.benchmark.log import Cost
from persona.benchmark.spending import Spending
from persona.completion import Completion
from persona.errors import ModelUnavailable
from persona.models import Models
from persona.settings import EndpointSettings, ModelsSettings
from persona.tokens import estimate
from tests.support.model import (
    Act,
    Body,
    Break,
    Bytes,
    Call,
    Depends,
    Late,
    Raw,
    Say,
    ScriptedModel,
    Status,
    called,
)
from tests.support.waiting import until


class Named(Answer):
    """What the whole answers of these tests are."""

    name: str


NAMED = Call("named", '{"name": "Ada"}')


class Kept:
    """What a run asks with: models whose answers are kept in a file."""

    def __init__(self, models: Models, spending: Spending, client: httpx2.AsyncClient) -> None:
        self.models = models
        self.spending = spending
        self.client = client

    async def stream(self, text: str = "Hello") -> str:
        """Ask for a streamed answer; return all of it."""
        async for piece in self.models.stream("chat", [{"role": "user", "content": text}]):
            if isinstance(piece, Completion):
                return piece.text
        raise AssertionError("the answer has no end")

    async def whole(self, text: str = "Hello") -> str:
        """Ask for a whole answer; return what is in it."""
        told = prompt("Give a name.", {"text": text})
        return (await ask(self.models, "judge", told, Named)).name


@contextlib.asynccontextmanager
async def kept_in(
    file: Path | None, model: ScriptedModel, *, at_once: int = 4
) -> AsyncIterator[Kept]:
    async with contextlib.AsyncExitStack() as stack:
        answers = None
        if file is not None:
            answers = await AnswerFile.open(file)
            stack.push_async_callback(answers.close)
        spending = Spending({})
        transport = Keeping(
            httpx2.AsyncHTTPTransport(), spending=spending, at_once=at_once, file=answers
        )
        endpoint = EndpointSettings(
            base_url=HttpUrl(model.base_url), max_retries=0, timeout_seconds=5, answer_seconds=5
        )
        models = Models(ModelsSettings(endpoints={"default": endpoint}), {}, transport=transport)
        stack.push_async_callback(models.close)
        client = httpx2.AsyncClient(transport=transport, base_url=model.base_url)
        yield Kept(models, spending, client)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run" / "answers.db"


@pytest.fixture
async def kept(file: Path, model: ScriptedModel) -> AsyncIterator[Kept]:
    async with kept_in(file, model) as opened:
        yield opened


@pytest.mark.parametrize(
    ("way", "act", "answer"),
    [("stream", Say(("Good ", "morning")), "Good morning"), ("whole", NAMED, "Ada")],
)
async def test_a_kept_answer_is_not_asked_again(
    kept: Kept, model: ScriptedModel, way: str, act: Act, answer: str
) -> None:
    model.script(act, Say(("another",)))
    asking: Callable[[], Awaitable[str]] = getattr(kept, way)
    assert [await asking(), await asking()] == [answer, answer]
    assert len(model.requests) == 1
    assert (kept.spending.calls, kept.spending.kept) == (1, 1)


async def test_another_question_is_asked(kept: Kept, model: ScriptedModel) -> None:
    model.script(Say(("one",)), Say(("two",)))
    assert [await kept.stream("Hello"), await kept.stream("Hello!")] == ["one", "two"]
    assert len(model.requests) == 2


async def test_the_tag_of_the_fence_makes_no_other_question(
    kept: Kept, model: ScriptedModel
) -> None:
    model.script(Say(("one",)), Say(("two",)))
    written = "<known-{0}>\n</known-{0}>\n<messages-{0}>\nI row.\n</messages-{0}>"
    assert await kept.stream(written.format("0a1b2c3d")) == "one"
    assert await kept.stream(written.format("ffffffff")) == "one"
    assert await kept.stream(written.format("ffffffff").replace("row", "swim")) == "two"


async def test_another_repetition_asks_anew(kept: Kept, model: ScriptedModel) -> None:
    model.script(Say(("one",)), Say(("two",)))
    answers = []
    for repetition in (0, 1, 0, 1):
        with charged(Ledger(repetition), "chat"):
            answers.append(await kept.stream())
    assert answers == ["one", "two", "one", "two"]
    assert len(model.requests) == 2


@pytest.mark.parametrize(
    "act",
    [
        Status(500),
        Status(429),
        Break(),
        Raw("<html>Log in first</html>"),
        Raw({"error": {"message": "overloaded"}}),
        Raw({"choices": []}),
        Bytes(b'{"choices": [{"index": 0, "delta": {}, "finish_reason": "error"}]}'),
    ],
    ids=["500", "429", "cut", "page", "error", "nothing", "failed"],
)
@pytest.mark.parametrize("way", ["stream", "whole"])
async def test_what_is_no_answer_is_not_kept(
    kept: Kept, model: ScriptedModel, way: str, act: Act
) -> None:
    good = NAMED if way == "whole" else Say(("well",))
    model.script(act, good)
    asking: Callable[[], Awaitable[str]] = getattr(kept, way)
    with contextlib.suppress(ModelUnavailable):
        await asking()
    assert await asking() in ("Ada", "well")
    assert len(model.requests) == 2


async def test_the_usage_told_is_what_was_spent(kept: Kept, model: ScriptedModel) -> None:
    ledger = Ledger()
    model.script(Say(("streamed",), usage=(70, 7)), NAMED)
    with charged(ledger, "chat"):
        await kept.stream()
    with charged(ledger, "judge"):
        await kept.whole()
    assert ledger.take() == {
        "chat": Cost(calls=1, prompt_tokens=70, completion_tokens=7),
        "judge": Cost(calls=1, prompt_tokens=10, completion_tokens=5),
    }
    assert kept.spending.tokens == 70 + 7 + 10 + 5
    assert ledger.take() == {}


async def test_a_usage_that_is_not_told_is_estimated(kept: Kept, model: ScriptedModel) -> None:
    ledger = Ledger()
    model.script(Say(("four words are enough",), usage=None))
    with charged(ledger, "chat"):
        await kept.stream()
    (cost,) = ledger.take().values()
    asked = estimate(json.dumps(model.requests[0]))
    assert 0.5 * asked < cost.prompt_tokens < 2 * asked
    assert estimate("four words are enough") <= cost.completion_tokens < 40


@pytest.mark.parametrize(
    "usage",
    [(-40_200, 5), (10, -1), (True, True), (10**19, 5), (10, 10**9 + 1), (1.5, 5)],
    ids=str,
)
@pytest.mark.parametrize("way", ["stream", "whole"])
async def test_a_usage_that_cannot_be_is_estimated(
    kept: Kept, model: ScriptedModel, way: str, usage: tuple[Any, Any]
) -> None:
    name, arguments = NAMED.name, NAMED.arguments
    told = Say(("a few words",), usage) if way == "stream" else _named(name, arguments, usage)
    model.script(told)
    asking: Callable[[], Awaitable[str]] = getattr(kept, way)
    ledger = Ledger()
    with charged(ledger, "judge"):
        assert await asking() == await asking()
    (cost,) = ledger.take().values()
    asked = 2 * estimate(json.dumps(model.requests[0]))
    assert 0.5 * asked < cost.prompt_tokens < 2 * asked
    assert 0 < cost.completion_tokens < 80
    assert len(model.requests) == 1, "it was kept"


def _named(name: str, arguments: str, usage: tuple[Any, Any]) -> Raw:
    told = called((name, arguments))
    figures = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": 0}
    return Raw({**told.body, "usage": figures})


async def test_an_embedding_costs_what_was_read(kept: Kept, model: ScriptedModel) -> None:
    data = [{"object": "embedding", "index": 0, "embedding": [0.123456] * 1000}]
    usage = {"prompt_tokens": 3, "total_tokens": 3}
    model.embeddings_act = Raw({"object": "list", "model": "e", "data": data, "usage": usage})
    for _ in range(2):
        response = await kept.client.post("/embeddings", json={"model": "e", "input": ["a text"]})
        assert len(response.json()["data"][0]["embedding"]) == 1000
    assert kept.spending.tokens == 3
    assert len(model.embedded) == 1


async def test_a_kept_answer_is_charged_to_whoever_uses_it_and_spent_once(
    kept: Kept, model: ScriptedModel
) -> None:
    one, other = Ledger(), Ledger()
    for ledger, role in ((one, "chat"), (other, "simulator")):
        with charged(ledger, role):
            await kept.stream()
    told = Cost(calls=1, prompt_tokens=10, completion_tokens=5)
    assert (one.take(), other.take()) == ({"chat": told}, {"simulator": told})
    assert (kept.spending.calls, kept.spending.tokens) == (1, 15)


async def test_lives_side_by_side_are_charged_each_for_its_own(
    kept: Kept, model: ScriptedModel
) -> None:
    def told(request: Body) -> Act:
        return Say(("yes",), usage=(len(request["messages"][0]["content"]), 1))

    model.script(Depends(told))
    ledgers = [Ledger(), Ledger()]

    async def life(number: int) -> None:
        for role in ("chat", "simulator"):
            with charged(ledgers[number], role):
                for turn in range(3):
                    await kept.stream(f"{role} {turn}".ljust(20 + 30 * number, "."))

    await asyncio.gather(life(0), life(1))
    for number, ledger in enumerate(ledgers):
        cost = Cost(calls=3, prompt_tokens=3 * (20 + 30 * number), completion_tokens=3)
        assert ledger.take() == {"chat": cost, "simulator": cost}


async def test_no_more_calls_at_once_than_allowed(file: Path, model: ScriptedModel) -> None:
    under_way: list[Late] = []

    def late(_: Body) -> Act:
        under_way.append(Late(Say(("done",))))
        return under_way[-1]

    model.script(Depends(late))
    async with kept_in(file, model, at_once=3) as kept:
        asking = [asyncio.create_task(kept.stream(f"Hello {number}")) for number in range(8)]
        released = 0
        for waiting in (3, 6, 8):
            await until(lambda: len(under_way) == waiting)  # noqa: B023
            # Those that may not ask yet have every chance to.
            await kept.client.get("/models")
            assert len(under_way) == waiting
            for late_one in under_way[released:waiting]:
                late_one.release.set()
            released = waiting
        assert await asyncio.gather(*asking) == ["done"] * 8


async def test_kept_answers_need_no_place(file: Path, model: ScriptedModel) -> None:
    async with kept_in(file, model, at_once=1) as kept:
        answer = await kept.stream()
        late = Late(Say(("late",)))
        model.script(late)
        asking = asyncio.create_task(kept.stream("Something else"))
        await late.begun.wait()
        assert await kept.stream() == answer
        late.release.set()
        assert await asking == "late"


_ASK = """
import asyncio, sys
from pathlib import Path
import httpx2
from persona.benchmark.answers import AnswerFile, Keeping
from persona.benchmark.spending import Spending

async def main(url, path):
    file = await AnswerFile.open(Path(path))
    transport = Keeping(httpx2.AsyncHTTPTransport(), spending=Spending({}), at_once=1, file=file)
    async with httpx2.AsyncClient(transport=transport) as client:
        body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
        print((await client.post(url + "/chat/completions", json=body)).status_code, flush=True)
        await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_what_is_kept_outlives_a_killed_process(file: Path, model: ScriptedModel) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _ASK, model.base_url, str(file), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"200\n"
    process.kill()
    await process.wait()
    async with kept_in(file, model) as kept:
        body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
        answer = await kept.client.post("/chat/completions", json=body)
        assert answer.json()["choices"][0]["message"]["content"] == "Hello"
        assert len(model.requests) == 1
    again = await AnswerFile.open(file)
    assert await again.spent() == [("m", 10, 5)]
    await again.close()


async def test_without_a_file_everything_is_asked(model: ScriptedModel) -> None:
    async with kept_in(None, model) as kept:
        await kept.stream()
        await kept.stream()
    assert (len(model.requests), kept.spending.kept) == (2, 0)


async def test_an_answer_cut_off_gives_its_place_back(file: Path, model: ScriptedModel) -> None:
    late = Late(Say(("never",)))
    model.script(late, Say(("next",)))
    async with kept_in(file, model, at_once=1) as kept:
        asking = asyncio.create_task(kept.stream())
        await late.begun.wait()
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
        assert await kept.stream() == "next"


async def test_what_was_spent_is_told_by_role_also_of_what_was_set_aside(
    kept: Kept, file: Path, model: ScriptedModel
) -> None:
    model.script(Say(("one",), usage=(1, 1)), Say(("two",), usage=(2, 2)))
    ledger = Ledger()
    for role in ("chat", "judge", "simulator"):
        with charged(ledger, role):
            await kept.stream("the same" if role == "simulator" else role)
    answers = await AnswerFile.open(file)
    await answers.set_aside(ledger.answers)
    assert await answers.spent("judge") == [("qwen3:8b", 2, 2)]
    assert await answers.spent("api") == []
    assert len(await answers.spent()) == 3
    await answers.close()


async def test_an_answer_set_aside_is_asked_for_anew_and_stays_paid_for(
    file: Path, model: ScriptedModel
) -> None:
    model.script(Say(("bad",)), Say(("good",)))
    ledger = Ledger()
    async with kept_in(file, model) as kept:
        with charged(ledger, "chat"):
            assert await kept.stream() == "bad"
        answers = await AnswerFile.open(file)
        await answers.set_aside(ledger.answers)
        assert [await kept.stream(), await kept.stream()] == ["good", "good"]
        assert await answers.spent() == [("qwen3:8b", 10, 5)] * 2
        await answers.close()


async def test_a_stream_that_begins_with_a_comment_is_an_answer(
    kept: Kept, model: ScriptedModel
) -> None:
    usage = {"prompt_tokens": 11, "completion_tokens": 2}
    told = {"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"}]}
    pieces = "".join(f"data: {json.dumps(piece)}\n\n" for piece in (told, {"usage": usage}))
    model.script(Raw(f": thinking\n\n{pieces}data: [DONE]\n\n"))
    for _ in range(2):
        await kept.client.post("/chat/completions", json=_body(stream=True))
    assert (len(model.requests), kept.spending.tokens) == (1, 13)


def _body(**more: object) -> dict[str, object]:
    return {"model": "m", "messages": [{"role": "user", "content": "Hello"}], **more}


async def test_the_same_question_at_the_same_time_is_asked_once(
    kept: Kept, model: ScriptedModel
) -> None:
    late = Late(Say(("one",)))
    model.script(late, Say(("two",)))
    asking = [asyncio.create_task(kept.stream()) for _ in range(3)]
    await late.begun.wait()
    late.release.set()
    assert await asyncio.gather(*asking) == ["one"] * 3
    assert len(model.requests) == 1


async def test_whoever_waited_for_an_answer_that_failed_asks(
    kept: Kept, model: ScriptedModel
) -> None:
    late = Late(Status(500))
    model.script(late, Say(("two",)))
    asking = [asyncio.create_task(kept.stream()) for _ in range(2)]
    await late.begun.wait()
    late.release.set()
    failed, answered = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(failed, ModelUnavailable)
    assert answered == "two"


async def test_when_to_ask_again_is_passed_on() -> None:
    def busy(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(429, headers={"retry-after": "7"}, json={"error": {}})

    transport = Keeping(httpx2.MockTransport(busy), spending=Spending({}), at_once=1)
    async with httpx2.AsyncClient(transport=transport) as client:
        response = await client.post("http://127.0.0.1/v1/chat/completions", json=_body())
    assert (response.status_code, response.headers["retry-after"]) == (429, "7")
