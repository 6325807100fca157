"""Marks around words, such as those of bold text and of spoilers: which are open where.

Read from left to right without looking ahead, so that what was said of a text stays true while it
grows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Marks = tuple[str, ...]

SPOILER = "||"  # goes on over paragraphs and code; all others end with their paragraph

MARK = r"\|\||\*{1,3}+|_{1,3}+|~~"
_TOKEN = re.compile(
    rf"\\[^\n]|(?P<ticks>`++)|https?://[^\s<>|*]++|<[^<>\s|]++>|(?P<mark>{MARK})", re.ASCII
)
_BLOCK_START = re.compile(r"[ \t]*+(?:(?:[-+*]|[0-9]{1,9}[.)]|#{1,3}|-#)[ \t]|\Z)")


def lasting(marks: Marks) -> Marks:
    """Return those of `marks` that go on behind the end of a paragraph."""
    return (SPOILER,) if SPOILER in marks else ()


def changes(line: str, marks: Marks) -> Iterator[tuple[int, Marks]]:
    """Yield where in a line of prose the open marks change, and to which; from its beginning on."""
    if _BLOCK_START.match(line):
        marks = lasting(marks)
    yield 0, marks
    ticks = ""
    for token in _TOKEN.finditer(line):
        if token["ticks"]:
            ticks = "" if ticks == token["ticks"] else ticks or token["ticks"]
        elif token["mark"] and not ticks:
            changed = _after(token["mark"], line, token.start(), marks)
            if changed != marks:
                marks = changed
                yield token.end(), marks


def follow(line: str, marks: Marks) -> Marks:
    """Return the marks that are open after a line of prose, which may still be growing."""
    for _, changed in changes(line, marks):
        marks = changed
    return marks


def _after(mark: str, line: str, at: int, marks: Marks) -> Marks:
    before, behind = line[at - 1 : at], line[at + len(mark) : at + len(mark) + 1]
    follows_space = not before or before.isspace()
    precedes_space = not behind or behind.isspace()
    if mark == SPOILER:
        if mark in marks:
            return tuple(other for other in marks if other != mark)
        # A spoiler may begin with a line break; an operator stands between words.
        is_operator = before in {" ", "\t"} and behind in {" ", "\t"} and bool(line[:at].strip())
        return marks if is_operator else (*marks, mark)
    if not follows_space:
        for closed in ((mark,), (mark[:2], mark[:1]), (mark[:1], mark[:2])):
            if marks[-len(closed) :] == closed and "".join(closed) == mark:
                return marks[: -len(closed)]
        if mark in marks:
            return lasting(marks[marks.index(mark) :]) + marks[: marks.index(mark)]
    in_word = before.isalnum() and (mark[0] == "_" or mark == "*")
    if precedes_space or in_word or mark in marks:
        return marks
    return (*marks, mark)
