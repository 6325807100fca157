"""The pipeline: seeds, personas, scenes, queries, filtering (paper, 4.2).

Each stage writes a file that can be read and edited; begun again, a stage goes on behind the last
record it wrote, and those after it read what stands in the files.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

from persona.benchmark.consistency import contradictions
from persona.benchmark.dataset import Dataset, write_dataset
from persona.benchmark.diversity import Diversity
from persona.benchmark.errors import DatasetError
from persona.benchmark.files import read_records, write_records
from persona.benchmark.filters import Checked, keep
from persona.benchmark.leaks import audit
from persona.benchmark.probes import make_probes
from persona.benchmark.schema import (
    Dropped,
    Hint,
    Manifest,
    Person,
    Query,
    Record,
    Scene,
    Seed,
    Track,
)
from persona.benchmark.stages import StageFiles, mend, side_by_side
from persona.benchmark.writer import Writer, person_id
from persona.errors import InvalidAnswer
from persona.registry import Registry

Stage = Literal["seeds", "personas", "scenes", "queries", "filter"]
STAGES: tuple[Stage, ...] = get_args(Stage)

_UNUSABLE = "unusable-answer"
# Stands for the hash of a hint of which whoever was made is gone.
_EDITED = "edited"
# Whose seeds a dataset is from, for its manifest, and the licence of Rapport's.
_OWN, _OTHERS = "Rapport's own", "other"
_LICENCE = "CC0-1.0"

Progress = Callable[[Stage, int, int], None]


class Brief(Record):
    """The options a folder was begun with."""

    track: Track
    random_seed: int


class Written(Record):
    """What a stage has done with: a seed that hints were grown from, a hint that was tried, a
    person whose scenes are all there.

    `of` is a hash of what it was done from; when that was edited since, it is done anew.
    """

    record_id: str
    of: str = ""


# The files that are written line by line, each named after its stage.
_KINDS: Mapping[str, type[Record]] = {
    "personas-grown": Written,
    "personas-tried": Written,
    "personas-dropped": Dropped,
    "personas": Person,
    "scenes-written": Written,
    "scenes-dropped": Dropped,
    "scenes": Scene,
    "queries-checked": Checked,
    "queries": Query,
}


class Pipeline:
    """Generates a dataset of `number` people in `folder`."""

    def __init__(
        self,
        folder: Path,
        writer: Writer,
        *,
        track: Track,
        name: str,
        number: int,
        random_seed: int,
        at_once: int,
        progress: Progress,
    ) -> None:
        self._folder = folder
        self._files = StageFiles(folder / "stages")
        self._writer = writer
        self._track = track
        self._name = name
        self._number = number
        self._random_seed = random_seed
        self._at_once = at_once
        self._progress = progress
        self._registry = Registry()

    async def run(self, seeds: Path | None = None, *, redo: Stage | None = None) -> Manifest:
        """Do what is left of every stage; with `redo`, that stage and those after it anew.

        `seeds` is a file of seeds in place of Rapport's own. Raises `DatasetError` when a file of a
        stage cannot be read, `ModelError` when a model cannot be asked.
        """
        anew = () if redo is None else STAGES[STAGES.index(redo) :]
        self._begin(anew)
        grown = self._seeds(seeds, anew)
        hints = await self._hints(grown, anew)
        # What is done anew is gone only when nothing of the above has refused the command.
        for stage in anew:
            for path in self._files.folder.glob(f"{stage}*.jsonl"):
                path.unlink()
        self._files.replace("seeds", grown)
        self._files.replace("personas-grown", list(map(_grown, grown)))
        self._files.replace("personas-hints", hints)
        people = await self._personas(hints)
        scenes = await self._scenes(people)
        queries, checked = await self._queries(people, scenes)
        return self._filter(grown, people, scenes, queries, checked)

    def _begin(self, anew: Collection[Stage]) -> None:
        """Raise `DatasetError` when the folder was begun with other options.

        Also when a file cannot be read that what is done `anew` needs.
        """
        brief = Brief(track=self._track, random_seed=self._random_seed)
        before, writing = self._files.open("brief", Brief)
        with writing as write:
            if not before:
                write(brief)
        if before and before[0] != brief:
            raise DatasetError(
                f"{self._folder} was begun with --track {before[0].track} and --random-seed "
                f"{before[0].random_seed}. Choose another --out."
            )
        if anew:
            for name, kind in _KINDS.items():
                if name.partition("-")[0] not in anew:
                    self._files.read(name, kind)
        people = [] if "personas" in anew else self._files.read("personas", Person)
        if len(people) > self._number:
            raise DatasetError(
                f"{self._folder} has {len(people)} people already, more than --people "
                f"{self._number}. Take some out of {self._files.path('personas')}, or choose "
                "another --out."
            )

    def _seeds(self, given: Path | None, anew: Collection[Stage]) -> list[Seed]:
        path = self._files.path("seeds")
        if path.exists() and "seeds" not in anew:
            given = path
        seeds = _own_seeds() if given is None else list(read_records(given, Seed))
        if not seeds:
            raise DatasetError(f"{given} holds no seed.")
        self._progress("seeds", len(seeds), len(seeds))
        return seeds

    async def _hints(self, seeds: Sequence[Seed], anew: Collection[Stage]) -> list[Hint]:
        path = self._files.path("personas-hints")
        found: list[Hint] = []
        if "personas" not in anew:
            found += read_records(path, Hint) if path.exists() else ()
            self._compare(seeds, found)
        if len(found) < self._number:
            grown = await self._writer.hints(seeds, self._number)
            taken = {hint.hint_id for hint in found}
            found += [hint for hint in grown[len(found) :] if hint.hint_id not in taken]
        return found

    def _compare(self, seeds: Sequence[Seed], hints: Sequence[Hint]) -> None:
        """Raise `DatasetError` when seeds or hints were edited so that nothing can be made anew.

        Each hint is grown from several seeds and unlike the hints before it.
        """
        path = self._files.path("personas-hints")
        before = self._files.read("personas-grown", Written)
        edited = {(each.record_id, each.of) for each in before} ^ {
            (each.record_id, each.of) for each in map(_grown, seeds)
        }
        if before and hints and edited:
            raise DatasetError(
                f"{self._files.path('seeds')}: {min(edited)[0]} was changed, added or taken out "
                f"after {path.name} was grown from the seeds. Undo that, or make all people anew "
                "with --redo personas."
            )
        there = Counter(hint.hint_id for hint in hints)
        twice = next((hint_id for hint_id, number in there.items() if number > 1), None)
        if twice is not None:
            raise DatasetError(f"{path} has two hints called {twice}; rename one.")
        people = {person.person_id for person in self._files.read("personas", Person)}
        for number, each in enumerate(self._files.read("personas-tried", Written)):
            made = person_id(number)
            if each.record_id not in there and made in people:
                raise DatasetError(
                    f"{path}: {each.record_id}, of which {made} was made, is gone. Put it back, "
                    f"take {made} out of {self._files.path('personas')}, or make all people anew "
                    "with --redo personas."
                )

    async def _personas(self, hints: Sequence[Hint]) -> list[Person]:
        """One after the other: whether one is too many of a kind depends on those before."""
        self._take_out(hints)
        people, writes = self._files.open("personas", Person)
        dropped, drops = self._files.open("personas-dropped", Dropped)
        tried, tries = self._files.open("personas-tried", Written)
        taken = {person.person_id for person in people}
        done = taken | {each.record_id for each in dropped}
        last = {person_id(len(tried) - 1), tried[-1].record_id} if tried else set()
        if last and tried[-1].of != _EDITED and done.isdisjoint(last):
            # What the last hint came to may not have been written any more.
            tried.pop()
            write_records(self._files.path("personas-tried"), tried)
        number = len(tried)
        # Those begun before hints were hashed have none, and count as they are.
        made_of = {each.record_id: each.of for each in tried}
        left = (hint for hint in hints if made_of.get(hint.hint_id) not in ("", _hash(hint)))
        diversity = Diversity(people)
        with writes as write, drops as drop, tries as note:
            while len(people) < self._number:
                hint = next(left, None)
                if hint is None:
                    raise DatasetError(
                        f"Only {len(people)} of {self._number} people differ enough. Give more "
                        f"seeds, ask for fewer people, or add hints to {self._files.folder}."
                    )
                note(Written(record_id=hint.hint_id, of=_hash(hint)))
                reason, detail = "", ""
                try:
                    person = await self._writer.person(hint, number)
                except InvalidAnswer as error:
                    reason, detail = _UNUSABLE, str(error)
                else:
                    if person.person_id in taken:
                        # Somebody before them was taken out by hand.
                        number += 1
                        continue
                    wrong = contradictions(person, self._registry)
                    reason = "contradiction" if wrong else diversity.refuses(person) or ""
                    detail = "; ".join(wrong)
                number += 1
                if reason:
                    drop(
                        Dropped(
                            stage="personas", record_id=hint.hint_id, reason=reason, detail=detail
                        )
                    )
                    continue
                write(person)
                people.append(person)
                taken.add(person.person_id)
                diversity.add(person)
                self._progress("personas", len(people), self._number)
        return people

    def _take_out(self, hints: Sequence[Hint]) -> None:
        """Take out who was made of a hint that was edited since: it has not been tried."""
        now = {hint.hint_id: _hash(hint) for hint in hints}
        tried = self._files.read("personas-tried", Written)
        edited = {
            person_id(number): each.record_id
            for number, each in enumerate(tried)
            if each.of not in ("", _EDITED, now.get(each.record_id, each.of))
        }
        if not edited:
            return
        people = self._files.read("personas", Person)
        dropped = self._files.read("personas-dropped", Dropped)
        write_records(
            self._files.path("personas"), [each for each in people if each.person_id not in edited]
        )
        write_records(
            self._files.path("personas-dropped"),
            [each for each in dropped if each.record_id not in edited.values()],
        )
        # The line stays: people are called by its number.
        write_records(
            self._files.path("personas-tried"),
            [
                each.model_copy(update={"of": _EDITED}) if person_id(number) in edited else each
                for number, each in enumerate(tried)
            ],
        )

    async def _scenes(self, people: Sequence[Person]) -> list[Scene]:
        whole, marks = self._files.open("scenes-written", Written)
        made_from = {each.record_id: each.of for each in whole}
        done = {
            person.person_id
            for person in people
            if made_from.get(person.person_id) == _hash(person)
        }
        path = self._files.path("scenes")
        mend(path)
        if path.exists():
            # A life that was cut short is written anew.
            written = read_records(path, Scene)
            write_records(path, [scene for scene in written if scene.person_id in done])
        scenes, writes = self._files.open("scenes", Scene)
        _, drops = self._files.open("scenes-dropped", Dropped)
        with writes as write, marks as mark, drops as drop:

            async def one(person: Person) -> None:
                try:
                    written = await self._writer.scenes(person)
                except InvalidAnswer as error:
                    written = []
                    drop(_unusable("scenes", person.person_id, error))
                for scene in written:
                    write(scene)
                mark(Written(record_id=person.person_id, of=_hash(person)))
                scenes.extend(written)
                done.add(person.person_id)
                self._progress("scenes", len(done), len(people))

            left = [each for each in people if each.person_id not in done]
            await side_by_side(left, one, self._at_once)
        order = {person.person_id: place for place, person in enumerate(people)}
        return sorted(
            (scene for scene in scenes if scene.person_id in order),
            key=lambda scene: (order[scene.person_id], scene.session),
        )

    async def _queries(
        self, people: Sequence[Person], scenes: Sequence[Scene]
    ) -> tuple[dict[str, Query], dict[str, Checked]]:
        known = {person.person_id: person for person in people}
        found, writes = self._files.open("queries", Query)
        before, checks = self._files.open("queries-checked", Checked)
        queries = {query.scene_id: query for query in found}
        current = {scene.scene_id: _hash(known[scene.person_id], scene) for scene in scenes}
        for each in before:
            # The scene is gone, or it or the person was edited: the query is written anew.
            if each.of != current.get(each.scene_id):
                queries.pop(each.scene_id, None)
        checked = {
            each.scene_id: each
            for each in before
            if each.scene_id in queries and each.query == _hash(queries[each.scene_id])
        }
        if len(checked) < len(before):
            write_records(self._files.path("queries"), queries.values())
            write_records(self._files.path("queries-checked"), checked.values())
        with writes as write, checks as check:

            async def one(scene: Scene) -> None:
                person = known[scene.person_id]
                query = queries.get(scene.scene_id)
                try:
                    if query is None:
                        query = queries[scene.scene_id] = await self._writer.query(person, scene)
                        write(query)
                    said = await self._writer.check(person, scene, query)
                except InvalidAnswer as error:
                    said = (False, False, str(error))
                checked[scene.scene_id] = Checked(
                    scene_id=scene.scene_id,
                    of=current[scene.scene_id],
                    query="" if query is None else _hash(query),
                    answerable=said[0],
                    neutral=said[1],
                    reason=said[2],
                )
                check(checked[scene.scene_id])
                self._progress("queries", len(checked), len(scenes))

            left = [each for each in scenes if each.scene_id not in checked]
            await side_by_side(left, one, self._at_once)
        return queries, checked

    def _filter(
        self,
        seeds: Sequence[Seed],
        people: Sequence[Person],
        scenes: Sequence[Scene],
        queries: Mapping[str, Query],
        checked: Mapping[str, Checked],
    ) -> Manifest:
        leaks, _ = audit(people, scenes, queries.values())
        kept, asked, dropped = keep(people, scenes, queries, checked, leaks)
        lost = [
            each
            for name in ("personas-dropped", "scenes-dropped")
            for each in read_records(self._files.path(name), Dropped)
        ]
        own = list(seeds) == _own_seeds()
        manifest = Manifest(
            name=self._name,
            track=self._track,
            source=f"generated by rapport bench generate from {_OWN if own else _OTHERS} seeds",
            licence=_LICENCE if own else "that of the seeds",
            random_seed=self._random_seed,
            seeds=len(seeds),
            models=dict(self._writer.models),
            prompts=dict(self._writer.prompts),
        )
        dataset = Dataset(
            manifest,
            tuple(people),
            tuple(kept),
            {query.scene_id: query for query in asked},
            tuple(make_probes(people, kept, self._random_seed)),
        )
        self._progress("filter", len(kept), len(scenes))
        return write_dataset(self._folder, dataset, [*lost, *dropped])


def _hash(*records: Record) -> str:
    text = "\n".join(record.model_dump_json() for record in records)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _grown(seed: Seed) -> Written:
    return Written(record_id=seed.seed_id, of=_hash(seed))


def _own_seeds() -> list[Seed]:
    with resources.as_file(resources.files("persona.benchmark") / "seeds.jsonl") as path:
        return list(read_records(path, Seed))


def _unusable(stage: Stage, record_id: str, error: InvalidAnswer) -> Dropped:
    return Dropped(stage=stage, record_id=record_id, reason=_UNUSABLE, detail=str(error))
