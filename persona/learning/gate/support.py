"""Whether a value has anything to do with its quotes (memory-systems, pain 3: invented people)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from persona.normalise import normalise

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_HANGUL = re.compile(r"[\uac00-\ud7af]")
# Words this short are articles and prepositions, unless there are no others.
_SHORT = 3


def is_supported(value: str, quotes: Iterable[str]) -> bool:
    """Return whether at least half of what `value` says is found in `quotes`.

    Values are in the person's own words, inflected perhaps; numbers must be the same.
    """
    wanted = normalise(value)
    said = [normalise(quote) for quote in quotes]
    whole = re.compile(rf"(?<!\d){re.escape(wanted)}(?!\d)")  # 7 is no part of 27
    if any(map(whole.search, said)):
        return True
    pieces = list(_pieces(wanted))
    heard = {piece for quote in said for piece in _pieces(quote, every=True)}
    if any(piece.isdigit() and piece not in heard for piece in pieces):
        return False
    found = sum(any(_same(piece, other) for other in heard) for piece in pieces)
    return bool(pieces) and 2 * found >= len(pieces)


def same_words(one: str, other: str) -> bool:
    """Return whether two values say the same words, in whatever order and inflection."""
    first, second = (set(_pieces(normalise(value))) for value in (one, other))
    if not first or not second:
        return normalise(one) == normalise(other)
    return all(any(_same(piece, heard) for heard in second) for piece in first) and all(
        any(_same(piece, heard) for heard in first) for piece in second
    )


def names(text: str, value: str) -> bool:
    """Return whether the normalised `text` has `value`, a long word of it, or most of it."""
    wanted = normalise(value)
    pieces = list(_pieces(wanted))
    said = set(_pieces(text, every=True))
    exact = any(piece in said for piece in pieces if len(piece) > _SHORT or not piece.isascii())
    found = sum(any(_same(piece, other) for other in said) for piece in pieces)
    # Particles are written together with Korean words.
    joined = _UNSPACED.search(wanted) or _HANGUL.search(wanted)
    whole = re.escape(wanted) if joined else rf"(?<!\w){re.escape(wanted)}(?!\w)"
    return (
        re.search(whole, text) is not None or exact or (len(pieces) > 1 and 2 * found > len(pieces))
    )


def position(value: str, text: str) -> int:
    """Return where in the normalised `text` something of `value` is first said; its end if not."""
    wanted = normalise(value)
    if wanted in text:
        return text.index(wanted)
    pieces = list(_pieces(wanted))
    exact = [match.start() for match in _WORD.finditer(text) if match[0] in pieces]
    if exact:
        return min(exact)
    found = [
        match.start()
        for match in _WORD.finditer(text)
        if any(_same(piece, match[0]) for piece in pieces)
    ]
    found += [text.index(piece) for piece in pieces if _UNSPACED.match(piece) and piece in text]
    return min(found, default=len(text))


def _pieces(text: str, *, every: bool = False) -> Iterator[str]:
    """Yield the words of `text`, and pairs of characters where words are written together."""
    words = _WORD.findall(_UNSPACED.sub(" ", text))
    longer = [
        word for word in words if len(word) >= _SHORT or word.isdigit() or _HANGUL.match(word)
    ]
    runs = _UNSPACED.findall(text)
    yield from words if every or not (longer or runs) else longer
    for run in runs:
        if len(run) == 1 or every:
            yield from run
        yield from (run[start : start + 2] for start in range(len(run) - 1))


def _same(one: str, other: str) -> bool:
    """Inflected forms share their beginning."""
    if one == other:
        return True
    if one.isdigit() or other.isdigit() or _UNSPACED.match(one):
        return False
    shorter = min(len(one), len(other))
    if _HANGUL.match(one):
        return shorter >= 2 and one[:2] == other[:2]
    return (
        shorter >= _SHORT
        and one[: max(_SHORT, -(-shorter * 2 // 3))] == other[: max(_SHORT, -(-shorter * 2 // 3))]
    )
