"""The pipeline: whatever it is interrupted by, what comes out is the same; and what that is."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from persona.benchmark.dataset import Dataset, read_dataset
from persona.benchmark.diversity import Diversity
from persona.benchmark.errors import DatasetError
from persona.benchmark.generate import Stage, Work, generate
from persona.benchmark.leaks import audit
from persona.benchmark.schema import Hint, Manifest, Person, Query, Scene, Seed
from persona.benchmark.scripted.table import languages
from persona.benchmark.scripted.writer import ScriptedWriter
from persona.benchmark.validate import examine
from persona.benchmark.writer import Writer
from persona.errors import InvalidAnswer, ModelError
from tests.persona.benchmark.made import NAME
from tests.support.command import rapport

PEOPLE = 200


class Brief(ScriptedWriter):
    """Writes lives of few sessions, and counts what it writes."""

    def __init__(self, sessions: int = 3) -> None:
        super().__init__(0)
        self._sessions = sessions
        self.wrote: Counter[str] = Counter()

    async def person(self, hint: Hint, number: int) -> Person:
        self.wrote["person"] += 1
        return await super().person(hint, number)

    async def scenes(self, person: Person) -> list[Scene]:
        self.wrote["scenes"] += 1
        return (await super().scenes(person))[: self._sessions]

    async def query(self, person: Person, scene: Scene) -> Query:
        self.wrote["query"] += 1
        return await super().query(person, scene)

    async def check(self, person: Person, scene: Scene, query: Query) -> tuple[bool, bool, str]:
        self.wrote["check"] += 1
        return await super().check(person, scene, query)


def make(
    folder: Path, writer: Writer | None = None, number: int = 10, random_seed: int = 0
) -> Work:
    return Work(
        folder,
        writer or Brief(),
        track="scripted",
        name="made",
        number=number,
        random_seed=random_seed,
        at_once=4,
        progress=lambda stage, done, total: None,
    )


def seeds_of(folder: Path, *spoken: str) -> Path:
    path = folder / "own-seeds.jsonl"
    seeds = [
        Seed(seed_id=f"seed-{language}", language=language, region="Here", line="A baker.")
        for language in spoken
    ]
    path.write_text("".join(f"{seed.model_dump_json()}\n" for seed in seeds))
    return path


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def lines(folder: Path, stage: str) -> list[bytes]:
    return (folder / "stages" / f"{stage}.jsonl").read_bytes().splitlines(keepends=True)


def edit(folder: Path, stage: str, line: int, **changes: Any) -> None:
    path = folder / "stages" / f"{stage}.jsonl"
    written = path.read_text(encoding="utf-8").splitlines()
    written[line] = json.dumps(json.loads(written[line]) | changes)
    path.write_text("".join(f"{each}\n" for each in written), encoding="utf-8")


# Interruptions.

# What is written at once, or not at all.
WHOLE = ("seeds", "personas-grown", "personas-hints")


@dataclass(frozen=True)
class Whole:
    """What an uninterrupted pipeline wrote, and the lines of its stages in their order."""

    seeds: Path
    content: dict[str, bytes]
    written: list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    seeds = seeds_of(tmp_path_factory.mktemp("seeds"), "ja")
    asyncio.run(generate(make(folder, Brief(2), number=9), seeds))
    return Whole(seeds, content(folder), _written(folder))


def _written(folder: Path) -> list[tuple[str, bytes]]:
    written = [(stage, b"".join(lines(folder, stage))) for stage in WHOLE]
    outcomes: dict[str, tuple[str, bytes]] = {}
    for line in lines(folder, "personas-dropped"):
        outcomes[json.loads(line)["record_id"]] = ("personas-dropped", line)
    assert outcomes
    for line in lines(folder, "personas"):
        number = json.loads(line)["person_id"].removeprefix("p")
        outcomes[f"hint-{number}"] = ("personas", line)
    for line in lines(folder, "personas-tried"):
        written += [("personas-tried", line), outcomes[json.loads(line)["record_id"]]]
    scenes = iter(lines(folder, "scenes"))
    for mark in lines(folder, "scenes-written"):
        written += [("scenes", next(scenes)) for _ in range(2)]
        written.append(("scenes-written", mark))
    queries, checks = lines(folder, "queries"), lines(folder, "queries-checked")
    for query, check in zip(queries, checks, strict=True):
        written += [("queries", query), ("queries-checked", check)]
    return written


def _interrupted(folder: Path, written: list[tuple[str, bytes]]) -> None:
    (folder / "stages").mkdir(parents=True)
    for stage, line in written:
        with (folder / "stages" / f"{stage}.jsonl").open("ab") as file:
            file.write(line)


async def test_interrupted_within_any_line_it_comes_to_the_same(
    whole: Whole, tmp_path: Path
) -> None:
    for number, (stage, line) in enumerate(whole.written[len(WHOLE) :], len(WHOLE)):
        # In the middle of a character, where the line has any of several bytes.
        wide = next((at for at, byte in enumerate(line) if byte > 127), len(line) // 2)
        await _goes_on(whole, tmp_path, [*whole.written[:number], (stage, line[: wide + 1])])


async def test_interrupted_between_lines_it_comes_to_the_same(whole: Whole, tmp_path: Path) -> None:
    stages = [stage for stage, _ in whole.written]
    for stage in set(stages):
        first, last = stages.index(stage), len(stages) - 1 - stages[::-1].index(stage)
        for number in {first, last}:
            await _goes_on(whole, tmp_path, whole.written[: number + 1])


async def _goes_on(whole: Whole, folder: Path, written: list[tuple[str, bytes]]) -> None:
    shutil.rmtree(folder)
    _interrupted(folder, written)
    await generate(make(folder, Brief(2), number=9), whole.seeds)
    assert content(folder) == whole.content, f"after {len(written)} lines, in {written[-1][0]}"


@pytest.mark.parametrize("stage", ["queries", "queries-checked"])
async def test_lines_lost_from_one_file_of_queries_are_written_anew(
    tmp_path: Path, stage: str
) -> None:
    await generate(make(tmp_path), seeds_of(tmp_path, "en"))
    before = content(tmp_path)
    for kept in (0, 1, 17, 29):
        path = tmp_path / "stages" / f"{stage}.jsonl"
        path.write_bytes(b"".join(lines(tmp_path, stage)[:kept]))
        await generate(make(tmp_path))
        assert content(tmp_path) == before


async def test_a_failure_is_told_and_what_was_written_stays(tmp_path: Path) -> None:
    class Failing(Brief):
        async def check(self, person: Person, scene: Scene, query: Query) -> tuple[bool, bool, str]:
            if scene.scene_id == "p0002-s02":
                raise ModelError("The model cannot be asked.")
            return await super().check(person, scene, query)

    writer = Failing()
    with pytest.raises(ModelError, match="cannot be asked"):
        await generate(make(tmp_path, writer), seeds_of(tmp_path, "en"))
    again = Brief()
    manifest = await generate(make(tmp_path, again))
    assert writer.wrote["check"] + again.wrote["check"] == 30
    assert writer.wrote["query"] + again.wrote["query"] == 30
    assert manifest.counts["queries.jsonl"] == 30


async def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    await generate(make(tmp_path))
    before = content(tmp_path)
    again = Brief()
    await generate(make(tmp_path, again))
    assert again.wrote == {}
    assert content(tmp_path) == before


async def test_more_people_go_on_behind_the_first(tmp_path: Path) -> None:
    await generate(make(tmp_path / "grown", number=2))
    await generate(make(tmp_path / "grown", number=12))
    await generate(make(tmp_path / "at-once", number=12))
    assert content(tmp_path / "grown") == content(tmp_path / "at-once")


# Redoing and editing.


@pytest.mark.parametrize(
    ("redo", "anew"),
    [
        ("filter", {}),
        ("queries", {"query": 30, "check": 30}),
        ("scenes", {"scenes": 10, "query": 30, "check": 30}),
        ("personas", {"person": 10, "scenes": 10, "query": 30, "check": 30}),
        ("seeds", {"person": 10, "scenes": 10, "query": 30, "check": 30}),
    ],
)
async def test_a_stage_and_those_after_it_are_done_anew(
    tmp_path: Path, redo: Stage, anew: dict[str, int]
) -> None:
    await generate(make(tmp_path))
    before = content(tmp_path)
    again = Brief()
    await generate(make(tmp_path, again), redo=redo)
    assert again.wrote == anew
    assert content(tmp_path) == before


@pytest.mark.parametrize(
    ("stage", "number", "random_seed", "told"),
    [
        ("seeds", 3, 1, "was begun with --track scripted and --random-seed 0"),
        ("scenes", 1, 0, "has 3 people already, more than --people 1"),
        ("filter", 1, 0, "has 3 people already, more than --people 1"),
    ],
)
async def test_a_stage_that_may_not_be_done_anew_keeps_its_files(
    tmp_path: Path, stage: Stage, number: int, random_seed: int, told: str
) -> None:
    await generate(make(tmp_path, number=3))
    before = content(tmp_path)
    with pytest.raises(DatasetError, match=told):
        await generate(make(tmp_path, number=number, random_seed=random_seed), redo=stage)
    assert content(tmp_path) == before


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{", r"bad\.jsonl, line 1: the record: Invalid JSON"),
        ("", r"bad\.jsonl holds no seed"),
        (
            '{"seed_id": "k", "language": "tlh", "region": "Here", "line": "A baker."}',
            "No seed is in a language of the tables",
        ),
    ],
)
async def test_seeds_that_cannot_be_used_leave_those_before(
    tmp_path: Path, given: str, told: str
) -> None:
    await generate(make(tmp_path, number=3))
    before = content(tmp_path)
    seeds = tmp_path.with_name("bad.jsonl")
    seeds.write_text(given)
    with pytest.raises(DatasetError, match=told):
        await generate(make(tmp_path, number=3), seeds, redo="seeds")
    assert content(tmp_path) == before


@pytest.mark.parametrize(
    ("broken", "redo"),
    [
        ("seeds", "personas"),
        ("personas-hints", "scenes"),
        ("personas-tried", "scenes"),
        ("personas", "queries"),
        ("scenes", "queries"),
        ("scenes-written", "queries"),
    ],
)
async def test_a_mistake_in_a_stage_before_is_named_and_nothing_is_gone(
    tmp_path: Path, broken: str, redo: Stage
) -> None:
    await generate(make(tmp_path, number=3))
    edit(tmp_path, broken, 1, more="than there is")
    before = content(tmp_path)
    with pytest.raises(DatasetError, match=rf"{broken}\.jsonl, line 2: more: Extra inputs"):
        await generate(make(tmp_path, number=3), redo=redo)
    assert content(tmp_path) == before


async def test_of_an_edited_hint_another_person_comes_and_no_other(tmp_path: Path) -> None:
    await generate(make(tmp_path), seeds_of(tmp_path, "en", "fr"))
    for place, region in ((10, "Elsewhere"), (11, "Here")):
        edit(tmp_path, "personas-hints", 3, region=region)
        again = Brief()
        manifest = await generate(make(tmp_path, again))
        assert again.wrote == {"person": 1, "scenes": 1, "query": 3, "check": 3}
        people = read_dataset(tmp_path).people
        assert [person.person_id for person in people] == [
            f"p{number:04d}" for number in (0, 1, 2, 4, 5, 6, 7, 8, 9, place)
        ]
        assert (people[-1].region, manifest.dropped) == (region, {})
        before = content(tmp_path)
        await generate(make(tmp_path, again))
        assert (again.wrote["person"], content(tmp_path)) == (1, before)


@pytest.mark.parametrize("tried", [3, 9])
async def test_an_edited_hint_is_not_forgotten_by_an_interruption(
    tmp_path: Path, tried: int
) -> None:
    class Failing(Brief):
        async def person(self, hint: Hint, number: int) -> Person:
            raise ModelError("The model cannot be asked.")

    await generate(make(tmp_path), seeds_of(tmp_path, "en", "fr"))
    for region in ("Elsewhere", "Here", "There"):
        edit(tmp_path, "personas-hints", tried, region=region)
        for _ in range(2):
            with pytest.raises(ModelError):
                await generate(make(tmp_path, Failing()))
    manifest = await generate(make(tmp_path))
    people = read_dataset(tmp_path).people
    assert [person.region for person in people] == [*["Here"] * 9, "There"]
    assert (manifest.counts["queries.jsonl"], manifest.dropped) == (30, {})


async def test_an_edited_hint_that_came_to_nothing_is_tried_again(tmp_path: Path) -> None:
    await generate(make(tmp_path, Careless(), number=6))
    edit(tmp_path, "personas-hints", 1, region="Elsewhere")
    manifest = await generate(make(tmp_path, Brief(), number=7))
    people = read_dataset(tmp_path).people
    assert people[-1].person_id == "p0010"
    assert manifest.dropped == {"contradiction": 1, "unusable-answer": 2}
    noted = [json.loads(line) for line in lines(tmp_path, "personas-tried")]
    assert (noted[1]["of"], noted[10]["record_id"]) == ("edited", "hint-0001")


async def test_hints_can_be_added(tmp_path: Path) -> None:
    await generate(make(tmp_path, number=3), seeds_of(tmp_path, "en"))
    hints = [json.loads(line) for line in lines(tmp_path, "personas-hints")]
    hints.insert(0, hints[0] | {"hint_id": "mine", "region": "Elsewhere"})
    path = tmp_path / "stages" / "personas-hints.jsonl"
    path.write_text("".join(f"{json.dumps(hint)}\n" for hint in hints))
    again = Brief()
    await generate(make(tmp_path, again, number=4))
    assert again.wrote["person"] == 1
    people = read_dataset(tmp_path).people
    assert [person.region for person in people] == ["Here", "Here", "Here", "Elsewhere"]


@pytest.mark.parametrize("redo", [None, "scenes"])
async def test_edited_seeds_are_refused_until_people_are_made_anew(
    tmp_path: Path, redo: Stage | None
) -> None:
    await generate(make(tmp_path, number=3), seeds_of(tmp_path, "en", "fr"))
    whole = lines(tmp_path, "seeds")
    path = tmp_path / "stages" / "seeds.jsonl"
    edited = (
        ("seed-fr", [whole[0], whole[1].replace(b"Here", b"Elsewhere")]),
        ("seed-fr", [whole[0]]),
        ("seed-en-2", [*whole, whole[0].replace(b"seed-en", b"seed-en-2")]),
    )
    for seed_id, written in edited:
        path.write_bytes(b"".join(written))
        before = content(tmp_path)
        told = rf"seeds\.jsonl: {seed_id} was changed, added or taken out .* --redo personas\."
        with pytest.raises(DatasetError, match=told):
            await generate(make(tmp_path, number=3), redo=redo)
        assert content(tmp_path) == before
    path.write_bytes(b"".join(edited[0][1]))
    await generate(make(tmp_path, number=3), redo="personas")
    regions = [person.region for person in read_dataset(tmp_path).people]
    assert sorted(regions) == ["Elsewhere", "Here", "Here"]
    await generate(make(tmp_path, number=3))


@pytest.mark.parametrize("redo", [None, "scenes"])
async def test_a_hint_that_is_gone_and_one_that_is_there_twice_are_refused(
    tmp_path: Path, redo: Stage | None
) -> None:
    await generate(make(tmp_path, number=3), seeds_of(tmp_path, "en"))
    hints = lines(tmp_path, "personas-hints")
    path = tmp_path / "stages" / "personas-hints.jsonl"
    for written, told in (
        ([hints[0], *hints[2:]], r"hint-0001, of which p0001 was made, is gone\. Put it back, "),
        ([], r"hint-0000, of which p0000 was made, is gone\. Put it back, "),
        ([*hints, hints[2]], r"personas-hints\.jsonl has two hints called hint-0002; rename one\."),
    ):
        path.write_bytes(b"".join(written))
        before = content(tmp_path)
        with pytest.raises(DatasetError, match=told):
            await generate(make(tmp_path, number=3), redo=redo)
        assert content(tmp_path) == before
    path.unlink()
    with pytest.raises(DatasetError, match="hint-0000, of which p0000 was made, is gone"):
        await generate(make(tmp_path, number=3), redo=redo)
    await generate(make(tmp_path, number=3), redo="personas")
    assert lines(tmp_path, "personas-hints") == hints


@pytest.mark.parametrize("stage", ["seeds", "personas-hints"])
async def test_half_a_line_of_what_is_written_whole_is_a_mistake(
    tmp_path: Path, stage: str
) -> None:
    await generate(make(tmp_path, number=3))
    path = tmp_path / "stages" / f"{stage}.jsonl"
    path.write_bytes(path.read_bytes()[:-3])
    before = content(tmp_path)
    with pytest.raises(DatasetError, match=rf"{stage}\.jsonl, line \d+: the record: Invalid JSON"):
        await generate(make(tmp_path, number=3), redo="scenes")
    assert content(tmp_path) == before


async def test_the_file_of_seeds_can_be_given_to_its_own_stage(tmp_path: Path) -> None:
    await generate(make(tmp_path), seeds_of(tmp_path, "en"))
    edit(tmp_path, "seeds", 0, region="Elsewhere")
    await generate(make(tmp_path), tmp_path / "stages" / "seeds.jsonl", redo="seeds")
    assert {person.region for person in read_dataset(tmp_path).people} == {"Elsewhere"}


async def test_an_edited_scene_and_an_edited_query_are_used(tmp_path: Path) -> None:
    await generate(make(tmp_path))
    edit(tmp_path, "scenes", 0, context="The roof leaks.")
    edit(tmp_path, "queries", 4, neutral="Who mends a roof?")
    await generate(make(tmp_path))
    made = read_dataset(tmp_path)
    assert made.scenes[0].context == "The roof leaks."
    assert made.queries[made.scenes[4].scene_id].neutral == "Who mends a roof?"
    await generate(make(tmp_path), redo="queries")
    made = read_dataset(tmp_path)
    assert made.queries[made.scenes[0].scene_id].neutral.endswith("The roof leaks.")
    assert made.queries[made.scenes[4].scene_id].neutral != "Who mends a roof?"


async def test_an_edited_person_lives_anew(tmp_path: Path) -> None:
    await generate(make(tmp_path))
    person = read_dataset(tmp_path).people[0]
    slots = {**person.slots, NAME: "Zebedee", "preference.styles": ["riddles"]}
    edit(tmp_path, "personas", 0, slots=json.loads(json.dumps(slots)), events=[])
    await generate(make(tmp_path), redo="scenes")
    made = read_dataset(tmp_path)
    assert made.people[0].slots[NAME] == "Zebedee"
    assert len(made.lives[person.person_id]) == 3
    styles = {
        need.item
        for scene in made.lives[person.person_id]
        for need in scene.needs
        if need.slot == "preference.styles"
    }
    assert styles <= {"riddles"}
    assert made.manifest.dropped == {}


async def test_a_query_that_tells_the_name_is_dropped_and_counted(tmp_path: Path) -> None:
    await generate(make(tmp_path))
    made = read_dataset(tmp_path)
    english = next(each for each in made.people if each.language == "en")
    place = [scene.person_id for scene in made.scenes].index(english.person_id)
    edit(tmp_path, "queries", place, neutral=f"I am {english.slots[NAME]}; what now?")
    manifest = await generate(make(tmp_path))
    assert manifest.dropped == {"leak": 1}
    assert manifest.counts["queries.jsonl"] == manifest.counts["scenes.jsonl"] == 29


async def test_an_edited_last_line_without_its_end_is_used(tmp_path: Path) -> None:
    await generate(make(tmp_path))
    path = tmp_path / "stages" / "queries.jsonl"
    edit(tmp_path, "queries", -1, neutral="Wer repariert ein Dach? äö")
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    again = Brief()
    await generate(make(tmp_path, again))
    assert again.wrote == {"check": 1}
    neutral = [json.loads(line)["neutral"] for line in lines(tmp_path, "queries")]
    assert (len(neutral), neutral[-1]) == (30, "Wer repariert ein Dach? äö")
    assert path.read_bytes().endswith(b"\n")


async def test_a_last_line_without_its_end_that_is_no_record_is_named(tmp_path: Path) -> None:
    await generate(make(tmp_path))
    edit(tmp_path, "scenes", -1, session=0)
    path = tmp_path / "stages" / "scenes.jsonl"
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    for _ in range(2):
        with pytest.raises(DatasetError, match=r"scenes\.jsonl, line 30: session: Input should be"):
            await generate(make(tmp_path))


class Strict(Brief):
    """Says of a query that shouts that it is not neutral."""

    async def check(self, person: Person, scene: Scene, query: Query) -> tuple[bool, bool, str]:
        await super().check(person, scene, query)
        return True, "!" not in query.neutral, ""


async def test_an_edited_query_is_checked_again_and_no_other(tmp_path: Path) -> None:
    await generate(make(tmp_path, Strict()))
    for said, dropped in (("Mend my roof!", {"not-neutral": 1}), ("Who mends a roof?", {})):
        edit(tmp_path, "queries", 4, neutral=said)
        again = Strict()
        manifest = await generate(make(tmp_path, again))
        assert (again.wrote, manifest.dropped) == ({"check": 1}, dropped)
        assert json.loads(lines(tmp_path, "queries")[4])["neutral"] == said
        before = content(tmp_path)
        await generate(make(tmp_path, again))
        assert again.wrote == {"check": 1}
        assert content(tmp_path) == before


async def test_in_place_of_a_person_taken_out_another_comes(tmp_path: Path) -> None:
    await generate(make(tmp_path))
    people = lines(tmp_path, "personas")
    del people[3]
    (tmp_path / "stages" / "personas.jsonl").write_bytes(b"".join(people))
    # Not even one made another by hand gives up their name to the next.
    edit(tmp_path, "personas", 8, slots={NAME: "Zebedee"}, events=[])
    manifest = await generate(make(tmp_path), redo="scenes")
    names = [person.person_id for person in read_dataset(tmp_path).people]
    assert names == [f"p{number:04d}" for number in (0, 1, 2, 4, 5, 6, 7, 8, 9, 10)]
    assert manifest.dropped == {}


# What is refused.


class Careless(Brief):
    """Of each five people the second makes no sense, and the third cannot be read."""

    async def person(self, hint: Hint, number: int) -> Person:
        if number % 5 == 2:
            raise InvalidAnswer("The answer is not one whole JSON object.")
        person = await super().person(hint, number)
        if number % 5 == 1:
            return person.model_copy(update={"slots": {**person.slots, "demographics.shoe": "9"}})
        return person


async def test_refused_people_are_counted_with_their_reasons(tmp_path: Path) -> None:
    manifest = await generate(make(tmp_path, Careless(), number=6))
    names = [person.person_id for person in read_dataset(tmp_path).people]
    assert names == ["p0000", "p0003", "p0004", "p0005", "p0008", "p0009"]
    assert manifest.dropped == {"contradiction": 2, "unusable-answer": 2}
    dropped = [json.loads(line) for line in lines(tmp_path, "personas-dropped")]
    assert dropped[0] == {
        "stage": "personas",
        "record_id": "hint-0001",
        "reason": "contradiction",
        "detail": "demographics.shoe is no slot",
    }
    assert dropped[1]["detail"] == "The answer is not one whole JSON object."
    assert (tmp_path / "dropped.jsonl").read_bytes() == b"".join(
        lines(tmp_path, "personas-dropped")
    )


async def test_a_writer_without_new_people_is_given_up(tmp_path: Path) -> None:
    class Alike(Brief):
        async def person(self, hint: Hint, number: int) -> Person:
            first = await super().person(hint, 0)
            return first.model_copy(update={"person_id": f"p{number:04d}"})

    with pytest.raises(DatasetError, match=r"Only 1 of 3 people differ enough. Give more seeds"):
        await generate(make(tmp_path, Alike(), number=3), seeds_of(tmp_path, "en"))
    reasons = [json.loads(line)["reason"] for line in lines(tmp_path, "personas-dropped")]
    assert reasons == ["near-duplicate"] * 14


# Seeds.


async def test_a_mistake_in_given_seeds_is_named_where_it_is_and_can_be_mended(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    seeds = seeds_of(tmp_path, "en", "fr")
    good = seeds.read_text()
    seeds.write_text(f"{good}\n{{}}\n")
    with pytest.raises(DatasetError) as told:
        await generate(make(folder), seeds)
    assert str(told.value).startswith(f"{seeds}, line 4: seed_id: Field required")
    seeds.write_text(good)
    manifest = await generate(make(folder), seeds)
    assert manifest.seeds == 2
    assert manifest.languages == {"en": 5, "fr": 5}


async def test_seeds_that_are_none_or_not_there(tmp_path: Path) -> None:
    seeds = tmp_path / "none.jsonl"
    seeds.write_text("\n")
    with pytest.raises(DatasetError, match=r"none\.jsonl holds no seed\."):
        await generate(make(tmp_path / "data"), seeds)
    with pytest.raises(DatasetError, match=r"gone\.jsonl cannot be read: No such file"):
        await generate(make(tmp_path / "data"), tmp_path / "gone.jsonl")
    seeds.write_bytes(b"\xff\xfe")
    with pytest.raises(DatasetError, match=r"none\.jsonl is not UTF-8 text"):
        await generate(make(tmp_path / "data"), seeds)
    assert (await generate(make(tmp_path / "data"))).seeds == 72


async def test_the_manifest_says_whose_seeds_they_were(tmp_path: Path) -> None:
    own = await generate(make(tmp_path / "own"))
    assert own.source == "generated by rapport bench generate from Rapport's own seeds"
    assert own.licence == "CC0-1.0"
    other = await generate(make(tmp_path / "other"), seeds_of(tmp_path, "en"))
    assert other.source == "generated by rapport bench generate from other seeds"
    assert other.licence == "that of the seeds"


async def test_a_mistake_in_a_stage_file_is_named(tmp_path: Path) -> None:
    await generate(make(tmp_path))
    edit(tmp_path, "scenes", 6, session=0)
    path = tmp_path / "stages" / "scenes.jsonl"
    with pytest.raises(DatasetError) as told:
        await generate(make(tmp_path))
    assert str(told.value) == (
        f"{path}, line 7: session: Input should be greater than or equal to 1."
    )


# The size of the paper's benchmark.


@dataclass(frozen=True)
class Large:
    """A dataset of the paper's size, its manifest as it was returned, and what was shown."""

    dataset: Dataset
    manifest: Manifest
    shown: Sequence[tuple[str, int, int]]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    folder = tmp_path_factory.mktemp("large")
    shown: list[tuple[str, int, int]] = []
    work = Work(
        folder,
        ScriptedWriter(0),
        track="scripted",
        name="large",
        number=PEOPLE,
        random_seed=0,
        at_once=16,
        progress=lambda stage, done, total: shown.append((stage, done, total)),
    )
    manifest = asyncio.run(generate(work))
    return Large(read_dataset(folder), manifest, shown)


