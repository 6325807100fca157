"""Reads a sentence by a table of patterns: one `Grammar` a language, see `grammars`.

A sentence is taken apart into clauses, each pattern must account for a whole clause, and lists are
cut into items. What follows a condition, a report or a word for another time is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from persona.offline.facts.finding import AGE, LISTS, Finding
from persona.offline.facts.passage import HIDDEN, Sentence, trimmed

YOUNGEST, OLDEST = 5, 120

_LONGEST_CLAUSE = 240
_MOST_CLAUSES = 24
_LONGEST_ITEM = 60
_MOST_WORDS = 7
_WHY = {
    "name": "They say what they are called.",
    "age": "They state their age.",
    "gender": "They state their gender.",
    "nationality": "They say where they are from.",
    "languages": "They say they speak it.",
    "career": "They say what they do.",
    "values_and_interests": "They say they like it.",
    "styles": "They say how they want to be answered.",
    "formats": "They say how they want to be answered.",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A whole clause that states something about `slot`.

    The group `value` is taken as it is, and `items` as a list. An `opening` rule, one without a
    subject, counts only where the message begins; a `negated` one takes back what was said before.
    """

    slot: str
    pattern: re.Pattern[str]
    opening: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """How a language lists things.

    `joint` stands between two: its group `comma` goes on, its group `last` announces the last one,
    any other match ends the list. `item` is what one looks like; its group `item` is the value and
    `article` or `verb` its kind, which all of one list share. `never` is in none of them.
    """

    joint: re.Pattern[str]
    item: re.Pattern[str]
    never: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language: `comma` stands between clauses; from `hedge` on nothing is stated plainly.

    A clause with `asking` in it asks; a message with `for_others` hands over a text to work on or
    plays a part. A wish holds for ever only where its sentence has no word of `once`.
    """

    comma: re.Pattern[str]
    hedge: re.Pattern[str]
    asking: re.Pattern[str]
    for_others: re.Pattern[str]
    once: re.Pattern[str]
    items: Items
    rules: tuple[Rule, ...]


def pattern(source: str) -> re.Pattern[str]:
    """Return `source` as a pattern that minds neither case nor which apostrophe was written."""
    return re.compile(source.replace("'", "['\u2019]"), re.IGNORECASE)


def read(grammar: Grammar, sentence: Sentence) -> list[Finding]:
    """Return what the sentence states about the person who wrote it."""
    spans = _stated(grammar, sentence)
    found: list[Finding] = []
    for start, end in spans:
        for rule in grammar.rules:
            if rule.opening and sentence.text[:start].strip():
                continue
            match = rule.pattern.fullmatch(sentence.text, start, end)
            if match and (here := list(_findings(grammar, rule, match, spans[-1][1]))):
                found += here
                break
    wishes = [finding for finding in found if finding.slot.startswith("preference.")]
    if wishes and grammar.once.search(sentence.text, sentence.start, sentence.end):
        return []
    return found


def _stated(grammar: Grammar, sentence: Sentence) -> list[tuple[int, int]]:
    """The clauses that state something plainly, up to the first that does not."""
    text = sentence.text
    spans = list(_spans(grammar, sentence))
    if sentence.question:
        spans.pop()
    hedge = grammar.hedge.search(text, sentence.start, sentence.end)
    limit = hedge.start() if hedge else sentence.end
    return [
        (start, end)
        for start, end in spans
        if end <= limit
        and end - start <= _LONGEST_CLAUSE
        and HIDDEN not in text[start:end]
        and not grammar.asking.search(text[start:end])
    ]


def _spans(grammar: Grammar, sentence: Sentence) -> Iterator[tuple[int, int]]:
    start = sentence.start
    made = 0
    for comma in grammar.comma.finditer(sentence.text, sentence.start, sentence.end):
        if sentence.text[start : comma.start()].strip():
            yield trimmed(sentence.text, start, comma.start())
            made += 1
        start = comma.end()
        if made == _MOST_CLAUSES:
            break
    yield trimmed(sentence.text, start, sentence.end)


def _findings(
    grammar: Grammar, rule: Rule, match: re.Match[str], declared: int
) -> Iterator[Finding]:
    why = _WHY[rule.slot.rsplit(".", maxsplit=1)[-1]]
    if "items" in match.re.groupindex:
        begin, end = match.span("items")
        # A list goes on over commas, in the part of the sentence that states something.
        last = declared if end == match.end() else end
        spans = _listed(grammar.items, match.string, begin, last)
    else:
        spans = [match.span("value")]
    for start, end in spans:
        value = match.string[start:end]
        if rule.slot == AGE:
            value = str(int(value))
            if not YOUNGEST <= int(value) <= OLDEST:
                return
        yield Finding(rule.slot, value, start, end, match.start(), why, negated=rule.negated)
        if rule.slot not in LISTS:
            return


def _listed(items: Items, text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the items of the list text[start:end] stand, as far as it is one.

    More than the first is taken only where the last one is announced, as by "and".
    """
    found: list[tuple[int, int]] = []
    kind: str | None = None
    announced = False
    for joint in items.joint.finditer(text, start, end):
        item = _item(items, text, start, joint.start())
        if item is None or (found and item[1] != kind):
            return found[:1]
        found.append(item[0])
        kind = item[1]
        start = joint.end()
        if joint.lastgroup is None or (announced and joint.lastgroup == "comma"):
            return found if announced else found[:1]
        announced = joint.lastgroup == "last"
    item = _item(items, text, start, end)
    if item is not None and (not found or (item[1] == kind and announced)):
        return [*found, item[0]]
    return found[:1]


def _item(
    items: Items, text: str, start: int, end: int
) -> tuple[tuple[int, int], str | None] | None:
    start, end = trimmed(text, start, end)
    match = items.item.fullmatch(text, start, end)
    if match is None or items.never.search(text[start:end]):
        return None
    value = match["item"]
    if not value or len(value) > _LONGEST_ITEM or len(value.split()) > _MOST_WORDS:
        return None
    named = match.re.groupindex
    kind = next(
        (group for group in ("article", "verb") if group in named and match[group] is not None),
        None,
    )
    return match.span("item"), kind
