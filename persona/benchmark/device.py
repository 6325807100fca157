"""The tools of a scene: the device's functions, each call of which is answered by a role."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import Field, create_model

from persona.benchmark.ledger import Ledger, charged
from persona.benchmark.roles import Apis
from persona.benchmark.schema import Api, Scene
from persona.tools import Arguments, Tool, ToolContext


def tools_of(scene: Scene, apis: Apis, ledger: Ledger, called: list[str]) -> list[Tool[Any]]:
    """Return the functions of `scene` as tools; the names of those called are added to `called`."""
    return [_tool(scene, api, apis, ledger, called) for api in scene.apis]


def _tool(scene: Scene, api: Api, apis: Apis, ledger: Ledger, called: list[str]) -> Tool[Any]:
    arguments = _arguments(api.name, tuple(api.arguments.items()))

    async def run(given: Arguments, context: ToolContext) -> str:
        called.append(api.name)
        with charged(ledger, "api"):
            return await apis.call(scene, api, given.model_dump())

    return Tool(api.name, api.description, arguments, run)


# Making a class takes longer than a session's replies.
@lru_cache(maxsize=256)
def _arguments(name: str, described: tuple[tuple[str, str], ...]) -> type[Arguments]:
    fields: dict[str, Any] = {
        argument: (str, Field(description=description, max_length=400))
        for argument, description in described
    }
    return create_model(f"{name}_arguments", __base__=Arguments, **fields)
