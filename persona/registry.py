"""The slots a persona has: the paper's four groups, and what an operator adds.

A slot says what kind of value it holds, how long it may be, whether a value may be inferred,
whether it may be used where strangers read along, and where it stands in the prompt.
The groups and slots are those of the paper's dictionary (arXiv 2412.13103, section 3).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from persona.errors import SettingsError

Kind = Literal["text", "choice", "list"]
Group = Literal["demographics", "personality", "pattern", "preference"]

DEFAULT_LIST_ITEMS = 10

GROUPS: tuple[Group, ...] = ("demographics", "personality", "pattern", "preference")

SlotName = Annotated[
    str, Field(pattern=r"^(demographics|personality|pattern|preference)\.[a-z][a-z0-9_]{0,39}$")
]


class SlotSettings(BaseModel):
    """One `[slots."group.name"]` table: only what differs from the slot's own declaration.

    A new slot needs `kind`, `label` and `hint`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = True
    kind: Kind | None = None
    label: str | None = Field(None, min_length=1, max_length=60)
    hint: str | None = Field(None, min_length=1, max_length=200)
    max_length: int | None = Field(None, ge=1, le=400)
    max_items: int | None = Field(None, ge=1, le=50)
    choices: tuple[str, ...] | None = Field(None, min_length=2, max_length=20)
    inferable: bool | None = None
    public: bool | None = None
    shapes_replies: bool | None = None
    priority: int | None = Field(None, ge=0, le=10_000)
    half_life_days: int | None = Field(None, ge=1, le=36_500)


@dataclass(frozen=True, slots=True)
class Slot:
    """A named field of the persona.

    `max_length` counts characters of one value, `max_items` the values of a list.
    `public` slots may be used where others read along; `shapes_replies` slots tell the model how
    to answer rather than whom it answers; a higher `priority` stands earlier in the prompt and is
    dropped later when the budget is short. What is known of a slot grows less sure by half every
    `half_life_days` in which it was not said again; without one it does not age.
    """

    name: str
    kind: Kind
    label: str
    hint: str
    max_length: int = 120
    max_items: int = 1
    choices: tuple[str, ...] = ()
    inferable: bool = False
    public: bool = False
    shapes_replies: bool = False
    priority: int = 100
    half_life_days: int | None = None

    @property
    def group(self) -> Group:
        for group in GROUPS:
            if self.name.startswith(f"{group}."):
                return group
        raise SettingsError(f"Slot {self.name!r} belongs to no group.")


def _mbti(name: str, first: str, second: str, priority: int) -> Slot:
    return Slot(
        name=f"personality.{name}",
        kind="choice",
        label=f"{first.capitalize()} or {second}",
        hint="MBTI, as they say",
        choices=(first, second),
        inferable=True,
        priority=priority,
    )


