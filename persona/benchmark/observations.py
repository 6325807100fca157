"""Every single measured value of a run, as CSV: for `score`, and for whoever wants to look."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from persona.benchmark.errors import BenchmarkError
from persona.benchmark.scores import METRICS, Observation

_FIELDS = tuple(Observation.model_fields)


@contextmanager
def writing(path: Path) -> Iterator[Callable[[Observation], None]]:
    """Yield what writes an observation; the file gets its name once it is whole.

    When it does not become whole, nothing is left of it, and an earlier one stays.
    """
    beside = path.with_name(f"{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_FIELDS)
            yield lambda observation: writer.writerow(
                [getattr(observation, field) for field in _FIELDS]
            )
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read(path: Path) -> Iterator[Observation]:
    """Yield the observations in a file that `writing` wrote.

    Raises `BenchmarkError` when there is no such file, or it is not as it was written.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                try:
                    yield _observation(row)
                except (KeyError, TypeError, ValueError) as error:
                    raise BenchmarkError(
                        f"{path}, line {number} is not as it was written; score the run again."
                    ) from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise BenchmarkError(f"{path} is not as it was written; score the run again.") from error


def _observation(row: dict[str, str]) -> Observation:
    metric = row["metric"]
    if metric not in METRICS:
        raise ValueError(metric)
    return Observation.model_construct(
        setting=row["setting"],
        model=row["model"],
        repetition=int(row["repetition"]),
        person_id=row["person_id"],
        language=row["language"],
        session=int(row["session"]),
        unit=row["unit"],
        metric=metric,
        value=float(row["value"]),
    )
