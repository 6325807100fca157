"""What the text before a place in a reply makes of the text behind it."""

from __future__ import annotations

import re
from typing import NamedTuple

from .fences import ITEM, Fence, fence_at_end, fence_at_start
from .marks import SPOILER, Marks, follow, lasting

# From this limit on there is room to go on with quotes and marks in the next part.
ROOMY = 200

_LINE_QUOTE = "> "
_REST_QUOTE = ">>> "
_QUOTE = re.compile(r" *+(?P<kind>>>> |>(?: |\Z))")
_MARKED = re.compile(r"[*_~|]")


class State(NamedTuple):
    """What a line means depends on this much of the text before it."""

    fence: Fence | None = None
    offsets: tuple[int, ...] = ()  # where the content of the list items around begins, in spaces
    marks: Marks = ()
    quote: str = ""  # "> " from the beginning of a quoted line on, ">>> " to the end
    is_within_line: bool = False

    def after(self, line: str, limit: int) -> State:
        """Return the state after `line`, which may still be growing."""
        if limit < ROOMY:
            return self.after_block(line, limit)
        state, content = self.at_line(line)._enter_quote(line)
        marks = state.marks_after(content, limit)
        return state.after_block(content, limit)._replace(marks=marks, is_within_line=False)

    def code_after(self, line: str, limit: int) -> State:
        """Return what `after` returns, except for the marks, which take their time to be read."""
        if limit < ROOMY:
            return self.after_block(line, limit)
        state, content = self.at_line(line)._enter_quote(line)
        return state.after_block(content, limit)

    def at_line(self, line: str) -> State:
        """Return the state at the beginning of `line`: a quote ends before a line without it."""
        if self.quote != _LINE_QUOTE or self.is_within_line or _QUOTE.match(line):
            return self
        return State(marks=lasting(self.marks))

    def content(self, line: str) -> str:
        """Return `line` without what makes it quoted."""
        return self._enter_quote(line)[1]

    def reopening(self) -> str:
        """Return what a part in this state begins with."""
        marks = "".join(self.marks)
        lines = self.quote == _LINE_QUOTE
        quote = "" if lines and not (self.fence or marks or self.is_within_line) else self.quote
        if self.fence is not None:
            again = self.quote if lines and self.is_within_line else ""
            return f"{quote}{marks}{self.fence.reopening}\n{again}"
        return f"{quote}{marks}\n" if lines and marks and not self.is_within_line else quote + marks

    def closing(self, *, for_good: bool = False) -> str:
        """Return what a part ends with in this state, on a line of its own where code is open.

        A part that may still grow closes no mark but a spoiler's; with `for_good` it closes all.
        """
        marks = "".join(reversed(self.marks if for_good else lasting(self.marks)))
        if self.fence is None:
            return marks
        quote = self.quote if self.quote == _LINE_QUOTE else ""
        return f"{quote}{self.fence.closing}{marks}"

    @property
    def is_hidden(self) -> bool:
        return SPOILER in self.marks

    def _enter_quote(self, line: str) -> tuple[State, str]:
        if self.is_within_line or self.quote == _REST_QUOTE or (self.fence and not self.quote):
            return self, line
        quote = _QUOTE.match(line)
        if quote is None:
            return self, line
        kind = _REST_QUOTE if quote["kind"] == _REST_QUOTE else _LINE_QUOTE
        state = self if self.quote == kind else State(marks=lasting(self.marks), quote=kind)
        return state, line[quote.end() :]

    def after_block(self, line: str, limit: int) -> State:
        if self.fence is not None:
            is_closed = self.fence.is_closed_by(self._shown(line)) or (
                limit >= ROOMY and self.fence.end_in(line) is not None
            )
            return self._replace(fence=None) if is_closed else self
        if not line or line.isspace():
            return self
        around = self.offsets
        if around or not line[0].isalpha():
            indent = len(line) - len(line.lstrip(" "))
            around = tuple(offset for offset in around if offset <= indent)
            opened = fence_at_start(line, around, limit)
            if opened is not None:
                return self._replace(fence=opened[0], offsets=opened[1])
            item = ITEM.match(line)
            around = (*around, item.end()) if item else around
        return self._replace(offsets=around, fence=fence_at_end(line) if limit >= ROOMY else None)

    def marks_after(self, line: str, limit: int) -> Marks:
        """Return the marks that are open after `line`, which stands in this state."""
        after = self.after_block(line, limit)
        if self.fence is not None:
            if after.fence is not None:
                return self.marks
            end = self.fence.end_in(line)
            if end is not None:
                return follow(line[end:], self.marks)
            return self.marks if self._shown(line).rstrip() == line.rstrip() else ()
        if self.marks or _MARKED.search(line):
            marks = follow(line, self.marks)
            return lasting(marks) if after.fence is not None else marks
        return ()

    def _shown(self, line: str) -> str:
        """Return `line` without the end of a spoiler, which may follow a closing fence at once."""
        shown = line.rstrip()
        return shown.removesuffix(SPOILER) if self.is_hidden else line
