"""A table as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from persona.benchmark.report.wording import (
    MISSING,
    NOT_RUN,
    bounds_text,
    mean_text,
    metric_label,
    setting_label,
)
from persona.benchmark.scores import METRICS, Interval

Kind = Literal["", "missing", "best", "paper", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell: a text, a smaller note under it, and how it looks."""

    text: str
    note: str = ""
    kind: Kind = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`heads` begin the row; the first may span `span` rows, and is absent where span is 0."""

    heads: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    span: int = 1


@dataclass(frozen=True, slots=True)
class Body:
    """Rows that belong together under a title, which may be empty."""

    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading, what it means, and how many columns it spans."""

    text: str
    meaning: str = ""
    span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """`corner` heads the columns of row heads; `over` is a row of headings above `columns`."""

    caption: str
    corner: tuple[str, ...]
    columns: tuple[Heading, ...]
    bodies: tuple[Body, ...]
    over: tuple[Heading, ...] = ()

    @property
    def width(self) -> int:
        """All columns, those of the row heads included."""
        return len(self.corner) + len(self.columns)


ABSENT = Cell(MISSING, kind="missing")
NEVER_RUN = Cell(NOT_RUN, kind="missing")


def measured(metric: str, interval: Interval | None, *, best: bool = False) -> Cell:
    """Return the mean with its interval under it, or the dash of what is missing."""
    if interval is None:
        return ABSENT
    return Cell(
        mean_text(metric, interval), bounds_text(metric, interval), kind="best" if best else ""
    )


def difference_cell(metric: str, interval: Interval | None) -> Cell:
    """Return a difference with its interval under it; an asterisk where that leaves out zero."""
    if interval is None:
        return ABSENT
    text = mean_text(metric, interval, signed=True)
    if interval.leaves_out_zero:
        text += " *"
    return Cell(text, bounds_text(metric, interval, signed=True))


def setting_head(setting: str) -> Cell:
    """Return the head of a setting's row: in words, with its name under it."""
    label = setting_label(setting)
    return Cell(label, "" if label == setting else setting)


def metric_heading(metric: str) -> Heading:
    """Return the heading of a metric's column."""
    _, higher, what = METRICS[metric]
    return Heading(metric_label(metric), f"{what}; {'higher' if higher else 'lower'} is better")
