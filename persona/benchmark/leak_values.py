"""What would tell of one person: their values, made ready to be looked for in many texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from persona.benchmark.leak_words import is_content, is_unspaced, run_length, tells, words
from persona.benchmark.schema import Person
from persona.registry import DEFAULT_SLOTS

NAME = "demographics.name"
_AGE = "demographics.age"
_CHOICES = {slot.name: slot.choices for slot in DEFAULT_SLOTS if slot.kind == "choice"}

# "Thinking" and "feeling" are everyday words, these are not. In Chinese and Japanese the two
# characters alone may be the end of one word and the beginning of the next.
_TENDENCIES = {
    "introversion": re.compile(
        r"\bintrover\w*|\bинтроверт\w*|내향\w*|(?:性格|偏|较|比较|很)内向|内向[的者型性]", re.I
    ),
    "extraversion": re.compile(
        r"\bextr[ao]ver\w*|\bэкстраверт\w*|외향\w*|(?:性格|偏|较|比较|很)外向|外向[的者型性]", re.I
    ),
}
_LETTERS = {"extraversion": "e", "introversion": "i", "sensing": "s", "intuition": "n",
            "thinking": "t", "feeling": "f", "judging": "j", "perceiving": "p"}  # fmt: skip

# A slot and one of its values.
Told = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Telling:
    """What would tell of one person.

    `wholes` are the words of whole values by the first of them; `runs` short runs of words, by
    their length, with the values they are of; `bags` the words of content of a value and how many
    of them tell it; `names` are names by their first word, with whether that is capitalised;
    `patterns` find what tells a choice.
    """

    person_id: str
    wholes: dict[str, list[tuple[tuple[str, ...], Told]]] = field(default_factory=dict)
    runs: dict[int, dict[tuple[str, ...], set[Told]]] = field(default_factory=dict)
    bags: list[tuple[frozenset[str], int, Told]] = field(default_factory=list)
    names: dict[str, list[tuple[tuple[str, ...], bool]]] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], str]] = field(default_factory=list)


def telling(person: Person) -> Telling:
    """Return what would tell of `person`: all they ever are, what changes and what is forgotten."""
    found = Telling(person.person_id)
    chosen: dict[str, str] = {}
    for slot, value in dict.fromkeys(person.ever()):
        if slot == NAME:
            _add_name(found, value)
        elif slot not in _CHOICES:
            _add_value(found, slot, value)
        elif value in _LETTERS:
            chosen[slot] = chosen.get(slot, "") + _LETTERS[value]
            if value in _TENDENCIES:
                found.patterns.append((_TENDENCIES[value], slot))
    if chosen:
        found.patterns.append((_types(chosen), next(iter(chosen))))
    return found


def _types(chosen: dict[str, str]) -> re.Pattern[str]:
    """Return what finds the four letters of a type that the person's letters are among."""
    own = "".join(chosen.values())
    places = (
        "".join(letter for letter in pair if letter in own) or pair
        for pair in ("ei", "sn", "tf", "jp")
    )
    code = "".join(f"[{place}]" for place in places)
    return re.compile(rf"(?<![a-z0-9_]){code}(?![a-z0-9_])", re.I)


def _add_name(found: Telling, name: str) -> None:
    said = words(name)
    if not said.keys or len("".join(said.keys)) == 1:
        return
    large = said.text[said.spans[0][0]].isupper()
    found.names.setdefault(said.keys[0], []).append((said.keys, large))
    for place, key in enumerate(said.keys if len(said.keys) > 1 else ()):
        part = said.said(place, 1)
        # "van" and "de" are no names by themselves.
        if len(part) >= 3 and part[0].isupper():
            found.names.setdefault(key, []).append(((key,), True))


def _add_value(found: Telling, slot: str, value: str) -> None:
    keys = words(value).keys
    told = (slot, value)
    numbers = tuple(key for key in keys if key.isdigit())
    if slot == _AGE and len(numbers) == 1:
        keys = numbers
    # A single character is a part of too many words.
    if len("".join(keys)) > 1:
        found.wholes.setdefault(keys[0], []).append((keys, told))
    for place, key in enumerate(keys):
        length = run_length(key)
        run = keys[place : place + length]
        alike = len(set(map(is_unspaced, run))) == 1
        if len(run) == length and alike and tells(run):
            found.runs.setdefault(length, {}).setdefault(run, set()).add(told)
    content = frozenset(filter(is_content, keys))
    if len(content) >= 3:
        found.bags.append((content, -(-2 * len(content) // 3), told))
