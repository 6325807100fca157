"""The simulated user by rules: satisfied when every need of the scene is met, and not before."""

from __future__ import annotations

from collections.abc import Sequence

from persona.benchmark.dialogue import Exchange
from persona.benchmark.schema import Event, Person, Query, Scene
from persona.benchmark.scripted.needs import Missing, Wrong, unmet
from persona.benchmark.scripted.sentences import says, spoken_by
from persona.benchmark.scripted.table import STATED
from persona.benchmark.truth import Truth
from persona.registry import Registry

_REGISTRY = Registry()


class ScriptedUser:
    """Corrects one thing a message, in the sentences of their language (paper, 1.6: not all at
    once). One who reveals nothing only says that it does not fit.
    """

    def __init__(self, *, reveals: bool = True) -> None:
        self._reveals = reveals

    async def opening(self, query: Query) -> str:
        """Return the neutral query."""
        return query.neutral

    async def verdict(
        self, person: Person, truth: Truth, scene: Scene, dialogue: Sequence[Exchange]
    ) -> bool:
        """Return whether the last reply meets every need and takes nothing wrong into account."""
        return not unmet(scene, truth, dialogue[-1].reply)

    async def answer(
        self, person: Person, truth: Truth, scene: Scene, dialogue: Sequence[Exchange]
    ) -> str:
        """Return the sentence that corrects the first thing amiss."""
        spoken = spoken_by(person)
        vague = spoken.not_yet[len(dialogue) % len(spoken.not_yet)]
        if not self._reveals:
            return vague
        for amiss in unmet(scene, truth, dialogue[-1].reply):
            said = _correction(person, truth, scene, amiss)
            if said is not None:
                return said
        return vague

    async def forget(self, person: Person, event: Event) -> str:
        """Return the sentence that asks to forget the value of `event`."""
        spoken = spoken_by(person)
        value = event.before or ""
        if event.slot not in STATED:
            return event.said
        return spoken.forget(event.slot, value)


def _correction(person: Person, truth: Truth, scene: Scene, amiss: Missing | Wrong) -> str | None:
    slot = amiss.need.slot
    if isinstance(amiss, Missing):
        return says(person, slot, amiss.value, scene.session)
    if slot in STATED and slot in _REGISTRY and _REGISTRY[slot].kind == "list":
        return spoken_by(person).end(slot, amiss.value)
    # One value takes the other's place.
    right = truth.usable.get(slot, ())
    return says(person, slot, right[0], scene.session) if right else None
