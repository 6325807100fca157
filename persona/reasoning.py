"""Hidden reasoning, which some servers leave in the answer between <think> and </think>.

Other marks of it count at the beginning of an answer only: further on they may be what it is about.
"""

from __future__ import annotations

import re

_OPEN, _CLOSE = "<think>", "</think>"
# gpt-oss and its like write in channels, of which people are to read the last.
_FINAL = "<|channel|>final<|message|>"
_LEADING = {
    "<thinking>": "</thinking>",
    "<reasoning>": "</reasoning>",
    "<|channel|>analysis": _FINAL,
    "<|channel|>commentary": _FINAL,
    "<|start|>assistant<|channel|>analysis": _FINAL,
}

# Templates of reasoning models may hold the opening tag, so that only the closing one is written.
_UNOPENED = re.compile(r"\A.*?</think>[ \t]*(?:\n|\Z)", re.DOTALL)


def without_reasoning(text: str) -> str | None:
    """Return a whole answer without the reasoning before it; None if it ends in the reasoning.

    Tags further on are left alone: they may stand in words the answer quotes.
    """
    text = text.strip()
    while begun := _begins(text, {_OPEN: _CLOSE, **_LEADING}):
        opening, closing = begun
        _, closed, after = text.removeprefix(opening).partition(closing)
        if not closed:
            return None
        text = after.strip()
    return _UNOPENED.sub("", text.removeprefix(_FINAL), count=1).strip()


class ReasoningFilter:
    """Takes the reasoning out of an answer that comes in pieces.

    White space before the answer goes with it. Inside code (behind an odd number of backticks) a
    tag is text.
    """

    def __init__(self) -> None:
        self._held = ""
        self._hidden_until = ""
        self._ticks = 0
        self._begun = False

    def take(self, piece: str) -> str:
        """Return what can be shown once `piece` has come."""
        self._held += piece
        shown = ""
        while True:
            if not self._begun and not self._hidden_until and self._takes_leading():
                continue
            if not self._begun and not self._hidden_until and _may_begin(self._held):
                return shown
            tag = self._hidden_until or _OPEN
            before, found, after = self._held.partition(tag)
            if not found:
                break
            self._held = after
            if self._hidden_until:
                self._hidden_until = ""
                continue
            shown += self._show(before)
            if self._ticks % 2:
                shown += self._show(tag)
            else:
                self._hidden_until = _CLOSE
        kept = _tag_begun(self._held, tag)
        if not self._hidden_until:
            shown += self._show(self._held.removesuffix(kept) if kept else self._held)
        self._held = kept
        return shown

    def rest(self) -> str:
        """Return what was held back as the beginning of a tag, at the answer's end."""
        held, self._held = self._held, ""
        return "" if self._hidden_until else self._show(held)

    def _takes_leading(self) -> bool:
        """Take a mark at the beginning of the answer; return whether there was one."""
        start = self._held.lstrip()
        if start.startswith(_FINAL):
            self._held = start.removeprefix(_FINAL)
            return True
        begun = _begins(start, _LEADING)
        if begun is None:
            return False
        opening, self._hidden_until = begun
        self._held = start.removeprefix(opening)
        return True

    def _show(self, text: str) -> str:
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        self._ticks += text.count("`")
        return text


def _begins(text: str, marks: dict[str, str]) -> tuple[str, str] | None:
    """Return the mark `text` begins with and the one that ends it."""
    return next((pair for pair in marks.items() if text.startswith(pair[0])), None)


def _may_begin(text: str) -> bool:
    """Return whether `text` may be the beginning of a mark that is not whole yet."""
    start = text.lstrip()
    return bool(start) and any(mark.startswith(start) for mark in (*_LEADING, _FINAL))


def _tag_begun(text: str, tag: str) -> str:
    """Return the end of `text` that may be the beginning of `tag`."""
    lengths = range(min(len(tag) - 1, len(text)), 0, -1)
    return next((tag[:length] for length in lengths if text.endswith(tag[:length])), "")
