"""Finding the best place to cut a window."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, repeat

from .fences import FENCE_LIKE
from .window import VISIBLE, Line, Window

_SENTENCE_END = re.compile(
    r"""(?<![.!?…0-9])[.!?…]++["'’”)\]*_]*+[^\S\n]++(?=\S)"""
    r"""|(?<![。！？])[。！？]++[」』”’）】》"')*_]*+[^\S\n]*+(?=\S)"""
)
_SPACE = re.compile(r"(?<![^\S\n])[^\S\n]++(?=\S)|[，、；：]++(?=\S)")
_UNBROKEN = re.compile(
    r"(?<!`)(`++)(?:[^\n]*?(?<!`)\1(?!`)|[^\n]*\Z)"  # inline code, also when it is still open
    r"|\[[^\[\]\n]*+(?:\]\([^)\n]*+\)?|\Z)"  # a Markdown link
    r"|https?://[^\s<>，。！？；：、（）《》「」“”]++"
    r"|<[^<>\s]*+>?"  # mentions, custom emoji, timestamps
)
# At the beginning of a message these would turn into a fence, a heading, a quote or a list.
_BLOCK_AHEAD = re.compile(
    r"`{3}|~{3}|`{1,2}\Z|~{1,2}\Z|(?:#{1,3}|-#|[-+*]|>{1,3}|[0-9]{1,9}[.)])(?:\s|\Z)"
)
_JOINED_PAIR = re.compile(
    r"\u200d.|[\ud800-\udbff][\udc00-\udfff]|"  # joiner and what it joins; halves of one character
    r".[\u200c\u200d\u1160-\u11ff\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]",
    re.DOTALL,
)
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # two of them make a flag
_VIRAMA = 9  # the combining class of the signs that tie two consonants together


# Line breaks, the best first: between blocks, at a blank line of code, at any line, and where one
# side of a block would show no code.
_BLOCK, _CODE_GAP, _LINE, _HOLLOW = range(4)


class Cutter:
    """Finds the place to cut a window. Every place before its last character would fit."""

    def __init__(self, window: Window) -> None:
        self._text = window.text
        self._lines = window.lines
        self._limit = window.limit
        self._middle = len(window.text) // 2
        self._spans = list(self._keeping_spans())

    def cut(self) -> int:
        """Return the best place: the part ends before it, the next part begins at it."""
        breaks = list(self._line_breaks())
        late = [(rank, at) for rank, at in breaks if at >= self._middle]
        if self._ends_in_blank_code():
            # The last line of code fits. Rather than tear it, cut before it, however early.
            place = _best(_sound(late)) or _last(_sound(breaks)) or _last(breaks)
        else:
            place = _best(late) or self._place_in_line() or _last(breaks)
        return place or self._last_resort()

    def _keeping_spans(self) -> Iterator[tuple[int, int]]:
        """Yield for each line the first and the last character that a cut must keep apart.

        So no part is blank, and no code block is cut where one side would show no code.
        """
        first = VISIBLE.search(self._text)
        prose = (first.start() if first else 0, len(self._text) - 1)
        for fence, group in groupby(self._lines, key=lambda line: line.before.fence):
            lines = list(group)
            if fence is None:
                span = prose
            else:
                last = lines[-1]
                closes = fence.is_closing_so_far(self._text[last.start : last.end])
                code = self._text[lines[0].start : last.start if closes else last.end]
                visible = VISIBLE.search(code)
                start = lines[0].start
                span = (start + (visible.start() if visible else 0), start + len(code.rstrip()) - 1)
            yield from repeat(span, len(lines))

    def _line_breaks(self) -> Iterator[tuple[int, int]]:
        """Yield where lines begin, each after a rank; the lowest rank is the best place."""
        for (previous, line), span in zip(pairwise(self._lines), self._spans[1:], strict=True):
            if span[0] < line.start <= span[1] and not self._is_blank(line):
                yield self._rank(previous, line), line.start
            elif previous.before.fence is not None and line.before.fence is not None:
                yield _HOLLOW, line.start

    def _rank(self, previous: Line, line: Line) -> int:
        follows_blank = self._is_blank(previous)
        if line.before.fence is not None:
            return _CODE_GAP if follows_blank else _LINE
        follows_code = previous.before.fence is not None
        return _BLOCK if follows_blank or follows_code or self._opens_code(line) else _LINE

    def _ends_in_blank_code(self) -> bool:
        last = self._lines[-1]
        return last.before.fence is not None and self._spans[-1][1] < last.start

    def _place_in_line(self) -> int | None:
        """Return the best place in the second half that is not the beginning of a line."""
        unbroken = [match.span() for match in _UNBROKEN.finditer(self._text)]
        kinds: list[Sequence[int]] = [
            [match.end() for match in _SENTENCE_END.finditer(self._text)],
            [match.end() for match in _SPACE.finditer(self._text)],
            range(self._middle, len(self._text)),
        ]
        for guarded in [unbroken, []] if unbroken else [unbroken]:
            for places in kinds:
                for at in reversed(places):
                    if at < self._middle:
                        break
                    if not _is_inside(guarded, at) and self._may_cut(at):
                        return at
        return None

    def _may_cut(self, at: int) -> bool:
        index = bisect_right(self._lines, at, key=lambda line: line.start) - 1
        line, (first, last) = self._lines[index], self._spans[index]
        return (
            first < at <= last
            and not self._text[at].isspace()
            and not _is_joined(self._text, at)
            and _BLOCK_AHEAD.match(self._text, at) is None
            and FENCE_LIKE.match(self._text, line.start, line.end) is None
        )

    def _last_resort(self) -> int:
        """Return the last place where a character ends, whatever it tears apart."""
        earliest = self._spans[0][0] if self._lines[0].before.fence is None else 0
        for at in range(len(self._text) - 1, earliest, -1):
            ends_line = self._text[at] == "\n" != self._text[at - 1]
            if not ends_line and not _is_joined(self._text, at):
                return at
        return len(self._text) - 1

    def _is_blank(self, line: Line) -> bool:
        return VISIBLE.search(self._text, line.start, line.end) is None

    def _opens_code(self, line: Line) -> bool:
        return line.before.after(self._text[line.start : line.end], self._limit).fence is not None


def _sound(breaks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(rank, at) for rank, at in breaks if rank != _HOLLOW]


def _best(breaks: Sequence[tuple[int, int]]) -> int | None:
    return -min((rank, -at) for rank, at in breaks)[1] if breaks else None


def _last(breaks: Sequence[tuple[int, int]]) -> int | None:
    return max((at for _, at in breaks), default=None)


def _is_inside(spans: Sequence[tuple[int, int]], at: int) -> bool:
    index = bisect_left(spans, (at,)) - 1
    return index >= 0 and at < spans[index][1]


# Letters by category, but written onto the consonant before them (Unicode's SpacingMark).
_SPACING_VOWELS = "\u0e33\u0eb3"


def _is_joined(text: str, at: int) -> bool:
    """Tell whether the characters on both sides of `at` are seen as one."""
    before, after = text[at - 1], text[at]
    if after.isascii():
        return False
    category = unicodedata.category(after)
    return (
        category[0] == "M"
        or after in _SPACING_VOWELS
        or (category == "Lo" and unicodedata.combining(before) == _VIRAMA)
        or _JOINED_PAIR.match(text, at - 1) is not None
        or (after in _FLAG_LETTERS and _ends_in_half_flag(text[:at]))
    )


def _ends_in_half_flag(text: str) -> bool:
    return (len(text) - len(text.rstrip(_FLAG_LETTERS))) % 2 == 1
