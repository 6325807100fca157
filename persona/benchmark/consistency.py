"""Whether a person can be: no value twice, none that no slot takes, and events that fit."""

from __future__ import annotations

from collections.abc import Mapping

from persona.benchmark.schema import Person
from persona.benchmark.truth import truth
from persona.normalise import normalise
from persona.registry import Registry, Slot


def contradictions(person: Person, registry: Registry) -> list[str]:
    """Return what is wrong with a person, in short sentences; an empty list when nothing is."""
    found: list[str] = []
    for name, given in person.slots.items():
        slot = registry.get(name)
        if slot is None:
            found.append(f"{name} is no slot")
            continue
        found += _of_slot(slot, person.values(name), given)
    found += _of_events(person, registry)
    return found


def _of_slot(slot: Slot, values: tuple[str, ...], given: object) -> list[str]:
    found: list[str] = []
    if (slot.kind == "list") == isinstance(given, str):
        found.append(f"{slot.name} is a {slot.kind}")
    if slot.kind == "choice" and not set(values) <= set(slot.choices):
        found.append(f"{slot.name} is one of: {', '.join(slot.choices)}")
    if len(set(map(normalise, values))) < len(values):
        found.append(f"{slot.name} has a value twice")
    if len(values) > slot.max_items:
        found.append(f"{slot.name} has more than {slot.max_items} values")
    return found


def _of_events(person: Person, registry: Mapping[str, Slot]) -> list[str]:
    found: list[str] = []
    for event in person.events:
        place = f"the event of session {event.session}"
        held = truth(person, event.session - 1).values.get(event.slot, ())
        if event.slot not in registry:
            found.append(f"{place} is about no slot")
        elif event.before is not None and not _has(held, event.before):
            found.append(f"{place} ends what did not hold")
        elif event.after is not None and _has(held, event.after):
            found.append(f"{place} begins what held already")
    return found


def _has(held: tuple[str, ...], value: str) -> bool:
    return normalise(value) in map(normalise, held)
