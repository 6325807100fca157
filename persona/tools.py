"""The tools a chat model may call, and the executor that runs them.

No tool with side effects reads persona text, and none takes a person as an argument: whose turn
it is, is bound by code.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from persona.clock import Clock
from persona.completion import Message, ToolCall

logger = logging.getLogger(__name__)


class Arguments(BaseModel):
    """Base of every tool's arguments: what the schema does not name is an error."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """A function a model may call. `run` gets parsed arguments and returns text for the model."""

    name: str
    description: str
    arguments: type[A]
    run: Callable[[A], Awaitable[str]]

    def schema(self) -> Message:
        """Return the tool in the form chat completions take."""
        return function_schema(self.name, self.description, self.arguments)


class ToolExecutor:
    """Runs the calls a model asks for; whatever goes wrong becomes an answer to the model."""

    def __init__(self, tools: Iterable[Tool[Any]] = ()) -> None:
        self._tools = {tool.name: tool for tool in tools}

    def schemas(self) -> list[Message]:
        """Return every tool in the form chat completions take."""
        return [tool.schema() for tool in self._tools.values()]

    async def run(self, call: ToolCall) -> str:
        """Return the tool's answer to `call`, or a sentence saying what was wrong with it."""
        tool = self._tools.get(call.name)
        if tool is None:
            known = ", ".join(sorted(self._tools)) or "none"
            return f"There is no tool {call.name!r}. Tools: {known}."
        try:
            arguments = tool.arguments.model_validate_json(call.arguments or "{}")
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(str(part) for part in detail['loc'])}: {detail['msg']}"
                for detail in error.errors(include_url=False, include_input=False)
            )
            return f"The arguments do not fit: {problems}."
        try:
            return await tool.run(arguments)
        except Exception:
            # A tool is an operator's code too: its failure must not cost the person a reply.
            logger.exception("tool failed", extra={"tool": call.name})
            return "The tool failed. Answer without it."


def function_schema(name: str, description: str, arguments: type[BaseModel]) -> Message:
    """Return a function in the form chat completions take, with a strict schema."""
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


class CurrentTimeArguments(Arguments):
    """Where to tell the time for."""

    timezone: str = Field("UTC", max_length=60, description="IANA name, such as Asia/Tokyo")


def current_time(clock: Clock) -> Tool[CurrentTimeArguments]:
    """Return the tool that tells the date and time."""

    async def run(arguments: CurrentTimeArguments) -> str:
        try:
            zone = ZoneInfo(arguments.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return f"There is no time zone {arguments.timezone!r}; use an IANA name."
        return clock.now().astimezone(zone).strftime("%A, %Y-%m-%d %H:%M (%Z)")

    return Tool("current_time", "Tells the current date and time.", CurrentTimeArguments, run)
