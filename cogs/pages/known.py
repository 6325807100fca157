"""What the pages show: a persona as the store has it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from persona.persona import Persona
from persona.registry import Registry
from persona.services import Services


@dataclass(frozen=True, slots=True)
class Known:
    """A persona, the slots the person locked, and what an undo would take back.

    `undo` is the epoch and the number of that version; `every` how many conversations are learned
    at once.
    """

    persona: Persona
    registry: Registry
    locked: frozenset[str]
    undo: tuple[int, int] | None
    agreed: bool
    every: int
    now: datetime


async def read_known(services: Services, person_id: int, scope: str) -> Known:
    """Return what is known about the person in `scope`."""
    return Known(
        persona=await services.personas.load(person_id, scope),
        registry=services.registry,
        locked=await services.editor.locked(person_id, scope),
        undo=await services.editor.last_change(person_id, scope),
        agreed=await services.consent.agreed(person_id),
        every=services.settings.learning.every,
        now=services.clock.now(),
    )
