"""What the tests of the benchmark share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import HttpUrl

from persona.models import Models
from persona.settings import EndpointSettings, ModelsSettings, RoleSettings
from tests.support.model import ScriptedModel


@pytest.fixture
async def models(model: ScriptedModel) -> AsyncIterator[Models]:
    """Models in which each role of the benchmark has its own model at the scripted endpoint."""
    endpoint = EndpointSettings(
        base_url=HttpUrl(model.base_url), max_retries=0, timeout_seconds=5, answer_seconds=5
    )
    opened = Models(
        ModelsSettings(
            endpoints={"default": endpoint},
            simulator=RoleSettings(model="the-simulator"),
            judge=RoleSettings(model="the-judge"),
            generator=RoleSettings(model="the-generator"),
            api=RoleSettings(model="the-api"),
        ),
        {},
    )
    yield opened
    await opened.close()
