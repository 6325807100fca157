"""Several records at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def side_by_side(
    items: Iterable[T], work: Callable[[T], Awaitable[None]], at_once: int
) -> None:
    """Do `work` for each of `items`, so many at once; the first failure ends all."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(worker())
    except* Exception as errors:
        raise errors.exceptions[0] from None
