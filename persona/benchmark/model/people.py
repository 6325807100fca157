"""People: a golden persona from a hint, against the registry, and what changes of it (4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from persona.benchmark.asking import Answer, ask, prompt
from persona.benchmark.model.data import slots_of
from persona.benchmark.model.events import write_events
from persona.benchmark.schema import MOST_SESSIONS, Hint, Person, Value
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.normalise import fold, normalise
from persona.registry import Registry, Slot

PROMPTS: dict[str, str] = {
    "write_person": """\
You turn a one-line profile into a whole person: a value for every slot in the data.
- A real person would recognise themselves: particular, one-sided where people are, and of a \
piece. Habits and wishes follow from who they are, and some of them surprise.
- Slots that are lists have two to four values, the others one. Choices are written exactly as \
they are given; everything else in the person's language, given by its ISO 639 code.
- A value is a few words, no sentence about the person, and keeps to its longest length. It says \
one thing, which could be told apart from what others like.
- The name is one that people of that region and generation have, of nobody who is known.
- Wishes for how to be answered are such that a reader could tell whether a reply heeds them.
- Examples, if the data has some, show the form only. This person is another.""",
}


class SlotDraft(Answer):
    """The values of one slot."""

    slot: str
    values: list[str]


class PersonDraft(Answer):
    """A person; first, in a few sentences, who they are and how it hangs together."""

    who: str
    slots: list[SlotDraft]


async def write_person(
    models: Models,
    hint: Hint,
    registry: Registry,
    random: Random,
    *,
    person_id: str | None = None,
    exemplars: Sequence[Person] = (),
    changes: int = 2,
    forgets: int = 1,
    sessions: int = MOST_SESSIONS,
) -> Person:
    """Return the person of a `hint`, with a value in every slot, and with events.

    `exemplars` are people written before, for the form. The events happen in the course of
    `sessions`, when `random` says. Raises `InvalidAnswer` when the generator does not manage, and
    what `Models.complete` raises.
    """

    def check(draft: PersonDraft) -> None:
        _slots(draft, registry)

    told = prompt(
        PROMPTS["write_person"],
        {
            "language": hint.language,
            "region": hint.region,
            "profile": hint.line,
            "slots": slots_of(registry),
            "examples": [person.slots for person in exemplars],
        },
    )
    draft = await ask(models, "generator", told, PersonDraft, check=check)
    person = Person(
        person_id=person_id or hint.hint_id.replace("hint", "person"),
        language=hint.language,
        region=hint.region,
        hint=hint.line,
        slots=_slots(draft, registry),
    )
    return await write_events(
        models,
        person,
        registry,
        random,
        changes=changes,
        forgets=forgets,
        sessions=sessions,
    )


def _slots(draft: PersonDraft, registry: Registry) -> dict[str, Value]:
    """Return the slots in the registry's order. Raises `InvalidAnswer` for what does not fit."""
    found: dict[str, Value] = {}
    for item in draft.slots:
        if item.slot not in registry:
            raise InvalidAnswer(f"There is no slot {item.slot[:80]!r}.")
        if item.slot in found:
            raise InvalidAnswer(f"The slot {item.slot} is there twice.")
        slot = registry[item.slot]
        values = tuple(map(fold, item.values))
        check_values(slot, values)
        found[item.slot] = values if slot.kind == "list" else values[0]
    missing = [name for name in registry if name not in found]
    if missing:
        raise InvalidAnswer(f"These slots are missing: {', '.join(missing)}.")
    return {name: found[name] for name in registry}


def check_values(slot: Slot, values: Sequence[str]) -> None:
    """Raise `InvalidAnswer` when a slot cannot hold `values`."""
    if not 1 <= len(values) <= slot.max_items:
        raise InvalidAnswer(f"{slot.name} has from 1 to {slot.max_items} values.")
    if not all(0 < len(value) <= slot.max_length for value in values):
        raise InvalidAnswer(f"A value of {slot.name} has at most {slot.max_length} characters.")
    if len(set(map(normalise, values))) != len(values):
        raise InvalidAnswer(f"{slot.name} has a value twice.")
    if slot.choices and values[0] not in slot.choices:
        raise InvalidAnswer(f"{slot.name} is one of: {', '.join(slot.choices)}.")
