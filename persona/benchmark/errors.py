"""Failures of the benchmark; each message is one plain sentence for whoever runs it."""

from __future__ import annotations

from persona.errors import RapportError


class BenchmarkError(RapportError):
    """Something about a benchmark's data or run has to be put right."""


class DatasetError(BenchmarkError):
    """A dataset cannot be read; the message names the file and the line."""


class BudgetReached(BenchmarkError):
    """A run has used up what it was given; started again with more, it goes on."""
