"""The roles around the chatbot: the simulated user, the device's functions, the judge.

Each is played by rules (`scripted`) or by a language model (`model`), behind one protocol.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from persona.benchmark.dialogue import Exchange
from persona.benchmark.schema import Api, Event, Person, Query, Scene
from persona.benchmark.truth import Truth

Better = Literal["first", "second", "tie"]
Values = Mapping[str, Sequence[str]]


class User(Protocol):
    """The user simulator (paper, 3.3 and 4.3)."""

    async def opening(self, query: Query) -> str:
        """Return the first message of a session: the neutral query."""

    async def verdict(
        self, person: Person, truth: Truth, scene: Scene, dialogue: Sequence[Exchange]
    ) -> bool:
        """Return whether the last reply satisfies the person."""

    async def answer(
        self, person: Person, truth: Truth, scene: Scene, dialogue: Sequence[Exchange]
    ) -> str:
        """Return what the person says to the last reply, which did not satisfy them."""

    async def forget(self, person: Person, event: Event) -> str:
        """Return how the person asks to forget what `event` names."""


class Apis(Protocol):
    """The functions of the person's device (the paper's tool executor)."""

    async def call(self, scene: Scene, api: Api, arguments: Mapping[str, str]) -> str:
        """Return what a call comes to, as text for the chatbot."""


class Judge(Protocol):
    """The judge (paper, 4.4). Scores are on the paper's anchors."""

    @property
    def model(self) -> str:
        """Who judges, for the output."""

    @property
    def prompts(self) -> Mapping[str, str]:
        """The judge's prompts in full, by name, for the output."""

    async def first_reply(
        self, person: Person, truth: Truth, scene: Scene, query: Query, reply: str
    ) -> tuple[int, int]:
        """Return helpfulness (0, 3, 5, 7 or 10) and personalization (0, 5, 7 or 10)."""

    async def similarity(self, golden: Values, learned: Values) -> tuple[int, int]:
        """Return consistency and detail (0, 3, 5, 7 or 10) of what was learned."""

    async def pair(
        self,
        person: Person,
        truth: Truth,
        scene: Scene,
        query: Query,
        first: str,
        second: str,
    ) -> Better:
        """Return which of two first replies serves the person better."""