def test_it_has_the_size_of_the_papers(large: Large) -> None:
    scenes = Counter(scene.person_id for scene in large.dataset.scenes)
    assert len(scenes) == PEOPLE
    assert sum(scenes.values()) > 6000
    assert 30 <= sum(scenes.values()) / PEOPLE <= 31
    assert max(scenes.values()) == 32
    assert min(scenes.values()) >= 24


def test_its_people_speak_every_language_there_is_a_table_of(large: Large) -> None:
    assert set(large.manifest.languages) == set(languages())
    assert min(large.manifest.languages.values()) >= 10
    assert sum(large.manifest.languages.values()) == PEOPLE


def test_three_to_five_scenes_come_back_two_to_four_times(large: Large) -> None:
    written = Counter(scene.repeats for scene in large.dataset.scenes if scene.repeats)
    by_person: dict[str, list[int]] = {}
    for scene_id, times in written.items():
        by_person.setdefault(scene_id.split("-")[0], []).append(times)
    lost = {str(each) for each in large.manifest.dropped}
    assert lost == {"leak", "quota"}
    assert len(by_person) == PEOPLE
    # What was filtered out is missing from a few.
    in_order = [
        3 <= len(times) <= 5 and all(2 <= time <= 4 for time in times)
        for times in by_person.values()
    ]
    assert sum(in_order) >= PEOPLE - large.manifest.dropped["leak"]


