"""rapport bench generate: make a dataset."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from typing import get_args

from rich.console import Console

from bot.cli.bench.choices import one_of
from bot.cli.bench.progress import Show, progress
from bot.secrets import read_api_keys
from bot.settings import Settings, load
from persona.benchmark import generate as pipeline
from persona.benchmark.generate import STAGES, Stage, Work
from persona.benchmark.schema import Manifest, Track
from persona.benchmark.scripted.writer import ScriptedWriter
from persona.benchmark.writer import Writer
from persona.errors import SettingsError
from persona.models import Models

_AT_ONCE = 16


def generate(
    out: Path,
    *,
    people: int,
    track: str,
    seeds: Path | None,
    redo: str | None,
    random_seed: int,
    config: Path | None,
) -> None:
    """Do what is left of every stage, and say what came of it. Raises `RapportError`."""
    settings = load(config)
    console = Console(stderr=True, markup=False, highlight=False)
    stage = None if redo is None else one_of("--redo", redo, STAGES)
    if seeds is not None and not seeds.is_file():
        raise SettingsError(f"There is no file of seeds {seeds}.")
    try:
        manifest = asyncio.run(
            _generate(
                out,
                one_of("--track", track, get_args(Track)),
                settings,
                console,
                people=people,
                seeds=seeds,
                redo=stage,
                random_seed=random_seed,
            )
        )
    except KeyboardInterrupt:
        console.print(f"Stopped. The same command goes on from {out}.")
        raise
    for name, number in manifest.counts.items():
        console.print(f"{number:>7} {name}")
    for reason, number in manifest.dropped.items():
        console.print(f"{number:>7} dropped: {reason}")


async def _generate(
    out: Path,
    track: Track,
    settings: Settings,
    console: Console,
    *,
    people: int,
    seeds: Path | None,
    redo: Stage | None,
    random_seed: int,
) -> Manifest:
    async with contextlib.AsyncExitStack() as stack:
        writer: Writer = ScriptedWriter(random_seed)
        if track == "model":
            from persona.benchmark.model.author import ModelWriter

            models = Models(settings.models, read_api_keys(settings.models))
            stack.push_async_callback(models.close)
            await models.check("generator")
            role = settings.models.generator
            writer = ModelWriter(models, f"{role.endpoint}/{role.model}", random_seed)
        bars = stack.enter_context(_Bars(console))
        work = Work(
            out,
            writer,
            track=track,
            name=_label(out.resolve()),
            number=people,
            random_seed=random_seed,
            at_once=_AT_ONCE,
            progress=bars.show,
        )
        return await pipeline.generate(work, seeds, redo=redo)


def _label(folder: Path) -> str:
    """Return a folder's name as text that can be written: it may hold bytes that are none."""
    return os.fsencode(folder.name or folder).decode("utf-8", "replace")


class _Bars(contextlib.ExitStack):
    """One bar after the other, a stage each."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._stage: Stage | None = None
        self._bar: Show = lambda done, more: None

    def show(self, stage: Stage, done: int, total: int) -> None:
        """Show how far a stage is."""
        if stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = self.enter_context(progress(self._console, stage, total))
        self._bar(done, "")
