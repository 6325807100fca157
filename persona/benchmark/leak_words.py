"""The words of a text as the leak audit compares them, in any language.

Scripts that set spaces give words; scripts that do not give their characters one by one. Endings
that are glued to a word in Korean, and a plural's s, are left off.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from persona.normalise import fold

_HAN_AND_KANA = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
# Thai, Lao, Tibetan, Burmese, Khmer: a word is about as many letters as in scripts with spaces.
_LETTERS_ONLY = "\u0e01-\u0e4e\u0e81-\u0ece\u0f40-\u0fbc\u1000-\u109f\u1780-\u17d3"
# Vowels and points that Python's \w leaves out.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0963\u0971-\u0dff"
)
_WORD = f"(?:(?![{_HAN_AND_KANA}{_LETTERS_ONLY}])[^\\W_]|[{_MARKS}])"
# A number with its sign of money or share, its decimals, its minutes, or the end of its range.
# In Korean, as in Chinese, what is counted follows without a space.
_NUMBER = rf"[$€£¥₩]?\d+(?:[.,:/–-]\d+)*(?:\s?[%€£¥₩元円원])?(?!(?![가-힣]){_WORD})"
_TOKEN = re.compile(rf"{_NUMBER}|{_WORD}+(?:\+\+|#)?|[{_HAN_AND_KANA}]|[{_LETTERS_ONLY}]")
_UNSPACED = re.compile(f"[{_HAN_AND_KANA}{_LETTERS_ONLY}]")
_ALPHABETIC = re.compile(f"[{_LETTERS_ONLY}]")
_HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff]")
_HIRAGANA = re.compile("[\u3040-\u309f]")
_HANGUL = re.compile("[\uac00-\ud7a3]+")

_TABLE = tomllib.loads(
    resources.files(__package__).joinpath("leak_words.toml").read_text(encoding="utf-8")
)
_ENDINGS = tuple(sorted(_TABLE["korean_endings"].split(), key=len, reverse=True))
_EMPTY_CHARACTERS = frozenset(_TABLE["characters"])


@dataclass(frozen=True, slots=True)
class Words:
    """A text in NFKC, where its words stand there, and the key each is compared by."""

    text: str
    spans: tuple[tuple[int, int], ...]
    keys: tuple[str, ...]

    def said(self, first: int, number: int) -> str:
        """Return `number` words from the `first` on, as they stand in the text."""
        return self.text[self.spans[first][0] : self.spans[first + number - 1][1]]


@lru_cache(maxsize=8192)
def words(text: str) -> Words:
    """Return the words of `text` in order; signs and emoji are none."""
    folded = unicodedata.normalize("NFKC", fold(text))
    found = list(_TOKEN.finditer(folded))
    return Words(
        folded, tuple(match.span() for match in found), tuple(_key(match[0]) for match in found)
    )


@lru_cache(maxsize=65536)
def _key(word: str) -> str:
    key = word.casefold()
    if _HANGUL.fullmatch(key):
        return _stem(key)
    if len(key) >= 5 and key.endswith("s") and not key.endswith("ss"):
        return key[:-1]
    return key


def _stem(word: str) -> str:
    # Two syllables stay: a single one is too many words at once.
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return _stem(word[: -len(ending)])
    return word


_EMPTY = frozenset(_key(word) for text in _TABLE["words"].values() for word in text.split())


def is_unspaced(key: str) -> bool:
    """Return whether the key is a character of a script without spaces."""
    return _UNSPACED.match(key) is not None


def run_length(key: str) -> int:
    """Return how many words, or characters of a script without spaces, make a telling run."""
    if not is_unspaced(key):
        return 3
    return 8 if _ALPHABETIC.match(key) else 4


def is_content(key: str) -> bool:
    """Return whether a word of a script with spaces, or a number, says something by itself."""
    if is_unspaced(key):
        return False
    if _HANGUL.match(key):
        return len(key) >= 2 and key not in _EMPTY
    return len(key) >= (2 if key[0].isdigit() else 3) and key not in _EMPTY


def tells(run: tuple[str, ...]) -> bool:
    """Return whether a run of keys says something: two words of content, or in scripts without
    spaces two characters beside grammar.

    A run in Japanese needs a character that is no kana: endings are hiragana, and a loanword
    alone is a single word.
    """
    if not all(map(is_unspaced, run)):
        return sum(map(is_content, run)) >= 2
    if any(map(_ALPHABETIC.match, run)):
        return True
    empty = sum(key in _EMPTY_CHARACTERS or _HIRAGANA.match(key) is not None for key in run)
    if any(map(_KANA.match, run)):
        return any(map(_HAN.match, run)) and len(run) - empty >= 2
    return empty <= 1
