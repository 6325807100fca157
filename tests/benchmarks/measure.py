"""Timing two things in turn, so that what the machine does meanwhile touches both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Work = Callable[[int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Median milliseconds of one call, ours and the floor's."""

    name: str
    ours: float
    floor_name: str
    floor: float

    @property
    def ratio(self) -> float:
        return self.ours / self.floor


async def compare(name: str, ours: Work, floor_name: str, floor: Work, *, rounds: int) -> Measured:
    """Call `ours` and `floor` in turn, `rounds` times after a warm-up, with the round's number."""
    taken: tuple[list[float], list[float]] = ([], [])
    warm_up = max(3, rounds // 10)
    for number in range(rounds + warm_up):
        for work, times in zip((ours, floor), taken, strict=True):
            begun = time.perf_counter()
            await work(number)
            if number >= warm_up:
                times.append((time.perf_counter() - begun) * 1000)
    return Measured(name, statistics.median(taken[0]), floor_name, statistics.median(taken[1]))
