"""The figures of a report: the paper's 3, 4 and 5, and those of learning, change and cost."""

from persona.benchmark.report.figures.chart import Chart
from persona.benchmark.report.figures.charts import charts
from persona.benchmark.report.figures.files import Drawn, write_figure

__all__ = ["Chart", "Drawn", "charts", "write_figure"]
