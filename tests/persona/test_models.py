from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from types import AsyncGeneratorType

import pytest
from pydantic import HttpUrl, SecretStr

from persona.completion import Completion, Message, Usage
from persona.errors import InvalidAnswer, ModelRefused, ModelUnavailable
from persona.models import Models
from persona.settings import ChatRoleSettings, EndpointSettings, ModelsSettings, RoleSettings
from persona.structured import Way, options
from persona.tokens import estimate
from tests.support.model import (
    Act,
    Break,
    Bytes,
    Call,
    Deltas,
    Endless,
    Raw,
    Say,
    ScriptedModel,
    Status,
    Trickle,
)

HELLO = [{"role": "user", "content": "hello"}]


class Asked:
    """A question that takes any answer as it is."""

    corrects = None

    def request(self, way: Way) -> Message:
        tool = {"type": "function", "function": {"name": "report", "parameters": {}}}
        return {"messages": HELLO, **options(way, tool)}

    def read(self, way: Way, answer: Completion) -> Completion:
        return answer


def models_for(
    *servers: ScriptedModel, retries: int = 0, key: str | None = None, seconds: float = 5
) -> Models:
    """One endpoint a server; each role falls back from each to the next."""
    endpoints = {
        name: EndpointSettings(
            base_url=HttpUrl(server.base_url),
            max_retries=retries,
            timeout_seconds=min(seconds, 5),
            answer_seconds=seconds,
        )
        for name, server in zip(("default", "second", "third"), servers, strict=False)
    }
    fallbacks = tuple(f"{name}/model/of/{name}" for name in endpoints if name != "default")
    settings = ModelsSettings(
        endpoints=endpoints,
        chat=ChatRoleSettings(model="first", fallbacks=fallbacks, temperature=0.5),
        optimizer=RoleSettings(model="optimizer", fallbacks=fallbacks, max_output_tokens=99),
    )
    keys = {"default": SecretStr(key)} if key else {}
    return Models(settings, keys)


@pytest.fixture
async def second() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel([Say(("from the ", "second"))]) as server:
        yield server


async def collect(models: Models) -> tuple[list[str], Completion]:
    pieces: list[str] = []
    whole: list[Completion] = []
    try:
        async for piece in models.stream("chat", HELLO):
            if isinstance(piece, str):
                pieces.append(piece)
            else:
                whole.append(piece)
    finally:
        await models.close()
    assert len(whole) == 1
    return pieces, whole[0]


async def test_text_streams_and_usage_is_the_endpoints_own(model: ScriptedModel) -> None:
    model.script(Say(("one ", "two ", "three"), usage=(123, 45)))
    pieces, whole = await collect(models_for(model))
    assert pieces == ["one ", "two ", "three"]
    assert whole.text == "one two three"
    assert whole.usage == Usage("first", 123, 45)
    assert model.requests[0]["temperature"] == 0.5
    assert "max_completion_tokens" not in model.requests[0]


async def test_missing_usage_is_estimated(model: ScriptedModel) -> None:
    model.script(Say(("one two three",), usage=None))
    _, whole = await collect(models_for(model))
    assert whole.usage == Usage("first", estimate("hello"), estimate("one two three"))


@pytest.mark.parametrize("failure", [Status(500), Status(429), Status(404), Status(401)])
async def test_the_next_model_answers_when_the_first_cannot(
    model: ScriptedModel, second: ScriptedModel, failure: Status
) -> None:
    model.script(failure)
    pieces, whole = await collect(models_for(model, second))
    assert "".join(pieces) == "from the second"
    assert whole.usage.model == "model/of/second"
    assert second.requests[0]["model"] == "model/of/second"


async def test_a_broken_answer_is_not_begun_again_elsewhere(
    model: ScriptedModel, second: ScriptedModel
) -> None:
    model.script(Break(("half",)))
    with pytest.raises(ModelUnavailable, match="broke off"):
        await collect(models_for(model, second))
    assert second.requests == []


@pytest.mark.parametrize(
    ("status", "error", "part"),
    [
        (401, ModelRefused, "MODEL_API_KEY"),
        (403, ModelRefused, "MODEL_API_KEY"),
        (404, ModelRefused, "no model 'first'"),
        (400, ModelRefused, "HTTP 400"),
        (429, ModelUnavailable, "rate limited"),
        (500, ModelUnavailable, "HTTP 500"),
        (503, ModelUnavailable, "HTTP 503"),
    ],
)
async def test_failures_say_what_to_do(
    model: ScriptedModel, status: int, error: type[Exception], part: str
) -> None:
    model.script(Status(status))
    with pytest.raises(error, match=part):
        await collect(models_for(model))


async def test_an_endpoint_that_is_not_there_is_named() -> None:
    endpoint = EndpointSettings(base_url=HttpUrl("http://127.0.0.1:9/v1"), max_retries=0)
    models = Models(ModelsSettings(endpoints={"default": endpoint}), {})
    with pytest.raises(ModelUnavailable, match=r"127\.0\.0\.1:9"):
        await models.check("chat")
    await models.close()


