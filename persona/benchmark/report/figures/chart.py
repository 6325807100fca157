"""What a figure is, before it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.benchmark.scores import Score

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCORE_COLUMNS = ("model", "setting", "metric", "over", "mean", "low", "high", "clusters", "n")


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure: `caption` says what is seen, `alt` what it shows; `rows` are its numbers.

    `height` is in inches; all figures are ten inches wide.
    """

    name: str
    title: str
    caption: str
    alt: str
    height: float
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    draw: Callable[[Figure], None]


def score_rows(scores: Iterable[Score]) -> tuple[tuple[object, ...], ...]:
    """Return the rows of a figure's CSV file, to six significant digits."""
    return tuple(
        (
            each.model,
            each.setting,
            each.metric,
            each.over,
            *map(_digits, (each.interval.mean, each.interval.low, each.interval.high)),
            each.interval.clusters,
            each.interval.n,
        )
        for each in scores
    )


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
