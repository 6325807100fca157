"""The messages of one reply: one request at a time, and none of the text lost to a refusal."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import discord

from .length import length

logger = logging.getLogger(__name__)

FILE_NAME = "answer.md"
_QUIET = discord.AllowedMentions.none()
_UNKNOWN_MESSAGE = 10008  # Discord's code for an edit of what somebody deleted
_Refusal = (discord.HTTPException, discord.RateLimited)


class EditableMessage(Protocol):
    """What is asked of a posted message; `discord.Message` is one."""

    @property
    def id(self) -> int:
        """Return the snowflake of the message."""
        ...

    async def edit(
        self,
        *,
        content: str | None = ...,
        attachments: Sequence[discord.Attachment | discord.File] = ...,
        allowed_mentions: discord.AllowedMentions | None = ...,
    ) -> object:
        """Replace the text of the message, and its files where some are given."""
        ...


class Send(Protocol):
    """Posts the messages of one reply."""

    async def __call__(
        self, content: str, *, part: int, again: bool = False, file: discord.File | None = None
    ) -> EditableMessage:
        """Post `content` as the message number `part` of the reply, counted from 0.

        With `again` the message posted before as that number cannot be edited any more.
        """
        ...


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A message of the reply and the text it shows."""

    message: EditableMessage
    content: str

    @property
    def id(self) -> int:
        """Return the snowflake of the message."""
        return self.message.id


@dataclass(slots=True)
class _Part:
    message: EditableMessage
    content: str  # the last that Discord confirmed
    is_certain: bool = True  # until Discord answers nobody knows which text it shows
    has_file: bool = False
    above: PostedMessage | None = None  # the beginning of the part, where it could not be edited
    is_anew: bool = False

    def left(self, content: str) -> str:
        """Return what of `content` belongs into this message."""
        above = self.above.content if self.above else ""
        return _rest(content, above) if above and content.startswith(above) else content


class Messages:
    """Posts and edits the messages of one reply.

    A request that was begun comes to its end also when whoever waits for it is cancelled, and the
    next one is sent only then: no edit overtakes a later one.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._parts: list[_Part] = []
        self._in_flight: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, part: int) -> PostedMessage:
        return PostedMessage(self._parts[part].message, self._parts[part].content)

    def all(self) -> list[PostedMessage]:
        """Return every message of the reply, in order."""
        return [
            message
            for part, posted in enumerate(self._parts)
            for message in ([posted.above] if posted.above else []) + [self[part]]
        ]

    async def settled(self) -> None:
        """Wait for a request whose own waiter was cancelled."""
        if self._in_flight is not None and not self._in_flight.done():
            await asyncio.wait([self._in_flight])
        if self._in_flight is not None and not self._in_flight.cancelled():
            self._in_flight.exception()  # Told to its waiter, or of no matter: all is tried anew.
        self._in_flight = None

    async def post(self, content: str, file: bytes | None = None) -> None:
        """Post the next message. Whatever `send` raises is passed on."""

        async def post() -> None:
            part = len(self._parts)
            message = await self._send(content, part=part, file=_file(file))
            self._parts.append(_Part(message, content, has_file=file is not None))

        await self._request(post())

    async def edit(self, part: int, content: str, file: bytes | None = None) -> bool:
        """Let the message number `part` show `content`; return whether a request was needed.

        Whatever the request raises is passed on.
        """
        posted = self._parts[part]
        content = posted.left(content)
        attached = posted.has_file or file is None
        if posted.is_certain and posted.content == content and attached:
            return False

        async def edit() -> None:
            posted.is_certain = False
            attachment = _file(file)
            files: dict[str, Any] = {"attachments": [attachment]} if attachment else {}
            await posted.message.edit(content=content, allowed_mentions=_QUIET, **files)
            posted.content, posted.is_certain = content, True
            posted.has_file = posted.has_file or file is not None

        await self._request(edit())
        return True

    async def settle(self, part: int, content: str, file: bytes | None = None) -> None:
        """Let the reply show `content` as its part, once in a new message if need be.

        Whatever `send` raises is passed on, and so is the refusal to attach a file.
        """
        posted = self._parts[part]
        try:
            await self.edit(part, content, file)
        except _Refusal as error:
            refused_file = file is not None and isinstance(error, discord.Forbidden)
            if posted.is_anew or refused_file:
                raise
            _log_refusal(posted.message.id, part, content, error)
            await self._request(self._post_anew(part, content, file, error))

    async def _post_anew(
        self, part: int, content: str, file: bytes | None, error: Exception
    ) -> None:
        old = self._parts[part]
        is_gone = getattr(error, "code", None) == _UNKNOWN_MESSAGE
        above = None if is_gone or not _continues(content, old.content) else self[part]
        shown = _rest(content, above.content) if above else content
        message = await self._send(shown, part=part, again=True, file=_file(file))
        self._parts[part] = _Part(
            message, shown, has_file=file is not None, above=above, is_anew=True
        )

    async def _request(self, request: Coroutine[Any, Any, None]) -> None:
        self._in_flight = asyncio.create_task(request)
        await asyncio.shield(self._in_flight)


def _continues(content: str, shown: str) -> bool:
    return content.startswith(shown) and bool(content[len(shown) :].strip())


def _rest(content: str, shown: str) -> str:
    """Return what of `content` is not in `shown` yet, keeping the indent of its first line."""
    rest = content[len(shown) :]
    return rest.lstrip("\n") if rest.startswith("\n") else rest.lstrip()


def _file(data: bytes | None) -> discord.File | None:
    return discord.File(io.BytesIO(data), FILE_NAME) if data is not None else None


def _log_refusal(message_id: int, part: int, content: str, error: Exception) -> None:
    logger.warning(
        "edit refused, posting anew",
        extra={
            "message_id": message_id,
            "part": part,
            "units": length(content),
            "error": type(error).__name__,
            "code": getattr(error, "code", None),
        },
    )
