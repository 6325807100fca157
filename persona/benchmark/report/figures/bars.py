"""Figures of bars: the paper's Figure 5, what a session costs and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from persona.benchmark.report.figures.chart import SCORE_COLUMNS, Chart, score_rows
from persona.benchmark.report.figures.layout import titled
from persona.benchmark.report.figures.parts import draw_bars, label_bars
from persona.benchmark.report.reading import Reading
from persona.benchmark.report.wording import mean_text, setting_label
from persona.benchmark.scores import METRICS, OVERALL, Interval, Score

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COST = ("prompt_tokens", "completion_tokens", "calls", "money")
_HEAD = 0.85  # inches for titles and the axis of a row of panels
_BAR = 0.27  # inches


def utterances_by_model(reading: Reading) -> Chart | None:
    """Return the paper's Figure 5: mean utterances by model and setting."""
    return _bars(
        reading,
        ("utterances",),
        name="figure-5",
        title="Utterances until satisfied, by model and setting (the paper's Figure 5)",
        caption="Mean number of messages until the simulated user is satisfied; lower is better. "
        "Thin lines are 95 % intervals over people.",
    )


def cost(reading: Reading) -> Chart | None:
    """Return tokens and calls a session, by setting."""
    return _bars(
        reading,
        tuple(metric for metric in _COST if metric in reading.metrics()),
        name="cost",
        title="What a session costs, by setting",
        caption="Tokens read and written and calls of models, for replies and learning, a session. "
        "Thin lines are 95 % intervals over people.",
    )


def seconds(reading: Reading, timing: Mapping[str, float]) -> Chart | None:
    """Return the machine's seconds a session by setting, None where nothing was timed."""
    timed = [name for name in reading.settings if name in timing]
    if not timed:
        return None
    bars = [(name, Interval(mean=timing[name], clusters=0, n=0)) for name in timed]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        draw_bars(axes, "seconds", bars)
        label_bars(axes, timed)
        axes.set_title("Seconds a session")

    said = "; ".join(f"{setting_label(name)}: {timing[name]:.2f}" for name in timed)
    title = "How long a session takes, by setting"
    return Chart(
        name="seconds",
        title=title,
        caption="Seconds of the machine a session, as measured in this run; they depend on the "
        "machine and on the models' endpoints.",
        alt=f"{title}, in seconds. {said}.",
        height=_HEAD + _BAR * len(timed),
        columns=("setting", "seconds"),
        rows=tuple((name, f"{timing[name]:.6g}") for name in timed),
        draw=draw,
    )


def _bars(
    reading: Reading, metrics: tuple[str, ...], *, name: str, title: str, caption: str
) -> Chart | None:
    """Return a row of panels for each model with a panel for each metric."""
    found = [
        score
        for model in reading.scores.models
        for metric in metrics
        for setting in reading.settings
        for score in reading.scores.scores
        if (score.setting, score.model, score.metric, score.over)
        == (setting, model, metric, OVERALL)
    ]
    if not found:
        return None
    models = list(dict.fromkeys(score.model for score in found))

    def draw(figure: Figure) -> None:
        rows = figure.subplots(len(models), len(metrics), squeeze=False, sharey=True)
        widest = dict.fromkeys(metrics, 0.0)
        for row, model in zip(rows, models, strict=True):
            for axes, metric in zip(row, metrics, strict=True):
                drawn = _drawn(found, model, metric)
                draw_bars(axes, metric, [(name, drawn.get(name)) for name in reading.settings])
                label_bars(axes, reading.settings)
                axes.set_title(titled(reading, model, METRICS[metric][0]))
                widest[metric] = max(widest[metric], axes.get_xlim()[1])
        for row in rows:
            for axes, metric in zip(row, metrics, strict=True):
                axes.set_xlim(0, widest[metric])

    said = [
        f"{setting_label(each.setting)} with {each.model}, {METRICS[each.metric][0].lower()}: "
        f"{mean_text(each.metric, each.interval)}"
        for each in found
    ]
    return Chart(
        name=name,
        title=title,
        caption=caption,
        alt=f"{title}. {'; '.join(said)}.",
        height=(_HEAD + _BAR * len(reading.settings)) * len(models),
        columns=SCORE_COLUMNS,
        rows=score_rows(found),
        draw=draw,
    )


def _drawn(found: list[Score], model: str, metric: str) -> dict[str, Interval]:
    return {
        each.setting: each.interval
        for each in found
        if (each.model, each.metric) == (model, metric)
    }
