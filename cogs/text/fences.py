"""Fenced code blocks: where one is open, what closes it and what opens it again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .length import length

_MARKERS = r"(?:(?:[-+*]|[0-9]{1,9}[.)]) {1,4}+)"
ITEM = re.compile(rf" *+{_MARKERS}++(?=\S)")
_QUOTED = r"(?: *+(?:>>> |> ))?+"
_OPENING = re.compile(
    rf"(?P<spaces> *+)(?P<markers>{_MARKERS}*+)(?P<run>`{{3,}}+|~{{3,}}+)(?P<info>.*)"
)
FENCE_LIKE = re.compile(rf"{_QUOTED} *+{_MARKERS}*+(?P<run>`{{3,}}+|~{{3,}}+)")

# Discord knows fences anywhere in a line. Only those are read so that hardly mean anything else.
IN_LINE = "```"
_RUN = re.compile(r"(?<!`)`{3,}+")
_INFO = re.compile(r"[A-Za-z0-9_+.#-]{0,32}[ \t]*\Z")
_CLOSING_IN_LINE = re.compile(r"(?<=[^\s`])```(?=[ \t])|(?<!`)```[ \t]*\Z")


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

    def end_in(self, line: str) -> int | None:
        """Return where prose goes on behind code in the same line, if the block ends there."""
        if self.closing.lstrip() != IN_LINE or IN_LINE not in line:
            return None
        closing = _CLOSING_IN_LINE.search(line)
        return closing.end() if closing and line[: closing.start()].strip() else None


def fence_at_start(
    line: str, offsets: tuple[int, ...], limit: int
) -> tuple[Fence, tuple[int, ...]] | None:
    """Return the block that `line` opens and the offsets of the items around it, if it does."""
    opening = _OPENING.match(line)
    if opening is None:
        return None
    run, info = opening["run"], opening["info"]
    offset = max(offsets, default=0)
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
        offsets = (*offsets, depth)
    return Fence(reopening, closing, offset + 3), offsets


def fence_at_end(line: str) -> Fence | None:
    """Return the block that the end of `line` opens, behind other text."""
    last = line.rfind(IN_LINE)
    if last < 0 or not _INFO.match(info := line[last + len(IN_LINE) :]):
        return None
    runs = _RUN.findall(line)
    if len(runs) % 2 == 0 or runs[-1] != IN_LINE or not line[: line.find(IN_LINE)].strip():
        return None
    return Fence(IN_LINE + info.rstrip(), IN_LINE, 3)
