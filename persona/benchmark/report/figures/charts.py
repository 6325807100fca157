"""Which figures a report has."""

from __future__ import annotations

from collections.abc import Mapping

from persona.benchmark.report.figures.bars import cost, seconds, utterances_by_model
from persona.benchmark.report.figures.chart import Chart
from persona.benchmark.report.figures.lines import (
    f1_by_session,
    stale_since_change,
    utterances_by_session,
    wins_by_group,
)
from persona.benchmark.report.reading import Reading


def charts(reading: Reading, timing: Mapping[str, float]) -> list[Chart]:
    """Return the figures there are numbers for, in the order of the page."""
    found = (
        utterances_by_session(reading),
        wins_by_group(reading),
        utterances_by_model(reading),
        f1_by_session(reading),
        stale_since_change(reading),
        cost(reading),
        seconds(reading, timing),
    )
    return [chart for chart in found if chart is not None]
