"""The paper's Tables 1 and 2 with its printed numbers, beside those of a run.

Numbers of the scripted track never stand here: its rows say "not run".
"""

from __future__ import annotations

import re

from persona.benchmark.report.cells import (
    ABSENT,
    NEVER_RUN,
    Body,
    Cell,
    Heading,
    Row,
    Table,
    measured,
    metric_heading,
)
from persona.benchmark.report.reading import Reading
from persona.benchmark.report.wording import bounds_text, number

_MODEL = "gpt-4o"
_LEARNING = "persona-k3"
_FIRST = ("helpfulness", "personalization", "similarity", "utterances")
_PAIR = ("helpfulness", "personalization")

# Table 1: gpt-4o on the whole benchmark.
TABLE_1: tuple[tuple[str, str, tuple[float | None, ...]], ...] = (
    ("retrieval", "Conversations RAG", (8.07, 7.48, None, 2.89)),
    ("none", "No Persona", (7.96, 7.35, None, 2.24)),
    ("golden", "Golden Persona", (8.34, 7.78, None, 1.78)),
    ("persona-k1", "Learning, k = 1", (8.09, 7.59, 5.88, 1.98)),
    ("persona-k3", "Learning, k = 3", (8.29, 7.63, 6.07, 1.81)),
    ("persona-k5", "Learning, k = 5", (8.03, 7.59, 5.23, 2.15)),
)

# Table 2: golden, none and learning, each helpfulness and personalization, then learning's gains.
TABLE_2: tuple[tuple[str, tuple[float, ...], tuple[float, float]], ...] = (
    ("gpt-4o", (8.34, 7.78, 7.96, 7.35, 8.29, 7.63), (0.33, 0.28)),
    ("gpt-4o-mini", (8.14, 7.61, 8.06, 7.38, 8.26, 7.56), (0.20, 0.18)),
    ("gemini-1.5-pro", (8.16, 7.93, 8.17, 7.37, 8.27, 7.64), (0.10, 0.27)),
    ("gemini-1.5-flash", (8.03, 7.65, 7.58, 7.24, 8.07, 7.29), (0.49, 0.05)),
    ("claude-3.5-sonnet", (8.11, 7.28, 8.01, 7.11, 8.03, 7.20), (0.02, 0.09)),
)

_RELEASE = re.compile(r"-(latest|\d{3}|\d{8}|\d{4}-\d{2}-\d{2})$")


def paper_name(model: str) -> str:
    """Return a model's name without provider and release, so that it can be met in the paper."""
    return _RELEASE.sub("", model.rpartition("/")[2].lower().replace("claude-3-5", "claude-3.5"))


def first_table(reading: Reading) -> Table:
    """Return Table 1: the paper's row of each setting, and under it one for each model run."""
    models = () if reading.scripted else reading.scores.models
    bodies = []
    for setting, title, printed in TABLE_1:
        paper = Row(
            (Cell(title, setting), Cell("paper", _MODEL)),
            tuple(_printed(value) for value in printed),
            span=1 + max(1, len(models)),
        )
        rows = [paper]
        for model in models:
            cells = tuple(_run(reading, setting, model, metric) for metric in _FIRST)
            rows.append(Row((Cell("this run", model),), cells, span=0))
        if not models:
            rows.append(Row((Cell("this run"),), (NEVER_RUN,) * len(_FIRST), span=0))
        bodies.append(Body(tuple(rows)))
    return Table(
        "The paper's Table 1, gpt-4o on its full benchmark, with this run's means and 95 % "
        "intervals under its numbers.",
        ("Setting", "Source"),
        tuple(map(metric_heading, _FIRST)),
        tuple(bodies),
    )


def second_table(reading: Reading) -> Table:
    """Return Table 2: the paper's row of each model, and under it this run's."""
    models = () if reading.scripted else reading.scores.models
    bodies = []
    for name, means, gains in TABLE_2:
        ours = [model for model in models if paper_name(model) == name]
        paper = Row(
            (Cell(name), Cell("paper")), _printed_pairs(means, gains), 1 + max(1, len(ours))
        )
        runs = [Row((Cell("this run", model),), _pairs(reading, model), 0) for model in ours]
        never = Row((Cell("this run"),), (NEVER_RUN,) * 6, 0)
        bodies.append(Body((paper, *(runs or [never]))))
    known = {name for name, _, _ in TABLE_2}
    bodies += [
        Body((Row((Cell(model), Cell("this run")), _pairs(reading, model)),))
        for model in models
        if paper_name(model) not in known
    ]
    return Table(
        "The paper's Table 2, models compared; in parentheses what learning gains over no "
        "persona. gpt-4o ran on the paper's full benchmark, the others on ten of its personas.",
        ("Model", "Source"),
        (Heading("Helpful\N{NO-BREAK SPACE}↑"), Heading("Personal\N{NO-BREAK SPACE}↑")) * 3,
        tuple(bodies),
        over=(
            Heading("Golden persona", span=2),
            Heading("No persona", span=2),
            Heading("Learning, k = 3", span=2),
        ),
    )


def _printed(value: float | None) -> Cell:
    return ABSENT if value is None else Cell(f"{value:.2f}", kind="paper")


def _printed_pairs(means: tuple[float, ...], gains: tuple[float, float]) -> tuple[Cell, ...]:
    plain = tuple(_printed(value) for value in means[:4])
    learned = zip(means[4:], gains, strict=True)
    return (*plain, *(Cell(f"{mean:.2f} ({gain:+.2f})", kind="paper") for mean, gain in learned))


def _run(reading: Reading, setting: str, model: str, metric: str) -> Cell:
    if (setting, model) not in reading.ran:
        return NEVER_RUN
    return measured(metric, reading.interval(setting, model, metric))


def _pairs(reading: Reading, model: str) -> tuple[Cell, ...]:
    plain = [_run(reading, name, model, metric) for name in ("golden", "none") for metric in _PAIR]
    return (*plain, *(_learned(reading, model, metric) for metric in _PAIR))


def _learned(reading: Reading, model: str, metric: str) -> Cell:
    learned = reading.interval(_LEARNING, model, metric)
    none = reading.interval("none", model, metric)
    if learned is None or none is None:
        return _run(reading, _LEARNING, model, metric)
    gain = number(metric, learned.mean - none.mean, signed=True)
    return Cell(f"{number(metric, learned.mean)} ({gain})", bounds_text(metric, learned))
