"""Writes people, their lives and their questions by rules, for the scripted track.

Everything comes from the tables of languages by chance that can be repeated: each record has a
random stream of its own, so that a stage cut short goes on as it would have.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from persona.benchmark.errors import DatasetError
from persona.benchmark.schema import Api, Hint, Need, Person, Query, Scene, Seed
from persona.benchmark.scripted.course import Course, plan
from persona.benchmark.scripted.needs import wanted
from persona.benchmark.scripted.sentences import says, spoken_by
from persona.benchmark.scripted.table import HINTED, Table, languages, table
from persona.benchmark.scripted.topics import APIS, TOPICS, Topic
from persona.benchmark.truth import truth
from persona.benchmark.writer import person_id
from persona.registry import Registry

_REGISTRY = Registry()
_TOPICS = {topic.topic_id: topic for topic in TOPICS}
# How many values a person has in each stated slot.
_NUMBERS = {
    "demographics.languages": 2,
    "personality.values_and_interests": 3,
    "preference.styles": 2,
    "preference.formats": 2,
    "preference.workflows": 2,
}
# Some people turn out too much like others.
_HINTS_PER_PERSON = 5
# Written without spaces between sentences.
_JOINED = frozenset({"zh", "ja"})


class ScriptedWriter:
    """The writer of the scripted track. `seed` makes it repeatable."""

    models: Mapping[str, str] = {}
    prompts: Mapping[str, str] = {}

    def __init__(self, seed: int) -> None:
        self._seed = seed

    async def hints(self, seeds: Sequence[Seed], people: int) -> list[Hint]:
        """Return hints for so many people and more: the seeds of languages with a table, in turn.

        Language by language, so that all have their share.
        """
        spoken = sorted({seed.language for seed in seeds} & set(languages()))
        if not spoken:
            raise DatasetError(f"No seed is in a language of the tables: {', '.join(languages())}.")
        found: list[Hint] = []
        for number in range(_HINTS_PER_PERSON * people):
            language = spoken[number % len(spoken)]
            own = [seed for seed in seeds if seed.language == language]
            seed = own[number // len(spoken) % len(own)]
            found.append(
                Hint(
                    hint_id=f"hint-{number:04d}",
                    language=language,
                    region=seed.region,
                    line=seed.line,
                    grown_from=(seed.seed_id,),
                )
            )
        return found

    async def person(self, hint: Hint, number: int) -> Person:
        """Return person `number`: values drawn from the table of the hint's language."""
        chance = self._chance("person", str(number))
        spoken = table(hint.language)
        slots = _slots(spoken, chance)
        person = Person(
            person_id=person_id(number),
            language=hint.language,
            region=hint.region,
            hint=_line(slots),
            slots=slots,
        )
        course = plan(person, self._course_chance(person))
        return person.model_copy(update={"events": course.events})

    async def scenes(self, person: Person) -> list[Scene]:
        """Return the sessions of the person's life, also of one who was edited by hand."""
        course = plan(person, self._course_chance(person), person.events)
        found: list[Scene] = []
        first: dict[str, str] = {}
        for session, (topic_id, context) in enumerate(course.sessions, 1):
            topic = _TOPICS[topic_id]
            scene_id = f"{person.person_id}-s{session:02d}"
            repeats = first.get(topic_id)
            first.setdefault(topic_id, scene_id)
            found.append(
                Scene(
                    scene_id=scene_id,
                    person_id=person.person_id,
                    session=session,
                    kind="repeat" if repeats else topic.kind,
                    repeats=repeats,
                    title=topic.title,
                    description=f"The person comes with a question: {topic.title.lower()}.",
                    context=spoken_by(person).contexts[context],
                    apis=_apis(topic),
                    expected_response=_expected(topic),
                    needs=_needs(person, session, topic, course),
                )
            )
        return found

    async def query(self, person: Person, scene: Scene) -> Query:
        """Return the scene's question: with what it is about the person, and without."""
        spoken = spoken_by(person)
        topic = next((topic for topic in TOPICS if topic.title == scene.title), None)
        if topic is None:
            raise DatasetError(
                f"{scene.scene_id} has the title {scene.title!r}, of which the scripted writer "
                "knows no question; write its query by hand."
            )
        space = "" if person.language in _JOINED else " "
        neutral = f"{spoken.topics[topic.topic_id]}{space}{scene.context}"
        told = [
            said
            for need, value in wanted(scene, truth(person, scene.session))
            if (said := says(person, need.slot, value, scene.session))
        ]
        return Query(
            scene_id=scene.scene_id, personalized=space.join([*told, neutral]), neutral=neutral
        )

    async def check(self, person: Person, scene: Scene, query: Query) -> tuple[bool, bool, str]:
        """Return that the question can be answered and is neutral: the leak audit says more."""
        return True, True, ""

    def _course_chance(self, person: Person) -> random.Random:
        return self._chance("course", person.person_id)

    def _chance(self, *place: str) -> random.Random:
        return random.Random("/".join((str(self._seed), *place)))


def _line(slots: Mapping[str, str | tuple[str, ...]]) -> str:
    """Return the person in one line; of a seed they have no more than language and region."""
    shown = ("demographics.name", "demographics.age", "demographics.career")
    return ", ".join(str(slots[slot]) for slot in shown)


def _slots(spoken: Table, chance: random.Random) -> dict[str, str | tuple[str, ...]]:
    slots: dict[str, str | tuple[str, ...]] = {}
    for slot, values in spoken.values.items():
        number = _NUMBERS.get(slot, 1)
        drawn = tuple(_apart(chance.sample(values, len(values)), spoken, number))
        slots[slot] = drawn if _REGISTRY[slot].kind == "list" else drawn[0]
    for slot in HINTED:
        slots[slot] = chance.choice(list(spoken.hints[slot]))
    return slots


def _apart(values: Sequence[str], spoken: Table, number: int) -> list[str]:
    """Return the first `number` values of which none contradicts another."""
    chosen: list[str] = []
    for value in values:
        if len(chosen) < number and not any(spoken.contradict(value, other) for other in chosen):
            chosen.append(value)
    return chosen


def _apis(topic: Topic) -> tuple[Api, ...]:
    return tuple(
        Api(name=name, description=APIS[name][0], arguments=APIS[name][1]) for name in topic.apis
    )


def _expected(topic: Topic) -> str:
    # The label of a choice names the choices.
    labels = (
        "temperament" if _REGISTRY[slot].kind == "choice" else _REGISTRY[slot].label.lower()
        for slot in topic.needs
    )
    about = " and ".join(labels)
    calls = f" It calls {' and '.join(topic.apis)}." if topic.apis else ""
    return f"A reply that takes into account: {about}.{calls}"


def _needs(person: Person, session: int, topic: Topic, course: Course) -> tuple[Need, ...]:
    """Return the topic's needs; a person edited by hand may have no value for one."""
    held = truth(person, session).values
    return tuple(
        Need(slot=slot, item=course.item(person, session, slot))
        if _REGISTRY[slot].kind == "list"
        else Need(slot=slot)
        for slot in topic.needs
        if slot in held
    )
