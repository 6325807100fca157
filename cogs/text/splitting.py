"""Cuts a Markdown reply into Discord messages.

The cut of a part depends on nothing behind the first character that no longer fits. That is what
keeps the messages already posted right while the rest of the text is still being written.
"""

from __future__ import annotations

from .cutting import Cutter
from .length import length
from .state import State
from .window import VISIBLE, scan

__all__ = ["MESSAGE_LIMIT", "Splitter", "length", "split"]

MESSAGE_LIMIT = 2000
_SMALLEST_LIMIT = 2  # one character outside the basic plane


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
        self._added: list[str] = []
        self._finished: list[str] = []
        self._last = ""
        self._rest = ""  # the text from the beginning of the last part
        self._at_line_start = True
        self._ended_with_return = False
        self._before = State()  # at the beginning of the last part
        self._after = State()  # at the end of the text

    def add(self, text: str) -> None:
        """Append `text`, of any length."""
        if not text:
            return
        self._added.append(text)
        added = text.replace("\r\n", "\n").replace("\r", "\n")
        pair_completed = self._ended_with_return and text[0] == "\n"
        self._rest += added[1:] if pair_completed else added
        self._ended_with_return = text[-1] == "\r"
        self._advance()

    def parts(self) -> list[str]:
        """Return what `split` returns for all that was added; only the last part may change."""
        return [*self._finished, self._last] if self._last else list(self._finished)

    def text(self) -> str:
        """Return all that was added, as it was written."""
        return "".join(self._added)

    def add_paragraph(self, text: str) -> None:
        """Append `text` as a paragraph of its own, after closing a code block that is open."""
        closing = self._after.closing()
        self._ended_with_return = False
        if closing and self._last:
            on_own_line = self._after.fence is not None and not self._rest.endswith("\n")
            line_break = "\n" if on_own_line else ""
            self.add(f"{line_break}{closing}\n\n{text}")
            return
        # A block whose rest shows nothing was already closed by the part before.
        self._before = self._before._replace(fence=None, marks=()) if closing else self._before
        self._rest = self._rest.rstrip()
        self.add(f"\n\n{text}")

    def _advance(self) -> None:
        at = 0
        visible_end = len(self._rest.rstrip())
        self._last = ""
        self._after = self._before
        while at < visible_end and (start := self._skip(at)) is not None:
            window = scan(self._rest, start, self._before, self._limit)
            at = start
            if not window.overflows:
                self._last = window.render(len(window.text), window.after)
                self._after = window.after
                break
            cut = Cutter(window).cut()
            state = window.state_at(cut)
            self._finished.append(window.render(cut, state, for_good=True))
            self._before = self._after = state
            self._at_line_start = window.text[cut - 1] == "\n"
            at = start + cut
        self._rest = self._rest[at:]

    def _skip(self, at: int) -> int | None:
        """Return where the part begins that `at` leads to, or None when nothing is left."""
        if self._before.fence is not None:
            return at
        visible = VISIBLE.search(self._rest, at)
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
