"""rapport bench import: turn published data into a dataset."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from bot.cli.bench.choices import one_of
from persona.benchmark.dataset import Dataset, write_dataset
from persona.benchmark.imports import SOURCES
from persona.benchmark.schema import Manifest


def import_(path: Path, *, source: str, out: Path) -> None:
    """Read what was published and write a dataset of it. Raises `RapportError`."""
    chosen = SOURCES[one_of("--from", source, tuple(SOURCES))]
    found = chosen.read(path)
    dataset = Dataset(
        Manifest(name=source, track="model", source=chosen.title, licence=chosen.licence),
        tuple(found.people),
        tuple(found.scenes),
        {query.scene_id: query for query in found.queries},
        tuple(found.probes),
    )
    manifest = write_dataset(out, dataset, found.dropped)
    console = Console(stderr=True, markup=False, highlight=False)
    for name, number in manifest.counts.items():
        console.print(f"{number:>7} {name}")
    for reason, number in manifest.dropped.items():
        console.print(f"{number:>7} left out: {reason}")
    console.print(f"{chosen.licence}: keep the data to yourself as that asks.")
