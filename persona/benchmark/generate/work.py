"""What the stages of a pipeline share: the folder, who writes, and notes of what is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from persona.benchmark.generate.files import StageFiles
from persona.benchmark.schema import Dropped, Record, Track
from persona.benchmark.writer import Writer
from persona.errors import InvalidAnswer
from persona.registry import Registry

Stage = Literal["seeds", "personas", "scenes", "queries", "filter"]
STAGES: tuple[Stage, ...] = get_args(Stage)

UNUSABLE = "unusable-answer"

Progress = Callable[[Stage, int, int], None]


class Written(Record):
    """What a stage has done with: a seed that hints were grown from, a hint that was tried, a
    person whose scenes are all there.

    `of` is a hash of what it was done from; when that was edited since, it is done anew.
    """

    record_id: str
    of: str


@dataclass(frozen=True)
class Work:
    """A dataset of `number` people, called `name`, that is made in `folder`.

    `writer` is asked `at_once` times at once. `progress` is told the stage, how much of it is done,
    and how much there is to do.
    """

    folder: Path
    writer: Writer
    track: Track
    name: str
    number: int
    random_seed: int
    at_once: int
    progress: Progress
    registry: Registry = field(default_factory=Registry)

    @property
    def files(self) -> StageFiles:
        """The files of the stages."""
        return StageFiles(self.folder / "stages")


def unusable(stage: Stage, record_id: str, error: InvalidAnswer) -> Dropped:
    """Return the note of what could not be made, since no answer could be used."""
    return Dropped(stage=stage, record_id=record_id, reason=UNUSABLE, detail=str(error))
