"""rapport bench compare: two runs side by side."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from bot.cli.bench.report import scored
from persona.benchmark import observations, report
from persona.benchmark.between import Between
from persona.benchmark.folder import RunFolder


def compare(one: Path, other: Path, *, out: Path, config: Path | None) -> None:
    """Write a page with both runs. Raises `RapportError`, also when their tracks differ."""
    names = (one.resolve().name, other.resolve().name)
    first, second = scored(one, config), scored(other, config)
    between = None
    if first.track == second.track and first.dataset_hash == second.dataset_hash:
        between = Between(*(observations.read(RunFolder(run).observations) for run in (one, other)))
    page = report.write_comparison(first, second, names, out, between)
    console = Console(highlight=False)
    console.print(report.comparison_table(report.compare(first, second, names, between), names))
    console.print(f"See {page}.", markup=False, soft_wrap=True)
