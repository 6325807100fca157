"""Shows a reply on Discord while it is being written.

There are no timers: whether the pace allows a request is decided when text arrives.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import discord

from .messages import Messages, PostedMessage, Send
from .splitting import MESSAGE_LIMIT, Splitter, length, split

logger = logging.getLogger(__name__)

_ENOUGH_TO_SHOW = 80  # characters
_MOST_FAILURES = 3  # in a row, before intermediate edits stop

_SENTENCE = re.compile(r"[。！？]|(?<![0-9])[.!?…][\"'’”)\]*_]*(?=\s|\Z)")
# Possessive throughout: models are asked to repeat the oddest texts.
_ONLY_A_FENCE = re.compile(r"\s*+(?:`{1,2}+|(?:`{3,}+|~{3,}+)[^`\n]*+)\s*+\Z")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware."""
        ...


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
        next_edit_at: Callable[[datetime], datetime] = lambda earliest: earliest,
        most_messages: int | None = None,
        file_notice: str = "",
    ) -> None:
        """`edit_interval` is in seconds; `next_edit_at` may put off the moment it leads to.

        What takes more than `most_messages` goes into a file at the last of them, which then says
        `file_notice`.
        """
        self._clock = clock
        self._edit_interval = timedelta(seconds=edit_interval)
        self._next_edit_at = next_edit_at
        self._most_messages = most_messages
        self._file_notice = file_notice
        self._splitter = Splitter()
        self._beginning = ""  # the text until something is posted
        self._posted = Messages(send)
        self._paced_from = clock.now()
        self._failures_in_a_row = 0
        self._ending = ""

    async def add(self, delta: str) -> None:
        """Take in more text, possibly none, and show what the pace allows.

        Whatever `send` raises is passed on, and `finish` can still be called; a failed edit is only
        logged.
        """
        await self._posted.settled()
        self._splitter.add(delta)
        due = self._clock.now() >= self._next_edit_at(self._paced_from + self._edit_interval)
        if not self._posted:
            self._beginning += delta
            waited = self._clock.now() - self._paced_from >= self._edit_interval
            if not _is_worth_posting(self._beginning, due=waited):
                return
        parts = self._splitter.parts()[: self._most_messages]
        outgrown = len(self._posted) - 1 if len(parts) > len(self._posted) else None
        for part, content in enumerate(parts):
            if part >= len(self._posted):
                await self._post(content)
            elif due or part == outgrown:
                await self._try_to_edit(content, part)

    async def finish(self, ending: str | None = None) -> list[PostedMessage]:
        """Post what is still missing and return all messages of the reply, in order.

        `ending` is added as a paragraph of its own, outside any code block, by the first call that
        has one. A message that cannot be edited any more is continued in a new one, or posted anew
        if somebody deleted it. Whatever `send` or any other edit raises is passed on; calling again
        then continues where it stopped. Posts nothing and returns [] when there is no text at all.
        """
        await self._posted.settled()
        if ending is not None and ending.strip() and not self._ending:
            self._ending = ending.strip()
            self._splitter.add_paragraph(self._ending)
        parts = self._splitter.parts()
        most = self._most_messages
        if most is not None and len(parts) > most:
            try:
                await self._show([*parts[: most - 1], self._with_notice(parts[most - 1])], True)
            except discord.Forbidden as error:
                # Files may be forbidden where messages are not.
                logger.warning("no file may be attached", extra={"code": error.code})
                await self._show(parts)
        else:
            await self._show(parts)
        return self._posted.all()

    async def _show(self, parts: Sequence[str], attach: bool = False) -> None:
        for part, content in enumerate(parts):
            file = self._whole() if attach and part == len(parts) - 1 else None
            if part >= len(self._posted):
                await self._post(content, file)
            else:
                await self._posted.settle(part, content, file)

    def _whole(self) -> bytes:
        return self._splitter.text().encode(errors="replace")

    def _with_notice(self, content: str) -> str:
        """Return as much of `content` as leaves room to say that the rest is in the file."""
        said = [self._file_notice]
        if length(self._ending) <= MESSAGE_LIMIT // 4:
            said.append(self._ending)
        notice = "\n\n".join(filter(None, said))
        room = MESSAGE_LIMIT - length(notice) - 2
        return f"{split(content, room)[0]}\n\n{notice}"

    async def _post(self, content: str, file: bytes | None = None) -> None:
        await self._posted.post(content, file)
        self._paced_from = self._clock.now()

    async def _try_to_edit(self, content: str, part: int) -> None:
        if self._failures_in_a_row >= _MOST_FAILURES:
            return
        try:
            if await self._posted.edit(part, content):
                self._paced_from = self._clock.now()
                self._failures_in_a_row = 0
        except Exception as error:
            self._paced_from = self._clock.now()
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
