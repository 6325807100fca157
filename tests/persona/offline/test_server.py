"""The offline model behind the real SDK."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from openai import AsyncOpenAI

from persona.learning.proposal import TOOL_NAME, Updates
from persona.offline.server import MODEL_NAME, OfflineModel, respond
from persona.tools import function_schema

TIME = {"type": "function", "function": {"name": "current_time", "parameters": {}}}


@pytest.fixture
async def requests() -> list[dict[str, object]]:
    return []


@pytest.fixture
async def offline(requests: list[dict[str, object]]) -> AsyncIterator[Any]:
    async with OfflineModel(requests.append) as server:
        client: Any = AsyncOpenAI(base_url=server.base_url, api_key="none")
        yield client
        await client.close()


async def test_it_lists_itself(offline: Any) -> None:
    assert [model.id async for model in offline.models.list()] == [MODEL_NAME]


async def test_streamed_and_whole_answers_are_the_same(
    offline: Any, requests: list[dict[str, object]]
) -> None:
    asked = [{"role": "user", "content": "How do I learn to draw?"}]
    whole = await offline.chat.completions.create(model="m", messages=asked)
    pieces = []
    usage = None
    stream = await offline.chat.completions.create(
        model="m", messages=asked, stream=True, stream_options={"include_usage": True}
    )
    async for chunk in stream:
        usage = chunk.usage or usage
        pieces += [choice.delta.content or "" for choice in chunk.choices]
    assert "".join(pieces) == whole.choices[0].message.content
    assert len([piece for piece in pieces if piece]) > 3
    assert "offline model" in "".join(pieces)
    assert usage == whole.usage
    assert whole.usage.prompt_tokens > 0
    assert len(requests) == 2


async def test_it_calls_a_tool_and_uses_the_answer(offline: Any) -> None:
    asked: list[dict[str, object]] = [{"role": "user", "content": "What time is it?"}]
    answer = await offline.chat.completions.create(model="m", messages=asked, tools=[TIME])
    call = answer.choices[0].message.tool_calls[0]
    assert (call.function.name, answer.choices[0].finish_reason) == ("current_time", "tool_calls")
    asked += [
        answer.choices[0].message.model_dump(exclude_none=True) | {"content": ""},
        {"role": "tool", "tool_call_id": call.id, "content": "Nine o'clock"},
    ]
    answer = await offline.chat.completions.create(model="m", messages=asked, tools=[TIME])
    assert "Nine o'clock" in answer.choices[0].message.content


def test_it_learns_through_the_real_tool_with_real_quotes() -> None:
    lines = [
        {"msg": 1, "session": 1, "date": "2026-03-01", "by": "person", "text": "I love chess."},
        {"msg": 2, "session": 1, "date": "2026-03-01", "by": "bot", "text": "I love tea."},
        {"msg": 3, "session": 1, "date": "2026-03-01", "by": "person", "text": "我叫李明。"},
    ]
    content = "\n".join(
        ["<known-ab12>", "</known-ab12>", "<messages-ab12>"]
        + [json.dumps(line, ensure_ascii=False) for line in lines]
        + ["</messages-ab12>"]
    )
    prompt = [{"role": "system", "content": "…"}, {"role": "user", "content": content}]
    message = respond(prompt, [TOOL_NAME])
    call = message["tool_calls"][0]["function"]
    updates = Updates.model_validate_json(call["arguments"]).updates
    found = {(item.slot, item.value, item.evidence[0].msg) for item in updates}
    assert found == {
        ("personality.values_and_interests", "chess", 1),
        ("demographics.name", "李明", 3),
    }
    texts = {line["msg"]: str(line["text"]) for line in lines}
    assert all(item.evidence[0].quote in texts[item.evidence[0].msg] for item in updates)


def test_the_persona_block_changes_the_reply() -> None:
    asked = {"role": "user", "content": "How do I learn to draw?"}
    block = '<persona>\ndemographics.name: "Mei"\npreference.styles: "short answers"\n</persona>'
    known = [{"role": "user", "content": block}, {"role": "assistant", "content": "Noted."}]
    plain = respond([{"role": "system", "content": ""}, asked], [])["content"]
    personal = respond([{"role": "system", "content": ""}, *known, asked], [])["content"]
    assert "Mei" in personal
    assert "Mei" not in plain
    assert len(personal) < len(plain)


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"messages": []}', b"[]"])
async def test_a_malformed_request_is_a_400(body: bytes) -> None:
    async with (
        OfflineModel() as server,
        aiohttp.ClientSession() as session,
        session.post(f"{server.base_url}/chat/completions", data=body) as response,
    ):
        assert response.status == 400
        assert "message" in (await response.json())["error"]


def test_the_tool_schema_is_strict_throughout() -> None:
    schema = function_schema(TOOL_NAME, "", Updates)["function"]["parameters"]
    objects = [schema, *schema["$defs"].values()]
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])
    assert next(iter(schema["$defs"]["Proposal"]["properties"])) == "why"
