"""A figure of panels with lines along x."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.benchmark.report.figures.chart import SCORE_COLUMNS, Chart, score_rows
from persona.benchmark.report.figures.layout import grid, legend, percent_axis
from persona.benchmark.report.figures.parts import MOST_MARKERS, Series, draw_series
from persona.benchmark.report.figures.style import light

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HEAD = 0.9  # inches for legend and labels


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its title and the settings in it; those of `behind` stay in the back."""

    title: str
    series: tuple[Series, ...]
    behind: frozenset[str] = frozenset()


def settings_of(panels: Sequence[Panel]) -> list[str]:
    """Return the settings of all panels, each once."""
    return list(dict.fromkeys(each.setting for panel in panels for each in panel.series))


def line_chart(
    panels: Sequence[Panel],
    *,
    name: str,
    title: str,
    caption: str,
    labels: tuple[str, str],
    columns: int,
) -> Chart | None:
    """Return a figure of lines with bands; `labels` are of x and y. None without panels."""
    if not panels:
        return None

    along = [place for panel in panels for each in panel.series for place, _ in each.points]

    def draw(figure: Figure) -> None:
        for axes, panel in zip(grid(figure, len(panels), columns), panels, strict=True):
            for each in panel.series:
                draw_series(axes, each, quiet=each.setting in panel.behind)
            axes.set_title(panel.title)
            axes.locator_params(axis="x", integer=True)
            axes.set_xlim(min(along) - 0.5, max(along) + 0.5)
            percent_axis(axes, panel.series[0].points[0][1].metric)
        figure.supxlabel(labels[0], fontsize=9, color=light("muted"))
        figure.supylabel(labels[1], fontsize=9, color=light("muted"))
        longest = max(len(each.points) for panel in panels for each in panel.series)
        legend(figure, settings_of(panels), markers=longest <= MOST_MARKERS)

    rows = -(-len(panels) // columns)
    height = _HEAD + (2.1 if rows > 1 else 2.8) * rows
    return panel_chart(panels, name=name, title=title, caption=caption, height=height, draw=draw)


def panel_chart(
    panels: Sequence[Panel],
    *,
    name: str,
    title: str,
    caption: str,
    height: float,
    draw: Callable[[Figure], None],
) -> Chart:
    """Return a figure of these panels: its alternative text and its rows come from them."""
    every = list(dict.fromkeys(each for panel in panels for each in panel.series))
    several = len({score.model for each in every for _, score in each.points}) > 1
    said = [each.in_words(with_model=several) for each in every]
    return Chart(
        name=name,
        title=title,
        caption=caption,
        alt=f"{title}. {'; '.join(said)}.",
        height=height,
        columns=SCORE_COLUMNS,
        rows=score_rows(score for each in every for _, score in each.points),
        draw=draw,
    )
