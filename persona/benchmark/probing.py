"""Putting a multiple-choice probe to the chatbot, and reading its answer."""

from __future__ import annotations

import re
import string
import unicodedata

from persona.benchmark.schema import Probe

# Neither part of a word nor elided, as in "C'est" and "Désolé"; scripts without spaces may adjoin.
_WORD = r"A-Za-z0-9À-ɏ'’"
_LETTER = re.compile(rf"(?<![{_WORD}])([A-H])(?![{_WORD}])")


def probe_text(probe: Probe) -> str:
    """Return the probe as the person would put it: the question, and lettered options."""
    options = (
        f"{letter}) {option}"
        for letter, option in zip(string.ascii_uppercase, probe.options, strict=False)
    )
    return "\n".join((probe.question, *options))


def chosen(probe: Probe, reply: str) -> int | None:
    """Return the option that `reply` names first, counted from 0, or None when it names none."""
    for letter in _LETTER.findall(unicodedata.normalize("NFKC", reply)):
        place = string.ascii_uppercase.index(letter)
        if place < len(probe.options):
            return place
    return None