def test_no_leak_is_kept_and_nothing_else_is_wrong(large: Large) -> None:
    made = large.dataset
    assert audit(made.people, made.scenes, made.queries.values())[0] == []
    assert examine(made).problems == []


def test_the_quotas_hold(large: Large) -> None:
    people = Diversity()
    for person in large.dataset.people:
        assert people.refuses(person) is None
        people.add(person)


def test_the_manifest_counts_what_there_is(large: Large) -> None:
    made, manifest = large.dataset, large.manifest
    assert made.manifest == manifest
    assert manifest.counts == {
        "personas.jsonl": PEOPLE,
        "scenes.jsonl": len(made.scenes),
        "queries.jsonl": len(made.scenes),
        "probes.jsonl": len(made.probes),
        "dropped.jsonl": sum(manifest.dropped.values()),
    }
    assert set(made.queries) == {scene.scene_id for scene in made.scenes}
    assert len(made.probes) > 4 * PEOPLE


def test_progress_is_shown_for_each_stage(large: Large) -> None:
    ends = {stage: (done, total) for stage, done, total in large.shown}
    whole = len(large.dataset.scenes) + large.manifest.dropped["leak"]
    assert ends == {
        "seeds": (72, 72),
        "personas": (PEOPLE, PEOPLE),
        "scenes": (PEOPLE, PEOPLE),
        "queries": (whole, whole),
        "filter": (len(large.dataset.scenes), whole),
    }


