"""The lives of a scripted run in several processes: rules need the processor, not an endpoint."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from persona.benchmark.errors import BenchmarkError
from persona.benchmark.folder import RunFolder
from persona.benchmark.plan import jobs
from persona.benchmark.runner import Lived, Observer, Running, live_all
from persona.benchmark.spending import Spending
from persona.settings import EngineSettings

# Lives at a time in each process: one goes on while another waits for its file.
_CONCURRENCY = 2
_LOOK_SECONDS = 0.2


def live_in_processes(
    folder: Path, settings: EngineSettings, number: int, observer: Observer
) -> None:
    """Live what is left of the scripted run in `folder` in `number` processes.

    Raises `BenchmarkError` when one of them died. Ctrl-C stops all of them.
    """
    context = multiprocessing.get_context("spawn")
    told: Any = context.Queue()
    given = settings.model_dump_json()
    processes: list[BaseProcess] = [
        context.Process(target=_work, args=(folder, given, place, number, told), daemon=True)
        for place in range(number)
    ]
    totals = _Totals(observer)
    try:
        # Begun deaf to Ctrl-C: it reaches every process of a terminal, and the first decides.
        heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            for process in processes:
                process.start()
        finally:
            signal.signal(signal.SIGINT, heard)
        while any(process.is_alive() for process in processes):
            with contextlib.suppress(queue.Empty):
                totals.add(*told.get(timeout=_LOOK_SECONDS))
        while True:
            try:
                totals.add(*told.get_nowait())
            except queue.Empty:
                break
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        told.close()
    if any(process.exitcode for process in processes):
        raise BenchmarkError("A process of the run died; run it again to go on.")


class _Totals:
    """Adds up what the processes tell, each of which counts for itself."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._newest: dict[int, Lived] = {}

    def add(self, place: int, lived: Lived) -> None:
        self._newest[place] = lived
        every = self._newest.values()
        self._observer(
            Lived(
                lived.sessions,
                sum(each.calls for each in every),
                sum(each.tokens for each in every),
                sum(each.money for each in every),
                lived.failure,
            )
        )


def _work(folder: Path, settings: str, place: int, number: int, told: Any) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    run = RunFolder(folder)
    plan, dataset = run.plan(), run.dataset()
    observer: Callable[[Lived], None] = lambda lived: told.put((place, lived))  # noqa: E731
    running = Running(
        run, plan, dataset, EngineSettings.model_validate_json(settings), Spending({}), observer
    )
    mine = list(jobs(plan, dataset.people))[place::number]
    asyncio.run(live_all(running, mine, concurrency=_CONCURRENCY, api_keys={}))


def _end_with_parent() -> None:
    """Two runs in one folder would write over each other, should the first one be killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
