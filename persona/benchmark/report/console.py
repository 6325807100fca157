"""The scores of a run, or of two, in short, for the console."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from persona.benchmark.arms import CONTROLS
from persona.benchmark.report.compare import Comparison
from persona.benchmark.report.reading import Reading
from persona.benchmark.report.wording import MISSING, counted, mean_text, number, with_arrow
from persona.benchmark.scores import Control, Interval, Scores

# What is shown in short, as far as it was measured, under headings that fit 80 columns.
_SHOWN = {
    "helpfulness": "Helpful",
    "personalization": "Personal",
    "utterances": "Turns",
    "f1": "Slot F1",
    "stale": "Stale",
    "probe": "Probes",
}
_CAPTION = "Means with 95 % intervals over people. ↑ higher is better, ↓ lower is better."


def summary_table(scores: Scores) -> Table:
    """Return a row a setting and model: means, and their 95 % intervals under them.

    Controls are left out: `controls_text` says whether they hold.
    """
    reading = Reading(scores)
    there = reading.metrics()
    metrics = [metric for metric in _SHOWN if metric in there]
    table = _table(f"{scores.dataset.name}, {scores.track} track", _CAPTION)
    table.add_column("Setting", no_wrap=True)
    if len(scores.models) > 1:
        table.add_column("Model", overflow="fold")
    for metric in metrics:
        table.add_column(with_arrow(_SHOWN[metric], metric), justify="right", overflow="fold")
    for setting in reading.settings:
        for model in scores.models:
            if (setting, model) in reading.ran:
                heads = [Text(setting), Text(model)][: 1 + (len(scores.models) > 1)]
                found = (reading.interval(setting, model, metric) for metric in metrics)
                table.add_row(*heads, *map(_cell, metrics, found))
    return table


def controls_text(controls: Sequence[Control]) -> str:
    """Return which controls hold, or which do not; empty where none was run."""
    lines = [
        f"A control does not hold: {control.expected}. Seen: {control.seen}."
        for control in controls
        if not control.holds
    ]
    held = ", ".join(control.name for control in controls)
    return "\n".join(lines) or (f"These controls hold: {held}." if held else "")


def leaks_text(scores: Scores) -> str:
    """Return how many leaks the data have; empty without any."""
    number = counted(len(scores.leaks), "leak", "leaks") if scores.leaks else ""
    return (
        number and f"{number} in the data: `rapport bench validate` lists what tells the persona."
    )


def comparison_table(comparison: Comparison) -> Table:
    """Return a row a metric and setting: both means, and the second run minus the first.

    Settings that one of the runs lacks are left to the page, and controls.
    """
    table = _table(
        " and ".join(comparison.names),
        "Difference: second minus first, with its 95 % interval where it is paired. "
        "*: it leaves out zero.",
    )
    for heading in ("Score", "Setting"):
        table.add_column(heading, no_wrap=True)
    shown = [
        each
        for each in comparison.compared
        if each.metric in _SHOWN and each.setting not in CONTROLS and each.difference is not None
    ]
    has_models = len({each.models for each in shown}) > 1
    if has_models:
        table.add_column("Model", overflow="fold")
    for name in comparison.names:
        table.add_column(escape(name), justify="right", overflow="fold")
    table.add_column("Difference", justify="right")
    before = None
    for each in shown:
        if before not in (None, each.metric):
            table.add_section()
        heads = [
            "" if before == each.metric else with_arrow(_SHOWN[each.metric], each.metric),
            each.setting,
        ]
        table.add_row(
            *map(Text, [*heads, each.models] if has_models else heads),
            *(_mean(each.metric, found) for found in (each.first, each.second)),
            _difference(each.metric, each.difference),
        )
        before = each.metric
    return table


def _table(title: str, caption: str) -> Table:
    return Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=0,
        title=escape(title),
        caption=caption,
    )


def _mean(metric: str, interval: Interval | None) -> Text:
    if interval is None:
        return Text(MISSING, style="dim")
    return Text(mean_text(metric, interval))


def _cell(metric: str, interval: Interval | None) -> Text:
    text = _mean(metric, interval)
    if interval is None or interval.low is None or interval.high is None:
        return text
    low, high = number(metric, interval.low), number(metric, interval.high)
    if low != high:
        text.append(f"\n{low}–{high}", style="dim")
    return text


def _difference(metric: str, interval: Interval | None) -> Text:
    if interval is None:
        return Text(MISSING, style="dim")
    text = Text(mean_text(metric, interval, signed=True))
    if interval.low is not None and interval.high is not None:
        low, high = (number(metric, each, signed=True) for each in (interval.low, interval.high))
        text.append(f" [{low}, {high}]{'*' if interval.leaves_out_zero else ' '}", style="dim")
    return text
