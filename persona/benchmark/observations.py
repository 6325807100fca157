"""Every single measured value of a run, as CSV: for `score`, and for whoever wants to look."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from persona.benchmark.scores import Observation

_FIELDS = tuple(Observation.model_fields)


@contextmanager
def writing(path: Path) -> Iterator[Callable[[Observation], None]]:
    """Yield what writes an observation; the file gets its name once it is whole."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_FIELDS)
        yield lambda observation: writer.writerow(
            [getattr(observation, field) for field in _FIELDS]
        )
    beside.replace(path)


def read(path: Path) -> Iterator[Observation]:
    """Yield the observations in a file that `writing` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Observation.model_construct(
                setting=row["setting"],
                model=row["model"],
                repetition=int(row["repetition"]),
                person_id=row["person_id"],
                language=row["language"],
                session=int(row["session"]),
                unit=row["unit"],
                metric=row["metric"],
                value=float(row["value"]),
            )
