"""A real HTTP model endpoint that answers from a script, and keeps what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from persona.structured import Way
from persona.titles import TITLE_PROMPT

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with text, in these pieces when streamed."""

    pieces: tuple[str, ...]
    usage: tuple[int, int] | None = (10, 5)
    finish_reason: str = "stop"
    pause: float = 0.0  # seconds before each piece


@dataclass(frozen=True, slots=True)
class Call:
    """Answer with a tool call; `arguments` is the JSON, well formed or not."""

    name: str
    arguments: str
    finish_reason: str = "tool_calls"


@dataclass(frozen=True, slots=True)
class Status:
    """Answer with an HTTP error, in words and with a code of the server's own."""

    code: int
    message: str = "scripted"
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """Send some text, or half an answer that is not streamed, then cut the connection."""

    pieces: tuple[str, ...] = ("half an ",)


@dataclass(frozen=True, slots=True)
class Raw:
    """Answer with this body as it is, in JSON unless it is text."""

    body: Any


@dataclass(frozen=True, slots=True)
class Deltas:
    """Stream these deltas as they are."""

    deltas: tuple[Body, ...]
    finish_reason: str = "stop"


@dataclass(frozen=True, slots=True)
class Trickle:
    """Never be silent for long, and never say anything."""


@dataclass(frozen=True, slots=True)
class Endless:
    """Stream a delta like this again and again, for as long as somebody reads."""

    delta: Body


@dataclass(frozen=True, slots=True)
class Bytes:
    """Answer with these bytes, as a stream of events or as JSON, whichever was asked for."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Depends:
    """Do what `script` says to the request."""

    script: Script


@dataclass(slots=True)
class Hold:
    """Stream `first`, then wait for `release` before `rest`; `dropped`: nobody listened."""

    first: str
    rest: str
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    dropped: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Late:
    """Wait for `release` before doing `act`; `dropped` tells that nobody waited for it."""

    act: Act
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    dropped: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self) -> Act:
        self.begun.set()
        try:
            await self.release.wait()
        except asyncio.CancelledError:
            self.dropped.set()
            raise
        return self.act


Act = Say | Call | Status | Break | Raw | Hold | Late | Deltas | Depends | Trickle | Endless | Bytes
Script = Callable[[Body], Act]
_Told = Say | Call | Break | Hold | Deltas
_Embeddings = Status | Raw | Bytes | Trickle


def message(finish_reason: str = "stop", **fields: Any) -> Raw:
    """Return a whole answer whose message has these fields."""
    return Raw(_body({"role": "assistant", "content": None} | fields, finish_reason, (10, 5)))


def called(*calls: tuple[str, Any]) -> Raw:
    """Return a whole answer with these calls: names and arguments."""
    return message(
        "tool_calls",
        tool_calls=[
            {
                "id": f"call_{number}",
                "type": "function",
                "function": {"name": name, "arguments": arguments},
            }
            for number, (name, arguments) in enumerate(calls, 1)
        ],
    )


def way_of(request: Body) -> Way:
    """Return the way in which the optimizer was asked."""
    if "tools" in request:
        return "tool"
    way: Way = request.get("response_format", {}).get("type", "lines")
    return way


def updates(*proposals: dict[str, Any]) -> Call:
    """Return a call of the optimizer's tool."""
    return Call("apply_persona_updates", json.dumps({"updates": list(proposals)}))


def proposal(slot: str, value: str | None, msg: int, quote: str, **changes: Any) -> dict[str, Any]:
    """Return a proposal that passes unless `changes` break it."""
    return {
        "why": "said so",
        "evidence": [{"msg": msg, "quote": quote}],
        "about": "self",
        "basis": "stated",
        "op": "set_slot",
        "slot": slot,
        "item": None,
        "value": value,
    } | changes


