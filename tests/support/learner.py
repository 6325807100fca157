"""A process that learns once, forgets a message or erases somebody; told all by its standard input.

Killed at a failpoint, it leaves behind what a power cut would.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, HttpUrl

from persona.services import open_services
from persona.settings import EndpointSettings, EngineSettings, ModelsSettings, StoreSettings
from tests.support.clock import ManualClock
from tests.support.command import environment


class Task(BaseModel):
    """Where to learn, with which model, and what time it is; or what to erase instead."""

    store: StoreSettings
    base_url: str
    now: datetime
    erase: int | None = None
    delete: int | None = None


async def learn(task: Task, failpoint: str = "") -> int:
    """Learn in a process of its own; return how it ended: -9 if it was killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.learner",
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(RAPPORT_FAILPOINT=failpoint),
        cwd=Path(__file__).parents[2],
    )
    _, errors = await process.communicate(task.model_dump_json().encode())
    assert b"Traceback" not in errors, errors.decode()
    assert process.returncode is not None
    return process.returncode


async def erase(task: Task, person: int, failpoint: str) -> int:
    """Erase a person in a process of its own; return how it ended."""
    return await learn(task.model_copy(update={"erase": person}), failpoint)


async def delete(task: Task, message_id: int, failpoint: str = "") -> int:
    """Tell a process of its own that a message was deleted on Discord; return how it ended."""
    return await learn(task.model_copy(update={"delete": message_id}), failpoint)


async def _main() -> None:
    task = Task.model_validate_json(sys.stdin.read())
    clock = ManualClock()
    clock.moment = task.now
    endpoint = EndpointSettings(base_url=HttpUrl(task.base_url), max_retries=0)
    settings = EngineSettings(
        store=task.store, models=ModelsSettings(endpoints={"default": endpoint})
    )
    async with open_services(settings, clock=clock) as services:
        if task.erase is not None:
            await services.erasure.erase(task.erase)
        elif task.delete is not None:
            await services.corrections.deleted(task.delete)
        else:
            await services.learner.tick()


if __name__ == "__main__":
    asyncio.run(_main())
