"""How long Discord takes a text to be."""

from __future__ import annotations


def length(text: str) -> int:
    """Return the length of `text` in UTF-16 code units.

    Never smaller than what Discord counts, whether it counts code units or code points.
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
