"""When two texts count as the same: for quotes, for unique values; and what a value may hold."""

from __future__ import annotations

import unicodedata

# Control and format characters (zero-width, direction marks) and halves of surrogate pairs.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
# Joiners are unseen too, but part of how words are spelt and emoji are put together.
_JOINERS = "\u200c\u200d"
# Letters with a stroke are not decomposed into a letter and its mark.
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})
# What shows nothing: fillers of Hangul, Braille without dots, and how an emoji is drawn.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))))


def normalise(text: str) -> str:
    """Return `text` in NFKC, casefolded, every run of white space one space, nothing unseen."""
    # What is unseen goes first: it would keep apart what belongs together, as "e" and its accent.
    folded = unicodedata.normalize("NFKC", _seen(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def bare(text: str) -> str:
    """Return `text` normalised, and bare of what is spelt now so, now so: accents and points of
    letters, spaces, hyphens and other punctuation, emoji beside words.

    What was deleted is recognised by it. Signs that tell names apart stay ("C", "C++", "C#").
    """
    normal = normalise(text)
    telling = list(filter(_tells, unicodedata.normalize("NFKD", normal).translate(_STROKES)))
    words = any(unicodedata.category(character)[0] in "LN" for character in telling)
    kept = "".join(sign for sign in telling if not (words and _adorns(sign)))
    return unicodedata.normalize("NFC", kept) or normal


def _adorns(sign: str) -> bool:
    return unicodedata.category(sign) in ("So", "Sk", "Sm") and sign != "+"


def _tells(character: str) -> bool:
    if character == "#":
        return True
    if character in _BLANKS:
        return False
    kind = unicodedata.category(character)[0]
    # Signs that combine are part of how most scripts are spelt; these classes are points of Hebrew
    # and Arabic, which are left out as a rule, and accents.
    place = unicodedata.combining(character)
    return kind in "LNS" or (kind == "M" and not (10 <= place <= 36 or place >= 200))


def fold(value: str) -> str:
    """Return `value` as it is stored: every run of white space one space, nothing unseen."""
    folded = _seen(value, kept=_JOINERS)
    return folded if folded.strip(f" {_JOINERS}") else ""


def is_blank(value: str) -> bool:
    """Return whether there is nothing to be seen of `value` at all; marks show on letters only."""
    return all(
        character in _BLANKS or unicodedata.category(character)[0] in "MZ"
        for character in _seen(value)
    )


def _seen(text: str, kept: str = "") -> str:
    # Line ends and tabs are control characters, so white space goes first.
    spaced = " ".join(text.split())
    return " ".join(
        "".join(
            character
            for character in spaced
            if character in kept or unicodedata.category(character) not in _UNSEEN
        ).split()
    )
