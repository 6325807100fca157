"""Datasets of others, read into the benchmark's own records; none of their data is kept here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from persona.benchmark.imports.imported import Imported
from persona.benchmark.imports.personamem import read_personamem
from persona.benchmark.imports.prefeval import read_prefeval
from persona.benchmark.imports.released import read_released


@dataclass(frozen=True, slots=True)
class Source:
    """Where data comes from, under which licence, and what reads it."""

    title: str
    licence: str
    read: Callable[[Path], Imported]


SOURCES = {
    "released": Source(
        "the files released with AI PERSONA, github.com/tml1026/Lifelong-Personalized-Agent",
        "none is stated",
        read_released,
    ),
    "prefeval": Source(
        "PrefEval, github.com/amazon-science/PrefEval", "CC-BY-NC-4.0", read_prefeval
    ),
    "personamem": Source(
        "PersonaMem v2, huggingface.co/datasets/bowen-upenn/PersonaMem-v2",
        "as on its page: CC BY 4.0, or MIT",
        read_personamem,
    ),
}
