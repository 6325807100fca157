"""rapport bench run: let the people of a dataset live with the bot."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from rich.console import Console

from bot import log
from bot.cli.bench.choices import one_of
from bot.cli.bench.prices import check_prices, models_of
from bot.cli.bench.progress import Show, progress
from bot.secrets import read_api_keys
from bot.settings import Settings, load
from persona.benchmark.arms import CONTROLS, DEFAULT_SETTINGS, in_order, setting
from persona.benchmark.cast import check_endpoints
from persona.benchmark.dataset import Dataset, read_dataset, read_sample
from persona.benchmark.errors import BenchmarkError
from persona.benchmark.folder import RunFolder
from persona.benchmark.plan import RULES, Plan, jobs, sessions_of
from persona.benchmark.runner import Lived, Running, live_all
from persona.benchmark.schema import Track
from persona.benchmark.spending import Spending
from persona.benchmark.start import STARTS
from persona.benchmark.validate import refusals
from persona.benchmark.workers import live_in_processes
from persona.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command."""

    out: Path
    dataset: Path | None
    sample: bool
    track: str
    settings: str | None
    controls: bool | None
    models: tuple[str, ...]
    people: int | None
    repetitions: int
    start: str
    user_turns: int
    concurrency: int
    workers: int | None
    most_tokens: int | None
    most_money: float | None
    random_seed: int
    config: Path | None


def run(wanted: Wanted) -> None:
    """Live every life of the run that is not lived yet. Raises `RapportError`."""
    settings = load(wanted.config)
    log.configure(settings.logging.model_copy(update={"level": "error"}))
    track = one_of("--track", wanted.track, get_args(Track))
    folder = RunFolder(wanted.out)
    dataset = _dataset(wanted, folder)
    problem = next(refusals(dataset), None)
    if problem is not None:
        raise BenchmarkError(f"The dataset cannot be run: {problem}. See `rapport bench validate`.")
    before = folder.plan() if folder.is_begun else None
    plan = _plan(wanted, settings, track, dataset, before)
    with folder.alone():
        # What cannot be lived is not to stand in the plan, where every later command finds it.
        _check_endpoints(settings, folder, folder.extended(plan), dataset)
        _run(wanted, settings, folder, folder.begin(plan, dataset), dataset)


def _run(
    wanted: Wanted, settings: Settings, folder: RunFolder, plan: Plan, dataset: Dataset
) -> None:
    console = Console(stderr=True, markup=False, highlight=False)
    console.print(
        f"{len(dataset.people)} people, {sessions_of(plan, dataset)} sessions with "
        f"settings {', '.join(plan.settings)} and models {', '.join(plan.models)}."
    )
    with contextlib.ExitStack() as stack:
        shown = stack.enter_context(_display(console, folder, plan, dataset))
        stack.callback(shutil.rmtree, folder.work, ignore_errors=True)
        try:
            _live(wanted, settings, folder, plan, dataset, shown)
        except KeyboardInterrupt:
            console.print(f"Stopped. The same command goes on from {wanted.out}.")
            raise
    if shown.failures:
        for reason, number in shown.failures.most_common():
            console.print(f"{number} life/lives cut short: {reason}")
        console.print("The same command tries them again.")
        sys.exit(1)
    console.print(f"Done. See `rapport bench report {wanted.out}`.")


def _dataset(wanted: Wanted, folder: RunFolder) -> Dataset:
    if wanted.sample == (wanted.dataset is not None):
        if (folder.path / "run.json").exists() and not wanted.sample:
            return folder.dataset()
        raise SettingsError("Name the folder of a dataset, or --sample, and not both.")
    dataset = read_sample() if wanted.dataset is None else read_dataset(wanted.dataset)
    if wanted.people is None or wanted.people == len(dataset.people):
        return dataset
    if wanted.people > len(dataset.people):
        raise SettingsError(
            f"--people {wanted.people} is too many: the dataset has {len(dataset.people)}."
        )
    chance = random.Random(wanted.random_seed)  # noqa: S311 - a sample, no secret
    chosen = {person.person_id for person in chance.sample(dataset.people, wanted.people)}
    return replace(
        dataset,
        people=tuple(person for person in dataset.people if person.person_id in chosen),
        scenes=tuple(scene for scene in dataset.scenes if scene.person_id in chosen),
        queries={
            scene.scene_id: dataset.queries[scene.scene_id]
            for scene in dataset.scenes
            if scene.person_id in chosen and scene.scene_id in dataset.queries
        },
        probes=tuple(probe for probe in dataset.probes if probe.person_id in chosen),
    )


