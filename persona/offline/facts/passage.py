"""One message as the rules see it: quotations hidden, sentences apart, positions unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

HIDDEN = "\x00"
QUOTE_LENGTH = 160
# A value is never longer, so a quotation always has room for it.
SOURCE_LENGTH = 140

_NOT_OWN_WORDS = re.compile(
    r"""
      ```.*?(?:```|\Z)                                   # fenced code, closed or not
    | `[^`\n]*`
    | ^[ \t]*>>>[ ].*\Z                                  # Discord: a quotation to the end
    | ^[ \t]*>[^\n]*$
    | "[^"\n]*(?:"|$) | “[^”\n]*(?:”|$) | „[^“\n]*(?:“|$) | «[^»\n]*(?:»|$)
    | 「[^」\n]*(?:」|$) | 『[^』\n]*(?:』|$)
    | ‘[^’\n]*(?:’(?:\w[^’\n]*)?)*
    | (?<!\w)'(?=\w)(?:[^'\n]|(?<=\w)'(?=\w))*'(?!\w)
    | https?://\S+
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_MARKS = re.compile(r"<(?:@[!&]?|#|a?:\w{1,40}:)\d{1,30}>|[*~|]")
_STOP = re.compile(r"[!?。！？；;\n]+|…+|(?<!\.)\.++(?=[\s)\x00]|$|[^\x00-\u2e7f])")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|mrs?|ms|dr|prof|approx)$", re.IGNORECASE)
_WORD_CHARACTER = re.compile(r"[0-9A-Za-z\u00c0-\u024f'’_-]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """text[start:end], without its closing mark. `text` is the whole message, masked.

    `alone` says that the message has no other sentence.
    """

    text: str
    start: int
    end: int
    question: bool
    alone: bool


def mask(text: str) -> str:
    """Return `text`, as long as before, with everything that is not the person's words hidden.

    Code, quotations, quoted reply lines and addresses become `HIDDEN`; mentions, custom emoji and
    the signs of Markdown become blanks.
    """
    hidden = _NOT_OWN_WORDS.sub(lambda match: HIDDEN * len(match[0]), text)
    return _MARKS.sub(lambda match: " " * len(match[0]), hidden)


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a masked message, in order."""
    spans = list(_spans(text))
    return [Sentence(text, start, end, asks, len(spans) == 1) for start, end, asks in spans]


def _spans(text: str) -> Iterator[tuple[int, int, bool]]:
    start = 0
    for stop in _STOP.finditer(text):
        if stop[0] == "." and _ABBREVIATION.search(
            text, max(start, stop.start() - 8), stop.start()
        ):
            continue
        if text[start : stop.start()].strip():
            yield *trimmed(text, start, stop.start()), "?" in stop[0] or "？" in stop[0]
        start = stop.end()
    if text[start:].strip():
        yield *trimmed(text, start, len(text)), False


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where text[start:end] stands without the blanks around it."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def quote(text: str, sentence: tuple[int, int], anchor: int, value: tuple[int, int]) -> str:
    """Return a verbatim part of `text`, at most 160 characters, that contains `value`.

    It is the whole sentence where that fits, else the statement from `anchor` on, else what
    stands around the value.
    """
    start, end = sentence[0], _closed(text, sentence[1])
    if end - start > QUOTE_LENGTH:
        start = anchor if value[1] - anchor <= QUOTE_LENGTH else _forward(text, value)
        end = min(end, start + QUOTE_LENGTH)
        while end > value[1] and _inside_word(text, end):
            end -= 1
    start, end = trimmed(text, start, end)
    return text[start:end]


def _closed(text: str, end: int) -> int:
    stop = _STOP.match(text, end)
    return stop.end() if stop and len(stop[0]) == 1 and stop[0] != "\n" else end


def _forward(text: str, value: tuple[int, int]) -> int:
    start = max(0, value[1] - QUOTE_LENGTH)
    while start < value[0] and (_inside_word(text, start) or not text[start].isalnum()):
        start += 1
    return start


def _inside_word(text: str, position: int) -> bool:
    return 0 < position < len(text) and all(
        _WORD_CHARACTER.match(character) for character in text[position - 1 : position + 1]
    )
