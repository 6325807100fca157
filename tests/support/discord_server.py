"""A small server that plays Discord on a socket, for what SimCord cannot: logging in, intents."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import WSMsgType, web

USER = {"id": "100", "username": "Rapport", "discriminator": "0", "avatar": None, "bot": True}
PERSON = {
    "id": "200",
    "username": "mei",
    "discriminator": "0",
    "avatar": None,
    "global_name": "Mei",
}
MESSAGE_CONTENT = 1 << 15
# Flags of an application that has the message content intent.
CONTENT_FLAG = 1 << 19


_APPLICATION = {"application_id": "100", "version": "1"}


@dataclass(frozen=True, slots=True)
class Edit:
    """How an edit was answered: when, in the loop's seconds, with what, and how many were left."""

    moment: float
    status: int
    left: int


@dataclass
class DiscordServer:
    """Use as an async context manager. `url` is what `discord.rest_url` is set to."""

    token: str = "good-token"
    message_content: bool = True
    url: str = ""
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    commands: list[dict[str, Any]] = field(default_factory=list)
    # What the bot wrote in the one direct message channel there is, by message id.
    written: dict[int, str] = field(default_factory=dict)
    # Whether connections are taken from now on, but nothing is said on them.
    silent: bool = False
    # How many edits Discord takes in so many seconds, and how they were answered.
    edit_limit: tuple[int, float] | None = None
    edits: list[Edit] = field(default_factory=list)
    connections: int = 0
    _socket: web.WebSocketResponse | None = None
    _edits_left: int = 0
    _edits_renewed_at: float = 0.0

    async def __aenter__(self) -> Self:
        application = web.Application(middlewares=[self._authorise])
        router = application.router
        router.add_get("/api/v10/users/@me", self._me)
        router.add_get("/api/v10/applications/@me", self._application)
        router.add_get("/api/v10/oauth2/applications/@me", self._application)
        router.add_get("/api/v10/gateway/bot", self._gateway_address)
        router.add_get("/api/v10/applications/100/commands", self._list_commands)
        router.add_put("/api/v10/applications/100/commands", self._put_commands)
        router.add_get("/api/v10/channels/300", self._channel)
        router.add_post("/api/v10/channels/300/typing", self._typing)
        router.add_get("/api/v10/channels/300/messages", self._history)
        router.add_post("/api/v10/channels/300/messages", self._post)
        router.add_patch("/api/v10/channels/300/messages/{message}", self._patch)
        router.add_get("/gateway/", self._gateway)
        router.add_get("/gateway", self._gateway)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._host = "{}:{}".format(*self._runner.addresses[0][:2])
        self.url = f"http://{self._host}/api/v10"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @web.middleware
    async def _authorise(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path.startswith("/api/") and (
            request.headers.get("Authorization") != f"Bot {self.token}"
        ):
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        response: web.StreamResponse = await handler(request)
        return response

    async def _me(self, _: web.Request) -> web.Response:
        return _json(USER)

    async def _application(self, _: web.Request) -> web.Response:
        flags = CONTENT_FLAG if self.message_content else 0
        return _json(
            {
                "id": "100",
                "name": "Rapport",
                "description": "",
                "icon": None,
                "flags": flags,
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "x",
                "owner": USER,
                "team": None,
            }
        )

    async def _gateway_address(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return _json(
            {"url": f"ws://{self._host}/gateway", "shards": 1, "session_start_limit": limit}
        )

    async def _history(self, _: web.Request) -> web.Response:
        """Nothing was said while the bot was away."""
        return _json([])

    async def _list_commands(self, _: web.Request) -> web.Response:
        return _json(self.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        sent = await request.json()
        self.commands = [
            # Entries of menus are sent without one, and come back with an empty one.
            {"description": ""} | command | {"id": str(number), **_APPLICATION}
            for number, command in enumerate(sent, 1)
        ]
        return _json(self.commands)

    async def say(self, message_id: int, text: str) -> None:
        """A person writes to the bot in direct messages."""
        await self._send_event("MESSAGE_CREATE", _message(message_id, text, PERSON))

    async def drop(self) -> None:
        """Close the connection as Discord does when a machine of its own goes away."""
        if self._socket is not None:
            await self._socket.close(code=1001)

    async def _send_event(self, name: str, data: dict[str, Any]) -> None:
        if self._socket is None:
            raise RuntimeError("The bot is not connected.")
        await _send(self._socket, {"op": 0, "s": 2, "t": name, "d": data})

    async def _channel(self, _: web.Request) -> web.Response:
        return _json({"id": "300", "type": 1, "recipients": [PERSON], "last_message_id": None})

    async def _typing(self, _: web.Request) -> web.Response:
        return web.Response(status=204)

    async def _post(self, request: web.Request) -> web.Response:
        content = (await request.json())["content"]
        identity = 1000 + len(self.written)
        self.written[identity] = content
        return _json(_message(identity, content, USER))

    async def _patch(self, request: web.Request) -> web.Response:
        headers = self._limit_edits()
        if self.edits and self.edits[-1].status == 429:
            told = {"message": "You are being rate limited.", "global": False}
            told["retry_after"] = float(headers["Retry-After"])
            return _json(told, 429, headers)
        identity = int(request.match_info["message"])
        # An edit may be of the buttons alone.
        content = (await request.json()).get("content", self.written.get(identity, ""))
        self.written[identity] = content
        return _json(_message(identity, content, USER), 200, headers)

    def _limit_edits(self) -> dict[str, str]:
        """Count an edit and return what Discord's headers say of the limit."""
        if self.edit_limit is None:
            return {}
        limit, seconds = self.edit_limit
        now = asyncio.get_running_loop().time()
        if now >= self._edits_renewed_at:
            self._edits_renewed_at, self._edits_left = now + seconds, limit
        renewed_in = f"{self._edits_renewed_at - now:.3f}"
        refused = self._edits_left == 0
        self._edits_left -= not refused
        self.edits.append(Edit(now, 429 if refused else 200, self._edits_left))
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(self._edits_left),
            "X-RateLimit-Reset-After": renewed_in,
            "X-RateLimit-Bucket": "edits",
        }
        # discord.py waits only where the answer came by way of Discord's own proxy.
        return headers | ({"Retry-After": renewed_in, "Via": "1.1 google"} if refused else {})

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        self._socket = socket
        if self.silent:
            async for _ in socket:
                pass
            return socket
        await _send(socket, {"op": 10, "d": {"heartbeat_interval": 41250}})
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            message = json.loads(frame.data)
            if message["op"] == 1:
                await _send(socket, {"op": 11})
            elif message["op"] == 2:
                if message["d"]["intents"] & MESSAGE_CONTENT and not self.message_content:
                    await socket.close(code=4014, message=b"Disallowed intent(s).")
                    break
                ready = {
                    "v": 10,
                    "user": USER,
                    "guilds": [],
                    "session_id": "s",
                    "resume_gateway_url": f"ws://{self._host}/gateway",
                    "application": {"id": "100", "flags": 0},
                    "shard": message["d"].get("shard", [0, 1]),
                }
                await _send(socket, {"op": 0, "s": 1, "t": "READY", "d": ready})
                self.connected.set()
        return socket


def _message(message_id: int, content: str, author: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(message_id),
        "channel_id": "300",
        "author": author,
        "content": content,
        "timestamp": "2026-11-21T06:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "components": [],
    }


async def _send(socket: web.WebSocketResponse, payload: dict[str, Any]) -> None:
    await socket.send_str(json.dumps({"s": None, "t": None, "d": None} | payload))


def _json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Discord's REST client wants exactly this content type."""
    content_type = {"Content-Type": "application/json"}
    return web.Response(
        body=json.dumps(data).encode(), status=status, headers=content_type | (headers or {})
    )