def _plan(
    wanted: Wanted, settings: Settings, track: Track, dataset: Dataset, before: Plan | None
) -> Plan:
    """Return what is to be run; what is not said is as it was `before`, if a run was begun."""
    if wanted.settings:
        names = [name.strip() for name in wanted.settings.split(",") if name.strip()]
    else:
        names = list(before.settings if before else DEFAULT_SETTINGS)
    controls = wanted.controls
    if controls is None:
        controls = before is None and track == "scripted"
    names += CONTROLS if controls else ()
    if not names:
        raise SettingsError("--settings names none; write some, such as none,persona-k3.")
    for name in names:
        setting(name)
    if track == "scripted":
        if wanted.models:
            raise SettingsError("--model belongs to --track model; rules answer on this one.")
        if wanted.most_tokens is not None or wanted.most_money is not None:
            raise SettingsError("--max-tokens and --max-cost belong to --track model.")
        models: tuple[str, ...] = (RULES,)
    else:
        chat = settings.models.chat
        models = wanted.models or (before and before.models) or (f"{chat.endpoint}/{chat.model}",)
        for model in models:
            _check_model(settings, model)
        if wanted.most_money is not None:
            around = models_of(settings.models.simulator) | models_of(settings.models.api)
            check_prices(settings, around | {model.partition("/")[2] for model in models})
    return Plan(
        track=track,
        dataset_hash=dataset.fingerprint,
        settings=in_order(set(names)),
        models=models,
        repetitions=wanted.repetitions,
        start=one_of("--start", wanted.start, STARTS),
        user_turns=wanted.user_turns,
        random_seed=wanted.random_seed,
    )


def _check_model(settings: Settings, model: str) -> None:
    endpoint, _, name = model.partition("/")
    if endpoint not in settings.models.endpoints or not name:
        raise SettingsError(
            f"--model {model}: write endpoint/model, with one of these endpoints of the "
            f"settings: {', '.join(sorted(settings.models.endpoints))}."
        )


def _check_endpoints(settings: Settings, folder: RunFolder, plan: Plan, dataset: Dataset) -> None:
    """Raise what `check_endpoints` does when a life that is not lived yet could not be."""
    if plan.track == "scripted":
        return
    left = (job for job in jobs(plan, dataset.people) if not folder.life(job).exists())
    names = dict.fromkeys(job.model for job in left)
    for name in names:
        _check_model(settings, name)
    asyncio.run(check_endpoints(settings.models, names, read_api_keys(settings.models)))


def _live(
    wanted: Wanted,
    settings: Settings,
    folder: RunFolder,
    plan: Plan,
    dataset: Dataset,
    shown: _Shown,
) -> None:
    workers = wanted.workers or os.cpu_count() or 1
    if plan.track == "scripted":
        live_in_processes(folder.path, settings, workers, shown.see)
        return
    spending = Spending(
        settings.bench.prices, most_tokens=wanted.most_tokens, most_money=wanted.most_money
    )
    asyncio.run(
        live_all(
            Running(folder, plan, dataset, settings, spending, shown.see),
            jobs(plan, dataset.people),
            concurrency=wanted.concurrency,
            api_keys=read_api_keys(settings.models),
        )
    )


class _Shown:
    """Adds up what is lived and shows it."""

    def __init__(self, show: Show, done: int) -> None:
        self._show = show
        self._done = done
        self._begun = time.monotonic()
        self.failures: Counter[str] = Counter()

    def see(self, lived: Lived) -> None:
        """Take note of a session lived, or of a life's end."""
        self._done += lived.sessions
        if lived.failure:
            self.failures[lived.failure] += 1
        seconds = max(time.monotonic() - self._begun, 0.001)
        more = f"{lived.calls / seconds:.0f} calls/s, {lived.tokens:,} tokens"
        if lived.money:
            more += f", cost {lived.money:.2f}"
        if lived.sessions:
            self._show(self._done, more)


@contextlib.contextmanager
def _display(console: Console, folder: RunFolder, plan: Plan, dataset: Dataset) -> Iterator[_Shown]:
    done = sum(
        len(dataset.lives[job.person.person_id])
        for job in jobs(plan, dataset.people)
        if folder.life(job).exists()
    )
    total = sessions_of(plan, dataset)
    with progress(console, "Sessions", total, done) as show:
        yield _Shown(show, done)
