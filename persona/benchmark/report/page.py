"""The report of one run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from persona.benchmark.report import evidence, facts, paper, tables
from persona.benchmark.report.cells import Table
from persona.benchmark.report.differences import differences
from persona.benchmark.report.figures import charts, write_figure
from persona.benchmark.report.reading import AGAINST, GROUP_NAMES, Reading
from persona.benchmark.report.rendering import write_page
from persona.benchmark.report.wording import metric_label
from persona.benchmark.scores import Scores


def write_report(scores: Scores, folder: Path, timing: Mapping[str, float] | None = None) -> Path:
    """Write `folder`/report.html and its figures as SVG, PNG and CSV; return the page.

    `timing` is the machine's seconds a session by setting. The same scores give the same bytes.
    Raises `RapportError` where matplotlib or jinja2 is missing.
    """
    reading = Reading(scores)
    drawn = [write_figure(chart, folder / "figures") for chart in charts(reading, timing or {})]
    return write_page(
        "report.html",
        folder / "report.html",
        scores=scores,
        facts=facts.of(reading),
        summaries=tables.summaries(reading),
        paper=(paper.first_table(reading), paper.second_table(reading)),
        figures=drawn,
        differences=[
            table for name in AGAINST if (table := differences(reading, name)) is not None
        ],
        groups=_groups(reading),
        languages=_languages(reading),
        controls=evidence.controls(scores.controls),
        reliability=evidence.reliability(scores.reliability),
        leaks=evidence.leaks(scores.leaks),
        lives=evidence.lives(scores.lives),
    )


def _groups(reading: Reading) -> list[tuple[str, Table]]:
    return [
        (
            metric_label(metric),
            tables.by_part(
                reading,
                metric,
                GROUP_NAMES,
                f"{metric_label(metric)} by session group, with 95 % interval over people.",
            ),
        )
        for metric in reading.metrics(GROUP_NAMES)
    ]


def _languages(reading: Reading) -> list[tuple[str, Table]]:
    return [
        (
            metric_label(metric),
            tables.by_part(
                reading,
                metric,
                reading.languages,
                f"{metric_label(metric)} by language, with 95 % interval over people.",
                gaps=True,
            ),
        )
        for metric in reading.metrics(reading.languages)
    ]
