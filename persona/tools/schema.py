"""Functions as chat completions take them, with strict JSON schemas."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from persona.completion import Message


class Arguments(BaseModel):
    """Base of every tool's arguments: what the schema does not name is an error."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def function_schema(name: str, description: str, arguments: type[BaseModel]) -> Message:
    """Return a function in the form chat completions take, with a strict schema.

    It is made once and not to be changed.
    """
    return _made(name, description, arguments)


# More than a bot has tools; those of a benchmark's scenes come and go.
@lru_cache(maxsize=256)
def _made(name: str, description: str, arguments: type[BaseModel]) -> Message:
    return {
        "type": "function",
        "function": {
            "name": name,
            "description": description,
            "parameters": strict_schema(arguments),
            "strict": True,
        },
    }


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema of `model` with every field required, as strict mode asks."""
    schema: dict[str, Any] = _strict(model.model_json_schema())
    return schema


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: _strict(value) for key, value in node.items() if key not in ("default", "title")}
    if node.get("type") == "object" and "properties" in node:
        result["properties"] = {name: _strict(value) for name, value in node["properties"].items()}
        result["required"] = list(node["properties"])
        result["additionalProperties"] = False
    return result
