"""How many tokens a text is, for budgets: rather too many than too few.

Tokenizers differ by model and load their tables over the network, so budgets use this estimate.
A tokenizer that works on bytes makes no more tokens of a text than it has bytes in UTF-8, so that
is what a character counts, unless its script stands in the table: those figures are what the worst
of four tokenizers (GPT-4's, GPT-4o's, Qwen's, Claude 2's) made of ordinary sentences.
What a call really used is taken from the endpoint's own figures.
"""

from __future__ import annotations

import re

_OVERHEAD = 4

# Of one picture, whatever its size: services scale it down to about as much at the most.
IMAGE_TOKENS = 1600

# Tenths of a token a character, by ranges of characters with equally many bytes.
_TENTHS = (
    ("A-Za-z \t\r\n", 3),  # English needs 2, code 4; digits and signs count a token each.
    ("\u0370-\u03ff", 13),  # Greek
    ("\u0400-\u052f", 7),  # Cyrillic
    ("\u0590-\u05ff", 11),  # Hebrew
    ("\u0620-\u064a\u0660-\u06d3", 12),  # Arabic; its vowel signs count their bytes.
    ("\u0900-\u097f", 13),  # Devanagari
    ("\u0980-\u0dff", 25),  # Bengali to Sinhala
    ("\u0e00-\u0e7f", 18),  # Thai
    ("\u3000-\u30ff\uff00-\uffef", 12),  # Japanese syllables, wide signs
    ("\u4e00-\u9fff", 16),  # Chinese characters
    ("\uac00-\ud7af", 13),  # Korean
)

# What finds runs of these characters, and by how many tenths each is below its bytes.
_SAVINGS = tuple(
    (re.compile(f"[{characters}]+"), 10 * len(characters[0].encode()) - tenths)
    for characters, tenths in _TENTHS
)


def estimate(text: str) -> int:
    """Return the estimated tokens of one message holding `text`, its framing included.

    The estimates of the parts of a text add up to at least that of the whole.
    """
    tenths = 10 * len(text.encode("utf-8", "surrogatepass"))
    for pattern, saved in _SAVINGS[:1] if text.isascii() else _SAVINGS:
        tenths -= saved * sum(map(len, pattern.findall(text)))
    return -(-tenths // 10) + _OVERHEAD
