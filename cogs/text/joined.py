"""Characters that are seen as one."""

from __future__ import annotations

import re
import unicodedata

_JOINED_PAIR = re.compile(
    r"\u200d.|[\ud800-\udbff][\udc00-\udfff]|"  # joiner and what it joins; halves of one character
    r".[\u200c\u200d\u1160-\u11ff\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]",
    re.DOTALL,
)
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # two of them make a flag
_VIRAMA = 9  # the combining class of the signs that tie two consonants together
# Letters by category, but written onto the consonant before them (Unicode's SpacingMark).
_SPACING_VOWELS = "\u0e33\u0eb3"


def is_joined(text: str, at: int) -> bool:
    """Tell whether the characters on both sides of `at` are seen as one."""
    before, after = text[at - 1], text[at]
    if after.isascii():
        return False
    category = unicodedata.category(after)
    return (
        category[0] == "M"
        or after in _SPACING_VOWELS
        or (category == "Lo" and unicodedata.combining(before) == _VIRAMA)
        or _JOINED_PAIR.match(text, at - 1) is not None
        or (after in _FLAG_LETTERS and _ends_in_half_flag(text[:at]))
    )


def _ends_in_half_flag(text: str) -> bool:
    return (len(text) - len(text.rstrip(_FLAG_LETTERS))) % 2 == 1
