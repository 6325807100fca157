"""When two texts count as the same: for quotes, for unique values."""

from __future__ import annotations

import unicodedata


def normalise(text: str) -> str:
    """Return `text` in NFKC, casefolded, with every run of white space as one space."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
