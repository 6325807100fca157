"""Fixtures for the program as a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.discord_server import DiscordServer


@pytest.fixture
async def discord_server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server
