"""Cuts a Markdown reply into Discord messages.

The cut of a part depends on nothing behind the first character that no longer fits. That is what
keeps the messages already posted right while the rest of the text is still being written.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, repeat
from typing import NamedTuple

MESSAGE_LIMIT = 2000
_SMALLEST_LIMIT = 2  # one character outside the basic plane

_MARKERS = r"(?:(?:[-+*]|[0-9]{1,9}[.)]) {1,4}+)"
_ITEM = re.compile(rf" *+{_MARKERS}++(?=\S)")
_OPENING = re.compile(
    rf"(?P<spaces> *+)(?P<markers>{_MARKERS}*+)(?P<run>`{{3,}}+|~{{3,}}+)(?P<info>.*)"
)
_FENCE_LIKE = re.compile(rf" *+{_MARKERS}*+(?P<run>`{{3,}}+|~{{3,}}+)")
_VISIBLE = re.compile(r"\S")

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


def length(text: str) -> int:
    """Return the length of `text` in UTF-16 code units.

    Never smaller than what Discord counts, whether it counts code units or code points.
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int = MESSAGE_LIMIT) -> list[str]:
    """Return `text` as messages of at most `limit` UTF-16 code units, none of them blank.

    A fenced code block that is cut is closed and opened again; white space is lost only at a cut
    outside code and at both ends; line ends come out as line feeds. For every beginning of `text`,
    all parts but the last are also the first parts of `text`. Raises `ValueError` when `limit` is
    smaller than 2.
    """
    splitter = Splitter(limit)
    splitter.add(text)
    return splitter.parts()


class Splitter:
    """`split` for a text that grows: parts that are finished are not worked out again.

    Raises `ValueError` when `limit`, in UTF-16 code units, is smaller than 2.
    """

    def __init__(self, limit: int = MESSAGE_LIMIT) -> None:
        if limit < _SMALLEST_LIMIT:
            raise ValueError(f"No message can be cut to {limit} code units; 2 is the least.")
        self._limit = limit
        self._finished: list[str] = []
        self._last = ""
        self._rest = ""  # the text from the beginning of the last part
        self._at_line_start = True
        self._ended_with_return = False
        self._before = _State()  # at the beginning of the last part
        self._after = _State()  # at the end of the text

    def add(self, text: str) -> None:
        """Append `text`, of any length."""
        if not text:
            return
        added = text.replace("\r\n", "\n").replace("\r", "\n")
        pair_completed = self._ended_with_return and text[0] == "\n"
        self._rest += added[1:] if pair_completed else added
        self._ended_with_return = text[-1] == "\r"
        self._advance()

    def parts(self) -> list[str]:
        """Return what `split` returns for all that was added; only the last part may change."""
        return [*self._finished, self._last] if self._last else list(self._finished)

    def add_paragraph(self, text: str) -> None:
        """Append `text` as a paragraph of its own, after closing a code block that is open."""
        fence = self._after.fence
        self._ended_with_return = False
        if fence is not None and self._last:
            line_break = "" if self._rest.endswith("\n") else "\n"
            self.add(f"{line_break}{fence.closing}\n\n{text}")
            return
        # A block whose rest shows nothing was already closed by the part before.
        self._before = self._before._replace(fence=None) if fence else self._before
        self._rest = self._rest.rstrip()
        self.add(f"\n\n{text}")

    def _advance(self) -> None:
        at = 0
        visible_end = len(self._rest.rstrip())
        self._last = ""
        self._after = self._before
        while at < visible_end and (start := self._skip(at)) is not None:
            window = _scan(self._rest, start, self._before, self._limit)
            at = start
            if not window.overflows:
                self._last = window.render(len(window.text), window.after)
                self._after = window.after
                break
            cut = _Cutter(window).cut()
            state = window.state_at(cut)
            self._finished.append(window.render(cut, state))
            self._before = self._after = state
            self._at_line_start = window.text[cut - 1] == "\n"
            at = start + cut
        self._rest = self._rest[at:]

    def _skip(self, at: int) -> int | None:
        """Return where the part begins that `at` leads to, or None when nothing is left."""
        if self._before.fence is not None:
            return at
        visible = _VISIBLE.search(self._rest, at)
        if visible is None:
            return None
        line_start = self._rest.rfind("\n", at, visible.start()) + 1
        if line_start:
            self._at_line_start = True
        else:
            line_start = at
        indent = visible.start() - line_start
        # An indent tells a nested list item; a huge one tells nothing and could fill a message.
        return line_start if self._at_line_start and indent <= self._limit // 4 else visible.start()


@dataclass(frozen=True, slots=True)
class _Fence:
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


