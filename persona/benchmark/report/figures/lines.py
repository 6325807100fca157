"""Figures along time: the paper's 3 and 4, what is learned, and what stays stale after a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from persona.benchmark.report.figures.chart import Chart
from persona.benchmark.report.figures.layout import grid, legend, percent_axis, titled
from persona.benchmark.report.figures.panels import Panel, line_chart, panel_chart, settings_of
from persona.benchmark.report.figures.parts import Series, draw_points
from persona.benchmark.report.figures.style import light
from persona.benchmark.report.reading import AGAINST, GROUP_NAMES, Reading
from persona.benchmark.report.wording import setting_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def utterances_by_session(reading: Reading) -> Chart | None:
    """Return the paper's Figure 3: a panel a setting, with no persona and golden behind it."""
    panels: list[Panel] = []
    for model in reading.scores.models:
        drawn = _along(reading, model, "utterances", "session")
        behind = tuple(each for each in drawn if each.setting in AGAINST)
        others = [each for each in drawn if each.setting not in AGAINST]
        panels += [
            Panel(
                titled(reading, model, setting_label(each.setting)),
                (*behind, each),
                frozenset(AGAINST),
            )
            for each in others
        ]
        if behind and not others:
            panels.append(Panel(titled(reading, model, "Utterances"), behind))
    return line_chart(
        panels,
        name="figure-3",
        title="Utterances until satisfied, by session (the paper's Figure 3)",
        caption="Messages the simulated user needs until satisfied, session by session; lower is "
        "better. Each panel shows one setting, with no persona and the golden persona for "
        "comparison. Bands are 95 % intervals over people.",
        labels=("session", "utterances"),
        columns=3,
    )


def f1_by_session(reading: Reading) -> Chart | None:
    """Return how much of the persona is learned, session by session."""
    return line_chart(
        _overlaid(reading, "f1", "session"),
        name="learning-curve",
        title="The learned persona, by session",
        caption="F1 of the learned values against the true ones of that session. Bands are 95 % "
        "intervals over people. People change on the way, so it need not rise throughout.",
        labels=("session", "slot F1"),
        columns=2,
    )


def stale_since_change(reading: Reading) -> Chart | None:
    """Return how long values are held as they were before a change."""
    return line_chart(
        _overlaid(reading, "stale", "since"),
        name="change-curve",
        title="Stale values, by sessions since the change",
        caption="Share of changed values that are still held as they were, by the number of "
        "sessions since the change; lower is better. Bands are 95 % intervals over people.",
        labels=("sessions since the change", "stale values"),
        columns=2,
    )


def wins_by_group(reading: Reading) -> Chart | None:
    """Return the paper's Figure 4: how often a setting's first reply beats the golden one's."""
    panels = []
    for model in reading.scores.models:
        series = []
        for setting in reading.settings:
            found = [
                (float(place), score)
                for place, name in enumerate(GROUP_NAMES)
                for score in reading.scores.scores
                if (score.setting, score.model, score.metric, score.over)
                == (setting, model, "win_golden", name)
            ]
            if found:
                series.append(Series(setting, tuple(found)))
        if series:
            panels.append(Panel(titled(reading, model, "Win rate"), tuple(series)))
    if not panels:
        return None

    def draw(figure: Figure) -> None:
        for axes, panel in zip(grid(figure, len(panels), 2), panels, strict=True):
            axes.axhline(0.5, color=light("muted"), linewidth=1.0, linestyle=(0, (4, 3)))
            width = 0.5 / max(1, len(panel.series) - 1)
            for place, each in enumerate(panel.series):
                draw_points(axes, each, shift=width * (place - (len(panel.series) - 1) / 2))
            axes.set_xticks(
                range(len(GROUP_NAMES)), [name.replace("-", "–") for name in GROUP_NAMES]
            )
            axes.grid(visible=False, axis="x")
            axes.set_title(panel.title)
            axes.set_ylim(0, max(0.6, axes.get_ylim()[1]))
            percent_axis(axes, "win_golden")
        figure.supxlabel("sessions", fontsize=9, color=light("muted"))
        legend(figure, settings_of(panels))

    return panel_chart(
        panels,
        name="figure-4",
        title="Win rate against the golden persona, by session group (the paper's Figure 4)",
        caption="How often the judge prefers a setting's first reply to the golden persona's; "
        "both positions are tried and ties count half, so 50 % (dashed) is as good as golden. "
        "Bars are 95 % intervals over people.",
        height=0.9 + 2.9 * -(-len(panels) // 2),
        draw=draw,
    )


def _along(reading: Reading, model: str, metric: str, prefix: str) -> list[Series]:
    found = [
        Series(setting, tuple(reading.series(setting, model, metric, prefix)))
        for setting in reading.settings
    ]
    return [each for each in found if each.points]


def _overlaid(reading: Reading, metric: str, prefix: str) -> list[Panel]:
    found = [
        Panel(titled(reading, model, ""), tuple(_along(reading, model, metric, prefix)))
        for model in reading.scores.models
    ]
    return [panel for panel in found if panel.series]
