"""Two runs side by side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


def compare(
    one: Scores, other: Scores, names: tuple[str, str], between: Between | None = None
) -> list[Compared]:
    """Return what either run measured, metric by metric, in the order of the tables.

    Where each run has one model, those two are compared; otherwise models of the same name.
    `between` has the paired differences of runs of the same data. Raises `RapportError` for a
    scripted beside a model run.
    """
    if one.track != other.track:
        raise RapportError(
            f"{names[0]} is of the {one.track} track and {names[1]} of the {other.track} track: "
            "compare two runs of the same track."
        )
    return list(_compared(Reading(one), Reading(other), between))


def write_comparison(
    one: Scores,
    other: Scores,
    names: tuple[str, str],
    folder: Path,
    between: Between | None = None,
) -> Path:
    """Write `folder`/compare.html: per metric both runs' means with intervals.

    Raises `RapportError` as `compare` does, and where jinja2 is missing.
    """
    compared = compare(one, other, names, between)
    return write_page(
        "compare.html",
        folder / "compare.html",
        track=one.track,
        names=names,
        configuration=_configuration(one, other, names),
        how=_how(between),
        metrics=[
            _table(metric, [each for each in compared if each.metric == metric], one, other, names)
            for metric in dict.fromkeys(each.metric for each in compared)
        ],
    )


def _how(between: Between | None) -> str:
    if between is None:
        return _NOT_PAIRED
    return _PAIRED.format(people=counted(between.people, "person", "people"))


def differing(one: Scores, other: Scores) -> list[str]:
    """Return in what two runs differ, a sentence each; settings and people apart."""
    return [
        f"{what} differs: {left or MISSING} and {right or MISSING}."
        for (what, left), (_, right) in zip(_told(one), _told(other), strict=True)
        if left != right and what not in ("Settings", _PEOPLE)
    ]


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


def _configuration(one: Scores, other: Scores, names: tuple[str, str]) -> Table:
    rows = []
    for (what, left), (_, right) in zip(_told(one), _told(other), strict=True):
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


def _table(
    metric: str, compared: list[Compared], one: Scores, other: Scores, names: tuple[str, str]
) -> Table:
    ran = Reading(one).ran, Reading(other).ran
    rows = []
    for each in compared:
        cells = (
            measured(metric, each.first) if (each.setting, each.left) in ran[0] else NEVER_RUN,
            measured(metric, each.second) if (each.setting, each.right) in ran[1] else NEVER_RUN,
            difference_cell(metric, each.difference),
        )
        rows.append(Row((setting_head(each.setting), Cell(each.models)), cells))
    return Table(
        f"{metric_label(metric)}: {METRICS[metric][2]}.",
        ("Setting", "Model"),
        (Heading(names[0]), Heading(names[1]), Heading("Second minus first")),
        (Body(tuple(rows)),),
    )
