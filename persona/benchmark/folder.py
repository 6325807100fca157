"""The folder of a run: its plan, its data, a file for each life, the answers kept, the scores."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from filelock import FileLock, Timeout
from pydantic import Field, TypeAdapter, ValidationError

from persona.benchmark.dataset import Dataset, read_dataset, write_dataset
from persona.benchmark.errors import BenchmarkError, DatasetError
from persona.benchmark.files import parse, problems, read_text
from persona.benchmark.log import LifeEnd, LifeHeader, LoggedProbe, LoggedSession
from persona.benchmark.plan import Job, Plan

_LOCK = ".lock"

Logged = LoggedSession | LoggedProbe | LifeHeader | LifeEnd
_RECORD: TypeAdapter[Logged] = TypeAdapter(Annotated[Logged, Field(discriminator="record")])


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where a run keeps what it does."""

    path: Path

    @property
    def answers(self) -> Path:
        """The answers of models."""
        return self.path / "answers.db"

    @property
    def scores(self) -> Path:
        """What `score` writes."""
        return self.path / "scores.json"

    @property
    def observations(self) -> Path:
        """Every single measured value, as CSV."""
        return self.path / "observations.csv"

    @property
    def work(self) -> Path:
        """The engines of lives under way; nothing in it is needed afterwards."""
        return self.path / "work"

    def extended(self, plan: Plan) -> Plan:
        """Return the plan of the run that is here with what `plan` adds; nothing is written.

        Raises `BenchmarkError` when another run is here.
        """
        begun = {self.path / "run.json", self.path / "run.new"}
        held = set(self.path.iterdir()) - {self.path / _LOCK} if self.path.exists() else set()
        if self.is_begun:
            return self.plan().extended(plan)
        if held - self._beginning or (held and not held & begun):
            raise BenchmarkError(f"{self.path} holds something that is no run; choose another.")
        return plan

    def begin(self, plan: Plan, dataset: Dataset) -> Plan:
        """Begin a run, or go on with the one that is here; return the plan of all of it.

        Raises `BenchmarkError` when another run is here. Whoever calls it is `alone`.
        """
        plan = self.extended(plan)
        lived = self.is_begun
        file = self.path / "run.json"
        # It is there while a run is begun, which may be cut off.
        beside = file.with_suffix(".new")
        self.path.mkdir(parents=True, exist_ok=True)
        beside.write_text(f"{plan.model_dump_json(indent=2)}\n", encoding="utf-8")
        if lived and (self.path / "dataset").exists():
            self.dataset()
        else:
            write_dataset(self.path / "dataset", dataset)
        beside.replace(file)
        return plan

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other commands away from the folder. Raises `BenchmarkError` when one is at it."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            held = FileLock(self.path / _LOCK, timeout=0).acquire()
        except Timeout as error:
            raise BenchmarkError(
                f"Another command is at work in {self.path}; wait for it, or stop it."
            ) from error
        with held:
            yield

    @property
    def _beginning(self) -> set[Path]:
        """What may be there of a run of which nothing was lived yet."""
        names = ("run.json", "run.new", "dataset", "work", "answers.db", "observations.csv.new")
        kept = {self.path / f"answers.db{suffix}" for suffix in ("-wal", "-shm")}
        return {self.path / name for name in names} | kept

    @property
    def is_begun(self) -> bool:
        """Whether lives of a run are here, or were about to be."""
        return (self.path / "run.json").exists() and (self.path / "lives").exists()

    def plan(self) -> Plan:
        """Return the run's plan. Raises `BenchmarkError` when there is no run here."""
        file = self.path / "run.json"
        if not file.exists():
            raise BenchmarkError(
                f"{self.path} holds no run; `rapport bench run` makes one, in the folder that its "
                "--out names."
            )
        return parse(read_text(file), Plan, str(file))

    def dataset(self) -> Dataset:
        """Return the data of the run. Raises `BenchmarkError` when it was edited since."""
        dataset = read_dataset(self.path / "dataset")
        if dataset.fingerprint != self.plan().dataset_hash:
            raise BenchmarkError(
                f"{self.path / 'dataset'} is not what the run was begun with; put it back, or "
                "choose another --out for the edited data."
            )
        return dataset

    def life(self, job: Job) -> Path:
        """Return the file of a life that was lived to its end."""
        return self._place("lives", job, ".jsonl")

    def unfinished(self, job: Job) -> Path:
        """Return the file of a life under way, or cut short."""
        return self._place("lives", job, ".jsonl.part")

    def timing(self, job: Job) -> Path:
        """Return the file of the seconds a life's sessions took."""
        return self._place("timing", job, ".txt")

    def lives(self) -> list[Path]:
        """Return the files of all lives that were lived to their end."""
        return sorted(self.path.glob("lives/*/*/*/*.jsonl"))

    def lives_hash(self) -> str:
        """Return a hash of all lives that were lived to their end."""
        hashed = hashlib.sha256()
        for path in self.lives():
            hashed.update(str(path.relative_to(self.path)).encode())
            hashed.update(path.read_bytes())
        return hashed.hexdigest()[:16]

    def observations_hash(self) -> str:
        """Return a hash of the observations, empty when there are none."""
        try:
            with self.observations.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()[:16]
        except FileNotFoundError:
            return ""

    def seconds(self) -> dict[str, float]:
        """Return how many seconds a session took on average, by setting."""
        found: dict[str, list[float]] = {}
        for path in sorted(self.path.glob("timing/*/*/*/*.txt")):
            setting = path.relative_to(self.path).parts[1]
            # What a session took is told beside the scores; they do without it.
            with contextlib.suppress(ValueError):
                found.setdefault(setting, []).extend([*map(float, path.read_text().split())])
        return {setting: sum(taken) / len(taken) for setting, taken in found.items() if taken}

    def _place(self, kind: str, job: Job, suffix: str) -> Path:
        model = quote(job.model, safe="")
        return (
            self.path
            / kind
            / job.setting.name
            / model
            / str(job.repetition)
            / f"{job.person.person_id}{suffix}"
        )


def read_life(path: Path) -> Iterator[Logged]:
    """Yield the records of a life's file. Raises `DatasetError` naming the line that is none.

    A last line that was cut off by a crash is left out.
    """
    # As bytes: a line that a crash cut off may end within a character.
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield _RECORD.validate_json(line)
            except ValidationError as error:
                raise DatasetError(f"{path}, line {number}: {problems(error)}") from error
