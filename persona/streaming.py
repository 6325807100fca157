"""Reading what an endpoint streams: no longer than asked for, and to an end in every case."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator

from openai import AsyncStream
from openai.types.chat import ChatCompletionChunk

from persona.stopping import Stop


@contextlib.asynccontextmanager
async def ended(stream: AsyncStream[ChatCompletionChunk]) -> AsyncIterator[None]:
    """Close `stream`, and see its iteration to the end.

    It refers to itself, so what is left of it in the middle would stay until the garbage collector
    comes, which may be in another thread, where it cannot be ended in order.
    """
    try:
        yield
    finally:
        await stream.close()
        # The connection is closed, so this ends at once, one way or the other.
        with contextlib.suppress(Exception):
            async for _ in stream:
                pass


async def until(
    deadline: float, stream: AsyncStream[ChatCompletionChunk], stop: Stop
) -> AsyncGenerator[ChatCompletionChunk, None]:
    """Yield what comes, until `stop`. Raises `TimeoutError` when none is there at `deadline`.

    Only the waiting is bounded: between two pieces it would be the caller who is cancelled, and
    what the caller takes is no fault of the endpoint's.
    """
    loop = asyncio.get_running_loop()
    chunks = aiter(stream)
    while True:
        try:
            async with stop.within(deadline):
                chunk = await anext(chunks, None)
        except TimeoutError:
            if not stop.asked:
                raise
            return
        if chunk is None:
            return
        given = loop.time()
        yield chunk
        deadline += loop.time() - given