async def test_the_sdk_is_the_one_retry_layer(model: ScriptedModel) -> None:
    model.script(Status(500), Status(500), Say(("at last",)))
    pieces, _ = await collect(models_for(model, retries=2))
    assert pieces == ["at last"]
    assert len(model.requests) == 3


async def test_a_forced_call_names_its_tool(model: ScriptedModel) -> None:
    model.script(Call("report", '{"a": 1}'))
    models = models_for(model)
    answer = await models.complete("optimizer", Asked())
    await models.close()
    assert [(call.name, call.arguments) for call in answer.tool_calls] == [("report", '{"a": 1}')]
    request = model.requests[0]
    assert request["tool_choice"] == {"type": "function", "function": {"name": "report"}}
    assert request["max_completion_tokens"] == 99
    assert answer.as_message()["tool_calls"][0]["function"]["name"] == "report"


async def test_streamed_tool_calls_are_put_together(model: ScriptedModel) -> None:
    model.script(Call("current_time", '{"timezone": "UTC"}'))
    pieces, whole = await collect(models_for(model))
    assert pieces == []
    assert whole.tool_calls[0].name == "current_time"
    assert whole.tool_calls[0].arguments == '{"timezone": "UTC"}'


async def test_keys_do_not_show(model: ScriptedModel) -> None:
    models = models_for(model, key="sk-secret")
    assert "sk-secret" not in repr(vars(models))
    await models.check("chat")
    await models.close()


async def test_an_endpoint_without_a_list_of_models_counts_as_reachable(
    model: ScriptedModel,
) -> None:
    model.script(Status(404))
    models = models_for(model)
    await models.check("chat")
    model.script(Status(401))
    with pytest.raises(ModelRefused):
        await models.check("chat")
    await models.close()


async def test_an_emoji_cut_in_two_by_the_stream_is_whole(model: ScriptedModel) -> None:
    model.script(Say(("a \ud83d", "\ude00 b", " \ude00", "\ud83d")))
    pieces, whole = await collect(models_for(model))
    assert whole.text == "a \U0001f600 b \ufffd"
    assert "".join(pieces) == whole.text
    assert pieces[0] == "a "


async def test_an_answer_that_trickles_for_ever_is_an_outage_and_the_next_model_is_asked(
    model: ScriptedModel, second: ScriptedModel
) -> None:
    model.script(Trickle())
    async with asyncio.timeout(30):
        with pytest.raises(ModelUnavailable, match="took too long to answer"):
            await collect(models_for(model, seconds=1))
        pieces, _ = await collect(models_for(model, second, seconds=1))
        assert pieces == ["from the ", "second"]
        models = models_for(model, seconds=1)
        with pytest.raises(ModelUnavailable, match="took too long to answer"):
            await models.complete("optimizer", Asked())
        await models.close()


async def test_retries_do_not_prolong_an_answer(model: ScriptedModel) -> None:
    model.script(Status(500))
    async with asyncio.timeout(30):
        with pytest.raises(ModelUnavailable, match="took too long to answer"):
            await collect(models_for(model, retries=5, seconds=1))


async def test_who_reads_slowly_is_not_cancelled(model: ScriptedModel) -> None:
    model.script(Say(("one ", "two")))
    models = models_for(model, seconds=1)
    pieces: list[str] = []
    async for piece in models.stream("chat", HELLO):
        await asyncio.sleep(1.1 if piece == "one " else 0)
        if isinstance(piece, str):
            pieces.append(piece)
    await models.close()
    assert pieces == ["one ", "two"]


@pytest.mark.parametrize(
    "delta",
    [
        {"content": "la la la " * 100},
        {"tool_calls": [{"index": 0, "function": {"name": "x", "arguments": "[" * 1000}}]},
    ],
)
async def test_a_stream_without_an_end_is_cut_off_by_its_length(
    model: ScriptedModel, delta: dict[str, object]
) -> None:
    model.script(Endless(delta))
    async with asyncio.timeout(30):
        pieces, whole = await collect(models_for(model, seconds=60))
    assert whole.finish_reason == "length"
    written = "".join(call.arguments for call in whole.tool_calls)
    assert 64_000 <= len(whole.text) + len(written) <= 65_000
    assert whole.text == "".join(pieces)


async def test_what_is_read_goes_by_the_limit_on_tokens(model: ScriptedModel) -> None:
    endpoint = EndpointSettings(base_url=HttpUrl(model.base_url), max_retries=0)
    role = ChatRoleSettings(max_output_tokens=16)
    for act, length, reason in (
        (Endless({"content": "la " * 10}), 16 * 8 + 1000, "length"),
        (Say(("=" * 1000,)), 1000, "stop"),
    ):
        model.script(act)
        models = Models(ModelsSettings(endpoints={"default": endpoint}, chat=role), {})
        _, whole = await collect(models)
        assert (len(whole.text), whole.finish_reason) == (length, reason)
    model.script(Endless({"tool_calls": [{"function": {}}] * 50}))
    _, whole = await collect(Models(ModelsSettings(endpoints={"default": endpoint}, chat=role), {}))
    assert (len(whole.tool_calls), whole.finish_reason) == (1150, "length")


