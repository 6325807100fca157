"""The engine is tested on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings
from tests.conftest import settings_for
from tests.support.model import ScriptedModel
from tests.support.stores import Stores


@pytest.fixture
async def settings(model: ScriptedModel, stores: Stores, tmp_path: Path) -> Settings:
    return settings_for(model.base_url, tmp_path, store=await stores.new())
