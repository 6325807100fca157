"""What each setting gains over another, paired by person and scene."""

from __future__ import annotations

from persona.benchmark.report.cells import (
    Body,
    Row,
    Table,
    difference_cell,
    metric_heading,
    setting_head,
)
from persona.benchmark.report.reading import Reading
from persona.benchmark.report.tables import model_title
from persona.benchmark.scores import METRICS


def differences(reading: Reading, against: str) -> Table | None:
    """Return every setting minus `against`, None where nothing was compared with it."""
    there = {each.metric for each in reading.scores.differences if each.against == against}
    metrics = tuple(metric for metric in METRICS if metric in there)
    bodies = []
    for model in reading.scores.models:
        rows = []
        for setting in reading.scores.settings:
            found = [reading.difference(setting, against, model, metric) for metric in metrics]
            if any(found):
                cells = tuple(map(difference_cell, metrics, found))
                rows.append(Row((setting_head(setting),), cells))
        if rows:
            bodies.append(Body(tuple(rows), model_title(reading, model)))
    if not bodies:
        return None
    name = {"none": "no persona", "golden": "the golden persona"}.get(against, against)
    return Table(
        f"Each setting minus {name}, paired by person and scene, with 95 % interval. Shares in "
        "percentage points. An asterisk: the interval leaves out zero.",
        ("Setting",),
        tuple(map(metric_heading, metrics)),
        tuple(bodies),
    )
