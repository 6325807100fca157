"""What changes about a person in the course of their sessions, and what they want forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from pydantic import Field, ValidationError

from persona.benchmark.asking import Answer, ask, problem, prompt
from persona.benchmark.model.told import NAME
from persona.benchmark.schema import Event, EventKind, Person
from persona.benchmark.truth import truth
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.normalise import fold, normalise
from persona.registry import Registry

# A life has begun before anything of it changes.
_EARLIEST = 4

PROMPTS: dict[str, str] = {
    "write_events": """\
You invent what happens to the person in the data. Write exactly the events that are wanted, in \
their order; each holds from its session on.
- kind "change": something about the person becomes otherwise, as it does in life. `before` is the \
value that ends, copied exactly; `after` the value that takes its place. In a slot that is a list, \
`before` may be null for something new, and `after` null for something that is over.
- kind "forget": something is still true, but the person no longer wants the assistant to know it. \
`before` is the value, copied exactly; `after` is null.
- Only slots named in the data, no slot twice, and no value that an earlier event has ended.
- `said` is how the person puts it to the assistant, in their language: one or two plain sentences \
in the first person that contain the value in question, and, of a forget event, the wish that the \
assistant forget it.
- New values have the form and the language of the old ones.""",
}


class EventDraft(Answer):
    """One event."""

    slot: str
    before: str | None = Field(description="a value of the persona, copied exactly, else null")
    after: str | None = Field(description="the new value, else null")
    said: str


class EventDrafts(Answer):
    """The events, in the order in which they are wanted."""

    events: list[EventDraft]


async def write_events(
    models: Models,
    person: Person,
    registry: Registry,
    random: Random,
    *,
    changes: int,
    forgets: int,
    sessions: int,
) -> Person:
    """Return `person` with so many events, in sessions drawn by `random`. Raises what `ask` does.

    Choices and the name do not change.
    """
    kinds: list[EventKind] = ["change" for _ in range(changes)]
    kinds += ["forget" for _ in range(forgets)]
    kinds = kinds[: max(sessions - _EARLIEST + 1, 0)]
    if not kinds:
        return person
    random.shuffle(kinds)
    places = sorted(random.sample(range(_EARLIEST, sessions + 1), len(kinds)))
    wanted = list(zip(places, kinds, strict=True))
    open_slots = [
        slot.name for slot in registry.values() if slot.kind != "choice" and slot.name != NAME
    ]

    def check(drafts: EventDrafts) -> None:
        _with_events(person, drafts, wanted, open_slots, registry)

    told = prompt(
        PROMPTS["write_events"],
        {
            "language": person.language,
            "profile": person.hint,
            "persona": {slot: person.slots[slot] for slot in open_slots if slot in person.slots},
            "wanted": [{"session": session, "kind": kind} for session, kind in wanted],
        },
    )
    drafts = await ask(models, "generator", told, EventDrafts, check=check)
    return _with_events(person, drafts, wanted, open_slots, registry)


def _with_events(
    person: Person,
    drafts: EventDrafts,
    wanted: Sequence[tuple[int, EventKind]],
    open_slots: Sequence[str],
    registry: Registry,
) -> Person:
    if len(drafts.events) != len(wanted):
        raise InvalidAnswer(f"Exactly {len(wanted)} events are wanted.")
    slots = [draft.slot for draft in drafts.events]
    if not set(slots) <= set(open_slots) or len(set(slots)) != len(slots):
        raise InvalidAnswer("Every event has a slot of its own, one of those in the data.")
    for draft, (session, kind) in zip(drafts.events, wanted, strict=True):
        try:
            event = Event(
                session=session,
                kind=kind,
                slot=draft.slot,
                before=None if draft.before is None else fold(draft.before),
                after=None if draft.after is None else fold(draft.after),
                said=draft.said.strip(),
            )
        except ValidationError as error:
            raise InvalidAnswer(
                f"The event of session {session} does not fit: {problem(error)}."
            ) from error
        _check(event, person, registry)
        person = person.model_copy(update={"events": (*person.events, event)})
    return person


def _check(event: Event, person: Person, registry: Registry) -> None:
    slot = registry[event.slot]
    held = truth(person, event.session).usable.get(event.slot, ())
    if event.before is not None and event.before not in held:
        raise InvalidAnswer(f"{event.slot} does not hold what stands under `before`.")
    if event.before is None and held and slot.kind != "list":
        raise InvalidAnswer(f"{event.slot} holds one value, which stands under `before`.")
    if event.after is None:
        return
    if len(event.after) > slot.max_length:
        raise InvalidAnswer(f"A value of {slot.name} has at most {slot.max_length} characters.")
    if normalise(event.after) in map(normalise, held):
        raise InvalidAnswer(f"{event.slot} holds what stands under `after` already.")
