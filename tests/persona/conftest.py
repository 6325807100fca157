"""The engine is tested on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.conftest import settings_for
from tests.support.model import ScriptedModel
from tests.support.stores import SERVER, PostgresqlStores, Server, SqliteStores, Stores


@pytest.fixture(scope="session")
def server(worker_id: str) -> Iterator[Server | None]:
    """A PostgreSQL server, or None where none answers."""
    try:
        prepared = asyncio.run(Server.prepare(worker_id))
    except OSError:
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
        pytest.skip(f"no PostgreSQL server answers at {SERVER}")
    made = PostgresqlStores(server, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def settings(model: ScriptedModel, stores: Stores, tmp_path: Path) -> Settings:
    return settings_for(model.base_url, tmp_path, store=await stores.new())
