"""Hidden reasoning, which some servers leave in the answer between <think> and </think>."""

from __future__ import annotations

import re

_OPEN, _CLOSE = "<think>", "</think>"

# Templates of reasoning models may hold the opening tag, so that only the closing one is written.
_UNOPENED = re.compile(r"\A.*?</think>[ \t]*(?:\n|\Z)", re.DOTALL)


def without_reasoning(text: str) -> str | None:
    """Return a whole answer without the reasoning before it; None if it ends in the reasoning.

    Tags further on are left alone: they may stand in words the answer quotes.
    """
    text = text.strip()
    while text.startswith(_OPEN):
        _, closed, after = text.partition(_CLOSE)
        if not closed:
            return None
        text = after.strip()
    return _UNOPENED.sub("", text, count=1).strip()


class ReasoningFilter:
    """Takes the reasoning out of an answer that comes in pieces.

    White space before the answer goes with it. Inside code (behind an odd number of backticks) a
    tag is text.
    """

    def __init__(self) -> None:
        self._held = ""
        self._hidden = False
        self._ticks = 0
        self._begun = False

    def take(self, piece: str) -> str:
        """Return what can be shown once `piece` has come."""
        self._held += piece
        shown = ""
        while True:
            tag = _CLOSE if self._hidden else _OPEN
            before, found, after = self._held.partition(tag)
            if not found:
                break
            self._held = after
            if self._hidden:
                self._hidden = False
                continue
            shown += self._show(before)
            if self._ticks % 2:
                shown += self._show(tag)
            else:
                self._hidden = True
        kept = _tag_begun(self._held, tag)
        if not self._hidden:
            shown += self._show(self._held.removesuffix(kept) if kept else self._held)
        self._held = kept
        return shown

    def rest(self) -> str:
        """Return what was held back as the beginning of a tag, at the answer's end."""
        held, self._held = self._held, ""
        return "" if self._hidden else self._show(held)

    def _show(self, text: str) -> str:
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        self._ticks += text.count("`")
        return text


def _tag_begun(text: str, tag: str) -> str:
    """Return the end of `text` that may be the beginning of `tag`."""
    lengths = range(min(len(tag) - 1, len(text)), 0, -1)
    return next((tag[:length] for length in lengths if text.endswith(tag[:length])), "")