DEFAULT_SLOTS: tuple[Slot, ...] = (
    Slot("demographics.name", "text", "Name", "what they want to be called", 60, 1,
         public=True, priority=1000),
    Slot("demographics.age", "text", "Age", "age in years, or an age range", 20, 1, priority=700,
         half_life_days=365),
    Slot("demographics.gender", "text", "Gender", "gender as they state it", 40, 1, priority=690),
    Slot("demographics.nationality", "text", "Nationality", "country they are from", 60, 1,
         priority=680),
    Slot("demographics.languages", "list", "Languages", "languages they speak", 40, 10,
         public=True, priority=950),
    Slot("demographics.career", "text", "Career", "occupation, field or studies", 120, 1,
         priority=720,
         half_life_days=1095),
    _mbti("extraversion_introversion", "extraversion", "introversion", 440),
    _mbti("sensing_intuition", "sensing", "intuition", 430),
    _mbti("thinking_feeling", "thinking", "feeling", 420),
    _mbti("judging_perceiving", "judging", "perceiving", 410),
    Slot("personality.values_and_interests", "list", "Values and interests",
         "lasting interests and what matters to them", 80, 30, inferable=True, priority=800,
         half_life_days=730),
    Slot("pattern.engagement", "text", "Engagement", "how they take part in conversations", 160, 1,
         inferable=True, priority=340, half_life_days=365),
    Slot("pattern.usage", "text", "Usage", "when and what for they use the assistant", 160, 1,
         inferable=True, priority=330, half_life_days=365),
    Slot("pattern.emotion", "text", "Emotion", "how their mood shows and what helps", 160, 1,
         inferable=True, priority=320, half_life_days=365),
    Slot("pattern.purchase", "text", "Purchase", "how they decide what to buy", 160, 1,
         inferable=True, priority=310, half_life_days=365),
    Slot("preference.styles", "list", "Styles", "lasting wishes for tone and length of answers",
         120, 10, inferable=True, public=True, shapes_replies=True, priority=900,
         half_life_days=730),
    Slot("preference.formats", "list", "Formats", "lasting wishes for the form of answers",
         120, 10, inferable=True, public=True, shapes_replies=True, priority=890,
         half_life_days=730),
    Slot("preference.workflows", "list", "Workflows", "lasting wishes for how to work together",
         120, 10, inferable=True, public=True, shapes_replies=True, priority=880,
         half_life_days=730),
)  # fmt: skip


class Registry(Mapping[str, Slot]):
    """The slots in use, by name, in the order of the prompt (highest priority first)."""

    def __init__(self, slots: Iterator[Slot] | tuple[Slot, ...] = DEFAULT_SLOTS) -> None:
        ordered = sorted(slots, key=lambda slot: (-slot.priority, slot.name))
        self._slots = {slot.name: slot for slot in ordered}

    @classmethod
    def from_settings(cls, changes: Mapping[str, SlotSettings]) -> Self:
        """Return the default slots with an operator's changes, additions and removals.

        Raises `SettingsError` naming the slot and what it lacks.
        """
        slots = {slot.name: slot for slot in DEFAULT_SLOTS}
        for name, change in changes.items():
            if not change.enabled:
                _check_known(name, slots)
                del slots[name]
                continue
            slots[name] = _changed(slots.get(name), name, change)
        return cls(tuple(slots.values()))

    def __getitem__(self, name: str) -> Slot:
        return self._slots[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._slots)

    def __len__(self) -> int:
        return len(self._slots)


def _check_known(name: str, slots: Mapping[str, Slot]) -> None:
    """A misspelt name must not leave a slot on that was to be off."""
    if name not in slots:
        close = difflib.get_close_matches(name, slots, 1)
        guess = f' Did you mean "{close[0]}"?' if close else ""
        raise SettingsError(f'[slots."{name}"] switches off a slot that does not exist.{guess}')


def _changed(slot: Slot | None, name: str, change: SlotSettings) -> Slot:
    given = change.model_dump(exclude_none=True, exclude={"enabled"})
    if slot is None:
        missing = [key for key in ("kind", "label", "hint") if key not in given]
        if missing:
            raise SettingsError(
                f'[slots."{name}"] is a new slot, so it also needs: {", ".join(missing)}.'
            )
        fields: dict[str, Any] = {"name": name}
    else:
        fields = {field: getattr(slot, field) for field in Slot.__slots__}
    kind = given.get("kind", fields.get("kind"))
    if kind != "list" and "max_items" in given:
        raise SettingsError(f'[slots."{name}"] has max_items, so its kind must be "list".')
    if kind != "choice" and "choices" in given:
        raise SettingsError(f'[slots."{name}"] has choices, so its kind must be "choice".')
    if slot is None or kind != slot.kind:
        fields |= {"max_items": DEFAULT_LIST_ITEMS if kind == "list" else 1, "choices": ()}
    changed = Slot(**(fields | given))
    if changed.kind == "choice" and not changed.choices:
        raise SettingsError(f'[slots."{name}"] is a choice, so it needs choices = ["…", "…"].')
    return changed
