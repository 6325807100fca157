from __future__ import annotations

from collections import Counter

import pytest

from persona.errors import SettingsError
from persona.registry import DEFAULT_SLOTS, GROUPS, Registry, SlotSettings


def test_the_default_slots_are_the_papers() -> None:
    counted = Counter(slot.group for slot in DEFAULT_SLOTS)
    assert counted == {"demographics": 6, "personality": 5, "pattern": 4, "preference": 3}
    assert set(counted) == set(GROUPS)


def test_safe_in_public_are_name_languages_and_preferences() -> None:
    assert {slot.name for slot in DEFAULT_SLOTS if slot.public} == {
        "demographics.name",
        "demographics.languages",
        "preference.styles",
        "preference.formats",
        "preference.workflows",
    }


def test_nothing_about_who_somebody_is_may_be_inferred() -> None:
    assert not any(slot.inferable for slot in DEFAULT_SLOTS if slot.group == "demographics")


def test_only_preferences_shape_replies() -> None:
    assert all(slot.shapes_replies == (slot.group == "preference") for slot in DEFAULT_SLOTS)


def test_every_slot_declares_what_its_kind_needs() -> None:
    for slot in DEFAULT_SLOTS:
        assert bool(slot.choices) == (slot.kind == "choice")
        assert (slot.max_items > 1) == (slot.kind == "list")
        assert slot.hint
        assert slot.label


def test_the_order_is_that_of_the_prompt() -> None:
    priorities = [slot.priority for slot in Registry().values()]
    assert priorities == sorted(priorities, reverse=True)
    assert next(iter(Registry())) == "demographics.name"


def test_changing_the_kind_resets_what_belongs_to_the_old_one() -> None:
    changed = Registry.from_settings({"preference.styles": SlotSettings(kind="text")})
    assert (changed["preference.styles"].kind, changed["preference.styles"].max_items) == (
        "text",
        1,
    )
    changed = Registry.from_settings({"demographics.age": SlotSettings(kind="list")})
    assert changed["demographics.age"].max_items == 10


@pytest.mark.parametrize(
    "settings",
    [
        SlotSettings(kind="choice"),
        SlotSettings(max_items=3),
        SlotSettings(choices=("a", "b")),
    ],
)
def test_contradictions_are_refused(settings: SlotSettings) -> None:
    with pytest.raises(SettingsError, match=r"demographics\.age"):
        Registry.from_settings({"demographics.age": settings})
