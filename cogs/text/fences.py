"""Fenced code blocks: where one is open, what closes it and what opens it again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from .length import length

_MARKERS = r"(?:(?:[-+*]|[0-9]{1,9}[.)]) {1,4}+)"
_ITEM = re.compile(rf" *+{_MARKERS}++(?=\S)")
_OPENING = re.compile(
    rf"(?P<spaces> *+)(?P<markers>{_MARKERS}*+)(?P<run>`{{3,}}+|~{{3,}}+)(?P<info>.*)"
)
FENCE_LIKE = re.compile(rf" *+{_MARKERS}*+(?P<run>`{{3,}}+|~{{3,}}+)")


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced code block that is open."""

    reopening: str  # the line that opens it again in the next part
    closing: str
    deepest_closing: int  # the largest indent of a line that closes it, in spaces

    def is_closed_by(self, line: str) -> bool:
        run = len(self.closing.lstrip())
        return len(line.strip()) >= run and self.is_closing_so_far(line)

    def is_closing_so_far(self, line: str) -> bool:
        """Tell whether `line` is a closing fence or the beginning of one."""
        unindented = line.lstrip(" ")
        run = unindented.rstrip()
        indent = len(line) - len(unindented)
        return bool(run) and indent <= self.deepest_closing and not run.strip(self.closing[-1])


class State(NamedTuple):
    """What a line means depends on this much of the text before it."""

    fence: Fence | None = None
    offsets: tuple[int, ...] = ()  # where the content of the list items around begins, in spaces

    def after(self, line: str, limit: int) -> State:
        """Return the state after `line`, which may still be growing."""
        if self.fence is not None:
            return State(None, self.offsets) if self.fence.is_closed_by(line) else self
        if not line or line.isspace() or (line[0].isalpha() and not self.offsets):
            return self
        indent = len(line) - len(line.lstrip(" "))
        around = tuple(offset for offset in self.offsets if offset <= indent)
        opening = _OPENING.match(line)
        if opening is not None and (opened := _open(opening, around, limit)) is not None:
            return opened
        item = _ITEM.match(line)
        return State(None, (*around, item.end()) if item else around)


def _open(opening: re.Match[str], around: tuple[int, ...], limit: int) -> State | None:
    """Return the state in the code block that a line opens, or None if it opens none."""
    run, info = opening["run"], opening["info"]
    offset = max(around, default=0)
    if len(opening["spaces"]) > offset + 3 or (run[0] == "`" and "`" in info):
        return None
    depth = opening.start("run")
    # A reopened block leaves at least a quarter of the message for its code: without its info
    # string if need be, and a run too long even then counts as plain text.
    room = limit - limit // 4 - (depth + len(run) + 1)
    closing = " " * depth + run
    if len(closing) + 1 > room:
        return None
    reopening = closing + info.rstrip()
    if length(reopening) + 1 > room:
        reopening = closing
    if opening["markers"]:
        offset = depth
        around = (*around, depth)
    return State(Fence(reopening, closing, offset + 3), around)
