"""rapport bench compare: two runs side by side."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from bot.cli.bench.report import scored
from persona.benchmark import observations, report
from persona.benchmark.between import Between
from persona.benchmark.folder import RunFolder
from persona.benchmark.report.wording import counted


def compare(one: Path, other: Path, *, out: Path, config: Path | None) -> None:
    """Write a page with both runs. Raises `RapportError`, also when their tracks differ."""
    names = (one.resolve().name, other.resolve().name)
    first, second = scored(one, config), scored(other, config)
    between = None
    if people := _shared(one, other):
        between = Between(
            observations.read(RunFolder(one).observations),
            observations.read(RunFolder(other).observations),
            people,
            max(first.user_turns, second.user_turns),
        )
    comparison = report.Comparison(first, second, names, between)
    page = report.write_comparison(comparison, out)
    console = Console(highlight=False)
    console.print(report.comparison_table(comparison))
    for difference in comparison.differing:
        console.print(difference, markup=False)
    if between is None:
        console.print("No person has the same data in both runs, so nothing is paired.")
    else:
        paired = counted(between.people, "person", "people")
        console.print(f"Paired: {paired} with the same data in both runs.", markup=False)
    console.print(f"See {page}.", markup=False, soft_wrap=True)


def _shared(one: Path, other: Path) -> set[str]:
    """Return the people whose data are the same in both runs."""
    ours, theirs = (RunFolder(run).dataset().fingerprints for run in (one, other))
    return {person_id for person_id, data in ours.items() if theirs.get(person_id) == data}
