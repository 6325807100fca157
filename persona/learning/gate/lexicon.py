"""The words the gate knows, one file a language in words/. A new language is a new file.

All languages are tried on all text: people mix them, and short messages do not tell which it is.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Literal, get_args

Key = Literal[
    "nothing",
    "remember",
    "forget",
    "asking",
    "presupposed",
    "hypothetical",
    "just_once",
    "role_play",
    "sarcasm",
    "in_earnest",
    "third_party",
    "relatives",
    "self_words",
    "negated",
    "denied",
    "corrected",
    "kept",
    "ended",
    "order",
    "override",
    "sensitive",
    "forwarded",
]

# Their words are written together, or carry their particles with them.
_UNSPACED = frozenset({"zh", "ja", "ko"})


def read_lexicons() -> None:
    """Read every language's words, so that no answer waits for files later."""
    for key in get_args(Key):
        pattern(key)


@functools.cache
def pattern(key: Key) -> re.Pattern[str]:
    """Return what finds any of the words of `key` in normalised text."""
    spaced: list[str] = []
    unspaced: list[str] = []
    for language, words in _languages():
        if language in _UNSPACED:
            unspaced.extend(map(_apart, words.get(key, ())))
        else:
            spaced.extend(words.get(key, ()))
    alternatives = [rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", *unspaced]
    return re.compile("|".join(alternatives))


def _apart(word: str) -> str:
    """Return what finds `word`, if it is Latin as one of its own: "hiv" is no part of "archive"."""
    before = r"(?<![a-z])" if re.match("[a-z]", word) else ""
    after = r"(?![a-z])" if re.search(r"(?<!\\)[a-z]$", word) else ""
    return f"{before}(?:{word}){after}"


def has(text: str, key: Key) -> bool:
    """Return whether the normalised `text` has any of the words of `key`."""
    return pattern(key).search(text) is not None


def without(text: str, key: Key) -> str:
    """Return the normalised `text` without the words of `key`."""
    return pattern(key).sub(" ", text)


def means_nothing(value: str) -> bool:
    """Return whether the normalised `value` only says that there is none."""
    return pattern("nothing").fullmatch(value.strip(" .!?-–—_()[]{}<>\"'")) is not None


@functools.cache
def _languages() -> list[tuple[str, dict[str, list[str]]]]:
    return list(_read())


def _read() -> Iterator[tuple[str, dict[str, list[str]]]]:
    folder = resources.files("persona.learning.gate").joinpath("words")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            yield file.name.removesuffix(".toml"), tomllib.loads(file.read_text(encoding="utf-8"))
