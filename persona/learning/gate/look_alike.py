"""Letters that look like those of another script (Unicode TR 39)."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+")
# Japanese and Korean mix scripts as a rule; these never stand together in an honest word.
_APART = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def mixes_scripts(text: str) -> bool:
    """Return whether a word of `text` is put together from scripts that only look alike."""
    return any(
        len(_scripts(word)) > 1 for word in _WORD.findall(unicodedata.normalize("NFKC", text))
    )


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(character, "") for character in word if character.isalpha())
    return {script for script in (name.partition(" ")[0] for name in names) if script in _APART}
