"""Pages from templates: everything that comes from data is escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from persona.benchmark.report.figures.style import PALETTE
from persona.errors import RapportError


def write_page(template: str, file: Path, /, **context: Any) -> Path:
    """Write one page that stands alone, and return it.

    Raises `RapportError` where jinja2 is missing.
    """
    try:
        import jinja2  # noqa: PLC0415 - needed by reports only
    except ImportError as error:
        raise RapportError(
            "Reports need jinja2: install requirements/bench.txt of Rapport's folder."
        ) from error
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("persona.benchmark.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template(template).render(palette=PALETTE, **context)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8", newline="\n")
    return file