class _State(NamedTuple):
    """What a line means depends on this much of the text before it."""

    fence: _Fence | None = None
    offsets: tuple[int, ...] = ()  # where the content of the list items around begins, in spaces

    def after(self, line: str, limit: int) -> _State:
        """Return the state after `line`, which may still be growing."""
        if self.fence is not None:
            return _State(None, self.offsets) if self.fence.is_closed_by(line) else self
        if not line or line.isspace() or (line[0].isalpha() and not self.offsets):
            return self
        indent = len(line) - len(line.lstrip(" "))
        around = tuple(offset for offset in self.offsets if offset <= indent)
        opening = _OPENING.match(line)
        if opening is not None and (opened := _open(opening, around, limit)) is not None:
            return opened
        item = _ITEM.match(line)
        return _State(None, (*around, item.end()) if item else around)


def _open(opening: re.Match[str], around: tuple[int, ...], limit: int) -> _State | None:
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
    return _State(_Fence(reopening, closing, offset + 3), around)


class _Line(NamedTuple):
    start: int
    end: int
    before: _State

    def overflow(self, text: str, used: int, limit: int) -> int | None:
        """Return the end of the shortest beginning of `text` that does not fit, if in this line.

        `used` is what the part takes up before this line, in code units.
        """
        if self.start == self.end:
            return None
        fence_like = _FENCE_LIKE.match(text, self.start, min(self.end, self.start + limit))
        if fence_like is not None:
            return self._overflow_at_fence(text, used, limit, fence_like)
        fence = self.before.fence
        if fence is not None:
            room = limit - used - len(fence.closing) - 1
            fitting = _fitting(text, self.start, self.end, room)
            return fitting + 1 if fitting < self.end else None
        fitting = _fitting(text, self.start, self.end, limit - used)
        visible = _VISIBLE.search(text, fitting, self.end)
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
class _Window:
    """The text of one part: all of it, or up to the first character that does not fit."""

    text: str
    lines: Sequence[_Line]
    after: _State
    limit: int
    overflows: bool

    def state_at(self, cut: int) -> _State:
        line = self.lines[bisect_right(self.lines, cut, key=lambda line: line.start) - 1]
        return line.before.after(self.text[line.start : cut], self.limit)

    def render(self, cut: int, state: _State) -> str:
        """Return the message that shows the text before `cut`, where `state` holds."""
        body = self.text[:cut]
        reopened = self.lines[0].before.fence
        if reopened is not None:
            body = f"{reopened.reopening}\n{body}"
        if state.fence is None:
            return body.rstrip()
        line_break = "" if body.endswith("\n") else "\n"
        return f"{body}{line_break}{state.fence.closing}"


def _scan(text: str, start: int, state: _State, limit: int) -> _Window:
    """Return the window of the part that begins at `start` in `state`."""
    lines: list[_Line] = []
    used = length(state.fence.reopening) + 1 if state.fence else 0
    at = start
    while True:
        end = text.find("\n", at)
        line = _Line(at, end if end >= 0 else len(text), state)
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
        _Line(line.start - start, min(line.end, stop) - start, line.before) for line in lines
    ]
    return _Window(text[start:stop], relative, state, limit, overflow is not None)


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


# Line breaks, the best first: between blocks, at a blank line of code, at any line, and where one
# side of a block would show no code.
_BLOCK, _CODE_GAP, _LINE, _HOLLOW = range(4)


class _Cutter:
    """Finds the place to cut a window. Every place before its last character would fit."""

    def __init__(self, window: _Window) -> None:
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
        first = _VISIBLE.search(self._text)
        prose = (first.start() if first else 0, len(self._text) - 1)
        for fence, group in groupby(self._lines, key=lambda line: line.before.fence):
            lines = list(group)
            if fence is None:
                span = prose
            else:
                last = lines[-1]
                closes = fence.is_closing_so_far(self._text[last.start : last.end])
                code = self._text[lines[0].start : last.start if closes else last.end]
                visible = _VISIBLE.search(code)
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

    def _rank(self, previous: _Line, line: _Line) -> int:
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
            and _FENCE_LIKE.match(self._text, line.start, line.end) is None
        )

    def _last_resort(self) -> int:
        """Return the last place where a character ends, whatever it tears apart."""
        earliest = self._spans[0][0] if self._lines[0].before.fence is None else 0
        for at in range(len(self._text) - 1, earliest, -1):
            ends_line = self._text[at] == "\n" != self._text[at - 1]
            if not ends_line and not _is_joined(self._text, at):
                return at
        return len(self._text) - 1

    def _is_blank(self, line: _Line) -> bool:
        return _VISIBLE.search(self._text, line.start, line.end) is None

    def _opens_code(self, line: _Line) -> bool:
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


def _is_joined(text: str, at: int) -> bool:
    """Tell whether the characters on both sides of `at` are seen as one."""
    before, after = text[at - 1], text[at]
    if after.isascii():
        return False
    category = unicodedata.category(after)
    return (
        category[0] == "M"
        or (category == "Lo" and unicodedata.combining(before) == _VIRAMA)
        or _JOINED_PAIR.match(text, at - 1) is not None
        or (after in _FLAG_LETTERS and _ends_in_half_flag(text[:at]))
    )


def _ends_in_half_flag(text: str) -> bool:
    return (len(text) - len(text.rstrip(_FLAG_LETTERS))) % 2 == 1
