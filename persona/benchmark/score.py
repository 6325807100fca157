"""Scoring a run: its lives are measured and judged one person after the other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import SecretStr

from persona.benchmark import observations
from persona.benchmark.aggregate import aggregate
from persona.benchmark.arms import setting
from persona.benchmark.cast import open_judge
from persona.benchmark.controls import check, gather
from persona.benchmark.dataset import Dataset
from persona.benchmark.errors import BenchmarkError, DatasetError
from persona.benchmark.files import parse, read_text
from persona.benchmark.folder import Logged, RunFolder, read_life
from persona.benchmark.judged import Judging, first_replies
from persona.benchmark.leaks import audit
from persona.benchmark.log import LifeEnd, LifeHeader, LoggedSession
from persona.benchmark.metrics.every import measure
from persona.benchmark.metrics.life import Lived
from persona.benchmark.plan import Job, Plan, jobs
from persona.benchmark.reliability import TRIALS, Case, choose, examine
from persona.benchmark.roles import Judge
from persona.benchmark.schema import Person
from persona.benchmark.scores import Life, Observation, Scores
from persona.benchmark.spending import Spending
from persona.registry import Registry
from persona.settings import EngineSettings

Progress = Callable[[int], None]

_T = TypeVar("_T")


def read_scores(folder: RunFolder) -> Scores | None:
    """Return the scores of a run, or None when there are none of its lives as they are now."""
    lives = _count(folder, folder.plan(), folder.dataset())
    if not folder.scores.exists():
        return None
    try:
        scores = parse(read_text(folder.scores), Scores, str(folder.scores))
    except DatasetError:  # They can be made again.
        return None
    is_current = (
        scores.lives == lives
        and scores.lives_hash == folder.lives_hash()
        and scores.observations_hash == folder.observations_hash()
    )
    return scores if is_current else None


async def score_run(
    folder: RunFolder,
    settings: EngineSettings,
    spending: Spending,
    *,
    concurrency: int,
    api_keys: Mapping[str, SecretStr | None],
    progress: Progress,
) -> Scores:
    """Score the lives there are, write scores.json and observations.csv, and return the scores.

    Raises `BenchmarkError` when no life is whole, `BudgetReached` when judging costs more than it
    may, `InvalidAnswer` when the judge gives no verdict: what was judged is kept, so scoring goes
    on from there.
    """
    plan, dataset = folder.plan(), folder.dataset()
    async with open_judge(folder, plan, settings.models, spending, concurrency, api_keys) as judge:
        scoring = _Scoring(folder, plan, dataset, settings, judge)
        await scoring.observe(progress)
        reliability = await examine(judge, choose(scoring.cases, plan.random_seed))
    aggregated = aggregate(observations.read(folder.observations), plan.user_turns)
    measured = gather(observations.read(folder.observations))
    leaks, audited = audit(dataset.people, dataset.scenes, dataset.queries.values())
    scores = Scores(
        track=plan.track,
        dataset=dataset.manifest,
        dataset_hash=plan.dataset_hash,
        settings=plan.settings,
        models=plan.models,
        repetitions=plan.repetitions,
        start=plan.start,
        user_turns=plan.user_turns,
        judge=judge.model,
        judge_prompts=dict(judge.prompts),
        lives=_count(folder, plan, dataset),
        lives_hash=folder.lives_hash(),
        observations_hash=folder.observations_hash(),
        scores=aggregated.scores,
        differences=aggregated.differences,
        gaps=aggregated.gaps,
        controls=tuple(check(plan.track, plan.settings, measured)),
        reliability=reliability,
        leaks=tuple(leaks),
        audited=audited,
    )
    beside = folder.scores.with_suffix(".new")
    beside.write_text(f"{scores.model_dump_json(indent=1)}\n", encoding="utf-8", newline="\n")
    beside.replace(folder.scores)
    return scores


@dataclass(frozen=True)
class _Lives:
    """The whole lives of one person, in the order of the plan."""

    person: Person
    lived: list[Lived]


class _Scoring:
    def __init__(
        self,
        folder: RunFolder,
        plan: Plan,
        dataset: Dataset,
        settings: EngineSettings,
        judge: Judge,
    ) -> None:
        self._folder = folder
        self._plan = plan
        self._dataset = dataset
        self._scenes = {scene.scene_id: scene for scene in dataset.scenes}
        self._probes = {probe.probe_id: probe for probe in dataset.probes}
        self._registry = Registry.from_settings(settings.slots)
        self._prices = settings.bench.prices
        self._judging = Judging(judge, dataset.queries)
        # Of a few people only, so that memory does not grow with the run.
        self.cases: list[Case] = []

    async def observe(self, progress: Progress) -> None:
        """Write what is measured and judged of every life."""
        done = 0
        with observations.writing(self._folder.observations) as write:
            for lives in self._people():
                golden = _golden(lives.lived)
                judged = await _every(self._judge(lived, golden) for lived in lives.lived)
                for lived, said in zip(lives.lived, judged, strict=True):
                    for observation in (*measure(lived, self._registry, self._prices), *said):
                        write(observation)
                    done += 1
                    progress(done)
                if len(self.cases) < 10 * TRIALS:
                    self.cases += _cases(lives.lived, golden, self._judging)
            if not done:
                raise BenchmarkError(f"No life in {self._folder.path} is whole yet; run it first.")

    async def _judge(
        self, lived: Lived, golden: Mapping[tuple[str, int], Mapping[str, str]]
    ) -> list[Observation]:
        header = lived.header
        replies = await self._judging.replies(lived)
        similarity = await self._judging.similarity(lived)
        compared: list[Observation] = []
        if lived.learns and not setting(header.setting).is_control:
            others = golden.get((header.model, header.repetition), {})
            compared = await self._judging.pairs(lived, others)
        return [*replies, *similarity, *compared]

    def _people(self) -> Iterable[_Lives]:
        for person in self._dataset.people:
            lived = [
                self._read(job, person)
                for job in jobs(self._plan, [person])
                if self._folder.life(job).exists()
            ]
            yield _Lives(person, lived)

    def _is_whole(self, found: Sequence[Logged], job: Job) -> bool:
        scenes = self._dataset.lives[job.person.person_id]
        lived = [each.scene_id for each in found if isinstance(each, LoggedSession)]
        return (
            found[0] == job.header
            and found[-1] == LifeEnd(sessions=len(scenes))
            and lived == [scene.scene_id for scene in scenes]
        )

    def _read(self, job: Job, person: Person) -> Lived:
        path = self._folder.life(job)
        found = list(read_life(path))
        header = found[0] if found else None
        if not isinstance(header, LifeHeader) or not self._is_whole(found, job):
            raise BenchmarkError(
                f"{path} is not the whole life any more; delete it and run the benchmark again."
            )
        records = tuple(each for each in found if not isinstance(each, LifeHeader))
        return Lived(header, person, records, self._scenes, self._probes)


async def _every(judging: Iterable[Coroutine[Any, Any, _T]]) -> list[_T]:
    """Return what every one comes to. Raises the first error only when all have ended.

    What is under way is paid for; cut off, it would not be kept.
    """
    ended = await asyncio.gather(*judging, return_exceptions=True)
    found: list[_T] = []
    for each in ended:
        if isinstance(each, BaseException):
            raise each
        found.append(each)
    return found


def _golden(lives: Iterable[Lived]) -> dict[tuple[str, int], Mapping[str, str]]:
    """Return the first replies with the golden persona, by model and repetition."""
    return {
        (lived.header.model, lived.header.repetition): first_replies(lived.sessions)
        for lived in lives
        if lived.header.setting == "golden"
    }


def _cases(
    lives: Iterable[Lived],
    golden: Mapping[tuple[str, int], Mapping[str, str]],
    judging: Judging,
) -> list[Case]:
    """Return replies of lives without a persona, of which many are wrong, beside golden ones."""
    return [
        Case(lived.person, lived.scene(session), judging.queries[session.scene_id], reply, other)
        for lived in lives
        if lived.header.setting == "none"
        for session in lived.sessions
        for reply in [first_replies([session])[session.scene_id]]
        for other in [
            golden.get((lived.header.model, lived.header.repetition), {}).get(session.scene_id)
        ]
        if other is not None
    ]


def _count(folder: RunFolder, plan: Plan, dataset: Dataset) -> tuple[Life, ...]:
    lives: dict[tuple[str, str], list[Job]] = {}
    for job in jobs(plan, dataset.people):
        lives.setdefault((job.setting.name, job.model), []).append(job)
    found: list[Life] = []
    for (name, model), planned in lives.items():
        whole = [job for job in planned if folder.life(job).exists()]
        failures = Counter(
            failure
            for job in planned
            if folder.unfinished(job).exists() and not folder.life(job).exists()
            for failure in [_failure(folder, job)]
        )
        found.append(
            Life(
                setting=name,
                model=model,
                lives=len(planned),
                whole=len(whole),
                sessions=sum(len(dataset.lives[job.person.person_id]) for job in whole),
                failures=dict(sorted(failures.items())),
            )
        )
    return tuple(found)


def _failure(folder: RunFolder, job: Job) -> str:
    last = list(read_life(folder.unfinished(job)))[-1:]
    ended = last[0] if last else None
    return ended.failure if isinstance(ended, LifeEnd) and ended.failure else "cut short"
