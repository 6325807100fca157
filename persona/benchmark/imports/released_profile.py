"""The profile of a person in the paper's released files, as slots of the registry."""

from __future__ import annotations

from typing import Any

from persona.benchmark.imports.imported import Gathering, without_empty
from persona.benchmark.schema import Value

_TEXTS = {
    "demographics.name": ("Demographics", "Name"),
    "demographics.age": ("Demographics", "Age"),
    "demographics.nationality": ("Demographics", "Nationality"),
    "demographics.career": ("Demographics", "Career_Information"),
    "pattern.engagement": ("Pattern", "Behavior_Engagement_Pattern"),
    "pattern.usage": ("Pattern", "Usage_Pattern"),
    "pattern.emotion": ("Pattern", "Emotion_Pattern"),
    "pattern.purchase": ("Pattern", "Purchase_Pattern"),
}
_LISTS = {
    "demographics.languages": ("Demographics", "Language"),
    "personality.values_and_interests": ("Personality", "Values_and_Interests"),
    "preference.styles": ("Preference", "Preferred_Styles"),
    # The authors' code calls it Preferred_Format, their data Preferred_Formats.
    "preference.formats": ("Preference", "Preferred_Formats", "Preferred_Format"),
    "preference.workflows": ("Preference", "Preferred_Workflows"),
}
_CHOICES = {
    "personality.extraversion_introversion": (
        "Extraversion_or_Introversion", {"E": "extraversion", "I": "introversion"}),
    "personality.sensing_intuition": (
        "Sensing_or_Intuition", {"S": "sensing", "N": "intuition"}),
    "personality.thinking_feeling": (
        "Thinking_or_Feeling", {"T": "thinking", "F": "feeling"}),
    "personality.judging_perceiving": (
        "Judging_or_Perceiving", {"J": "judging", "P": "perceiving"}),
}  # fmt: skip
# As people say it of themselves; the bare character is a part of many words.
_GENDERS = {"男": "男性", "女": "女性"}


def released_slots(
    gathering: Gathering, record_id: str, record: dict[str, Any]
) -> dict[str, Value]:
    """Return the slots that a persona of the released files fills."""
    slots: dict[str, Value | None] = {}
    for slot, places in _TEXTS.items():
        slots[slot] = gathering.value(f"{record_id}/{slot}", _given(record, *places))
    gender = gathering.value(
        f"{record_id}/demographics.gender", _given(record, "Demographics", "Gender")
    )
    slots["demographics.gender"] = _GENDERS.get(gender, gender) if gender else None
    for slot, keys in _LISTS.items():
        slots[slot] = gathering.values(f"{record_id}/{slot}", _given(record, *keys))
    for slot, (key, choices) in _CHOICES.items():
        letter = gathering.value(f"{record_id}/{slot}", _given(record, "Personality", key))
        if letter is not None and letter not in choices:
            gathering.drop(f"{record_id}/{slot}", "unknown_choice", letter)
        slots[slot] = choices.get(letter or "")
    return without_empty(slots)


def _given(record: dict[str, Any], group: str, *keys: str) -> object:
    """Return what the first of `keys` that is there holds."""
    held = record.get(group)
    if not isinstance(held, dict):
        return None
    return next((held[key] for key in keys if key in held), None)
