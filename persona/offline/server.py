"""An OpenAI-compatible endpoint on loopback, with rules behind it in place of a model.

It speaks chat completions: streamed or whole, with tool calls and usage figures. It reads the very
prompts a language model would get. It is never presented as a language model's quality.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Self

from aiohttp import web

from persona.offline.facts.extract import extract
from persona.offline.prompts import (
    asks_for_time,
    parse_conversation,
    parse_optimizer_prompt,
    parse_persona,
    parse_title_prompt,
)
from persona.offline.replies.answer import answer
from persona.offline.replies.title import title

MODEL_NAME = "rapport-offline"

# Long enough that a stream has several pieces, short enough to be seen growing.
_PIECE = 24

Observer = Callable[[dict[str, Any]], None]
# From the messages and the names of the tools offered to the assistant's turn.
Responder = Callable[[list[dict[str, Any]], list[str]], dict[str, Any]]


class RuleEndpoint:
    """The endpoint. Use as an async context manager; `base_url` is where it listens.

    `respond` holds the rules; streams come in pieces of `piece` characters. `observer` is called
    with every request body, for tests and for measuring.
    """

    def __init__(
        self, respond: Responder, *, piece: int = _PIECE, observer: Observer | None = None
    ) -> None:
        self._respond = respond
        self._piece = piece
        self._observer = observer
        application = web.Application()
        application.router.add_get("/v1/models", self._models)
        application.router.add_post("/v1/chat/completions", self._completions)
        self._runner = web.AppRunner(application, access_log=None)
        self.base_url = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _models(self, _: web.Request) -> web.Response:
        listed = {"id": MODEL_NAME, "object": "model", "created": 0, "owned_by": "rapport"}
        return web.json_response({"object": "list", "data": [listed]})

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.json()
            messages: list[dict[str, Any]] = list(body["messages"])
        except (ValueError, KeyError, TypeError):
            return _error("The body must be JSON with a list of messages.")
        if not messages:
            return _error("messages must not be empty.")
        if self._observer is not None:
            self._observer(body)
        tools = [tool["function"]["name"] for tool in body.get("tools") or ()]
        message = self._respond(messages, tools)
        spoken = message["content"] or ""
        called = "".join(call["function"]["arguments"] for call in message.get("tool_calls") or ())
        usage = {
            "prompt_tokens": sum(_tokens(str(item.get("content") or "")) for item in messages),
            "completion_tokens": _tokens(spoken + called),
        }
        usage["total_tokens"] = sum(usage.values())
        if body.get("stream"):
            return await _stream(request, body, message, usage, self._piece)
        return web.json_response(
            {
                **_envelope("chat.completion", body),
                "choices": [
                    {"index": 0, "message": message, "finish_reason": _finish_reason(message)}
                ],
                "usage": usage,
            }
        )


class OfflineModel(RuleEndpoint):
    """The endpoint with the offline model's rules."""

    def __init__(self, observer: Observer | None = None) -> None:
        super().__init__(respond, observer=observer)


def respond(messages: list[dict[str, Any]], tools: list[str]) -> dict[str, Any]:
    """Return the assistant's turn: a tool call where one is due, else text."""
    if "apply_persona_updates" in tools:
        said, known = parse_optimizer_prompt(messages)
        updates = [
            {
                "why": fact.why,
                "evidence": [{"msg": fact.msg, "quote": fact.quote}],
                "about": "self",
                "basis": "stated",
                "op": fact.op,
                "slot": fact.slot,
                "item": fact.item,
                "value": fact.value,
            }
            for fact in extract(said, known)
        ]
        return call("apply_persona_updates", {"updates": updates})
    last = messages[-1]
    if last["role"] == "tool":
        return {"role": "assistant", "content": f"My tool says: {last['content']}"}
    asked = parse_title_prompt(messages)
    if asked is not None:
        return {"role": "assistant", "content": title(asked)}
    history = parse_conversation(messages)
    if "current_time" in tools and asks_for_time(history):
        return call("current_time", {"timezone": "UTC"})
    return {"role": "assistant", "content": answer(parse_persona(messages), history)}


def call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the assistant's turn that calls a tool."""
    written = json.dumps(arguments, ensure_ascii=False)
    # Derived from the content, so the same request always gets the same answer.
    identity = f"call_{zlib.crc32(f'{name}{written}'.encode()):08x}"
    made = {
        "id": identity,
        "type": "function",
        "function": {"name": name, "arguments": written},
    }
    return {"role": "assistant", "content": None, "tool_calls": [made]}


def _finish_reason(message: dict[str, Any]) -> str:
    return "tool_calls" if message.get("tool_calls") else "stop"


def _envelope(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-offline",
        "object": kind,
        "created": 0,
        "model": body.get("model", MODEL_NAME),
    }


async def _stream(
    request: web.Request,
    body: dict[str, Any],
    message: dict[str, Any],
    usage: dict[str, int],
    piece: int,
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    envelope = _envelope("chat.completion.chunk", body)

    async def send(choices: list[dict[str, Any]], **more: Any) -> None:
        chunk = json.dumps({**envelope, "choices": choices, **more}, ensure_ascii=False)
        await response.write(f"data: {chunk}\n\n".encode())

    for delta in _deltas(message, piece):
        await send([{"index": 0, "delta": delta, "finish_reason": None}])
    await send([{"index": 0, "delta": {}, "finish_reason": _finish_reason(message)}])
    if (body.get("stream_options") or {}).get("include_usage"):
        await send([], usage=usage)
    await response.write(b"data: [DONE]\n\n")
    await response.write_eof()
    return response


def _deltas(message: dict[str, Any], size: int) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    text = message["content"] or ""
    for start in range(0, len(text), size):
        yield {"content": text[start : start + size]}
    for index, call in enumerate(message.get("tool_calls") or ()):
        function = call["function"]
        opened = {"name": function["name"], "arguments": ""}
        yield {"tool_calls": [{**call, "index": index, "function": opened}]}
        written = function["arguments"]
        for start in range(0, len(written), size):
            piece = {"arguments": written[start : start + size]}
            yield {"tool_calls": [{"index": index, "function": piece}]}


def _tokens(text: str) -> int:
    """Four bytes each: length alone counts, so prompts that differ in random names cost alike."""
    return -(-len(text.encode("utf-8", "replace")) // 4)


def _error(message: str) -> web.Response:
    return web.json_response(
        {"error": {"message": message, "type": "invalid_request_error"}}, status=400
    )
