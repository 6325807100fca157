"""Whether what changed is still held as it was: the paper's persona never changes, people do."""

from __future__ import annotations

from collections.abc import Iterator

from persona.benchmark.metrics.life import Lived, active
from persona.benchmark.schema import Event
from persona.benchmark.scores import Observation
from persona.benchmark.truth import truth
from persona.normalise import bare


def measure(life: Lived) -> Iterator[Observation]:
    """Yield stale after each session from a change on: 1 if what held before is still held, else 0.

    Only settings that learn are measured, and only changes of something; what is pending is not
    held. The unit begins with "since" and the number of sessions after the change, 0 for its own.
    Where the value comes back to be true the change is measured no longer.
    """
    if not life.learns:
        return
    for event in life.person.events:
        if event.kind == "change" and event.before is not None:
            yield from _since(life, event, bare(event.before))


def _since(life: Lived, event: Event, before: str) -> Iterator[Observation]:
    for session in life.sessions:
        if session.session < event.session:
            continue
        values = truth(life.person, session.session).values.get(event.slot, ())
        if before in map(bare, values):
            return
        held = any(
            value.slot == event.slot and bare(value.value) == before for value in active(session)
        )
        since = session.session - event.session
        unit = f"since {since}:{event.slot}:{event.session}"
        yield life.observe(session, unit, "stale", float(held))
