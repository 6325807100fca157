"""Numbers below a thousand, written with digits or in Chinese."""

from __future__ import annotations

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
           "六": 6, "七": 7, "八": 8, "九": 9}  # fmt: skip


def number(text: str) -> int | None:
    """Return the number that `text` writes, or None when it writes none: "二十九" is 29."""
    if text.isascii() and text.isdigit():
        return int(text)
    total = 0
    digit: int | None = None
    for sign in text:
        if sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
        elif sign == "十":
            total += 10 * (1 if digit is None else digit)
            digit = None
        elif sign == "百" and digit:
            total += 100 * digit
            digit = None
        else:
            return None
    return total + (digit or 0)
