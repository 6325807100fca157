"""The device's functions by rules: a call gives a line that names what was called."""

from __future__ import annotations

import json
from collections.abc import Mapping

from persona.benchmark.schema import Api, Scene


class ScriptedApis:
    """Answers every call alike."""

    async def call(self, scene: Scene, api: Api, arguments: Mapping[str, str]) -> str:
        """Return JSON saying that the call was done, with its arguments."""
        return json.dumps({"done": api.name, "with": dict(arguments)}, ensure_ascii=False)
