"""Tables of what a run's numbers rest on: controls, judge, leaks, lives."""

from __future__ import annotations

from collections.abc import Sequence

from persona.benchmark.report.cells import Body, Cell, Heading, Row, Table, setting_head
from persona.benchmark.report.wording import MISSING
from persona.benchmark.scores import Control, Interval, JudgeReliability, Leak, Life

_TRIALS = (
    ("repeat_agreement", "Repeat agreement", "the same reply judged again gets the same score"),
    ("position_bias", "Position bias", "the verdict on a pair turns when the two change places"),
    ("vague_accepted", "Vague wrong answers accepted", "a vague reply that misses the need passes"),
)


def controls(found: Sequence[Control]) -> Table:
    """Return every control with what was expected and seen, and whether it holds."""
    rows = tuple(
        Row(
            (Cell(each.name),),
            (
                Cell(each.expected),
                Cell(each.seen),
                Cell("✓ holds", kind="good") if each.holds else Cell("✗ fails", kind="bad"),
            ),
        )
        for each in found
    )
    headings = (Heading("Expected"), Heading("Seen"), Heading("Verdict"))
    return Table(
        "Checks the machinery must pass before any other number counts. A gain is above zero where "
        "the first is better, also where less is better.",
        ("Control",),
        headings,
        (Body(rows),),
    )


def reliability(found: JudgeReliability) -> Table:
    """Return how far the judge can be trusted."""
    rows = []
    for field, name, what in _TRIALS:
        interval: Interval | None = getattr(found, field)
        rows.append(Row((Cell(name, what),), _share(interval)))
    return Table(
        "How far the judge can be trusted: shares of trials, with 95 % interval.",
        ("Trial",),
        (Heading("Share"), Heading("95 % interval"), Heading("Trials")),
        (Body(tuple(rows)),),
    )


def _share(interval: Interval | None) -> tuple[Cell, ...]:
    if interval is None:
        return (Cell("not tried", kind="missing"), *(Cell(MISSING, kind="missing"),) * 2)
    bounds = MISSING
    if interval.low is not None and interval.high is not None:
        bounds = f"[{100 * interval.low:.1f}, {100 * interval.high:.1f}]"
    return (Cell(f"{100 * interval.mean:.1f} %"), Cell(bounds), Cell(f"{interval.n:,}"))


def leaks(found: Sequence[Leak]) -> Table | None:
    """Return the leaks that were found, None where there are none."""
    if not found:
        return None
    rows = tuple(
        Row(
            (Cell(each.scene_id),),
            tuple(map(Cell, (each.person_id, each.field, each.slot, each.found))),
        )
        for each in found
    )
    return Table(
        "Words of a person's persona in texts that must not tell it.",
        ("Scene",),
        (Heading("Person"), Heading("Text"), Heading("Slot"), Heading("Found")),
        (Body(rows),),
    )


def lives(found: Sequence[Life]) -> Table:
    """Return how many lives were lived to their end, and why others were not."""
    rows = tuple(
        Row(
            (setting_head(each.setting), Cell(each.model)),
            (
                Cell(f"{each.lives:,}"),
                Cell(f"{each.whole:,}"),
                Cell(f"{each.lives - each.whole:,}", kind="bad" if each.lives > each.whole else ""),
                Cell(f"{each.sessions:,}"),
                Cell(
                    "; ".join(f"{why} ({times:,})" for why, times in sorted(each.failures.items()))
                    or MISSING
                ),
            ),
        )
        for each in found
    )
    return Table(
        "Lives by setting and model; those cut short count with the sessions they had.",
        ("Setting", "Model"),
        (
            Heading("Lives"),
            Heading("To their end"),
            Heading("Cut short"),
            Heading("Sessions"),
            Heading("Failures"),
        ),
        (Body(rows),),
    )
