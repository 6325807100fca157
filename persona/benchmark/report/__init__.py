"""report: one page, figures and a console table from the scores of a run; two runs side by side."""

from persona.benchmark.report.compare import Comparison, write_comparison
from persona.benchmark.report.console import (
    comparison_table,
    controls_text,
    leaks_text,
    summary_table,
)
from persona.benchmark.report.page import write_report

__all__ = [
    "Comparison",
    "comparison_table",
    "controls_text",
    "leaks_text",
    "summary_table",
    "write_comparison",
    "write_report",
]
