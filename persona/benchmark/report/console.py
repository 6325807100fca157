"""The scores of a run in short, for the console."""

from __future__ import annotations

from rich import box
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from persona.benchmark.report.reading import Reading
from persona.benchmark.report.wording import MISSING, mean_text, number
from persona.benchmark.scores import METRICS, Interval, Scores

# What is shown in short, as far as it was measured, under headings that fit a narrow console.
_SHOWN = {
    "helpfulness": "Helpful",
    "personalization": "Personal",
    "utterances": "Messages",
    "f1": "Slot F1",
    "stale": "Stale",
    "probe": "Probes",
}


def summary_table(scores: Scores) -> Table:
    """Return a row a setting and model: means, and their 95 % intervals under them."""
    reading = Reading(scores)
    there = reading.metrics()
    metrics = [metric for metric in _SHOWN if metric in there]
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title=f"{escape(scores.dataset.name)}, {scores.track} track",
        caption="Means with 95 % intervals over people. ↑ higher is better, ↓ lower is better.",
    )
    table.add_column("Setting", no_wrap=True)
    if len(scores.models) > 1:
        table.add_column("Model", overflow="fold")
    for metric in metrics:
        arrow = "↑" if METRICS[metric][1] else "↓"
        table.add_column(f"{_SHOWN[metric]} {arrow}", justify="right")
    for setting in (*reading.settings, *reading.controls):
        for model in scores.models:
            if (setting, model) in reading.ran:
                heads = [Text(setting), Text(model)][: 1 + (len(scores.models) > 1)]
                found = (reading.interval(setting, model, metric) for metric in metrics)
                table.add_row(*heads, *map(_cell, metrics, found))
    return table


def _cell(metric: str, interval: Interval | None) -> Text:
    if interval is None:
        return Text(MISSING, style="dim")
    text = Text(mean_text(metric, interval))
    if interval.low is not None and interval.high is not None:
        bounds = f"{number(metric, interval.low)} – {number(metric, interval.high)}"
        text.append(f"\n{bounds}", style="dim")
    return text
