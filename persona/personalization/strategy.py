"""The strategies: one list for the live bot, the arms of the benchmark and those of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persona.settings import Strategy

GoldenPersona = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Personalization:
    """How one reply is personalized.

    none: not at all. persona: with what was learned. golden: with `golden`, slot names and their
    values, as if they had been learned. retrieval: with the person's past turns that are most
    similar to the message. full_history: with all their past turns.
    Raises `ValueError` when `golden` is given to another strategy, or is missing.
    """

    strategy: Strategy
    golden: GoldenPersona | None = None

    def __post_init__(self) -> None:
        if (self.strategy == "golden") != (self.golden is not None):
            raise ValueError("A golden persona belongs to the strategy golden, and to it alone.")
