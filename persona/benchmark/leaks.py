"""The leak audit: whether texts that must not tell a persona share words with it. No judge.

Nearly all scene descriptions of the paper's released data name the person, and most share wording
with the profile, so that its chatbot "without persona" is told some of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from persona.benchmark.leak_values import NAME, Telling, Told, telling
from persona.benchmark.leak_words import Words, words
from persona.benchmark.schema import Person, Query, Scene
from persona.benchmark.scores import Leak

_FIELDS = ("title", "description", "context", "expected_response")


def audit(
    people: Iterable[Person], scenes: Iterable[Scene], queries: Iterable[Query]
) -> tuple[list[Leak], int]:
    """Return the leaks in the scenes and neutral queries of `people`, and how many texts there are.

    Every value a person ever has is looked for in their own scenes. A text leaks the name as a
    word; a whole value, numbers as whole numbers; a run of words it shares with a value, of 3, or
    of 4 characters in scripts without spaces (8 in those that are alphabets), that is more than
    grammar; or two thirds of a value's words of content where it has three or more. Scenes and
    queries that belong to none of `people` are not looked at.
    """
    tellings = {person.person_id: telling(person) for person in people}
    owners: dict[str, Telling] = {}
    leaks: dict[Leak, None] = {}
    audited = 0
    for scene in scenes:
        if (of := tellings.get(scene.person_id)) is None:
            continue
        owners[scene.scene_id] = of
        for field, text in _texts(scene):
            audited += 1
            leaks |= dict.fromkeys(_leaks(of, scene.scene_id, field, text))
    for query in queries:
        if (of := owners.get(query.scene_id)) is None:
            continue
        audited += 1
        leaks |= dict.fromkeys(_leaks(of, query.scene_id, "neutral", query.neutral))
    return list(leaks), audited


def _texts(scene: Scene) -> Iterator[tuple[str, str]]:
    for field in _FIELDS:
        yield field, getattr(scene, field)
    for api in scene.apis:
        yield "apis", _spoken(api.name)
        yield "apis", api.description
        for argument, meaning in api.arguments.items():
            yield "apis", f"{_spoken(argument)}: {meaning}"


def _spoken(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name)


def _leaks(of: Telling, scene_id: str, field: str, text: str) -> Iterator[Leak]:
    said = words(text)
    # Of one value, the more is told the better it says what is to be mended.
    values = dict([*_bags(of, said), *_runs(of, said), *_wholes(of, said)])
    found = [(slot, what) for (slot, _), what in values.items()]
    for slot, what in [*_names(of, said), *found, *_patterns(of, said)]:
        yield Leak(person_id=of.person_id, scene_id=scene_id, field=field, slot=slot, found=what)


def _names(of: Telling, said: Words) -> Iterator[tuple[str, str]]:
    for place, key in enumerate(said.keys):
        for keys, large in of.names.get(key, ()):
            if said.keys[place : place + len(keys)] != keys:
                continue
            if not large or said.text[said.spans[place][0]].isupper():
                yield NAME, said.said(place, len(keys))


def _patterns(of: Telling, said: Words) -> Iterator[tuple[str, str]]:
    for pattern, slot in of.patterns:
        if found := pattern.search(said.text):
            yield slot, found[0]


def _wholes(of: Telling, said: Words) -> Iterator[tuple[Told, str]]:
    for place, key in enumerate(said.keys):
        for keys, told in of.wholes.get(key, ()):
            if said.keys[place : place + len(keys)] == keys:
                yield told, said.said(place, len(keys))


def _runs(of: Telling, said: Words) -> Iterator[tuple[Told, str]]:
    """Yield the longest run of each value."""
    longest: dict[Told, tuple[int, int]] = {}
    for length, runs in of.runs.items():
        since: dict[Told, tuple[int, int]] = {}
        for place, run in enumerate(zip(*(said.keys[at:] for at in range(length)), strict=False)):
            for told in runs.get(run, ()):
                first, last = since.get(told, (place, place - 1))
                first = first if last == place - 1 else place
                since[told] = (first, place)
                if place - first + length > longest.get(told, (0, 0))[1]:
                    longest[told] = (first, place - first + length)
    for told, (first, number) in longest.items():
        yield told, said.said(first, number)


def _bags(of: Telling, said: Words) -> Iterator[tuple[Told, str]]:
    there = frozenset(said.keys)
    for content, enough, told in of.bags:
        if len(shared := content & there) >= enough:
            places = sorted(said.keys.index(key) for key in shared)
            yield told, " … ".join(said.said(place, 1) for place in places)
