"""What stands around what is drawn: grids of panels, titles, axes, legends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from persona.benchmark.report.figures.style import light, look
from persona.benchmark.report.reading import Reading
from persona.benchmark.report.wording import SHARES, setting_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Letters of a model's name that fit above a panel.
_LONGEST_NAME = 36


def titled(reading: Reading, model: str, what: str) -> str:
    """Return a panel's title; a second line names the model where there are several."""
    if len(reading.scores.models) == 1:
        return what
    short = model.rpartition("/")[2] or model
    if len(short) > _LONGEST_NAME:
        short = f"{short[: _LONGEST_NAME - 1]}…"
    return f"{what}\n{short}" if what else short


def grid(figure: Figure, number: int, columns: int) -> list[Axes]:
    """Return that many panels with common axes, in rows of at most `columns`."""
    columns = min(columns, number)
    rows = -(-number // columns)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    panels: list[Axes] = list(axes.flat)
    for spare in panels[number:]:
        spare.set_visible(False)
    for place, panel in enumerate(panels[:number]):
        # Below the last panel of a column there may be none to carry its labels.
        panel.tick_params(labelbottom=place + columns >= number)
    return panels[:number]


def percent_axis(axes: Axes, metric: str) -> None:
    """Write shares in percent."""
    if metric in SHARES:
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")


def legend(figure: Figure, settings: Sequence[str], *, markers: bool = True) -> None:
    """Name the settings above all panels."""
    from matplotlib.lines import Line2D  # noqa: PLC0415 - only where a figure is drawn

    handles = [
        Line2D(
            [],
            [],
            color=light(look(name).colour),
            linestyle=look(name).line,
            marker=look(name).marker if markers else "",
            markersize=5,
            label=setting_label(name),
        )
        for name in settings
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=min(4, len(handles)))
