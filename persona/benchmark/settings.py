"""The benchmark's part of the settings."""

from __future__ import annotations

from pydantic import Field

from persona.section import Section

_MILLION = 1_000_000


class Price(Section):
    """What a model costs, in the currency you count in."""

    prompt: float = Field(
        0.0, ge=0, le=100_000, description="A million tokens read; nobody asks for more."
    )
    completion: float = Field(
        0.0, ge=0, le=100_000, description="A million tokens written; nobody asks for more."
    )

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return what so many tokens cost."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / _MILLION


class BenchSettings(Section):
    """What `rapport bench` counts with."""

    prices: dict[str, Price] = Field(
        default_factory=dict,
        description="By the model's name. Without a price a model counts as free.",
    )
