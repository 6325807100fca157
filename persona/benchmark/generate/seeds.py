"""The first stage: one-line profiles, written by hand."""

from __future__ import annotations

from collections.abc import Collection
from importlib import resources
from pathlib import Path

from persona.benchmark.errors import DatasetError
from persona.benchmark.files import read_records
from persona.benchmark.generate.work import Stage, Work
from persona.benchmark.schema import Seed


def read_seeds(work: Work, given: Path | None, anew: Collection[Stage]) -> list[Seed]:
    """Return the seeds of the folder; where there are none, those `given`, or Rapport's own.

    Raises `DatasetError` when a file of seeds cannot be read or holds none.
    """
    path = work.files.path("seeds")
    if path.exists() and "seeds" not in anew:
        given = path
    seeds = own_seeds() if given is None else list(read_records(given, Seed))
    if not seeds:
        raise DatasetError(f"{given} holds no seed.")
    work.progress("seeds", len(seeds), len(seeds))
    return seeds


def own_seeds() -> list[Seed]:
    """Return the seeds that ship with Rapport."""
    with resources.as_file(resources.files("persona.benchmark") / "seeds.jsonl") as path:
        return list(read_records(path, Seed))
