"""The profile of a PersonaMem person, whose attributes are not fixed, as slots of the registry."""

from __future__ import annotations

from typing import Any

from persona.benchmark.imports.imported import Gathering, without_empty
from persona.benchmark.schema import Value

_TEXTS = {
    "demographics.name": "name",
    "demographics.age": "age",
    "demographics.gender": "gender",
    "demographics.nationality": "nationality",
}


def profile_slots(
    gathering: Gathering, record_id: str, profile: dict[str, Any]
) -> dict[str, Value]:
    """Return the slots that `profile` fills; what has no slot is left out."""
    slots: dict[str, Value | None] = {
        slot: gathering.value(f"{record_id}/{slot}", profile.get(key))
        for slot, key in _TEXTS.items()
    }
    occupation = profile.get("occupation")
    slots["demographics.career"] = gathering.value(
        f"{record_id}/demographics.career",
        occupation.get("job_title") if isinstance(occupation, dict) else occupation,
    )
    slots["demographics.languages"] = gathering.values(
        f"{record_id}/demographics.languages",
        profile.get("languages_spoken", profile.get("languages")),
    )
    personality = profile.get("personality")
    inner = personality if isinstance(personality, dict) else {}
    slots["personality.values_and_interests"] = tuple(
        dict.fromkeys(
            value
            for key in ("values", "hobbies", "interests")
            for held in (inner.get(key), profile.get(key))
            for value in gathering.values(f"{record_id}/personality.values_and_interests", held)
        )
    )
    return without_empty(slots)
