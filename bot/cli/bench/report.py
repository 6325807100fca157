"""rapport bench report: the page of a run."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from bot.cli.bench.score import score
from persona.benchmark.errors import BenchmarkError
from persona.benchmark.folder import RunFolder
from persona.benchmark.report import controls_text, leaks_text, summary_table, write_report
from persona.benchmark.score import read_scores
from persona.benchmark.scores import Scores


def report(path: Path, *, config: Path | None) -> None:
    """Write the page of the run in `path`. Raises `RapportError`."""
    scores = scored(path, config)
    page = write_report(scores, path, RunFolder(path).seconds())
    console = Console(highlight=False)
    console.print(summary_table(scores))
    for text in filter(None, (controls_text(scores.controls), leaks_text(scores))):
        console.print(text, markup=False)
    console.print(f"See {page}.", markup=False, soft_wrap=True)


def scored(path: Path, config: Path | None) -> Scores:
    """Return the scores of a run; a scripted one that has none of all its lives is scored.

    Raises `BenchmarkError` for one whose judge is a model, which costs.
    """
    folder = RunFolder(path)
    found = read_scores(folder)
    if found is not None:
        return found
    if folder.plan().track == "model":
        raise BenchmarkError(
            f"{path} is not scored as it is now; `rapport bench score {path}` asks the judge."
        )
    return score(path, config=config)
