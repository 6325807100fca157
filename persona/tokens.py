"""How many tokens a text is, near enough for budgets.

Tokenizers differ by model and load their tables over the network, so budgets use this estimate:
Chinese, Japanese and Korean count a token a character, everything else one for four.
What a call really used is taken from the endpoint's own figures.
"""

from __future__ import annotations

import re

_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_OVERHEAD = 4


def estimate(text: str) -> int:
    """Return the estimated tokens of one message holding `text`, its framing included."""
    wide = len(_WIDE.findall(text))
    return wide + -(-(len(text) - wide) // 4) + _OVERHEAD