@dataclass
class ScriptedModel:
    """Use as an async context manager. Acts are played in order; the last one repeats."""

    acts: list[Act] = field(default_factory=lambda: [Say(("Hello",))])
    requests: list[Body] = field(default_factory=list)
    # An embedding has a number for each of these topics: how many of its words the text holds.
    topics: tuple[tuple[str, ...], ...] = ()
    # What embeddings are answered with instead, if anything.
    embeddings_act: _Embeddings | None = None
    embedded: list[list[str]] = field(default_factory=list)
    base_url: str = ""
    # Requests for a title are answered aside, one by one; the last title repeats.
    titles: list[str | Status | Late] = field(default_factory=lambda: ["A talk"])
    titled: list[Body] = field(default_factory=list)

    def script(self, *acts: Act) -> None:
        self.acts = list(acts)

    def prompts(self) -> list[list[Body]]:
        return [request["messages"] for request in self.requests]

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/v1/chat/completions", self._answer)
        application.router.add_post("/v1/embeddings", self._embed)
        application.router.add_get("/v1/models", self._models)
        application.router.add_get("/page/models", self._page)
        self._runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _models(self, _: web.Request) -> web.Response:
        if isinstance(self.acts[0], Status):
            return web.json_response({"error": {"message": "no"}}, status=self.acts[0].code)
        return web.json_response({"object": "list", "data": []})

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text="<html>Welcome</html>", content_type="text/html")

    async def _embed(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.embedded.append(body["input"])
        if isinstance(self.embeddings_act, Status):
            return web.json_response({"error": {"message": "no"}}, status=self.embeddings_act.code)
        if isinstance(self.embeddings_act, Raw):
            return web.json_response(self.embeddings_act.body)
        if isinstance(self.embeddings_act, Bytes):
            return web.Response(body=self.embeddings_act.body, content_type="application/json")
        if isinstance(self.embeddings_act, Trickle):
            return await _repeat(request, b" ", streamed=False, pause=0.05)
        data = [
            {
                "object": "embedding",
                "index": number,
                "embedding": [
                    float(sum(word in text.casefold() for word in topic)) for topic in self.topics
                ],
            }
            for number, text in enumerate(body["input"])
        ]
        # In no order that could be relied on.
        return web.json_response({"object": "list", "model": body["model"], "data": data[::-1]})

    async def _title(self, request: web.Request, body: Body) -> web.StreamResponse:
        self.titled.append(body)
        title = self.titles.pop(0) if len(self.titles) > 1 else self.titles[0]
        if isinstance(title, Status):
            return web.json_response({"error": {"message": "no"}}, status=title.code)
        told = await title.wait() if isinstance(title, Late) else Say((title,))
        assert isinstance(told, Say)
        return await _stream(request, told)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if body["messages"][0]["content"] == TITLE_PROMPT:
            return await self._title(request, body)
        self.requests.append(body)
        return await self._play(request, body)

    async def _play(self, request: web.Request, body: Body) -> web.StreamResponse:
        act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
        while isinstance(act, Depends | Late):
            act = act.script(body) if isinstance(act, Depends) else await act.wait()
        if isinstance(act, Status):
            error = {"error": {"message": act.message, "code": act.name or act.code}}
            return web.json_response(error, status=act.code)
        if isinstance(act, Raw):
            if isinstance(act.body, str):
                return web.Response(text=act.body, content_type="text/html")
            return web.json_response(act.body)
        if isinstance(act, Bytes | Trickle | Endless):
            return await _misbehave(request, act, streamed=bool(body.get("stream")))
        if body.get("stream"):
            return await _stream(request, act)
        return (
            await _cut(request, act) if isinstance(act, Break) else web.json_response(_whole(act))
        )


async def _misbehave(
    request: web.Request, act: Bytes | Trickle | Endless, *, streamed: bool
) -> web.StreamResponse:
    match act:
        case Bytes():
            kind = "text/event-stream" if streamed else "application/json"
            sent = b"data: %s\n\n" % act.body if streamed else act.body
            return web.Response(body=sent, content_type=kind)
        case Trickle():
            blank = b": not yet\n\n" if streamed else b" "
            return await _repeat(request, blank, streamed=streamed, pause=0.05)
        case Endless():
            chunk = {"choices": [{"index": 0, "delta": act.delta, "finish_reason": None}]}
            event = f"data: {json.dumps(chunk)}\n\n".encode()
            return await _repeat(request, event, streamed=True, pause=0)


async def _repeat(
    request: web.Request, piece: bytes, *, streamed: bool, pause: float
) -> web.StreamResponse:
    kind = "text/event-stream" if streamed else "application/json"
    response = web.StreamResponse(headers={"Content-Type": kind})
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        while True:
            await response.write(piece)
            await asyncio.sleep(pause)
    return response


async def _cut(request: web.Request, act: Break) -> web.StreamResponse:
    body = json.dumps(_whole(Say(act.pieces))).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _whole(act: Say | Call | Hold | Deltas) -> Body:
    told: Body = {"role": "assistant", "content": None}
    finish = "stop"
    usage: tuple[int, int] | None = (10, 5)
    match act:
        case Call():
            function = {"name": act.name, "arguments": act.arguments}
            told["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
            finish = act.finish_reason
        case Say():
            told["content"] = "".join(act.pieces)
            finish, usage = act.finish_reason, act.usage
        case Hold():
            told["content"] = act.first + act.rest
        case Deltas():
            told["content"] = "".join(delta.get("content") or "" for delta in act.deltas)
            finish = act.finish_reason
    return _body(told, finish, usage)


def _body(told: Body, finish: str, usage: tuple[int, int] | None) -> Body:
    body: Body = {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted",
        "choices": [{"index": 0, "message": told, "finish_reason": finish}],
    }
    if usage is not None:
        body["usage"] = _usage(usage)
    return body


def _usage(usage: tuple[int, int]) -> Body:
    return {
        "prompt_tokens": usage[0],
        "completion_tokens": usage[1],
        "total_tokens": sum(usage),
    }


async def _stream(request: web.Request, act: _Told) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)

    async def send(choices: Iterable[Body], **more: Any) -> None:
        chunk = {
            "id": "x",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "scripted",
            "choices": list(choices),
            **more,
        }
        await response.write(f"data: {json.dumps(chunk)}\n\n".encode())

    if isinstance(act, Hold):
        await send([{"index": 0, "delta": {"content": act.first}, "finish_reason": None}])
        act.begun.set()
        try:
            await act.release.wait()
        except asyncio.CancelledError:
            act.dropped.set()
            raise
        await send([{"index": 0, "delta": {"content": act.rest}, "finish_reason": "stop"}])
    elif isinstance(act, Call):
        function = {"name": act.name, "arguments": act.arguments}
        call = {"index": 0, "id": "call_1", "type": "function", "function": function}
        await send([{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}])
        await send([{"index": 0, "delta": {}, "finish_reason": act.finish_reason}])
    elif isinstance(act, Deltas):
        for delta in act.deltas:
            await send([{"index": 0, "delta": delta, "finish_reason": None}])
        await send([{"index": 0, "delta": {}, "finish_reason": act.finish_reason}])
    else:
        for piece in act.pieces:
            await asyncio.sleep(act.pause if isinstance(act, Say) else 0.0)
            await send([{"index": 0, "delta": {"content": piece}, "finish_reason": None}])
        if isinstance(act, Break):
            if request.transport is not None:
                request.transport.close()
            return response
        await send([{"index": 0, "delta": {}, "finish_reason": act.finish_reason}])
        if act.usage is not None:
            await send([], usage=_usage(act.usage))
    await response.write(b"data: [DONE]\n\n")
    return response
