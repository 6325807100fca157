"""What a run compares, and the lives that takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from persona.benchmark.arms import Setting, in_order, setting
from persona.benchmark.dataset import Dataset
from persona.benchmark.errors import BenchmarkError
from persona.benchmark.log import LifeHeader
from persona.benchmark.schema import Person, Record, Track
from persona.benchmark.start import Start

# The paper's release caps its loop at three (reference of the paper, 1.3).
USER_TURNS = 3
# The scripted track has one assistant.
RULES = "rules"


class Plan(Record):
    """What a run is. `models` are "endpoint/model", or "rules" alone on the scripted track."""

    format: Literal[1] = 1
    track: Track
    dataset_hash: str
    settings: tuple[str, ...] = Field(min_length=1)
    models: tuple[str, ...] = Field(min_length=1)
    repetitions: int = Field(1, ge=1, le=100)
    start: Start = "empty"
    user_turns: int = Field(USER_TURNS, ge=1, le=20)
    random_seed: int = 0

    def extended(self, other: Plan) -> Plan:
        """Return this plan with what `other` adds to it: settings, models, repetitions.

        Raises `BenchmarkError` naming what may not differ in one run.
        """
        if self.dataset_hash != other.dataset_hash:
            raise BenchmarkError(
                "This run was begun with other data, or with another --people. Choose another "
                "--out."
            )
        for name in ("track", "start", "user_turns", "random_seed"):
            before, now = getattr(self, name), getattr(other, name)
            if before != now:
                option = name.replace("_", "-")
                raise BenchmarkError(
                    f"This run was begun with --{option} {before}, not {now}. Choose another --out."
                )
        return self.model_copy(
            update={
                "settings": in_order({*self.settings, *other.settings}),
                "models": tuple(dict.fromkeys((*self.models, *other.models))),
                "repetitions": max(self.repetitions, other.repetitions),
            }
        )


@dataclass(frozen=True, slots=True)
class Job:
    """One life to be lived."""

    setting: Setting
    model: str
    repetition: int
    person: Person

    @property
    def header(self) -> LifeHeader:
        """The first line of the life's file."""
        return LifeHeader(
            setting=self.setting.name,
            model=self.model,
            repetition=self.repetition,
            person_id=self.person.person_id,
        )


def jobs(plan: Plan, people: Sequence[Person]) -> Iterator[Job]:
    """Yield the lives of a plan, person by person, so that a run cut short compares like people."""
    for repetition in range(plan.repetitions):
        for person in people:
            for model in plan.models:
                for name in plan.settings:
                    yield Job(setting(name), model, repetition, person)


def sessions_of(plan: Plan, dataset: Dataset) -> int:
    """Return how many sessions the run has."""
    lived = sum(len(scenes) for scenes in dataset.lives.values())
    return lived * len(plan.settings) * len(plan.models) * plan.repetitions
