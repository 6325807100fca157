"""The tables of a run's own scores."""

from __future__ import annotations

from persona.benchmark.report.cells import (
    ABSENT,
    Body,
    Cell,
    Heading,
    Row,
    Table,
    measured,
    metric_heading,
    setting_head,
)
from persona.benchmark.report.reading import Reading
from persona.benchmark.report.wording import number
from persona.benchmark.scores import METRICS

# Which metrics stand together, under a title.
BLOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "The conversation",
        ("helpfulness", "personalization", "utterances", "censored", "win_golden"),
    ),
    (
        "The learned persona",
        ("similarity", "precision", "recall", "f1", "f1_exact", "f1_list"),
    ),
    (
        "Probes, forgetting, unsupported and stale values",
        ("probe", "probe_former", "forgetting", "unsupported", "stale"),
    ),
    ("What it costs", ("calls", "prompt_tokens", "completion_tokens", "money")),
)


# What is merely cheapest is not best.
COSTS = BLOCKS[-1][1]


def summaries(reading: Reading) -> list[Table]:
    """Return a table for each block of metrics: a row a setting, controls apart.

    The best mean of a column is marked on the model track only: per model, without the controls
    and what things cost.
    """
    there = reading.metrics()
    tables = []
    for title, block in BLOCKS:
        metrics = tuple(metric for metric in block if metric in there)
        if metrics:
            tables.append(_summary(reading, title, metrics))
    return tables


def _summary(reading: Reading, title: str, metrics: tuple[str, ...]) -> Table:
    bodies = []
    for model in reading.scores.models:
        best = {metric: _best(reading, model, metric) for metric in metrics}
        rows = [
            Row(
                (setting_head(setting),),
                tuple(
                    measured(
                        metric,
                        found := reading.interval(setting, model, metric),
                        best=found is not None and found.mean == best[metric],
                    )
                    for metric in metrics
                ),
            )
            for setting in reading.settings
        ]
        bodies.append(Body(tuple(rows), model_title(reading, model)))
        if reading.controls:
            controls = tuple(
                Row(
                    (setting_head(name),),
                    tuple(measured(each, reading.interval(name, model, each)) for each in metrics),
                )
                for name in reading.controls
            )
            bodies.append(Body(controls, model_title(reading, model, "Controls")))
    return Table(
        f"{title}: mean with 95 % interval over people.",
        ("Setting",),
        tuple(map(metric_heading, metrics)),
        tuple(bodies),
    )


def _best(reading: Reading, model: str, metric: str) -> float | None:
    found = [reading.interval(name, model, metric) for name in reading.settings]
    means = [each.mean for each in found if each is not None]
    if reading.scripted or metric in COSTS or len(set(means)) < 2:
        return None
    return max(means) if METRICS[metric][1] else min(means)


def model_title(reading: Reading, model: str, what: str = "") -> str:
    """Return the title of a model's rows; it names the model where there are several."""
    if len(reading.scores.models) == 1:
        return what
    return f"{what}, {model}" if what else model


def by_part(
    reading: Reading, metric: str, parts: tuple[str, ...], caption: str, *, gaps: bool = False
) -> Table:
    """Return one metric by session group or by language; `gaps` adds best minus worst language."""
    bodies = []
    for model in reading.scores.models:
        rows = []
        for setting in reading.scores.settings:
            found = [reading.interval(setting, model, metric, part) for part in parts]
            if any(found):
                cells = [measured(metric, each) for each in found]
                if gaps:
                    cells.insert(0, _gap(reading, setting, model, metric))
                rows.append(Row((setting_head(setting),), tuple(cells)))
        if rows:
            bodies.append(Body(tuple(rows), model_title(reading, model)))
    columns = tuple(Heading(part.replace("-", "–")) for part in parts)
    if gaps:
        columns = (
            Heading(
                "Gap",
                "between the best language's mean and the worst's; of shares in percentage points",
            ),
            *columns,
        )
    return Table(caption, ("Setting",), columns, tuple(bodies))


def _gap(reading: Reading, setting: str, model: str, metric: str) -> Cell:
    for gap in reading.scores.gaps:
        if (gap.setting, gap.model, gap.metric) == (setting, model, metric):
            if not gap.gap:
                return Cell(number(metric, 0), "all alike")
            return Cell(number(metric, abs(gap.gap)), f"best {gap.best}, worst {gap.worst}")
    return ABSENT
