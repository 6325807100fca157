"""Which way of asking works with which model: found by trying, and remembered."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from persona.completion import Completion
from persona.errors import InvalidAnswer, ModelError, ModelUnavailable
from persona.structured import WAYS, Declined, Question, TurnedDown, Unheeded, Way

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """One model at one endpoint."""

    endpoint: str
    model: str


class Ways:
    """Remembers in memory only: a server may have learned more by the next start."""

    def __init__(self) -> None:
        self._working: dict[Target, Way] = {}
        self._orders: dict[Target, tuple[Way, ...]] = {}

    def order(self, target: Target) -> tuple[Way, ...]:
        """Return all ways as they are to be tried: the one that works, the rest from the top."""
        return self._orders.get(target, WAYS)

    async def ask(
        self, target: Target, question: Question[T], send: Callable[[Way], Awaitable[Completion]]
    ) -> T:
        """Return what is read from the first answer in a way that works.

        A correction stays with the way of the answer it corrects, unless the endpoint turns it
        down. `send` raises `TurnedDown` when the way may be at fault; when all ways are turned
        down, the first error is raised, and when all answers are unheeding, the last one's.
        """
        order = self.order(target)
        if corrects := question.corrects:
            order = (corrects, *(way for way in order if way != corrects))
        unheeded: Unheeded | None = None
        turned_down: ModelError | None = None
        for way in order:
            try:
                result = question.read(way, await send(way))
            except TurnedDown as error:
                turned_down = turned_down or error.error
            except Unheeded as error:
                # Where a way works, a model that declines means what it says.
                declined = isinstance(error, Declined) and self._working.get(target) == way
                if corrects or declined:
                    self._failed(target, way)
                    raise
                unheeded = error
            except InvalidAnswer:
                if corrects:
                    self._failed(target, way)
                raise
            else:
                self._worked(target, way)
                return result
        if unheeded is not None:
            raise unheeded
        if corrects:
            raise InvalidAnswer("The endpoint did not take the correction.") from turned_down
        raise turned_down or ModelUnavailable("No way of asking is left.")

    def _worked(self, target: Target, way: Way) -> None:
        if self._working.get(target) == way:
            return
        self._working[target] = way
        self._orders[target] = (way, *(other for other in WAYS if other != way))
        logger.info(
            "way of asking found",
            extra={"endpoint": target.endpoint, "model": target.model, "way": way},
        )

    def _failed(self, target: Target, way: Way) -> None:
        """Put a way last that never worked, and did not after a correction either."""
        if self._working.get(target) != way:
            order = self.order(target)
            self._orders[target] = (*(other for other in order if other != way), way)
