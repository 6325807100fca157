"""What changes in a life on the scripted track, and when: where the sessions around it show it.

Some need the old value before, and some the new one after.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from persona.benchmark.schema import Event, Person
from persona.benchmark.scripted.sentences import spoken_by
from persona.benchmark.scripted.topics import (
    CAREER,
    FORMATS,
    INTERESTS,
    LANGUAGES,
    STYLES,
    TOPICS,
    WORKFLOWS,
)
from persona.normalise import normalise

# Sessions from an event on in which it is to be seen, and how many before it show what held.
AFTER = 5
BEFORE = 2

_NEEDS = {topic.topic_id: topic.needs for topic in TOPICS}
_CHANGES = (CAREER, INTERESTS, STYLES, WORKFLOWS, FORMATS)
_FORGETS = (INTERESTS, FORMATS, LANGUAGES, CAREER)
_FIRST, _LAST = 6, 24
# A wish to forget and two changes, each of a slot of its own.
_FEWEST = 3


def needing(slot: str, topics: Sequence[str]) -> list[int]:
    """Return the sessions, counted from 1, whose topic needs `slot`."""
    return [number for number, topic in enumerate(topics, 1) if slot in _NEEDS[topic]]


def have_room(topics: Sequence[str]) -> bool:
    """Return whether enough slots can change in the course of `topics`, one for each session."""
    return sum(len(_moments(slot, topics)) >= _FEWEST for slot in _CHANGES) >= _FEWEST


def draw_events(person: Person, topics: Sequence[str], chance: random.Random) -> tuple[Event, ...]:
    """Return a wish to forget and two or three changes, of different slots.

    The wish is placed first: it has the fewest slots, and most of these may change as well.
    """
    events: list[Event] = []
    for slot in chance.sample(_FORGETS, len(_FORGETS)):
        session = _moment(slot, topics, events, chance)
        if session:
            value = chance.choice(person.values(slot))
            said = spoken_by(person).forget(slot, value)
            events.append(Event(session=session, kind="forget", slot=slot, before=value, said=said))
            break
    wanted = len(events) + chance.choice((2, 3))
    for slot in chance.sample(_CHANGES, len(_CHANGES)):
        if len(events) == wanted or slot in {event.slot for event in events}:
            continue
        session = _moment(slot, topics, events, chance)
        event = _change(person, slot, session, chance) if session else None
        if event is not None:
            events.append(event)
    return tuple(sorted(events, key=lambda event: event.session))


def _moments(slot: str, topics: Sequence[str]) -> list[int]:
    """Return the sessions that need `slot`, as do one of those just after and two before."""
    needed = needing(slot, topics)
    return [
        number
        for number in needed
        if _FIRST <= number <= _LAST
        and sum(other < number for other in needed) >= BEFORE
        and any(number < other < number + AFTER for other in needed)
    ]


def _moment(
    slot: str, topics: Sequence[str], events: list[Event], chance: random.Random
) -> int | None:
    """Return a moment for an event about `slot`, other than those of `events`."""
    taken = {event.session for event in events}
    fitting = [number for number in _moments(slot, topics) if number not in taken]
    return chance.choice(fitting) if fitting else None


def _change(person: Person, slot: str, session: int, chance: random.Random) -> Event | None:
    spoken = spoken_by(person)
    held = person.values(slot)
    before = chance.choice(held)
    others = [value for value in held if value != before]
    new = [
        value
        for value in spoken.values[slot]
        if normalise(value) not in set(map(normalise, held))
        and not any(spoken.contradict(value, other) for other in others)
    ]
    if not new:
        return None
    after = chance.choice(new)
    return Event(
        session=session,
        kind="change",
        slot=slot,
        before=before,
        after=after,
        said=spoken.state(slot, after),
    )
