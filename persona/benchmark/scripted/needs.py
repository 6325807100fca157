"""What of a scene's needs a reply meets, exactly."""

from __future__ import annotations

from dataclasses import dataclass

from persona.benchmark.schema import Need, Scene
from persona.benchmark.scripted.reply import values_of
from persona.benchmark.truth import Truth
from persona.normalise import normalise


@dataclass(frozen=True, slots=True)
class Missing:
    """A true value that the reply does not take into account."""

    need: Need
    value: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that the reply takes into account though it is not true of the person."""

    need: Need
    value: str


def wanted(scene: Scene, truth: Truth) -> list[tuple[Need, str]]:
    """Return the needs of a scene with their values; what is to be forgotten is none any more.

    Of a list without an item named, the first value is meant.
    """
    found: list[tuple[Need, str]] = []
    for need in scene.needs:
        usable = truth.usable.get(need.slot, ())
        values = [
            value
            for value in usable
            if need.item is None or normalise(value) == normalise(need.item)
        ]
        if values:
            found.append((need, values[0]))
    return found


def unmet(scene: Scene, truth: Truth, reply: str) -> list[Missing | Wrong]:
    """Return what keeps `reply` from satisfying the person, what is wrong before what is missing.

    Where several needs are of one slot, a wrong value of it counts once.
    """
    wrong: dict[tuple[str, str], Wrong] = {}
    missing: list[Missing] = []
    for need, value in wanted(scene, truth):
        used = values_of(reply, need.slot)
        true = set(map(normalise, truth.values.get(need.slot, ())))
        for other in used:
            if other not in true:
                wrong.setdefault((need.slot, other), Wrong(need, other))
        if normalise(value) not in used:
            missing.append(Missing(need, value))
    return [*wrong.values(), *missing]
