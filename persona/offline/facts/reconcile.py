"""Compares what was found with what is known."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from persona.offline.facts.finding import FORMATS, INTERESTS, LISTS, STYLES, WORKFLOWS, Finding

Op = Literal["set_slot", "add_item", "remove_item", "confirm"]

ITEMS_PER_LIST = 12

# "I don't like X" takes back X wherever liking could have put it.
_LIKED = (INTERESTS, STYLES, FORMATS, WORKFLOWS)


@dataclass(frozen=True, slots=True)
class Change:
    """What to do about a finding: the number of a known item, or None for a new value."""

    op: Op
    finding: Finding
    place: int
    item: int | None


def fold(value: str) -> str:
    """Return the form in which two values are compared: compatible characters, case, blanks."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def changes(
    findings: Iterable[tuple[int, Finding]], known: Mapping[tuple[str, str], int]
) -> list[Change]:
    """Return what to do, in the order of the findings.

    Each finding comes with a place that the caller understands. `known` gives the number of an
    item by slot and folded value. The last word counts: a later finding replaces an earlier one
    of the same text slot and takes back one it contradicts; a mere repetition adds nothing.
    """
    kept: dict[tuple[str, str], Change] = {}
    for place, finding in findings:
        if finding.negated:
            _take_back(kept, known, place, finding)
            continue
        key = (finding.slot, fold(finding.value))
        earlier = kept.get(key)
        if earlier and earlier.op != "remove_item":
            continue
        if finding.slot not in LISTS:
            for other in [other for other in kept if other[0] == finding.slot]:
                del kept[other]
        kept.pop(key, None)
        item = known.get(key)
        op: Op = "add_item" if finding.slot in LISTS else "set_slot"
        kept[key] = Change(op if item is None else "confirm", finding, place, item)
    return list(_within_limits(kept.values()))


def _take_back(
    kept: dict[tuple[str, str], Change],
    known: Mapping[tuple[str, str], int],
    place: int,
    finding: Finding,
) -> None:
    slots = _LIKED if finding.slot == INTERESTS else (finding.slot,)
    for slot in slots:
        for value in (finding.value, *finding.others):
            key = (slot, fold(value))
            earlier = kept.get(key)
            if earlier and earlier.op == "remove_item":
                continue
            kept.pop(key, None)
            if key in known:
                kept[key] = Change("remove_item", finding, place, known[key])


def _within_limits(made: Iterable[Change]) -> Iterator[Change]:
    added: Counter[str] = Counter()
    for change in made:
        if change.op == "add_item":
            added[change.finding.slot] += 1
            if added[change.finding.slot] > ITEMS_PER_LIST:
                continue
        yield change
