"""The line breaks of a window, and how good each is as a place to cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum, auto
from itertools import groupby, pairwise, repeat
from typing import NamedTuple

from .fences import ITEM
from .window import VISIBLE, Line, Window

_HEADING = re.compile(r" *+(?:>>> |> )?+#{1,3} ")
_TABLE_ROW = re.compile(r" *+\|")
_TABLE_RULE = re.compile(r"[-:|\s]++\Z")  # also when it is still growing


class Rank(IntEnum):
    """What is at a line break, the best place to cut first."""

    BLOCK = auto()  # a new block begins
    ITEM = auto()  # a new item of a list begins
    CODE_GAP = auto()  # after a blank line of code
    LINE = auto()
    WITHIN_ITEM = auto()
    HOLLOW = auto()  # one side of a block would show no code
    # Rather in the middle of a line than at these.
    MARKED = auto()  # bold text or the like goes on
    BENEATH = auto()  # between a heading and its text


class Break(NamedTuple):
    rank: Rank
    at: int


class Breaks:
    """Where lines begin in a window, and between which characters a cut must fall."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._text = window.text
        self._lines = window.lines
        # For each line the first and the last character that a cut must keep apart.
        self.spans = list(self._keeping_spans())

    def ends_in_blank_code(self) -> bool:
        """Tell whether the window's last line shows nothing and is code."""
        last = self._lines[-1]
        return last.before.fence is not None and self.spans[-1][1] < last.start

    def all(self) -> Iterator[Break]:
        """Yield the places where lines begin."""
        is_beneath = False
        for (previous, line), span in zip(pairwise(self._lines), self.spans[1:], strict=True):
            if not self._is_blank(previous):
                is_beneath = self._binds(previous, line)
            if span[0] < line.start <= span[1] and not self._is_blank(line):
                yield Break(self._rank(previous, line, is_beneath=is_beneath), line.start)
            elif previous.before.fence is not None and line.before.fence is not None:
                yield Break(Rank.HOLLOW, line.start)

    def _keeping_spans(self) -> Iterator[tuple[int, int]]:
        """So no part is blank, and no code block is cut where one side would show no code."""
        first = VISIBLE.search(self._text)
        prose = (first.start() if first else 0, len(self._text) - 1)
        for fence, group in groupby(self._lines, key=lambda line: line.before.fence):
            lines = list(group)
            if fence is None:
                span = prose
            else:
                last = lines[-1]
                content = last.before.content(self._text[last.start : last.end])
                closes = fence.is_closing_so_far(content)
                code = self._text[lines[0].start : last.start if closes else last.end]
                visible = VISIBLE.search(code)
                start = lines[0].start
                span = (start + (visible.start() if visible else 0), start + len(code.rstrip()) - 1)
            yield from repeat(span, len(lines))

    def _rank(self, previous: Line, line: Line, *, is_beneath: bool) -> Rank:
        follows_blank = self._is_blank(previous)
        if line.before.fence is not None:
            return Rank.CODE_GAP if follows_blank else Rank.LINE
        text = self._text[line.start : line.end]
        if is_beneath:
            return Rank.BENEATH
        if self._window.state_at(line.start).marks:
            return Rank.MARKED
        content = line.before.content(text)
        indent = len(content) - len(content.lstrip(" "))
        is_item = ITEM.match(content) is not None
        if not is_item and any(offset <= indent for offset in line.before.offsets):
            return Rank.WITHIN_ITEM
        follows_code = previous.before.fence is not None
        opens_code = line.before.code_after(text, self._window.limit).fence is not None
        if follows_blank or follows_code or opens_code or _HEADING.match(text):
            return Rank.BLOCK
        return Rank.ITEM if is_item else Rank.LINE

    def _binds(self, previous: Line, line: Line) -> bool:
        """Tell whether what follows belongs beneath the line `previous`."""
        if previous.before.fence is not None:
            return False
        above = self._text[previous.start : previous.end]
        below = self._text[line.start : line.end]
        if _TABLE_ROW.match(above) and _TABLE_ROW.match(below):
            return bool(_TABLE_RULE.match(above) or _TABLE_RULE.match(below))
        return _HEADING.match(above) is not None

    def _is_blank(self, line: Line) -> bool:
        return VISIBLE.search(self._text, line.start, line.end) is None


def best(breaks: Sequence[Break]) -> int | None:
    """Return the last place of the best rank, if there is any."""
    return max(breaks, key=lambda found: (-found.rank, found.at)).at if breaks else None


def last(breaks: Sequence[Break]) -> int | None:
    """Return the last place, if there is any."""
    return max((found.at for found in breaks), default=None)
