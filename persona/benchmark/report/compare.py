"""Two runs side by side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from persona.benchmark.report.cells import (
    NEVER_RUN,
    Body,
    Cell,
    Heading,
    Row,
    Table,
    measured,
    setting_head,
)
from persona.benchmark.report.reading import Reading
from persona.benchmark.report.rendering import write_page
from persona.benchmark.report.wording import MISSING, metric_label, number
from persona.benchmark.scores import METRICS, Scores
from persona.errors import RapportError

# A setting and its model in the one run and in the other.
Pair = tuple[str, str, str]


def write_comparison(one: Scores, other: Scores, names: tuple[str, str], folder: Path) -> Path:
    """Write `folder`/compare.html: per metric both runs' means with intervals.

    Where each run has one model, those two are compared; otherwise models of the same name.
    Raises `RapportError` for a scripted beside a model run, and where jinja2 is missing.
    """
    if one.track != other.track:
        raise RapportError(
            f"{names[0]} is of the {one.track} track and {names[1]} of the {other.track} track: "
            "compare two runs of the same track."
        )
    first, second = Reading(one), Reading(other)
    return write_page(
        "compare.html",
        folder / "compare.html",
        track=one.track,
        names=names,
        configuration=_configuration(one, other, names),
        metrics=_metrics(first, second, names),
    )


def _configuration(one: Scores, other: Scores, names: tuple[str, str]) -> Table:
    def told(scores: Scores) -> list[tuple[str, str]]:
        return [
            ("Dataset", scores.dataset.name),
            ("Dataset hash", scores.dataset_hash),
            ("Chat models", ", ".join(scores.models)),
            ("Judge", scores.judge),
            ("Judge's prompts", _hashed(scores.judge_prompts)),
            ("Settings", ", ".join(scores.settings)),
            ("Repetitions", str(scores.repetitions)),
            ("Persona at the start", scores.start),
            ("User turns at most", str(scores.user_turns)),
        ]

    rows = []
    for (what, left), (_, right) in zip(told(one), told(other), strict=True):
        verdict = Cell("the same") if left == right else Cell("≠ differs", kind="bad")
        rows.append(Row((Cell(what),), (Cell(left or MISSING), Cell(right or MISSING), verdict)))
    return Table(
        "What was run. Where these differ, so may the numbers, for that reason alone.",
        ("",),
        (Heading(names[0]), Heading(names[1]), Heading("")),
        (Body(tuple(rows)),),
    )


def _hashed(prompts: Mapping[str, str]) -> str:
    if not prompts:
        return ""
    text = json.dumps(dict(prompts), sort_keys=True)
    return f"{len(prompts)}, hash {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _pairs(first: Reading, second: Reading) -> list[Pair]:
    ours, theirs = first.scores.models, second.scores.models
    if len(ours) == 1 and len(theirs) == 1:
        models = [(ours[0], theirs[0])]
    else:
        models = [(name, name) for name in dict.fromkeys((*ours, *theirs))]
    settings = dict.fromkeys((*first.scores.settings, *second.scores.settings))
    return [(setting, left, right) for left, right in models for setting in settings]


def _metrics(first: Reading, second: Reading, names: tuple[str, str]) -> list[Table]:
    there = {*first.metrics(), *second.metrics()}
    return [_metric(first, second, metric, names) for metric in METRICS if metric in there]


def _metric(first: Reading, second: Reading, metric: str, names: tuple[str, str]) -> Table:
    rows = []
    for setting, left, right in _pairs(first, second):
        ours = first.interval(setting, left, metric)
        theirs = second.interval(setting, right, metric)
        if ours is None and theirs is None:
            continue
        change = Cell(MISSING, kind="missing")
        if ours is not None and theirs is not None:
            change = Cell(number(metric, theirs.mean - ours.mean, signed=True))
        rows.append(
            Row(
                (setting_head(setting), Cell(left if left == right else f"{left} / {right}")),
                (
                    _cell(first, setting, left, metric),
                    _cell(second, setting, right, metric),
                    change,
                ),
            )
        )
    return Table(
        f"{metric_label(metric)}: {METRICS[metric][2]}.",
        ("Setting", "Model"),
        (Heading(names[0]), Heading(names[1]), Heading("Second minus first")),
        (Body(tuple(rows)),),
    )


def _cell(reading: Reading, setting: str, model: str, metric: str) -> Cell:
    if (setting, model) not in reading.ran:
        return NEVER_RUN
    return measured(metric, reading.interval(setting, model, metric))
