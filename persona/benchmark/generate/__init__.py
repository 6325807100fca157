"""generate: a dataset in five stages, a file each (paper, 4.2)."""

from persona.benchmark.generate.pipeline import generate
from persona.benchmark.generate.work import STAGES, Progress, Stage, Work

__all__ = ["STAGES", "Progress", "Stage", "Work", "generate"]
