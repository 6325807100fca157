"""Multiple-choice probes, made from golden personas by rule: no model is asked.

A value that changed is probed after the change, with the former value among the options: it is
the hardest one (HorizonBench, reference of the paper, 2.1).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence

from persona.benchmark.schema import Person, Probe, Scene
from persona.benchmark.scripted.sentences import spoken_by
from persona.benchmark.truth import truth
from persona.normalise import normalise

_OPTIONS = 4
# Sessions after a change: time enough to have learned it at every k of the paper.
_AFTER = 5
_AT_THE_END = 3
_SLOTS = (
    "demographics.career",
    "demographics.nationality",
    "demographics.languages",
    "personality.values_and_interests",
    "preference.styles",
    "preference.formats",
    "preference.workflows",
)


def make_probes(people: Sequence[Person], scenes: Sequence[Scene], seed: int) -> list[Probe]:
    """Return probes for every person: after each change, and of other slots at the end."""
    last: dict[str, int] = {}
    for scene in scenes:
        last[scene.person_id] = max(last.get(scene.person_id, 0), scene.session)
    sessions = {(scene.person_id, scene.session) for scene in scenes}
    found: list[Probe] = []
    for person in people:
        chance = random.Random(f"{seed}/probes/{person.person_id}")
        end = last.get(person.person_id, 0)
        for slot, session, former in _asked(person, end, sessions, chance):
            probe = _probe(person, slot, session, former, people, chance)
            if probe is not None:
                found.append(probe)
    return found


def _asked(
    person: Person, end: int, sessions: set[tuple[str, int]], chance: random.Random
) -> Iterator[tuple[str, int, str | None]]:
    changed: set[str] = set()
    for event in person.events:
        changed.add(event.slot)
        if event.kind == "change" and event.after is not None:
            session = min(event.session + _AFTER, end)
            while session > event.session and (person.person_id, session) not in sessions:
                session -= 1
            if session > event.session:
                yield event.slot, session, event.before
    others = [slot for slot in _SLOTS if slot in person.slots and slot not in changed]
    for slot in chance.sample(others, min(_AT_THE_END, len(others))):
        if end:
            yield slot, end, None


def _wrong(person: Person, slot: str, session: int, people: Sequence[Person]) -> list[str]:
    """Return what others have in the slot and the person never had until then.

    Others of the language have it or might; those of other languages only where they are too few,
    since their words give them away.
    """
    now = truth(person, session)
    ever = set(map(normalise, (*now.values.get(slot, ()), *now.former.get(slot, ()))))

    def among(others: Iterable[Person]) -> Iterator[str]:
        for other in others:
            yield from other.values(slot)

    alike = [other for other in people if other.language == person.language]
    found = [*among(alike), *spoken_by(person).values.get(slot, ())]
    own = [value for value in dict.fromkeys(found) if normalise(value) not in ever]
    if len(own) >= _OPTIONS - 1:
        return own
    foreign = dict.fromkeys((*own, *among(people)))
    return [value for value in foreign if normalise(value) not in ever]


def _probe(
    person: Person,
    slot: str,
    session: int,
    former: str | None,
    people: Sequence[Person],
    chance: random.Random,
) -> Probe | None:
    """Return a probe, or None when nobody else has values to choose from."""
    now = truth(person, session)
    right = now.usable.get(slot)
    if not right:
        return None
    # The newest value is what a change is about.
    answer = right[-1] if former is not None else chance.choice(right)
    pool = _wrong(person, slot, session, people)
    wrong = [former] if former is not None else []
    wrong += chance.sample(pool, min(len(pool), _OPTIONS - 1 - len(wrong)))
    if not wrong:
        return None
    options = [answer, *wrong]
    chance.shuffle(options)
    return Probe(
        probe_id=f"{person.person_id}-{slot}-{session:02d}",
        person_id=person.person_id,
        session=session,
        slot=slot,
        question=spoken_by(person).probe,
        options=tuple(options),
        answer=options.index(answer),
        former=options.index(former) if former is not None else None,
    )
