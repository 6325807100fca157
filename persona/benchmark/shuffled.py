"""A golden persona that is wrong in everything: a control.

Every slot has another person's value, one that was never true of the person: by chance alone they
would share some.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from persona.benchmark.schema import Person
from persona.normalise import normalise


def shuffled(people: Sequence[Person], seed: int) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return, by person, slots with values of others; a slot without any foreign one is left out.

    Values of the same language go first, so that they are spoken alike.
    """
    order = list(people)
    random.Random(seed).shuffle(order)
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for place, person in enumerate(order):
        others = order[place + 1 :] + order[:place]
        others.sort(key=lambda other: other.language != person.language)
        ever = _ever(person)
        found[person.person_id] = {}
        for slot in person.slots:
            for other in others:
                values = other.values(slot)
                if values and not ever[slot] & set(map(normalise, values)):
                    found[person.person_id][slot] = values
                    break
    return found


def _ever(person: Person) -> dict[str, set[str]]:
    ever: dict[str, set[str]] = {slot: set() for slot in person.slots}
    for slot, value in person.ever():
        ever.setdefault(slot, set()).add(normalise(value))
    return ever
