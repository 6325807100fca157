"""Shows a reply on Discord while it is being written.

There are no timers: whether the pace allows a request is decided when text arrives.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from .splitting import Splitter, length

logger = logging.getLogger(__name__)

_ENOUGH_TO_SHOW = 80  # characters
_MOST_FAILURES = 3  # in a row, before intermediate edits stop

_SENTENCE = re.compile(r"[。！？]|(?<![0-9])[.!?…][\"'’”)\]*_]*(?=\s|\Z)")
# Possessive throughout: models are asked to repeat the oddest texts.
_ONLY_A_FENCE = re.compile(r"\s*+(?:`{1,2}+|(?:`{3,}+|~{3,}+)[^`\n]*+)\s*+\Z")
_UNKNOWN = ""  # no message is empty, so this differs from whatever should be shown


class EditableMessage(Protocol):
    """What is asked of a posted message; `discord.Message` is one."""

    @property
    def id(self) -> int:
        """Return the snowflake of the message."""
        ...

    async def edit(self, *, content: str) -> object:
        """Replace the text of the message."""
        ...


class Send(Protocol):
    """Posts the messages of one reply."""

    async def __call__(self, content: str, *, part: int) -> EditableMessage:
        """Post `content` as the message number `part` of the reply, counted from 0."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware."""
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


class Presenter:
    """Shows one reply on Discord while it is written: first message, edits, further messages.

    Its methods must not run at the same time as one another.
    """

    def __init__(
        self,
        send: Send,
        clock: Clock,
        *,
        edit_interval: float,
        on_first_post: Callable[[int], Awaitable[None]] | None = None,
    ) -> None:
        """`edit_interval` is in seconds.

        `on_first_post` is awaited once, with the id of the first message, right after it is posted.
        """
        self._send = send
        self._clock = clock
        self._edit_interval = timedelta(seconds=edit_interval)
        self._on_first_post = on_first_post
        self._splitter = Splitter()
        self._beginning = ""  # the text until something is posted
        self._posted: list[PostedMessage] = []
        self._paced_from = clock.now()
        self._failures_in_a_row = 0
        self._ended = False

    async def add(self, delta: str) -> None:
        """Take in more text, possibly none, and show what the pace allows.

        Whatever `send` and `on_first_post` raise is passed on, and `finish` can still be called;
        a failed edit is only logged.
        """
        self._splitter.add(delta)
        due = self._clock.now() - self._paced_from >= self._edit_interval
        if not self._posted:
            self._beginning += delta
            if not _is_worth_posting(self._beginning, due=due):
                return
        parts = self._splitter.parts()
        outgrown = len(self._posted) - 1 if len(parts) > len(self._posted) else None
        for part, content in enumerate(parts):
            if part >= len(self._posted):
                await self._post(content, part)
            elif due or part == outgrown:
                await self._try_to_edit(content, part)

    async def finish(self, ending: str | None = None) -> list[PostedMessage]:
        """Post what is still missing and return all messages of the reply, in order.

        `ending` is added as a paragraph of its own, outside any code block, by the first call that
        has one. Whatever `send`, an edit or `on_first_post` raises is passed on; calling again then
        continues where it stopped. Posts nothing and returns [] when there is no text at all.
        """
        if ending is not None and ending.strip() and not self._ended:
            self._ended = True
            self._splitter.add_paragraph(ending.strip())
        for part, content in enumerate(self._splitter.parts()):
            if part >= len(self._posted):
                await self._post(content, part)
            else:
                await self._edit(content, part)
        return list(self._posted)

    async def _post(self, content: str, part: int) -> None:
        message = await self._send(content, part=part)
        self._posted.append(PostedMessage(message, content))
        self._paced_from = self._clock.now()
        if part == 0 and self._on_first_post is not None:
            await self._on_first_post(message.id)

    async def _edit(self, content: str, part: int) -> None:
        posted = self._posted[part]
        if posted.content == content:
            return
        # Until Discord answers nobody knows which text it shows, also after a failure.
        self._posted[part] = PostedMessage(posted.message, _UNKNOWN)
        try:
            await posted.message.edit(content=content)
        finally:
            self._paced_from = self._clock.now()
        self._posted[part] = PostedMessage(posted.message, content)
        self._failures_in_a_row = 0

    async def _try_to_edit(self, content: str, part: int) -> None:
        if self._failures_in_a_row >= _MOST_FAILURES:
            return
        try:
            await self._edit(content, part)
        except Exception as error:
            self._failures_in_a_row += 1
            logger.warning(
                "Edit of message %d (part %d, %d code units) failed with %s, %d in a row",
                self._posted[part].id,
                part,
                length(content),
                type(error).__name__,
                self._failures_in_a_row,
            )


def _is_worth_posting(text: str, *, due: bool) -> bool:
    if _ONLY_A_FENCE.match(text):
        return False
    return due or len(text.strip()) >= _ENOUGH_TO_SHOW or _SENTENCE.search(text) is not None
