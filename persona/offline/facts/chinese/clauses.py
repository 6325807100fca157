"""Chinese sentences as clauses: which of them state something, and in what order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from persona.offline.facts.chinese.words import HEDGE
from persona.offline.facts.passage import Sentence, trimmed

_COMMA = re.compile(r"[，,]|\s{2,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ASKING = re.compile(
    r"[吗么]$|呢$|什么|怎么|怎样|哪|谁|几[个种岁]|是否|有没有|是不是|会不会|能不能|可不可以"
    r"|好不好|对不对|对吧$|对吗$"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """text[start:end] between two commas, and the clauses that come after it in the sentence."""

    text: str
    start: int
    end: int
    following: tuple[Clause, ...]
    closes: bool  # the sentence goes on no further

    @property
    def words(self) -> str:
        """The clause itself."""
        return self.text[self.start : self.end]


def clauses(sentence: Sentence) -> list[Clause]:
    """Return the clauses that state something plainly, in order; each knows those after it.

    What follows a condition, a report or a word for another time is left out, and so is a
    question and what a question closes.
    """
    text = sentence.text
    if not _HAN.search(text, sentence.start, sentence.end):
        return []
    spans = _spans(sentence)
    if sentence.question:
        if _is_confirmation(text, spans):
            return []
        spans = spans[:-1]
    hedge = HEDGE.search(text, sentence.start, sentence.end)
    limit = hedge.start() if hedge else sentence.end
    following: tuple[Clause, ...] = ()
    made: list[Clause] = []
    for start, end in reversed(spans):
        clause = Clause(text, start, end, following, end == sentence.end)
        following = (clause, *following[:12])
        if start <= limit and not _ASKING.search(text, start, end) and not start <= limit < end:
            made.insert(0, clause)
    return made


def _spans(sentence: Sentence) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = sentence.start
    for comma in _COMMA.finditer(sentence.text, sentence.start, sentence.end):
        spans.append((start, comma.start()))
        start = comma.end()
    spans.append((start, sentence.end))
    return [trimmed(sentence.text, *span) for span in spans if sentence.text[slice(*span)].strip()]


def _is_confirmation(text: str, spans: list[tuple[int, int]]) -> bool:
    last = text[spans[-1][0] : spans[-1][1]] if spans else ""
    return (
        re.fullmatch(r"(?:对|是|不是|好|行|没错|真的)[吗吧么嘛]?|对不对|是不是", last) is not None
    )
