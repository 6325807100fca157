"""Functions as an operator writes them, good and bad, for `chat.tools` of the settings."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from persona.tools.functions import read_only

# What was done, for tests to look at.
sent: list[tuple[str, str]] = []
threads: list[str] = []
resisting: list[asyncio.Event] = []
NOT_A_FUNCTION = 3
NOTHING = object()


def send(to: Annotated[str, "whom to write to"], text: str) -> str:
    """Sends a message."""
    sent.append((to, text))
    return "Sent."


def label(tags: dict[str, list[str]], number: int = 0) -> str:
    """Labels something."""
    sent.append((str(number), str(tags)))
    return "Labelled."


@read_only
def look_up(words: str, kind: Literal["page", "person"] = "page", most: int | None = None) -> str:
    """Looks something up.

    Best with few words.
    """
    threads.append(threading.current_thread().name)
    return f"{kind} {words} {most}"


def rate(
    stars: Annotated[int, "how many", Field(ge=1, le=5)],
    tag: Annotated[str, AfterValidator(str.upper)] = "none",
) -> str:
    """Rates something."""
    sent.append((tag, str(stars)))
    return "Rated."


def quote(words: Annotated[str, AfterValidator(str.split)] | None) -> str:
    """Quotes words, of which its type says less than comes."""
    return str(words)


async def add(first: float, second: float) -> float:
    """Adds two numbers."""
    threads.append(threading.current_thread().name)
    return first + second


def later(number: int) -> Coroutine[object, object, float]:
    """Adds one, by a function that awaits."""
    return add(number, 1)


def fail(words: str) -> str:
    """Fails."""
    raise ValueError(f"no such thing: {words}")


def run_out(words: str) -> str:
    """Fails as an iterator that is at its end."""
    raise StopIteration(words)


def leave() -> str:
    """Ends the program, it thinks."""
    sys.exit(1)


async def dawdle() -> str:
    """Takes for ever."""
    await asyncio.Event().wait()
    return "Never."


async def leave_the_loop() -> str:
    """Ends the program, it thinks."""
    sys.exit(1)


async def interrupt() -> str:
    """Ends the program as Ctrl-C does, it thinks."""
    raise KeyboardInterrupt


async def cancel() -> str:
    """Cancels itself."""
    raise asyncio.CancelledError


async def resist(words: str) -> str:
    """Goes on when it is cancelled, and fails at last."""
    resisting.append(asyncio.Event())
    with contextlib.suppress(asyncio.CancelledError):
        await resisting[-1].wait()
    await resisting[-1].wait()
    raise ValueError(f"no such thing: {words}")


def refuse(words: str) -> str:
    raise KeyError(words)


def check(words: Annotated[str, AfterValidator(refuse)] | None) -> str:
    """Checks its words in a way that fails."""
    return str(words)


def garble() -> str:
    """Names a file that is not named in Unicode."""
    return "a \udce9 b"


def flood() -> str:
    """Says too much."""
    return "x" * 30_000


def block() -> str:
    """Takes for ever, in a thread."""
    threading.Event().wait()
    return "Never."


def undocumented(words: str) -> str:
    return words


def untyped(words) -> str:  # type: ignore[no-untyped-def]
    """Looks something up."""
    return str(words)


def many(*words: str) -> str:
    """Looks many things up."""
    return str(words)


def positional(words: str, /) -> str:
    """Looks something up."""
    return words


def strange(words: Nonsense) -> str:  # type: ignore[name-defined]  # noqa: F821
    """Looks something up."""
    return str(words)


def untellable(words: threading.Thread) -> str:
    """Looks something up."""
    return str(words)


def callback(words: Callable[[], str]) -> str:
    """Looks something up."""
    return words()


def sentinel(words: Any = NOTHING) -> str:
    """Looks something up."""
    return str(words)


def shadowing(model_dump: str) -> str:
    """Looks something up."""
    return model_dump


def hidden(_words: str) -> str:
    """Looks something up."""
    return _words


def 查(words: str) -> str:  # noqa: PLC2401
    """Looks something up."""
    return words


def current_time() -> str:
    """Tells the time, like another tool."""
    return "now"
