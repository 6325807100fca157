"""A dataset: the folder of records that a run reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path

from persona.benchmark.errors import DatasetError
from persona.benchmark.files import (
    faults,
    fingerprint,
    parse,
    read_records,
    read_text,
    write_records,
)
from persona.benchmark.schema import Dropped, Manifest, Person, Probe, Query, Record, Scene

MANIFEST = "manifest.json"
PERSONAS, SCENES, QUERIES, PROBES, DROPPED = (
    f"{name}.jsonl" for name in ("personas", "scenes", "queries", "probes", "dropped")
)


@dataclass(frozen=True)
class Dataset:
    """People, their scenes in the order of their lives, the queries of these, and probes."""

    manifest: Manifest
    people: tuple[Person, ...]
    scenes: tuple[Scene, ...]
    queries: dict[str, Query]
    probes: tuple[Probe, ...]

    @cached_property
    def lives(self) -> dict[str, tuple[Scene, ...]]:
        """The scenes of each person, by session."""
        found: dict[str, list[Scene]] = {person.person_id: [] for person in self.people}
        for scene in sorted(self.scenes, key=lambda scene: scene.session):
            if scene.scene_id in self.queries:
                found.setdefault(scene.person_id, []).append(scene)
        return {person_id: tuple(scenes) for person_id, scenes in found.items()}

    @cached_property
    def probes_of(self) -> dict[str, tuple[Probe, ...]]:
        """The probes of each person."""
        found: dict[str, list[Probe]] = {}
        for probe in self.probes:
            found.setdefault(probe.person_id, []).append(probe)
        return {person_id: tuple(probes) for person_id, probes in found.items()}

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """A hash of everything that a person's life depends on, by person."""
        return {person.person_id: fingerprint(self._records_of(person)) for person in self.people}

    def _records_of(self, person: Person) -> Iterator[Record]:
        scenes = self.lives[person.person_id]
        queries = (self.queries[scene.scene_id] for scene in scenes)
        yield from (person, *scenes, *queries, *self.probes_of.get(person.person_id, ()))

    @cached_property
    def fingerprint(self) -> str:
        """A hash of everything a run depends on."""
        return fingerprint((*self.people, *self.scenes, *self.queries.values(), *self.probes))


def read_dataset(folder: Path) -> Dataset:
    """Return the dataset in `folder`. Raises `DatasetError` naming what is missing or wrong."""
    if not folder.is_dir():
        raise DatasetError(f"There is no dataset {folder}; make one with `rapport bench generate`.")
    path = folder / MANIFEST
    if not path.exists():
        raise DatasetError(f"{folder} is no dataset: it has no {MANIFEST}.")
    text = read_text(path)
    queries = list(read_records(folder / QUERIES, Query))
    asked = Counter(query.scene_id for query in queries)
    twice = next((name for name, number in asked.items() if number > 1), None)
    if twice is not None:
        raise DatasetError(f"{folder / QUERIES} has two queries for {twice}; keep one.")
    probes = read_records(folder / PROBES, Probe) if (folder / PROBES).exists() else ()
    return Dataset(
        parse(text, Manifest, str(path)),
        tuple(read_records(folder / PERSONAS, Person)),
        tuple(read_records(folder / SCENES, Scene)),
        {query.scene_id: query for query in queries},
        tuple(probes),
    )


def malformed(folder: Path) -> list[str]:
    """Return every line of the dataset in `folder` that is no record, with what is wrong."""
    kinds: dict[str, type[Record]] = {
        PERSONAS: Person,
        SCENES: Scene,
        QUERIES: Query,
        PROBES: Probe,
    }
    return [
        fault
        for name, kind in kinds.items()
        if (folder / name).exists()
        for fault in faults(folder / name, kind)
    ]


def read_sample() -> Dataset:
    """Return the dataset that ships with Rapport."""
    with resources.as_file(resources.files("persona.benchmark.sample")) as folder:
        return read_dataset(folder)


def write_dataset(folder: Path, dataset: Dataset, dropped: Iterable[Dropped] = ()) -> Manifest:
    """Write a dataset with its counts in the manifest, the manifest last; return that."""
    lost = tuple(dropped)
    counts = {
        PERSONAS: write_records(folder / PERSONAS, dataset.people),
        SCENES: write_records(folder / SCENES, dataset.scenes),
        QUERIES: write_records(folder / QUERIES, dataset.queries.values()),
        PROBES: write_records(folder / PROBES, dataset.probes),
        DROPPED: write_records(folder / DROPPED, lost),
    }
    manifest = dataset.manifest.model_copy(
        update={
            "counts": counts,
            "dropped": dict(sorted(Counter(each.reason for each in lost).items())),
            "languages": dict(sorted(Counter(each.language for each in dataset.people).items())),
        }
    )
    (folder / MANIFEST).write_text(
        f"{manifest.model_dump_json(indent=2)}\n", encoding="utf-8", newline="\n"
    )
    return manifest
