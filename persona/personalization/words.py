"""The words of a text, for comparing texts in any language.

Scripts that set spaces give words. Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese and Tibetan
give overlapping pairs of characters: what stands for words where there are no spaces, and where
(in Korean) endings are glued to them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby, pairwise

from persona.normalise import normalise

_PAIRED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007"
    "\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)


def words(text: str) -> list[str]:
    """Return the words of `text` in order, as `normalise` has them; signs and emoji are none."""
    found: list[str] = []
    for kind, run in groupby(normalise(text), key=_kind):
        characters = "".join(run)
        if not any(map(str.isalnum, characters)):
            continue
        if kind == "word" or len(characters) == 1:
            found.append(characters)
        else:
            found += map("".join, pairwise(characters))
    return found


@cache
def _kind(character: str) -> str:
    # Marks belong to words: the vowels of Hindi are marks.
    if unicodedata.category(character)[0] not in "LNM":
        return ""
    return "paired" if _PAIRED.match(character) else "word"