DEEP = Bytes(b'{"choices": %s%s}' % (b"[" * 50_000, b"]" * 50_000))


def streamed(*calls: object) -> Deltas:
    return Deltas(tuple({"tool_calls": [call]} for call in calls))


def call(index: object, name: object = "x", arguments: object = "{}") -> dict[str, object]:
    return {"index": index, "id": "1", "function": {"name": name, "arguments": arguments}}


@pytest.mark.parametrize(
    "odd",
    [
        DEEP,
        Bytes(b'{"error": %s%s}' % (b"[" * 50_000, b"]" * 50_000)),
        streamed(call("a"), call(0)),
        streamed(call({})),
        streamed(call(0, name={"a": 1})),
        streamed(call(0, name=["a"])),
        streamed(call(0, name=5)),
        streamed(call(0, arguments=["a"])),
    ],
)
async def test_a_stream_of_another_shape_is_an_outage_and_the_next_model_is_asked(
    model: ScriptedModel, second: ScriptedModel, odd: Act
) -> None:
    model.script(odd)
    with pytest.raises(ModelUnavailable, match="broke off its answer"):
        await collect(models_for(model))
    pieces, _ = await collect(models_for(model, second))
    assert pieces == ["from the ", "second"]


async def test_an_answer_that_cannot_be_unpacked_is_an_outage_and_the_next_model_is_asked(
    model: ScriptedModel, second: ScriptedModel
) -> None:
    model.script(DEEP)
    models = models_for(model, second)
    answer = await models.complete("optimizer", Asked())
    assert answer.text == "from the second"
    await models.close()


def choice(**message: object) -> Raw:
    return Raw({"id": "x", "object": "chat.completion", "choices": [{"message": message}]})


@pytest.mark.parametrize(
    "odd",
    [
        choice(content=["no", "text"]),
        choice(tool_calls=[{"id": "1", "type": "function", "function": None}]),
        choice(tool_calls=[call(0, name={"a": 1})]),
        choice(tool_calls=[call(0, arguments=["a"])]),
        Raw({"choices": [{"message": None}]}),
        Raw({"choices": "none"}),
    ],
)
async def test_an_answer_of_another_shape_is_the_models_fault(
    model: ScriptedModel, odd: Raw
) -> None:
    model.script(odd)
    models = models_for(model)
    with pytest.raises(InvalidAnswer):
        await models.complete("optimizer", Asked())
    await models.close()


async def test_a_web_page_instead_of_an_answer_is_an_outage(model: ScriptedModel) -> None:
    model.script(Raw("<html>Please log in</html>"))
    models = models_for(model)
    with pytest.raises(ModelUnavailable):
        await models.complete("optimizer", Asked())
    await models.close()


async def test_a_web_page_at_the_endpoint_is_told_as_such() -> None:
    async with ScriptedModel() as page:
        models = models_for(page)
        models._clients["default"].base_url = page.base_url.removesuffix("v1") + "page"
        with pytest.raises(ModelRefused, match="something else than a model endpoint"):
            await models.check("chat")
        await models.close()


@pytest.mark.parametrize("odd", ["many", None, -5, True, 1.5, 2**63, 10**30])
async def test_usage_that_is_no_sound_count_is_estimated(model: ScriptedModel, odd: object) -> None:
    answer = choice(content="four words of answer")
    models = models_for(model)
    for usage in (
        {"prompt_tokens": odd, "completion_tokens": 5},
        {"prompt_tokens": 10, "completion_tokens": odd},
    ):
        model.script(Raw(answer.body | {"usage": usage}))
        whole = await models.complete("optimizer", Asked())
        expected = Usage("optimizer", estimate("hello"), estimate("four words of answer"))
        assert whole.usage == expected
    await models.close()


@pytest.mark.parametrize(
    "act",
    [
        Break(),
        Raw('data: {"choices": [{"delta": {"cont\n\n'),
        Deltas(({"content": {"text": "Hello"}},)),
        Endless({"content": "on and on "}),
    ],
)
async def test_nothing_of_a_broken_answer_is_left_to_the_garbage_collector(act: Act) -> None:
    def left() -> list[str]:
        return [
            each.__qualname__
            for each in gc.get_objects()
            if isinstance(each, AsyncGeneratorType) and each.ag_frame is not None
        ]

    async with ScriptedModel([act]) as server:
        models = models_for(server)
        gc.collect()
        gc.disable()
        try:
            async with contextlib.aclosing(models.stream("chat", HELLO)) as answer:
                with contextlib.suppress(ModelUnavailable):
                    await anext(answer)
            # What has been let go of is closed in the loop's next turns.
            for _ in range(20):
                await asyncio.sleep(0)
            assert left() == []
        finally:
            gc.enable()
            await models.close()
