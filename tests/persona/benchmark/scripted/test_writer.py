"""The writer of the scripted track: whom it writes, what they come with, and what they ask."""

from __future__ import annotations

import pytest

from persona.benchmark.errors import DatasetError
from persona.benchmark.schema import Need, Seed
from persona.benchmark.scripted.needs import wanted
from persona.benchmark.scripted.sentences import Statement, read, spoken_by
from persona.benchmark.scripted.table import languages, table
from persona.benchmark.scripted.topics import TOPICS
from persona.benchmark.scripted.writer import ScriptedWriter
from persona.benchmark.truth import truth
from persona.registry import Registry
from tests.persona.benchmark.lived import change, forget
from tests.persona.benchmark.made import (
    AGE,
    CAREER,
    EXTRAVERSION,
    INTERESTS,
    STYLES,
    hint,
    scene,
    someone,
)

REGISTRY = Registry()


def seed(seed_id: str, language: str) -> Seed:
    return Seed(seed_id=seed_id, language=language, region=f"of {seed_id}", line=f"A {seed_id}.")


async def test_people_take_turns_by_language_and_then_by_seed() -> None:
    seeds = [seed("fr1", "fr"), seed("tlh", "tlh"), seed("en1", "en"), seed("en2", "en")]
    writer = ScriptedWriter(0)
    hints = (await writer.hints(seeds, 2))[:5]
    assert [given.grown_from for given in hints] == [
        ("en1",), ("fr1",), ("en2",), ("fr1",), ("en1",),
    ]  # fmt: skip
    assert [given.hint_id for given in hints[:2]] == ["hint-0000", "hint-0001"]
    assert (hints[2].language, hints[2].region, hints[2].line) == ("en", "of en2", "A en2.")


async def test_seeds_of_no_language_with_a_table_are_an_error() -> None:
    with pytest.raises(DatasetError, match="No seed is in a language of the tables: de, en"):
        await ScriptedWriter(0).hints([seed("k", "tlh")], 1)


@pytest.mark.parametrize("language", languages())
async def test_a_person_has_every_slot_and_no_contradiction(language: str) -> None:
    spoken = table(language)
    for number in range(30):
        person = await ScriptedWriter(1).person(hint(number, language), number)
        assert person.person_id == f"p{number:04d}"
        # The line of a seed is another person's.
        assert person.hint.split(", ")[0] == person.slots["demographics.name"]
        assert set(person.slots) == set(REGISTRY)
        held = truth(person, 32).values
        for slot, given in person.slots.items():
            assert isinstance(given, tuple) == (REGISTRY[slot].kind == "list")
            allowed = spoken.values.get(slot) or tuple(spoken.hints[slot])
            assert set(held[slot]) <= set(allowed)
        values = [value for values in (*held.values(),) for value in values]
        assert not [pair for pair in spoken.contradictions if set(pair) <= set(values)]


async def test_other_seeds_and_numbers_are_other_people() -> None:
    people = [
        (await ScriptedWriter(random_seed).person(hint(0), number)).slots
        for random_seed, number in ((0, 0), (0, 1), (1, 0))
    ]
    assert people[0] != people[1] != people[2] != people[0]
    assert (await ScriptedWriter(0).person(hint(0), 0)).slots == people[0]


async def test_the_scenes_of_a_life() -> None:
    writer = ScriptedWriter(2)
    person = await writer.person(hint(0), 0)
    scenes = await writer.scenes(person)
    assert [each.session for each in scenes] == list(range(1, len(scenes) + 1))
    assert [each.scene_id for each in scenes][:2] == ["p0000-s01", "p0000-s02"]
    topics = {topic.title: topic for topic in TOPICS}
    first: dict[str, str] = {}
    for each in scenes:
        topic = topics[each.title]
        assert each.repeats == first.get(each.title)
        assert each.kind == (topic.kind if each.repeats is None else "repeat")
        first.setdefault(each.title, each.scene_id)
        assert tuple(need.slot for need in each.needs) == topic.needs
        assert tuple(api.name for api in each.apis) == topic.apis
        assert each.context in spoken_by(person).contexts
        for name in topic.apis:
            assert name in each.expected_response


async def test_a_person_edited_by_hand_lives_by_what_was_written() -> None:
    event = change(9, CAREER, "lighthouse keeper", "glass blower")
    ended = change(12, STYLES, "terse answers", None)
    person = someone(
        {CAREER: "lighthouse keeper", STYLES: ("terse answers",), AGE: "31"}, event, ended
    )
    scenes = await ScriptedWriter(3).scenes(person)
    needs = {(each.session, need.slot, need.item) for each in scenes for need in each.needs}
    assert {slot for _, slot, _ in needs} == {CAREER, STYLES, AGE}
    assert {item for _, slot, item in needs if slot == STYLES} == {"terse answers"}
    assert max(session for session, slot, _ in needs if slot == STYLES) < 12
    # Without the values and events of a table the same topics come in the same order.
    whole = await ScriptedWriter(3).person(hint(0), 1)
    assert [each.title for each in scenes] == [
        each.title
        for each in await ScriptedWriter(3).scenes(whole.model_copy(update={"person_id": "p1"}))
    ]


@pytest.mark.parametrize("language", languages())
async def test_the_personalized_query_tells_the_needs_and_the_neutral_one_does_not(
    language: str,
) -> None:
    writer = ScriptedWriter(4)
    person = await writer.person(hint(0, language), 0)
    spoken = spoken_by(person)
    topics = {topic.title: topic.topic_id for topic in TOPICS}
    for each in await writer.scenes(person):
        asked = await writer.query(person, each)
        space = "" if language in ("zh", "ja") else " "
        assert asked.neutral == f"{spoken.topics[topics[each.title]]}{space}{each.context}"
        assert asked.personalized.endswith(asked.neutral)
        now = truth(person, each.session)
        told = asked.personalized.removesuffix(asked.neutral).strip()
        assert bool(told) == bool(wanted(each, now))


async def test_a_query_tells_the_needed_item_unless_it_is_to_be_forgotten() -> None:
    person = someone(
        {INTERESTS: ("chess", "jazz"), EXTRAVERSION: "introversion", CAREER: "baker"},
        forget(2, CAREER, "baker"),
        forget(3, INTERESTS, "chess"),
    )
    needs = (
        Need(slot=INTERESTS, item="chess"), Need(slot=INTERESTS, item="jazz"),
        Need(slot=EXTRAVERSION), Need(slot=CAREER),
    )  # fmt: skip
    asked = await ScriptedWriter(0).query(person, scene(3, *needs, title="Planning a weekend"))
    hinted = "My best days are the ones with nobody around."
    assert read(hinted) == Statement("hint", EXTRAVERSION, "introversion")
    question = "What could I do at the weekend? It is for Friday."
    assert asked.neutral == question
    assert asked.personalized == f"I love jazz. {hinted} {question}"


async def test_a_title_of_no_topic_is_an_error_that_names_the_scene() -> None:
    with pytest.raises(DatasetError, match=r"p1-s03 has the title 'Mending a roof'.*by hand"):
        await ScriptedWriter(0).query(someone({}), scene(3, title="Mending a roof"))


async def test_what_is_written_by_rules_needs_no_check() -> None:
    writer = ScriptedWriter(0)
    person = await writer.person(hint(0), 0)
    each = (await writer.scenes(person))[0]
    assert await writer.check(person, each, await writer.query(person, each)) == (True, True, "")
    assert (writer.models, writer.prompts) == ({}, {})
