"""What is true of a simulated person at a session: their golden persona, and what was before."""

from __future__ import annotations

from dataclasses import dataclass

from persona.benchmark.schema import Event, Person
from persona.normalise import normalise


@dataclass(frozen=True, slots=True)
class Truth:
    """A person as of one session.

    `values` are those that hold, by slot; `former` those that held before and do not any more;
    `forgotten` those that still hold but are to be forgotten.
    """

    values: dict[str, tuple[str, ...]]
    former: dict[str, tuple[str, ...]]
    forgotten: dict[str, tuple[str, ...]]

    @property
    def usable(self) -> dict[str, tuple[str, ...]]:
        """The values that hold and that the bot may know: the golden persona."""
        found = {
            slot: tuple(
                value for value in values if not _among(value, self.forgotten.get(slot, ()))
            )
            for slot, values in self.values.items()
        }
        return {slot: values for slot, values in found.items() if values}


def truth(person: Person, session: int) -> Truth:
    """Return what is true of `person` in their `session`, the events of that session included."""
    values = {slot: list(person.values(slot)) for slot in person.slots}
    former: dict[str, list[str]] = {}
    forgotten: dict[str, list[str]] = {}
    for event in sorted(person.events, key=lambda event: event.session):
        if event.session > session:
            break
        if event.kind == "forget":
            forgotten.setdefault(event.slot, []).append(event.before or "")
            continue
        _apply(event, values, former)
    return Truth(_frozen(values), _frozen(former), _frozen(forgotten))


def _apply(event: Event, values: dict[str, list[str]], former: dict[str, list[str]]) -> None:
    held = values.setdefault(event.slot, [])
    if event.before is not None:
        held[:] = [value for value in held if not _among(value, (event.before,))]
        former.setdefault(event.slot, []).append(event.before)
    if event.after is not None:
        held.append(event.after)
        # What comes back is true again.
        before = former.get(event.slot, [])
        before[:] = [value for value in before if not _among(value, (event.after,))]


def _among(value: str, others: tuple[str, ...]) -> bool:
    return normalise(value) in map(normalise, others)


def _frozen(values: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {slot: tuple(held) for slot, held in values.items() if held}
