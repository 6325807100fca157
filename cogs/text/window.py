"""The window of one message: what fits in it, line by line, and how it is shown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .fences import FENCE_LIKE, State
from .length import length

VISIBLE = re.compile(r"\S")


class Line(NamedTuple):
    start: int
    end: int
    before: State

    def overflow(self, text: str, used: int, limit: int) -> int | None:
        """Return the end of the shortest beginning of `text` that does not fit, if in this line.

        `used` is what the part takes up before this line, in code units.
        """
        if self.start == self.end:
            return None
        fence_like = FENCE_LIKE.match(text, self.start, min(self.end, self.start + limit))
        if fence_like is not None:
            return self._overflow_at_fence(text, used, limit, fence_like)
        fence = self.before.fence
        if fence is not None:
            room = limit - used - len(fence.closing) - 1
            fitting = _fitting(text, self.start, self.end, room)
            return fitting + 1 if fitting < self.end else None
        fitting = _fitting(text, self.start, self.end, limit - used)
        visible = VISIBLE.search(text, fitting, self.end)
        return visible.end() if visible else None

    def _overflow_at_fence(
        self, text: str, used: int, limit: int, fence_like: re.Match[str]
    ) -> int | None:
        # Each character can change whether a block is open here, and so what closing it takes.
        last_of_run = min(fence_like.end(), fence_like.start("run") + limit // 2)
        state = self.before
        for at in range(self.start, self.end):
            character = text[at]
            used += 2 if character > "\uffff" else 1
            if state.fence is None and character.isspace():
                continue
            reopened = self.before.fence is not None and state.fence is None
            if at <= last_of_run or character == "`" or reopened:
                state = self.before.after(text[self.start : at + 1], limit)
            if used + (len(state.fence.closing) + 1 if state.fence else 0) > limit:
                return at + 1
        return None


@dataclass(frozen=True, slots=True)
class Window:
    """The text of one part: all of it, or up to the first character that does not fit."""

    text: str
    lines: Sequence[Line]
    after: State
    limit: int
    overflows: bool

    def state_at(self, cut: int) -> State:
        line = self.lines[bisect_right(self.lines, cut, key=lambda line: line.start) - 1]
        return line.before.after(self.text[line.start : cut], self.limit)

    def render(self, cut: int, state: State) -> str:
        """Return the message that shows the text before `cut`, where `state` holds."""
        body = self.text[:cut]
        reopened = self.lines[0].before.fence
        if reopened is not None:
            body = f"{reopened.reopening}\n{body}"
        if state.fence is None:
            return body.rstrip()
        line_break = "" if body.endswith("\n") else "\n"
        return f"{body}{line_break}{state.fence.closing}"


def scan(text: str, start: int, state: State, limit: int) -> Window:
    """Return the window of the part that begins at `start` in `state`."""
    lines: list[Line] = []
    used = length(state.fence.reopening) + 1 if state.fence else 0
    at = start
    while True:
        end = text.find("\n", at)
        line = Line(at, end if end >= 0 else len(text), state)
        lines.append(line)
        overflow = line.overflow(text, used, limit)
        if overflow is None:
            shown = text[at : line.end]
            state = state.after(shown, limit)
            used += length(shown) + 1
            at = line.end + 1
            # A line break needs room of its own only where it makes an empty line of code.
            if end >= 0 and state.fence and used + len(state.fence.closing) > limit:
                overflow = at
        if overflow is not None or end < 0:
            break
    stop = len(text) if overflow is None else overflow
    relative = [
        Line(line.start - start, min(line.end, stop) - start, line.before) for line in lines
    ]
    return Window(text[start:stop], relative, state, limit, overflow is not None)


def _fitting(text: str, start: int, end: int, room: int) -> int:
    """Return the end of the longest beginning of `text[start:end]` within `room` code units."""
    piece = text[start : min(end, start + max(room, 0))]
    if piece.isascii():
        return start + len(piece)
    for at, character in enumerate(piece):
        room -= 2 if character > "\uffff" else 1
        if room < 0:
            return start + at
    return start + len(piece)
