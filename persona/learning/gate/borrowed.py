"""Which parts of a message are not the person's own words: code, quotations, forwarded text.

Such text is context. A fact in it may be anybody's (memory-systems 5.3).
"""

from __future__ import annotations

import re

from persona.learning.gate.lexicon import pattern
from persona.normalise import normalise

_FENCE = re.compile(r"```.*?(?:```|\Z)|^~~~.*?(?:^~~~|\Z)", re.DOTALL | re.MULTILINE)
_QUOTED_REST = re.compile(r"^[ \t]*>>> .*", re.MULTILINE | re.DOTALL)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
# A log or a copied conversation: a time and a speaker at the beginning of the line.
_LOG_LINE = re.compile(
    r"^[ \t]*(?:[\[(]?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]m)?[\])]?[ \t]*[-–]?[ \t]*"
    r"[^\s:：][^:：\n]{0,40}[:：]|<[^<>\n@#]{1,32}>[ \t]|"
    r"[^\n]{1,40} [—-] (?:today|yesterday|heute|gestern|hoy|ayer|hier|\d)[^\n]*$).*$",
    re.MULTILINE | re.IGNORECASE,
)
_INLINE_CODE = re.compile(r"(`+)(?!`)(.+?)\1", re.DOTALL)
_QUOTATION = re.compile(
    "[\"“„«‹「『‘]([^\"“”„«»‹›「」『』\n]{2,}?)[\"”“»›」』]|(?<!\\w)'([^'\n]{12,}?)'(?!\\w)"
)
_ENCLOSED = re.compile('\\s*["“„«「『][^"”»」』]*["”»」』]([^"”»」』]*)\\Z')
# Shorter ones are names, titles or emphasis.
_QUOTATION_WORDS = 3
_QUOTATION_CHARACTERS = 7


def own_words(text: str) -> str:
    """Return `text` without code blocks, quoted lines, and forwarded or pasted conversations."""
    for borrowed in (_FENCE, _QUOTED_REST, _QUOTED_LINE, _LOG_LINE):
        text = borrowed.sub("\n", text)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if pattern("forwarded").match(normalise(line)):
            # What follows is somebody's message: all of it, or as much as is in quotation marks.
            enclosed = _ENCLOSED.match("\n".join(lines[number + 1 :]))
            return "\n".join([*lines[:number], *([enclosed[1]] if enclosed else [])])
    return text


def quotations(text: str) -> list[str]:
    """Return, normalised, the pieces of `text` in inline code or between quotation marks."""
    code = [normalise(found[2]) for found in _INLINE_CODE.finditer(text)]
    spoken = (normalise(found[1] or found[2]) for found in _QUOTATION.finditer(text))
    return code + [
        piece
        for piece in spoken
        if len(piece.split()) >= _QUOTATION_WORDS
        or (len(piece.split()) == 1 and not piece.isascii() and len(piece) >= _QUOTATION_CHARACTERS)
    ]
