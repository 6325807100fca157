"""Whom a reply is for: what of the persona it can use, and how it should be worded."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persona.offline.facts.extract import Said, extract
from persona.offline.facts.finding import FORMATS, INTERESTS, NAME, STYLES

_SHORT = re.compile(
    r"\b(?:short|brief|concise|succinct|terse|to the point|courtes?\b|brèves?"
    r"|brièvement|succinct|peu de mots|brev[ei]|corte|in breve|sintetic|poche parole|singkat|pendek"
    r"|ringkas)|简短|简洁|简明|精简|短一点|^短|短[いくめ]|簡潔|手短|짧|간결|간단",
    re.IGNORECASE,
)
_BULLETS = re.compile(
    r"\b(?:bullet|list|puces|elenc|punti\b|poin\b|poin-|butir|daftar)|要点|列表|分点|条目|分条"
    r"|项目符号|箇条書き|リスト|목록|글머리|요점",
    re.IGNORECASE,
)
_STEPS = re.compile(
    r"step[ -]by[ -]step|\bsteps\b|numbered|étapes|numérotée|passaggi|numerat|langkah|bernomor"
    r"|步骤|一步一步|逐步|编号|ステップ|番号|단계|번호",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"(?<!in)(?<!in-)formal|professional|polite|formel|poliment|(?<!非)正式|礼貌|专业|敬语"
    r"|丁寧|敬語|공손|존댓말",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LONGEST_VALUE = 80
# Longer messages say more than what they tell about their writer.
_LONGEST_STATEMENT = 160


@dataclass(frozen=True, slots=True)
class Reader:
    """The person, their message, and the manner of the reply they are to get."""

    message: str
    name: str
    greeted: bool
    interest: str
    on_topic: bool
    known: Mapping[str, Sequence[str]]
    heard: Mapping[str, Sequence[str]]
    short: bool
    bullets: bool
    steps: bool
    formal: bool

    def pick(self, variants: Sequence[str]) -> str:
        """Return the variant that this message always gets."""
        return variants[_number(self.message) % len(variants)]


def reader_of(persona: Mapping[str, Sequence[str]], message: str, *, first: bool) -> Reader:
    """Return the reader that `persona` describes; it is greeted only on its `first` message."""
    known = {
        slot: kept
        for slot, values in persona.items()
        if (kept := [_tidy(value) for value in values if value.strip()])
    }
    manner = "\n".join((*known.get(STYLES, ()), *known.get(FORMATS, ())))
    interest, on_topic = _interest(known.get(INTERESTS, ()), message)
    return Reader(
        message=message,
        name=known.get(NAME, [""])[0],
        greeted=first,
        interest=interest,
        on_topic=on_topic,
        known=known,
        heard=_heard(message),
        short=_SHORT.search(manner) is not None,
        bullets=_BULLETS.search(manner) is not None,
        steps=_STEPS.search(manner) is not None,
        formal=_FORMAL.search(manner) is not None,
    )


def _heard(message: str) -> dict[str, list[str]]:
    """What a short message without a question tells about its writer, by slot."""
    heard: dict[str, list[str]] = {}
    if len(message) <= _LONGEST_STATEMENT and "?" not in message and "？" not in message:
        for fact in extract([Said(1, message)], []):
            heard.setdefault(fact.slot, []).append(_tidy(fact.value or ""))
    return heard


def _tidy(value: str) -> str:
    return " ".join(value.split())[:_LONGEST_VALUE]


def _interest(interests: Sequence[str], message: str) -> tuple[str, bool]:
    """The interest that the message is about, else one that serves as an example."""
    if not interests:
        return "", False
    # An example reads better in the language of the reply.
    chinese = _HAN.search(message) is not None
    same = [interest for interest in interests if (_HAN.search(interest) is not None) == chinese]
    said = _stems(message)
    for interest in interests:
        if _stems(interest) & said:
            return interest, True
    examples = same or interests
    return examples[_number(message) % len(examples)], False


def _stems(text: str) -> set[str]:
    """The words of a text, without endings; of Chinese, every pair of neighbours."""
    found = {word.lower()[:5] for word in re.findall(r"[A-Za-z]{4,}", text)}
    for part in re.findall(r"[\u4e00-\u9fff]{2,}", text):
        found.update(part[place : place + 2] for place in range(len(part) - 1))
    return found - _COMMON


def _number(text: str) -> int:
    # Python's own hash of a text differs from run to run.
    return zlib.crc32(text.encode())


_COMMON = {
    "playi", "watch", "doing", "makin", "takin", "going", "liste", "tryin", "with", "about",
    "喜欢", "什么", "可以", "推荐",
}  # fmt: skip
