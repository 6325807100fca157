"""A chart as files, and as SVG for the page: the same scores give the same bytes."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from persona.benchmark.report.figures.chart import Chart
from persona.benchmark.report.figures.style import PALETTE, PARAMETERS
from persona.errors import RapportError

_DOTS_PER_INCH = 160
_NO_SVG_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_FONTS = re.compile(r"font-family: [^;\"]+")
_PREAMBLE = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
_SIZE = re.compile(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', re.DOTALL)
_IDENTIFIER = re.compile(r'(\bid="|href="#|url\(#)')


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart that was written; `svg` is for the page, with the page's colours."""

    chart: Chart
    svg: str

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files."""
        return tuple(f"{self.chart.name}.{suffix}" for suffix in ("csv", "svg", "png"))


def write_figure(chart: Chart, folder: Path) -> Drawn:
    """Write the chart as `folder`/<name>.svg, .png and .csv.

    Raises `RapportError` where matplotlib is missing.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 - needed by reports only
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as error:
        raise RapportError(
            "Figures need matplotlib: install requirements/bench.txt of Rapport's folder."
        ) from error
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(PARAMETERS)  # type: ignore[arg-type]
        figure = Figure(figsize=(10, chart.height), layout="constrained")
        chart.draw(figure)
        vector = io.StringIO()
        figure.savefig(vector, format="svg", metadata=_NO_SVG_METADATA)
        figure.savefig(
            folder / f"{chart.name}.png",
            format="png",
            dpi=_DOTS_PER_INCH,
            metadata={"Software": None},
        )
    (folder / f"{chart.name}.svg").write_text(vector.getvalue(), encoding="utf-8", newline="\n")
    (folder / f"{chart.name}.csv").write_text(_csv(chart), encoding="utf-8", newline="\n")
    return Drawn(chart, for_page(vector.getvalue(), chart.name))


def _csv(chart: Chart) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(chart.columns)
    writer.writerows(chart.rows)
    return file.getvalue()


def for_page(svg: str, name: str) -> str:
    """Return an SVG file's element for use inside a page: its colours, its type, ids of its own."""
    inner = _SIZE.sub(r"\1", _STYLE.sub("", _PREAMBLE.sub("", svg)), count=1)
    inner = _IDENTIFIER.sub(rf"\g<1>{name}-", inner)
    inner = _FONTS.sub("font-family: var(--sans)", inner)
    inner = inner.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    for variable, (colour, _) in PALETTE.items():
        inner = inner.replace(colour, f"var(--{variable})")
    return inner
