"""Sentences and clauses around a quote, in normalised text."""

from __future__ import annotations

import re
from typing import Literal

from persona.learning.gate.lexicon import has, pattern

Split = Literal["sentence", "clause"]
Span = tuple[int, int]

_CJK = "\u3040-\u30ff\u3400-\u9fff"
_SENTENCE_END = re.compile(
    # Also after an emoji or Korean laughter: people put those where a full stop would be.
    r"(?<=[.!?。！？…\u110f\u1112\u1172\u116e\U0001f300-\U0001faff\u2600-\u27bf])"
    r"[\"”»」』)]*(?:\s+|(?<=[。！？]))|\s*\n+\s*|"
    # Where words are written together, a space ends a thought, and none follows a mark.
    rf"(?<=[{_CJK}]) +(?=[{_CJK}])|(?<=[!?])(?=[{_CJK}])"
)
_CLAUSE_END = re.compile(
    r"\s*(?:[,;:–—，；：、]|"
    r"(?<!\w)(?:but|though|although|whereas|however|sondern|но|зато|однако|pero|sino|aunque|mais|"
    r"cependant)(?!\w)|(?<!\w)(?:(?<!me )(?<!i )(?:and|so) (?=(?:i|my)(?!\w))|"
    r"und (?=ich(?!\w))|et (?=je(?!\w)))|"
    r"但是|可是|不过|而是|けど|でも|지만|[는은인운한던신]데(?=\s|$))\s*|\s+-+\s+|"
    rf"(?<=[{_CJK}]) +| +(?=[{_CJK}])"
)
_QUESTION_END = re.compile(r"(?:[?？]|吗|嗎|么|呢|か|っけ)[\s.!~〜～。！]*$")


def clauses(text: str, quote: str) -> list[list[tuple[str, bool]]]:
    """Return, for each sentence that `quote` touches, its clauses and whether it touches those.

    Clauses are the parts between commas and conjunctions that begin a new thought.
    """
    found: list[list[tuple[str, bool]]] = []
    for start, end in _touched(text, quote, _spans(text, _SENTENCE_END)):
        parts = _spans(text, _CLAUSE_END, start, end)
        touched = _touched(text, quote, parts)
        found.append([(text[a:b], (a, b) in touched) for a, b in parts])
    return found


def around(text: str, quote: str, split: Split = "sentence") -> list[str]:
    """Return the sentences (or clauses) of `text` that `quote` touches; all if it is not there.

    A model may quote half a sentence, and leave out the "if" it began with.
    """
    if split == "clause":
        return [part for each in clauses(text, quote) for part, touched in each if touched]
    return [text[start:end] for start, end in _touched(text, quote, _spans(text, _SENTENCE_END))]


def asks(text: str) -> bool:
    """Return whether a sentence or clause is a question.

    People leave question marks out, but then begin with the question word. "Did you know that I am
    a beekeeper?" asks nothing.
    """
    if has(text, "presupposed"):
        return False
    begins = pattern("asking").match(text) is not None and not has(text, "self_words")
    return begins or _QUESTION_END.search(text) is not None


def _spans(
    text: str, border: re.Pattern[str], start: int = 0, end: int | None = None
) -> list[Span]:
    """Return where the pieces between the borders lie, without space around them."""
    end = len(text) if end is None else end
    marks = [match.span() for match in border.finditer(text, start, end)]
    edges = zip(
        [start, *(mark[1] for mark in marks)], [*(mark[0] for mark in marks), end], strict=True
    )
    return [(first, last) for first, last in edges if text[first:last].strip()] or [(start, end)]


def _touched(text: str, quote: str, spans: list[Span]) -> list[Span]:
    places = [match.span() for match in re.finditer(re.escape(quote), text.replace("\n", " "))] or [
        (0, len(text))
    ]
    return [
        (start, end)
        for start, end in spans
        if any(start < last and first < end for first, last in places)
    ] or spans