# The command.


async def test_the_command_makes_the_same_dataset_and_goes_on(tmp_path: Path) -> None:
    wanted = ("bench", "generate", "--out", "data", "--people", "3", "--random-seed", "5")
    ended = await rapport(*wanted, folder=tmp_path)
    assert ended.code == 0, ended.err
    made = read_dataset(tmp_path / "data")
    assert made.manifest.name == "data"
    assert "      3 personas.jsonl\n" in ended.err
    assert f"{len(made.scenes):>7} scenes.jsonl\n" in ended.err
    writer = ScriptedWriter(5)
    hints = await writer.hints(_own_seeds(tmp_path), len(made.people))
    for number, (person, hint) in enumerate(zip(made.people, hints, strict=False)):
        assert person == await writer.person(hint, number)
    before = content(tmp_path / "data")
    # Where it goes on it says no more than that all is done.
    again = await rapport(*wanted, "--redo", "queries", folder=tmp_path)
    assert (again.code, content(tmp_path / "data")) == (0, before)
    wrong = await rapport(*wanted, "--redo", "everything", folder=tmp_path)
    assert wrong.code != 0
    assert "--redo everything is not known" in wrong.err


@pytest.mark.parametrize(
    ("out", "name"),
    [
        ("mein ordner äö", "mein ordner äö"),
        ("-x y[b]", "-x y[b]"),
        ("a" * 255, "a" * 255),
        (os.fsdecode(b"\xe4"), "\N{REPLACEMENT CHARACTER}"),
    ],
)
async def test_a_folder_can_have_any_name(tmp_path: Path, out: str, name: str) -> None:
    ended = await rapport("bench", "generate", f"--out={out}", "--people", "1", folder=tmp_path)
    assert ended.code == 0, ended.err
    assert read_dataset(tmp_path / out).manifest.name == name


def _own_seeds(folder: Path) -> list[Seed]:
    written = lines(folder / "data", "seeds")
    return [Seed.model_validate_json(line) for line in written]
