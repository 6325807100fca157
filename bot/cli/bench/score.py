"""rapport bench score: score a run."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console

from bot.cli.bench.prices import check_prices, models_of
from bot.cli.bench.progress import progress
from bot.secrets import read_api_keys
from bot.settings import load
from persona.benchmark.folder import RunFolder
from persona.benchmark.score import score_run
from persona.benchmark.scores import Scores
from persona.benchmark.spending import Spending
from persona.errors import SettingsError


def score(
    path: Path,
    *,
    concurrency: int = 16,
    most_tokens: int | None = None,
    most_money: float | None = None,
    config: Path | None = None,
) -> Scores:
    """Score the run in `path` and return its scores. Raises `RapportError`."""
    settings = load(config)
    folder = RunFolder(path)
    if folder.plan().track == "scripted":
        if most_tokens is not None or most_money is not None:
            raise SettingsError("--max-tokens and --max-cost belong to runs of the model track.")
    elif most_money is not None:
        check_prices(settings, models_of(settings.models.judge))
    spending = Spending(settings.bench.prices, most_tokens=most_tokens, most_money=most_money)
    console = Console(stderr=True, markup=False, highlight=False)
    with folder.alone(), progress(console, "Lives scored", len(folder.lives())) as show:
        return asyncio.run(
            score_run(
                folder,
                settings,
                spending,
                concurrency=concurrency,
                api_keys=read_api_keys(settings.models),
                progress=lambda done: show(done, ""),
            )
        )
