"""Two runs side by side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from persona.benchmark.between import Between
from persona.benchmark.report.cells import (
    NEVER_RUN,
    Body,
    Cell,
    Heading,
    Row,
    Table,
    difference_cell,
    measured,
    setting_head,
)
from persona.benchmark.report.reading import Reading
from persona.benchmark.report.rendering import write_page
from persona.benchmark.report.wording import MISSING, counted, metric_label
from persona.benchmark.scores import METRICS, Interval, Scores
from persona.errors import RapportError

_PAIRED = (
    "The last column is paired by person and scene, of the {people} that both runs have with the "
    "same data: it need not be the difference of the two columns before it. An asterisk: the "
    "interval leaves out zero."
)
_PEOPLE = "Hash of the people's data"
_NOT_PAIRED = (
    "No person has the same data in both runs, so they cannot be paired, and the last column has "
    "no interval: where the two intervals overlap, it may be chance."
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One metric of a setting in both runs, None where it was not measured.

    `left` and `right` are the chat models; `difference` is the second run minus the first, without
    bounds where the runs cannot be paired.
    """

    metric: str
    setting: str
    left: str
    right: str
    first: Interval | None
    second: Interval | None
    difference: Interval | None

    @property
    def models(self) -> str:
        """The chat models in words."""
        return self.left if self.left == self.right else f"{self.left} / {self.right}"


@dataclass(frozen=True)
class Comparison:
    """Two runs of one track, under their names.

    `between` has the paired differences of people with the same data. Raises `RapportError` for a
    scripted beside a model run.
    """

    one: Scores
    other: Scores
    names: tuple[str, str]
    between: Between | None = None

    def __post_init__(self) -> None:
        if self.one.track != self.other.track:
            raise RapportError(
                f"{self.names[0]} is of the {self.one.track} track and {self.names[1]} of the "
                f"{self.other.track} track: compare two runs of the same track."
            )

    @cached_property
    def readings(self) -> tuple[Reading, Reading]:
        """Both runs' scores, to find things in."""
        return Reading(self.one), Reading(self.other)

    @cached_property
    def compared(self) -> tuple[Compared, ...]:
        """What either run measured, metric by metric, in the order of the tables.

        Where each run has one model, those two are compared; otherwise models of the same name.
        """
        return tuple(_compared(*self.readings, self.between))

    @property
    def differing(self) -> list[str]:
        """In what the runs differ, a sentence each; settings and people apart."""
        return [
            f"{what} differs: {left or MISSING} and {right or MISSING}."
            for what, left, right in _configured(self)
            if left != right and what not in ("Settings", _PEOPLE)
        ]


def write_comparison(comparison: Comparison, folder: Path) -> Path:
    """Write `folder`/compare.html: per metric both runs' means with intervals.

    Raises `RapportError` where jinja2 is missing.
    """
    compared = comparison.compared
    return write_page(
        "compare.html",
        folder / "compare.html",
        track=comparison.one.track,
        names=comparison.names,
        configuration=_configuration(comparison),
        how=_how(comparison.between),
        metrics=[
            _table(comparison, metric, [each for each in compared if each.metric == metric])
            for metric in dict.fromkeys(each.metric for each in compared)
        ],
    )


def _how(between: Between | None) -> str:
    if between is None:
        return _NOT_PAIRED
    return _PAIRED.format(people=counted(between.people, "person", "people"))


def _configured(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    told = zip(_told(comparison.one), _told(comparison.other), strict=True)
    for (what, left), (_, right) in told:
        yield what, left, right


def _told(scores: Scores) -> list[tuple[str, str]]:
    return [
        ("Dataset", scores.dataset.name),
        (_PEOPLE, scores.dataset_hash),
        ("Chat model", ", ".join(scores.models)),
        ("Judge", scores.judge),
        ("Judge's prompt", _hashed(scores.judge_prompts)),
        ("Settings", ", ".join(scores.settings)),
        ("Number of repetitions", str(scores.repetitions)),
        ("Persona at the start", scores.start),
        ("Most user turns", str(scores.user_turns)),
    ]


def _configuration(comparison: Comparison) -> Table:
    rows = []
    for what, left, right in _configured(comparison):
        verdict = Cell("the same") if left == right else Cell("≠ differs", kind="bad")
        rows.append(Row((Cell(what),), (Cell(left or MISSING), Cell(right or MISSING), verdict)))
    return Table(
        "What was run. Where these differ, so may the numbers, for that reason alone.",
        ("",),
        (*map(Heading, comparison.names), Heading("")),
        (Body(tuple(rows)),),
    )


def _hashed(prompts: Mapping[str, str]) -> str:
    if not prompts:
        return ""
    text = json.dumps(dict(prompts), sort_keys=True)
    return f"{len(prompts)}, hash {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _pairs(first: Reading, second: Reading) -> Iterator[tuple[str, str, str]]:
    ours, theirs = first.scores.models, second.scores.models
    if len(ours) == 1 and len(theirs) == 1:
        models = [(ours[0], theirs[0])]
    else:
        models = [(name, name) for name in dict.fromkeys((*ours, *theirs))]
    settings = dict.fromkeys((*first.scores.settings, *second.scores.settings))
    for left, right in models:
        for setting in settings:
            yield setting, left, right


def _compared(first: Reading, second: Reading, between: Between | None) -> Iterator[Compared]:
    there = {*first.metrics(), *second.metrics()}
    for metric in METRICS:
        if metric not in there:
            continue
        for setting, left, right in _pairs(first, second):
            ours = first.interval(setting, left, metric)
            theirs = second.interval(setting, right, metric)
            if ours is None and theirs is None:
                continue
            difference = None
            if between is not None:
                difference = between.difference(metric, setting, left, right)
            elif ours is not None and theirs is not None:
                difference = Interval(mean=theirs.mean - ours.mean, clusters=0, n=0)
            yield Compared(metric, setting, left, right, ours, theirs, difference)


def _table(comparison: Comparison, metric: str, compared: list[Compared]) -> Table:
    first, second = (reading.ran for reading in comparison.readings)
    rows = []
    for each in compared:
        cells = (
            measured(metric, each.first) if (each.setting, each.left) in first else NEVER_RUN,
            measured(metric, each.second) if (each.setting, each.right) in second else NEVER_RUN,
            difference_cell(metric, each.difference),
        )
        rows.append(Row((setting_head(each.setting), Cell(each.models)), cells))
    return Table(
        f"{metric_label(metric)}: {METRICS[metric][2]}.",
        ("Setting", "Model"),
        (*map(Heading, comparison.names), Heading("Second minus first")),
        (Body(tuple(rows)),),
    )
