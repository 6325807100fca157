"""Who writes the data: rules (`scripted`) or a language model (`model`), behind one protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from persona.benchmark.schema import Hint, Person, Query, Scene, Seed


def person_id(number: int) -> str:
    """Return what person `number` is called."""
    return f"p{number:04d}"


class Writer(Protocol):
    """Who writes the records: rules, or a language model."""

    @property
    def models(self) -> Mapping[str, str]:
        """The models asked, by role."""

    @property
    def prompts(self) -> Mapping[str, str]:
        """A hash of each prompt, by its name."""

    async def hints(self, seeds: Sequence[Seed], people: int) -> list[Hint]:
        """Return hints for so many people, and some to spare."""

    async def person(self, hint: Hint, number: int) -> Person:
        """Return person `number`, called so by `person_id`, with what changes about them."""

    async def scenes(self, person: Person) -> list[Scene]:
        """Return the person's life."""

    async def query(self, person: Person, scene: Scene) -> Query:
        """Return how the person opens the scene."""

    async def check(self, person: Person, scene: Scene, query: Query) -> tuple[bool, bool, str]:
        """Return whether the query can be answered, whether it is neutral, and why not."""
