"""Whether what was learned has anything to do with what was said: invented values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from persona.benchmark.log import Held
from persona.benchmark.metrics.life import Lived, active
from persona.benchmark.schema import Person
from persona.benchmark.scores import Observation
from persona.learning.gate.support import is_supported
from persona.normalise import bare
from persona.registry import Slot


def measure(life: Lived, registry: Mapping[str, Slot]) -> Iterator[Observation]:
    """Yield unsupported after each session: the share of learned values that nobody said.

    Only settings that learn are measured, and only sessions after which something was held. A value
    is supported if the gate finds it in what the person said up to then, the rule by which the
    engine itself accepts values. Values that are inferred, or chosen from the registry's words,
    are not in the person's own words: those are supported also if they were true of the person at
    any time. What the person wrote by hand is always supported.
    """
    if not life.learns:
        return
    ever = _ever(life.person)
    said: list[str] = []
    # What was said once stays said, so that no value is looked for again that was found.
    found: set[tuple[str, str]] = set()
    for session in life.sessions:
        said += [turn.said for turn in session.turns]
        learned = active(session)
        for held in learned:
            if (held.slot, held.value) not in found and (
                held.basis == "edited"
                or (_is_worded(held, registry) and (held.slot, bare(held.value)) in ever)
                or is_supported(held.value, said)
            ):
                found.add((held.slot, held.value))
        if learned:
            invented = sum((held.slot, held.value) not in found for held in learned)
            yield life.observe(session, session.scene_id, "unsupported", invented / len(learned))


def _is_worded(held: Held, registry: Mapping[str, Slot]) -> bool:
    """Return whether the words of the value are not the person's."""
    slot = registry.get(held.slot)
    return held.basis == "inferred" or (slot is not None and slot.kind == "choice")


def _ever(person: Person) -> set[tuple[str, str]]:
    """Return the slots and values that hold at some time of the person's life."""
    begun = {(event.slot, event.after) for event in person.events if event.after is not None}
    return {(slot, bare(value)) for slot, value in begun.union(person.begun_with())}
