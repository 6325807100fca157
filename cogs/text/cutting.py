"""Finding the best place to cut a window."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from .breaks import Breaks, Rank, best, last
from .fences import FENCE_LIKE, IN_LINE
from .joined import is_joined
from .marks import MARK, Marks, changes
from .window import Line, Window

_SENTENCE_END = re.compile(
    r"""(?<![.!?…0-9])[.!?…]++["'’”)\]*_]*+[^\S\n]++(?=\S)"""
    r"""|(?<![。！？])[。！？]++[」』”’）】》"')*_]*+[^\S\n]*+(?=\S)"""
)
_SPACE = re.compile(r"(?<![^\S\n])[^\S\n]++(?=\S)|[，、；：]++(?=\S)")
_LINK = (
    r"\[[^\[\]\n]*+\]\((?:<[^>\n]*+>?+|[^()\n]|\([^()\n]*+\)?+)*+\)?"  # a Markdown link
    r"|<?https?://[^\s<>，。！？；：、（）《》「」“”]++>?"
)
_LINKS = re.compile(_LINK)
_UNBROKEN = re.compile(
    r"(?<!`)(`++)(?:[^\n]*?(?<!`)\1(?!`)|[^\n]*\Z)"  # inline code, also when it is still open
    rf"|{_LINK}"
    r"|\[[^\[\]\n]*+(?:\]|\Z)"
    r"|<[^<>\s]*+>?"  # mentions, custom emoji, timestamps
    rf"|{MARK}"
    r"|(?<= )\|\| [^\n|]++ \|\|"  # what could as well be a spoiler
)
# At the beginning of a message these would turn into a fence, a heading, a quote or a list.
_BLOCK_AHEAD = re.compile(
    r"`{3}|~{3}|`{1,2}\Z|~{1,2}\Z|(?:#{1,3}|-#|[-+*]|>{1,3}|[0-9]{1,9}[.)])(?:\s|\Z)"
)
_Spans = Sequence[tuple[int, int]]


class Cutter:
    """Finds the place to cut a window. Every place before its last character would fit."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._text = window.text
        self._lines = window.lines
        self._middle = len(window.text) // 2
        self._breaks = Breaks(window)
        self._free: dict[int, tuple[int, int]] = {}
        marks = list(self._marks())
        self._marks_from = [at for at, _ in marks]
        self._marks_open = [bool(open_marks) for _, open_marks in marks]

    def cut(self) -> int:
        """Return the best place: the part ends before it, the next part begins at it."""
        breaks = list(self._breaks.all())
        late = [found for found in breaks if found.at >= self._middle]
        good = [found for found in late if found.rank < Rank.MARKED]
        if self._breaks.ends_in_blank_code():
            # The last line of code fits. Rather than tear it, cut before it, however early.
            sound = [found for found in breaks if found.rank != Rank.HOLLOW]
            late_sound = [found for found in late if found.rank != Rank.HOLLOW]
            place = best(late_sound) or last(sound) or last(breaks)
        else:
            place = best(good) or self._place_in_line() or best(late)
            place = place or self._place_within_marks() or last(breaks)
        return place or self._last_resort()

    def _marks(self) -> Iterator[tuple[int, Marks]]:
        """Yield where the open marks change, and to which."""
        for line in self._lines:
            if line.before.fence is not None:
                yield line.start, line.before.marks
                continue
            for at, marks in changes(self._text[line.start : line.end], line.before.marks):
                yield line.start + at, marks

    def _place_in_line(self) -> int | None:
        """Return the best place in the second half, in no line's beginning and within no marks."""
        unbroken = [match.span() for match in _UNBROKEN.finditer(self._text)]
        return self._last_of_a_kind(unbroken, within_marks=False)

    def _place_within_marks(self) -> int | None:
        """Return the best place of those where something has to be torn, links last of all."""
        unbroken = [match.span() for match in _UNBROKEN.finditer(self._text)]
        links = [match.span() for match in _LINKS.finditer(self._text)]
        place = self._last_of_a_kind(unbroken) or self._last_of_a_kind(links)
        if place is None and links and (start := self._before_link(links)) is not None:
            return start
        return place or self._last_of_a_kind([])

    def _before_link(self, links: _Spans) -> int | None:
        """Return the last place in the first half that tears no link."""
        places = [match.end() for match in _SPACE.finditer(self._text)]
        places += [found.at for found in self._breaks.all() if found.rank != Rank.HOLLOW]
        for at in sorted(places, reverse=True):
            if at < self._middle and not _is_inside(links, at) and self._may_cut(at):
                return at
        return None

    def _last_of_a_kind(self, guarded: _Spans, *, within_marks: bool = True) -> int | None:
        kinds: list[Sequence[int]] = [
            [match.end() for match in _SENTENCE_END.finditer(self._text)],
            [match.end() for match in _SPACE.finditer(self._text)],
            range(self._middle, len(self._text)),
        ]
        for places in kinds:
            for at in reversed(places):
                if at < self._middle:
                    break
                if (
                    (within_marks or not self._is_marked(at))
                    and not _is_inside(guarded, at)
                    and self._may_cut(at)
                ):
                    return at
        return None

    def _is_marked(self, at: int) -> bool:
        index = bisect_right(self._marks_from, at) - 1
        return index >= 0 and self._marks_open[index]

    def _may_cut(self, at: int) -> bool:
        index = bisect_right(self._lines, at, key=lambda line: line.start) - 1
        line, (first, last_kept) = self._lines[index], self._breaks.spans[index]
        return (
            first < at <= last_kept
            and not self._text[at].isspace()
            and not is_joined(self._text, at)
            and _BLOCK_AHEAD.match(self._text, at) is None
            and self._without_fence(line)[0] <= at <= self._without_fence(line)[1]
            and (not self._is_marked(at) or self._window.has_room(at))
        )

    def _without_fence(self, line: Line) -> tuple[int, int]:
        """Return the first and the last place in a line where a cut takes nothing from a fence."""
        if line.start not in self._free:
            self._free[line.start] = self._find_without_fence(line)
        return self._free[line.start]

    def _find_without_fence(self, line: Line) -> tuple[int, int]:
        if FENCE_LIKE.match(self._text, line.start, line.end) is not None:
            return line.end, line.start
        fence = self._text.find(IN_LINE, line.start, line.end)
        if fence < 0:
            return line.start, line.end
        text = self._text[line.start : line.end]
        if line.before.fence is not None:
            content = line.before.content(text)
            end = line.before.fence.end_in(content)
            behind = 0 if end is None else len(content) - end
            return line.end - behind, line.end if behind else line.start
        opens = line.before.code_after(text, self._window.limit).fence is not None
        return line.start, self._text.rfind(IN_LINE, line.start, line.end) if opens else line.end

    def _last_resort(self) -> int:
        """Return the last place where a character ends, whatever it tears apart."""
        earliest = self._breaks.spans[0][0] if self._lines[0].before.fence is None else 0
        for at in range(len(self._text) - 1, earliest, -1):
            ends_line = self._text[at] == "\n" != self._text[at - 1]
            if not ends_line and not is_joined(self._text, at):
                return at
        return len(self._text) - 1


def _is_inside(spans: _Spans, at: int) -> bool:
    index = bisect_left(spans, (at,)) - 1
    return index >= 0 and at < spans[index][1]
