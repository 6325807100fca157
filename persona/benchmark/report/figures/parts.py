"""What is drawn in a panel: lines with bands, points, bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.benchmark.report.figures.style import light, look
from persona.benchmark.report.wording import mean_text, setting_label
from persona.benchmark.scores import Interval, Score

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# A line with more points than this has no markers.
MOST_MARKERS = 12


@dataclass(frozen=True, slots=True)
class Series:
    """The scores of one setting along x."""

    setting: str
    points: tuple[tuple[float, Score], ...]

    def in_words(self, *, with_model: bool) -> str:
        """Return the first and the last mean in words."""
        (_, first), (_, last) = self.points[0], self.points[-1]
        label = setting_label(self.setting)
        if with_model:
            label = f"{label} with {first.model}"
        start = f"{mean_text(first.metric, first.interval)} at {first.over}"
        if len(self.points) == 1:
            return f"{label}: {start}"
        return f"{label}: from {start} to {mean_text(last.metric, last.interval)} at {last.over}"


def draw_series(axes: Axes, series: Series, *, shift: float = 0.0, quiet: bool = False) -> None:
    """Draw one setting's line with its 95 % interval as a band; `quiet` stays in the back."""
    style = look(series.setting)
    colour = light(style.colour)
    x = [place + shift for place, _ in series.points]
    intervals = [score.interval for _, score in series.points]
    axes.fill_between(
        x,
        [each.mean if each.low is None else each.low for each in intervals],
        [each.mean if each.high is None else each.high for each in intervals],
        color=colour,
        alpha=0.08 if quiet else 0.18,
        linewidth=0,
    )
    axes.plot(
        x,
        [each.mean for each in intervals],
        color=colour,
        linestyle=style.line,
        linewidth=1.1 if quiet else None,
        marker=style.marker if len(x) <= MOST_MARKERS else "",
        markersize=4.5,
    )


def draw_points(axes: Axes, series: Series, *, shift: float) -> None:
    """Draw one setting's means with bars for their 95 % intervals, joined by a thin line."""
    style = look(series.setting)
    colour = light(style.colour)
    intervals = [score.interval for _, score in series.points]
    axes.errorbar(
        [place + shift for place, _ in series.points],
        [each.mean for each in intervals],
        yerr=_errors(intervals),
        color=colour,
        linestyle=style.line,
        linewidth=1.0,
        elinewidth=1.6,
        marker=style.marker,
        markersize=6,
    )


def draw_bars(axes: Axes, metric: str, bars: Sequence[tuple[str, Interval | None]]) -> None:
    """Draw a bar a setting, the first on top, with its interval and its mean in figures."""
    there = [(place, name, interval) for place, (name, interval) in enumerate(bars) if interval]
    intervals = [interval for _, _, interval in there]
    places = [place for place, _, _ in there]
    means = [each.mean for each in intervals]
    colours = [light(look(name).colour) for _, name, _ in there]
    axes.barh(places, means, height=0.62, color=colours)
    # The intervals are edged with the page's colour, so that they are seen on every bar.
    for colour, width in (("paper", 3.4), ("ink", 1.3)):
        axes.errorbar(
            means,
            places,
            xerr=_errors(intervals),
            fmt="none",
            ecolor=light(colour),
            elinewidth=width,
        )
    ends = [each.mean if each.high is None else each.high for each in intervals]
    longest = max(ends, default=0.0)
    for (place, _, each), end in zip(there, ends, strict=True):
        text = mean_text(metric, each)
        axes.text(end + longest * 0.025, place, text, va="center", fontsize=8.5)
    axes.set_xlim(0, longest * 1.24 or 1.0)
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
    axes.grid(visible=False, axis="y")


def label_bars(axes: Axes, settings: Sequence[str]) -> None:
    """Write the settings beside their bars and turn the axis so that the first is on top."""
    axes.set_yticks(range(len(settings)), [setting_label(name) for name in settings])
    axes.tick_params(axis="y", labelcolor=light("ink"))
    axes.set_ylim(len(settings) - 0.5, -0.5)


def _errors(intervals: Sequence[Interval]) -> list[list[float]]:
    return [
        [0.0 if each.low is None else max(0.0, each.mean - each.low) for each in intervals],
        [0.0 if each.high is None else max(0.0, each.high - each.mean) for each in intervals],
    ]
