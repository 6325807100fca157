"""A golden persona: the truth about a person, handed in by whoever knows it."""

from __future__ import annotations

from persona.errors import SettingsError
from persona.normalise import fold
from persona.persona import Item, Persona
from persona.personalization.strategy import GoldenPersona
from persona.registry import Registry
from persona.turns import Turn


def golden_persona(turn: Turn, values: GoldenPersona, registry: Registry) -> Persona:
    """Return `values` as a persona, which is rendered like a learned one.

    Raises `SettingsError` when a slot is not in the registry.
    """
    unknown = sorted(set(values) - set(registry))
    if unknown:
        raise SettingsError(
            f"The golden persona has slots that are not in use: {', '.join(unknown)}. "
            f"Slots in use: {', '.join(registry)}."
        )
    listed = [
        (slot, fold(value))
        for slot, given in values.items()
        for value in ([given] if isinstance(given, str) else given)
    ]
    items = tuple(
        Item(f"golden-{number}", slot, value, "edited", "active")
        for number, (slot, value) in enumerate(listed)
        if value
    )
    return Persona(turn.person_id, turn.scope, turn.epoch, 0, items)
