"""rapport bench validate: look at a dataset for what is wrong with it."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from persona.benchmark.dataset import malformed, read_dataset, read_sample
from persona.benchmark.validate import examine


def validate(folder: Path | None) -> None:
    """Print what a dataset is and what is wrong with it. Raises `DatasetError`."""
    console = Console(markup=False, highlight=False, soft_wrap=True)
    if problems := malformed(folder) if folder is not None else []:
        for problem in problems:
            console.print(f"problem: {problem}")
        sys.exit(1)
    dataset = read_sample() if folder is None else read_dataset(folder)
    found = examine(dataset)
    manifest = dataset.manifest
    console.print(
        f"{manifest.name} ({manifest.track}, {manifest.licence}): {len(dataset.people)} people in "
        f"{len({person.language for person in dataset.people})} languages, "
        f"{len(dataset.scenes)} scenes, {len(dataset.probes)} probes, "
        f"{found.audited} texts audited for leaks."
    )
    for problem in found.problems:
        console.print(f"problem: {problem}")
    for leak in found.leaks:
        console.print(f"leak: {leak.scene_id} {leak.field} tells {leak.slot}: {leak.found}")
    if found.problems or found.leaks:
        sys.exit(1)
    console.print("Nothing found.")
