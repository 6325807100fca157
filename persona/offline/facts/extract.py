"""Facts that a person states plainly about themselves, read from what they wrote.

The rules would rather miss something than take something that is not true of what was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from persona.offline.facts import grammar
from persona.offline.facts.chinese import findings as chinese
from persona.offline.facts.english import findings as english
from persona.offline.facts.finding import LISTS, Finding
from persona.offline.facts.grammars import GRAMMARS
from persona.offline.facts.passage import SOURCE_LENGTH, mask, quote, sentences
from persona.offline.facts.reconcile import Change, changes, fold
from persona.offline.language import language_of

TEXT_LENGTH = 80
ITEM_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Said:
    """One message written by the person, under the batch's number for it."""

    msg: int
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """An item already in the persona, under the number it goes by in this call."""

    item: int
    slot: str
    value: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A change to the persona, and the words it was read from.

    `op` is "set_slot", "add_item", "remove_item" or "confirm". The first two carry a `value`, the
    last two the `item` meant. `quote` is a verbatim part of message `msg`.
    """

    op: str
    slot: str
    value: str | None
    item: int | None
    msg: int
    quote: str
    why: str


def extract(said: Sequence[Said], known: Sequence[Known]) -> list[Fact]:
    """Return the facts that the messages `said` state, by message and position.

    A value that is `known` already is confirmed instead of added; one that is denied is removed.
    """
    numbers = {(item.slot, fold(item.value)): item.item for item in reversed(known)}
    slots = {item.item: item.slot for item in known}
    found = [
        (place, finding, span)
        for place, message in enumerate(said)
        for finding, span in _read(message.text)
    ]
    spans = {(place, id(finding)): span for place, finding, span in found}
    made = changes(((place, finding) for place, finding, _ in found), numbers)
    made.sort(key=lambda change: (change.place, change.finding.start, change.finding.slot))
    return [
        _fact(change, said[change.place], spans[change.place, id(change.finding)], slots)
        for change in made
    ]


def _read(text: str) -> Iterator[tuple[Finding, tuple[int, int]]]:
    masked = mask(text)
    simplified = chinese.simplified(masked)
    if english.speaks_for_others(masked) or chinese.speaks_for_others(simplified):
        return
    if any(each.for_others.search(masked) for each in GRAMMARS.values()):
        return
    both = zip(sentences(masked), sentences(simplified), strict=True)
    for sentence, in_simplified in both:
        language = language_of(masked[sentence.start : sentence.end])
        if language in GRAMMARS:
            found = grammar.read(GRAMMARS[language], sentence)
        else:
            found = [*english.read(sentence), *chinese.read(in_simplified, masked)]
        for finding in sorted(found, key=lambda finding: finding.start):
            limit = ITEM_LENGTH if finding.slot in LISTS else TEXT_LENGTH
            if 0 < len(finding.value) <= limit and finding.end - finding.start <= SOURCE_LENGTH:
                yield finding, (sentence.start, sentence.end)


def _fact(change: Change, said: Said, span: tuple[int, int], slots: dict[int, str]) -> Fact:
    finding = change.finding
    return Fact(
        op=change.op,
        slot=finding.slot if change.item is None else slots[change.item],
        value=finding.value if change.item is None else None,
        item=change.item,
        msg=said.msg,
        quote=quote(said.text, span, finding.anchor, (finding.start, finding.end)),
        why=finding.why,
    )
