"""Putting a multiple-choice probe to the chatbot, and reading its answer."""

from __future__ import annotations

import re
import string
import unicodedata

from persona.benchmark.schema import Probe
from persona.normalise import normalise

# Neither part of a word nor elided, as in "C'est" and "Désolé"; scripts without spaces may adjoin.
_WORD = r"A-Za-z0-9À-ɏ'’"
_ALONE = rf"(?<![{_WORD}])([A-H])(?![{_WORD}])"
# "A" before a word may be an article or "to", "E" may be "and".
_BEFORE_A_WORD = rf"(?<=[AE])(?=\s+[{_WORD}])"
_LETTER = re.compile(rf"{_ALONE}(?!{_BEFORE_A_WORD})")
_MAYBE_A_WORD = re.compile(rf"{_ALONE}{_BEFORE_A_WORD}")


def probe_text(probe: Probe) -> str:
    """Return the probe as the person would put it: the question, and lettered options."""
    options = (
        f"{letter}) {option}"
        for letter, option in zip(string.ascii_uppercase, probe.options, strict=False)
    )
    return "\n".join((probe.question, *options))


def chosen(probe: Probe, reply: str) -> int | None:
    """Return the option that `reply` names first, counted from 0, or None when it names none.

    Named by its letter, or else, where that letter may be a word, by the one option it words.
    """
    text = unicodedata.normalize("NFKC", reply)
    plain, doubtful = (
        [string.ascii_uppercase.index(letter) for letter in pattern.findall(text)]
        for pattern in (_LETTER, _MAYBE_A_WORD)
    )
    said = normalise(text)
    worded = [
        place for place, option in enumerate(probe.options) if _worded(normalise(option), said)
    ]
    named = [*plain, *(worded if len(worded) == 1 else ()), *doubtful]
    return next((place for place in named if place < len(probe.options)), None)


def _worded(option: str, said: str) -> bool:
    """Return whether `option` stands in `said`, not as a part of a word."""
    return re.search(rf"(?<![{_WORD}]){re.escape(option)}(?![{_WORD}])", said) is not None
