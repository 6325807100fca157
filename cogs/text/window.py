"""The window of one message: what fits in it, line by line, and how it is shown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .fences import FENCE_LIKE, IN_LINE
from .length import length
from .marks import SPOILER, lasting
from .state import ROOMY, State

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
        stop = min(self.end, self.start + limit)
        fence_like = FENCE_LIKE.match(text, self.start, stop)
        if fence_like is not None or (
            limit >= ROOMY
            and (
                text.find(IN_LINE, self.start, stop) >= 0
                or (self.before.fence is None and text.find(SPOILER, self.start, stop) >= 0)
            )
        ):
            return self._overflow_by_character(text, used, limit, fence_like)
        if self.before.fence is not None:
            room = limit - used - len(self.before.closing()) - 1
            fitting = _fitting(text, self.start, self.end, room)
            return fitting + 1 if fitting < self.end else None
        fitting = _fitting(text, self.start, self.end, limit - used - len(self.before.closing()))
        visible = VISIBLE.search(text, fitting, self.end)
        return visible.end() if visible else None

    def _overflow_by_character(
        self, text: str, used: int, limit: int, fence_like: re.Match[str] | None
    ) -> int | None:
        # Each character can change whether a block is open here, and so what closing it takes.
        last_of_run = (
            min(fence_like.end(), fence_like.start("run") + limit // 2) if fence_like else 0
        )
        state = self.before
        hidden_from = self._hidden_from(text, limit)
        for at in range(self.start, self.end):
            character = text[at]
            used += 2 if character > "\uffff" else 1
            if state.fence is None and character.isspace():
                continue
            # What was a fence may turn out to be none with any character behind it.
            undecided = state.fence is not None if fence_like is None else state.fence is None
            closes_spoiler = character == "|" and self.before.is_hidden
            if at <= last_of_run or character == "`" or closes_spoiler or undecided:
                state = self.before.code_after(text[self.start : at + 1], limit)
            closing = len(state._replace(marks=()).closing()) + (state.fence is not None)
            if used + closing + len(SPOILER) * (at >= hidden_from) > limit:
                return at + 1
        return None

    def _hidden_from(self, text: str, limit: int) -> int:
        """Return from which character of this line on a spoiler may be open."""
        if self.before.is_hidden:
            return self.start
        if limit < ROOMY:
            return self.end
        found = text.find(SPOILER, self.start, min(self.end, self.start + limit))
        return found + 1 if found >= 0 else self.end


@dataclass(frozen=True, slots=True)
class Window:
    """The text of one part: all of it, or up to the first character that does not fit."""

    text: str
    lines: Sequence[Line]
    after: State
    limit: int
    overflows: bool

    def line_at(self, place: int) -> Line:
        """Return the line that `place` is in or at the beginning of."""
        return self.lines[bisect_right(self.lines, place, key=lambda line: line.start) - 1]

    def state_at(self, cut: int) -> State:
        """Return the state in which the next part begins; marks that have no room are lost."""
        state = self._state_at(cut)
        return state if self._fits(cut, state) else state._replace(marks=lasting(state.marks))

    def has_room(self, cut: int) -> bool:
        """Tell whether all marks that are open at `cut` can be closed there."""
        return self._fits(cut, self._state_at(cut))

    def _state_at(self, cut: int) -> State:
        line = self.line_at(cut)
        if cut == line.start:
            return line.before.at_line(self.text[line.start : line.end])
        state = line.before.after(self.text[line.start : cut], self.limit)
        return state._replace(is_within_line=True)

    def _fits(self, cut: int, state: State) -> bool:
        return not state.marks or length(self.render(cut, state, for_good=True)) <= self.limit

    def render(self, cut: int, state: State, *, for_good: bool = False) -> str:
        """Return the message that shows the text before `cut`, where `state` holds."""
        body = self.lines[0].before.reopening() + self.text[:cut]
        closing = state.closing(for_good=for_good)
        if state.fence is None:
            return body.rstrip() + closing
        line_break = "" if body.endswith("\n") else "\n"
        return f"{body}{line_break}{closing}"


def scan(text: str, start: int, state: State, limit: int) -> Window:
    """Return the window of the part that begins at `start` in `state`."""
    lines: list[Line] = []
    used = length(state.reopening())
    at = start
    while True:
        end = text.find("\n", at)
        line = Line(at, end if end >= 0 else len(text), state)
        lines.append(line)
        overflow = line.overflow(text, used, limit)
        if overflow is None:
            shown = text[at : line.end]
            if shown or end >= 0:  # What the next line begins with is not known yet.
                state = state.after(shown, limit)
            used += length(shown) + 1
            at = line.end + 1
            # A line break needs room of its own only where it makes an empty line of code.
            if end >= 0 and state.fence and used + len(state.closing()) > limit:
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
