"""Lives on the scripted track: their topics, and events that the sessions around them show."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.benchmark.schema import Need, Person, Scene
from persona.benchmark.scripted.course import Course, plan
from persona.benchmark.scripted.table import languages, table
from persona.benchmark.scripted.topics import TOPICS
from persona.benchmark.scripted.writer import ScriptedWriter
from persona.benchmark.truth import truth
from persona.registry import Registry
from tests.persona.benchmark.lived import change, forget
from tests.persona.benchmark.made import CAREER, INTERESTS, STYLES, hint, someone

REGISTRY = Registry()
KINDS = {topic.topic_id: topic.kind for topic in TOPICS}
# Topics that need interests, and one that does not.
HOBBY, OTHER = "music", "habit"

lives = given(
    seed=st.integers(), number=st.integers(0, 9999), language=st.sampled_from(languages())
)
some = settings(max_examples=60, deadline=None)


async def write(seed: int, number: int, language: str) -> tuple[Person, list[Scene]]:
    writer = ScriptedWriter(seed)
    person = await writer.person(hint(number, language), number)
    return person, await writer.scenes(person)


def needing(scenes: list[Scene], slot: str, value: str | None) -> list[int]:
    """Return the sessions that need `value` of the slot; of one that is no list, the slot."""
    item = value if REGISTRY[slot].kind == "list" else None
    return [scene.session for scene in scenes if Need(slot=slot, item=item) in scene.needs]


@some
@lives
async def test_every_need_is_true_at_its_session(seed: int, number: int, language: str) -> None:
    person, scenes = await write(seed, number, language)
    for scene in scenes:
        held = truth(person, scene.session).values
        for need in scene.needs:
            assert need.slot in held
            if REGISTRY[need.slot].kind == "list":
                assert need.item in held[need.slot]
            else:
                assert need.item is None


@some
@lives
async def test_sessions_around_an_event_show_it(seed: int, number: int, language: str) -> None:
    person, scenes = await write(seed, number, language)
    kinds = Counter(event.kind for event in person.events)
    assert kinds["forget"] == 1
    assert kinds["change"] in (2, 3)
    assert len({event.slot for event in person.events}) == len(person.events)
    for event in person.events:
        before = needing(scenes, event.slot, event.before)
        shown = event.before if event.kind == "forget" else event.after
        after = needing(scenes, event.slot, shown)
        assert len([session for session in before if session < event.session]) >= 2
        assert event.session in after
        assert [session for session in after if event.session < session < event.session + 5]


@some
@given(seed=st.integers())
def test_a_life_has_ten_topics_of_each_kind_and_some_come_back(seed: int) -> None:
    person = someone(_slots("en"))
    course = plan(person, random.Random(seed))
    times = Counter(topic for topic, _ in course.sessions)
    assert Counter(KINDS[topic] for topic in times) == {"common": 10, "own": 10}
    repeated = [number - 1 for number in times.values() if number > 1]
    assert 3 <= len(repeated) <= 5
    assert all(2 <= number <= 4 for number in repeated)
    assert 29 <= len(course.sessions) <= 32
    # The same topic never has the same context.
    assert len(set(course.sessions)) == len(course.sessions)


def _slots(language: str) -> dict[str, str | tuple[str, ...]]:
    return {
        slot: values[:2] if REGISTRY[slot].kind == "list" else values[0]
        for slot, values in table(language).values.items()
    }


@pytest.mark.parametrize("language", languages())
def test_the_same_chance_gives_the_same_course(language: str) -> None:
    person = someone(_slots(language), language=language)
    course = plan(person, random.Random(7))
    assert plan(person, random.Random(7)) == course
    assert plan(person, random.Random(8)) != course
    assert plan(person, random.Random(7), course.events) == course
    assert plan(person, random.Random(7), ()) == Course(course.sessions, ())


def _course(*topics: str, events: tuple[object, ...]) -> Course:
    return Course(tuple((topic, 0) for topic in topics), events)  # type: ignore[arg-type]


def test_items_around_a_change() -> None:
    event = change(6, INTERESTS, "chess", "jazz")
    person = someone({INTERESTS: ("chess", "go"), CAREER: "baker"}, event)
    topics = [HOBBY, HOBBY, HOBBY, OTHER, OTHER, *[HOBBY] * 8]
    course = _course(*topics, events=(event,))
    items = {
        session: course.item(person, session, INTERESTS)
        for session, topic in enumerate(topics, 1)
        if topic == HOBBY
    }
    # Sessions 2 and 3 are the last before it that need an interest; from 11 on they take turns.
    assert items == {
        1: "go", 2: "chess", 3: "chess",
        6: "jazz", 7: "jazz", 8: "jazz", 9: "jazz", 10: "jazz",
        11: "jazz", 12: "go", 13: "jazz",
    }  # fmt: skip


def test_items_around_a_wish_to_forget() -> None:
    event = forget(4, STYLES, "short answers")
    person = someone({STYLES: ("short answers", "a warm tone")}, event)
    course = _course(*["decide"] * 10, events=(event,))
    items = [course.item(person, session, STYLES) for session in range(1, 11)]
    assert items == ["a warm tone", *["short answers"] * 7, "a warm tone", "short answers"]


def test_of_an_event_of_another_slot_nothing_is_seen() -> None:
    event = change(2, INTERESTS, "chess", "jazz")
    person = someone({INTERESTS: ("chess",), STYLES: ("chess", "b")}, event)
    course = _course(*["meal"] * 4, events=(event,))
    assert [course.item(person, session, STYLES) for session in (1, 2, 3)] == ["b", "chess", "b"]
