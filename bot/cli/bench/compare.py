"""rapport bench compare: two runs side by side."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from bot.cli.bench.report import scored
from persona.benchmark.report import write_comparison


def compare(one: Path, other: Path, *, out: Path, config: Path | None) -> None:
    """Write a page with both runs. Raises `RapportError`, also when their tracks differ."""
    names = (one.resolve().name, other.resolve().name)
    page = write_comparison(scored(one, config), scored(other, config), names, out)
    Console(highlight=False).print(f"See {page}.", markup=False, soft_wrap=True)
