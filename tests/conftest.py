"""Fixtures every test may ask for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis
from pydantic import HttpUrl

from bot.sandbox.world import DefaultSettings, World, open_world, store_beside
from bot.settings import Settings
from persona.services import Services, open_services
from persona.settings import EndpointSettings, ModelsSettings
from tests.support.clock import ManualClock
from tests.support.model import ScriptedModel
from tests.support.stores import (
    SERVER,
    VARIABLE,
    PostgresqlStores,
    Server,
    SqliteStores,
    Stores,
)

# How long one example takes says how busy the machine is; speed is the benchmarks' matter.
hypothesis.register_profile("any machine", deadline=None)
hypothesis.load_profile("any machine")

# What a shell starts in the background is deaf to Ctrl-C, and so would be the commands under test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Undo what a command run in this process did to logging; later tests read the log too."""
    root = logging.getLogger()
    handlers = root.handlers[:]
    loggers = [root, *(logging.getLogger(name) for name in ("bot", "cogs", "persona"))]
    levels = [each.level for each in loggers]
    yield
    root.handlers[:] = handlers
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as scripted:
        yield scripted


def settings_for(base_url: str, folder: Path, **sections: Any) -> Settings:
    """Return default settings with the model at `base_url`; the store is in `folder`."""
    endpoint = EndpointSettings(base_url=HttpUrl(base_url), max_retries=0, timeout_seconds=5)
    sections.setdefault("models", ModelsSettings(endpoints={"default": endpoint}))
    sections.setdefault("store", store_beside(folder / "rapport.db"))
    return DefaultSettings(**sections)


@pytest.fixture(scope="session")
def server(worker_id: str) -> Iterator[Server | None]:
    """A PostgreSQL server, or None where none answers and none was named."""
    try:
        prepared = asyncio.run(Server.prepare(worker_id))
    except OSError:
        if VARIABLE in os.environ:
            raise
        yield None
        return
    yield prepared
    asyncio.run(prepared.drop([prepared.data, prepared.keys]))


@pytest.fixture(params=["sqlite", "postgresql"])
async def stores(
    request: pytest.FixtureRequest, server: Server | None, tmp_path: Path
) -> AsyncIterator[Stores]:
    if request.param == "sqlite":
        yield SqliteStores(tmp_path)
        return
    if server is None:
        pytest.skip(f"no PostgreSQL server answers at {SERVER}; {VARIABLE} names another")
    made = PostgresqlStores(server, tmp_path)
    yield made
    await made.close()


@pytest.fixture
def settings(model: ScriptedModel, tmp_path: Path) -> Settings:
    return settings_for(model.base_url, tmp_path)


@pytest.fixture
async def services(settings: Settings, clock: ManualClock) -> AsyncIterator[Services]:
    async with open_services(settings, clock=clock) as opened:
        yield opened


OpenWorld = Callable[..., Awaitable[World]]


@pytest.fixture
async def new_world(model: ScriptedModel, tmp_path: Path) -> AsyncIterator[OpenWorld]:
    """Return a function that opens a world with Mei and Tom in it and the scripted model."""
    async with contextlib.AsyncExitStack() as stack:

        async def begin(*members: str, **sections: Any) -> World:
            settings = settings_for(model.base_url, tmp_path, **sections)
            world = await stack.enter_async_context(
                open_world(settings, members or ("Mei", "Tom"), offline=False)
            )
            await world.start_bot()
            return world

        yield begin


@pytest.fixture
async def world(new_world: OpenWorld) -> World:
    """A world with Mei and Tom in it, the bot started, and the scripted model."""
    return await new_world()
