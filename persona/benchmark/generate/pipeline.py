"""The pipeline: seeds, personas, scenes, queries, filtering (paper, 4.2).

Each stage writes a file that can be read and edited; begun again, a stage goes on behind the last
record it wrote, and those after it read what stands in the files.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from persona.benchmark.errors import DatasetError
from persona.benchmark.filters import Checked
from persona.benchmark.generate.filter import keep_usable
from persona.benchmark.generate.hints import grow_hints, grown_from
from persona.benchmark.generate.personas import make_people
from persona.benchmark.generate.queries import write_queries
from persona.benchmark.generate.scenes import write_scenes
from persona.benchmark.generate.seeds import read_seeds
from persona.benchmark.generate.work import STAGES, Stage, Work, Written
from persona.benchmark.schema import Dropped, Manifest, Person, Query, Record, Scene, Track


class Brief(Record):
    """The options a folder was begun with."""

    track: Track
    random_seed: int


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


async def generate(work: Work, seeds: Path | None = None, *, redo: Stage | None = None) -> Manifest:
    """Do what is left of every stage; with `redo`, that stage and those after it anew.

    `seeds` is a file of seeds in place of Rapport's own. Raises `DatasetError` when a file of a
    stage cannot be read, `ModelError` when a model cannot be asked.
    """
    anew = () if redo is None else STAGES[STAGES.index(redo) :]
    _begin(work, anew)
    grown = read_seeds(work, seeds, anew)
    hints = await grow_hints(work, grown, anew)
    # What is done anew is gone only when nothing of the above has refused the command.
    for stage in anew:
        for path in work.files.folder.glob(f"{stage}*.jsonl"):
            path.unlink()
    work.files.replace("seeds", grown)
    work.files.replace("personas-grown", list(map(grown_from, grown)))
    work.files.replace("personas-hints", hints)
    people = await make_people(work, hints)
    scenes = await write_scenes(work, people)
    queries, checked = await write_queries(work, people, scenes)
    return keep_usable(work, grown, people, scenes, queries, checked)


def _begin(work: Work, anew: Collection[Stage]) -> None:
    """Raise `DatasetError` when the folder was begun with other options.

    Also when a file cannot be read that what is done `anew` needs.
    """
    brief = Brief(track=work.track, random_seed=work.random_seed)
    before, writing = work.files.open("brief", Brief)
    with writing as write:
        if not before:
            write(brief)
    if before and before[0] != brief:
        raise DatasetError(
            f"{work.folder} was begun with --track {before[0].track} and --random-seed "
            f"{before[0].random_seed}. Choose another --out."
        )
    if anew:
        for name, kind in _KINDS.items():
            if name.partition("-")[0] not in anew:
                work.files.read(name, kind)
    people = [] if "personas" in anew else work.files.read("personas", Person)
    if len(people) > work.number:
        raise DatasetError(
            f"{work.folder} has {len(people)} people already, more than --people "
            f"{work.number}. Take some out of {work.files.path('personas')}, or choose "
            "another --out."
        )
