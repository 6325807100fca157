"""Lives side by side: each is logged session by session, and one's failure stops no other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from persona.benchmark.answers import AnswerFile
from persona.benchmark.cast import open_cast
from persona.benchmark.dataset import Dataset
from persona.benchmark.errors import BudgetReached
from persona.benchmark.files import writing
from persona.benchmark.folder import RunFolder
from persona.benchmark.ledger import Ledger
from persona.benchmark.log import LifeEnd
from persona.benchmark.plan import Job, Plan
from persona.benchmark.schema import Record
from persona.benchmark.shuffled import shuffled
from persona.benchmark.simulate import Life, Surroundings
from persona.benchmark.spending import Spending
from persona.errors import InvalidAnswer, RapportError, raised_at
from persona.settings import EngineSettings

logger = logging.getLogger(__name__)

# A call is always ready to take the place of one that ends.
_LIVES_PER_CALL = 2


@dataclass(frozen=True, slots=True)
class Lived:
    """A session was lived, or a life ended: then `sessions` is 0 and `failure` says how."""

    sessions: int
    calls: int
    tokens: int
    money: float
    failure: str = ""


Observer = Callable[[Lived], None]


@dataclass(frozen=True, slots=True)
class Running:
    """What every life of a run shares."""

    folder: RunFolder
    plan: Plan
    dataset: Dataset
    settings: EngineSettings
    spending: Spending
    observer: Observer


async def live_all(
    running: Running,
    jobs: Iterable[Job],
    *,
    concurrency: int,
    api_keys: Mapping[str, SecretStr | None],
) -> None:
    """Live what of `jobs` is not lived yet, with at most `concurrency` calls of models at once.

    Raises `BudgetReached` once the budget is, when the sessions under way are done.
    """
    reached: list[BudgetReached] = []
    waiting = iter([job for job in jobs if not running.folder.life(job).exists()])
    foreign = shuffled(running.dataset.people, running.plan.random_seed)
    async with open_cast(
        running.folder,
        running.plan,
        running.dataset,
        running.settings.models,
        running.spending,
        concurrency=concurrency,
        api_keys=api_keys,
    ) as cast:

        async def worker() -> None:
            for job in waiting:
                around = Surroundings(
                    models=cast.chatbot(job),
                    user=cast.user(job),
                    apis=cast.apis(job),
                    most_turns=running.plan.user_turns,
                    start=running.plan.start,
                    foreign=foreign.get(job.person.person_id, {}),
                )
                try:
                    await _live(running, job, around, cast.file)
                except BudgetReached as error:
                    # The others find out before their next sessions.
                    reached.append(error)
                    return

        lives = concurrency * _LIVES_PER_CALL
        async with asyncio.TaskGroup() as group:
            for _ in range(lives):
                group.create_task(worker())
    if reached:
        raise reached[0]


async def _live(running: Running, job: Job, around: Surroundings, file: AnswerFile | None) -> None:
    """Live one life, into a file that gets its name once it is whole."""
    ledger = Ledger(job.repetition)
    path, unfinished = running.folder.life(job), running.folder.unfinished(job)
    ended = LifeEnd(sessions=0)
    with writing(unfinished, "w") as write, _writer_of_seconds(running.folder.timing(job)) as note:
        write(job.header)
        try:
            await _sessions(running, job, around, ledger, write, note)
            ended = LifeEnd(sessions=len(running.dataset.lives[job.person.person_id]))
        except BudgetReached:
            raise
        except RapportError as error:
            ended = LifeEnd(sessions=0, failure=str(error))
            if isinstance(error, InvalidAnswer) and file is not None:
                # The same answers would end the life again at the same place.
                await file.set_aside(ledger.answers)
        except Exception as error:
            _log(job, error)
            ended = LifeEnd(sessions=0, failure=type(error).__name__)
        write(ended)
    if not ended.failure:
        unfinished.replace(path)
    running.observer(_lived(running, 0, ended.failure))


async def _sessions(
    running: Running,
    job: Job,
    around: Surroundings,
    ledger: Ledger,
    write: Callable[[Record], None],
    note: Callable[[float], None],
) -> None:
    person_id = job.person.person_id
    probes = running.dataset.probes_of.get(person_id, ())
    running.folder.work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=running.folder.work))
    try:
        opened = Life.open(running.settings, folder, job.person, job.setting, around, ledger)
        async with opened as life:
            for scene in running.dataset.lives[person_id]:
                running.spending.check()
                begun = time.perf_counter()
                write(await life.session(scene, running.dataset.queries[scene.scene_id]))
                note(time.perf_counter() - begun)
                for probe in probes:
                    if probe.session == scene.session:
                        write(await life.probe(probe))
                running.observer(_lived(running, 1))
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _log(job: Job, error: Exception) -> None:
    """Log where an error of our own was raised, but not what it says."""
    logger.error(
        "life failed",
        extra={
            "person": job.person.person_id,
            "error": type(error).__qualname__,
            "at": raised_at(error),
        },
    )


def _lived(running: Running, sessions: int, failure: str = "") -> Lived:
    spending = running.spending
    return Lived(sessions, spending.calls, spending.tokens, spending.money, failure)


@contextlib.contextmanager
def _writer_of_seconds(path: Path) -> Iterator[Callable[[float], None]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yield lambda seconds: print(f"{seconds:.6f}", file=file)
