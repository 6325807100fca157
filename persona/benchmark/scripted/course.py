"""The course of a life on the scripted track: which topics come when, and what changes."""

from __future__ import annotations

import random
from dataclasses import dataclass

from persona.benchmark.layout import OF_EACH_KIND, lay_out
from persona.benchmark.schema import Event, Person
from persona.benchmark.scripted.events import AFTER, BEFORE, draw_events, have_room, needing
from persona.benchmark.scripted.sentences import spoken_by
from persona.benchmark.scripted.topics import TOPICS
from persona.benchmark.truth import truth

_COMMON = tuple(topic.topic_id for topic in TOPICS if topic.kind == "common")
_OWN = tuple(topic.topic_id for topic in TOPICS if topic.kind == "own")


@dataclass(frozen=True, slots=True)
class Course:
    """The topic and the context of each session, and what changes."""

    sessions: tuple[tuple[str, int], ...]
    events: tuple[Event, ...]

    def item(self, person: Person, session: int, slot: str) -> str:
        """Return the item of a list that the session needs.

        Just before a change that is what will end, just after it what began, and around a wish to
        forget what is to be forgotten; at other times the items take turns.
        """
        held = truth(person.model_copy(update={"events": self.events}), session).values[slot]
        for event in self.events:
            if event.slot != slot:
                continue
            shown = event.before if event.kind == "forget" else event.after
            passed = session - event.session
            if shown is not None and shown in held and 0 <= passed < AFTER:
                return shown
            if event.before in held and session in self._just_before(event):
                return event.before
        return held[session % len(held)]

    def _just_before(self, event: Event) -> list[int]:
        """Return the sessions before an event that show what held: the last two that need it."""
        needed = needing(event.slot, [topic for topic, _ in self.sessions])
        return [number for number in needed if number < event.session][-BEFORE:]


def plan(person: Person, chance: random.Random, events: tuple[Event, ...] | None = None) -> Course:
    """Return the course of the person's life, with `events` if they are given."""
    topics = _topics(chance)
    spoken = spoken_by(person)
    contexts: dict[str, list[int]] = {}
    sessions: list[tuple[str, int]] = []
    for topic_id in topics:
        if topic_id not in contexts:
            contexts[topic_id] = chance.sample(range(len(spoken.contexts)), len(spoken.contexts))
        sessions.append((topic_id, contexts[topic_id].pop()))
    if events is None:
        events = draw_events(person, topics, chance)
    return Course(tuple(sessions), events)


def _topics(chance: random.Random) -> list[str]:
    """Return the topics by session, so that enough slots can change in their course."""
    while True:
        topics = _drawn(chance)
        if have_room(topics):
            return topics


def _drawn(chance: random.Random) -> list[str]:
    topics = [*chance.sample(_COMMON, OF_EACH_KIND), *chance.sample(_OWN, OF_EACH_KIND)]
    chance.shuffle(topics)
    return [topics[number] for number in lay_out(chance)]
