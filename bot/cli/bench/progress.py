"""How far a long command is: a bar on a terminal, a line per tenth elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

# How many are done, and what else there is to say.
Show = Callable[[int, str], None]


@contextlib.contextmanager
def progress(console: Console, what: str, total: int, done: int = 0) -> Iterator[Show]:
    """Yield a function that shows how many of `total` are done."""
    if not console.is_terminal:
        step = max(1, total // 10)
        shown = [done // step]

        def line(now: int, more: str) -> None:
            if now // step > shown[0] or now == total:
                shown[0] = now // step
                console.print(f"{what}: {now} of {total}{f', {more}' if more else ''}")

        yield line
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[more]}"),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(what, total=total, completed=done, more="")
        yield lambda now, more: bar.update(task, completed=now, more=more)
