"""The executor: runs the calls a chat model asks for."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from persona.completion import Message, ToolCall
from persona.normalise import normalise
from persona.sessions import Turn
from persona.tools.schema import Arguments, function_schema

logger = logging.getLogger(__name__)

A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may know of the turn it is called in.

    `public` says whether others can read along, `known` is what the prompt quotes about the person.
    """

    turn: Turn
    public: bool
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """A function a model may call. `run` gets parsed arguments and returns text for the model.

    A tool with `side_effects` changes something outside the conversation, such as sending a
    message: it never gets to read what the persona says.
    """

    name: str
    description: str
    arguments: type[A]
    run: Callable[[A, ToolContext], Awaitable[str]]
    side_effects: bool = False

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

    async def run(self, call: ToolCall, context: ToolContext) -> str:
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
        if tool.side_effects and _carries_persona(arguments, context):
            return "Not done: this tool takes only what the person said just now."
        try:
            return await tool.run(arguments, context)
        except Exception:
            # A tool is an operator's code too: its failure must not cost the person a reply.
            logger.exception("tool failed", extra={"tool": call.name})
            return "The tool failed. Answer without it."


def _carries_persona(arguments: Arguments, context: ToolContext) -> bool:
    """Whether a value of the persona is in the arguments that is not in the person's message.

    What was learned once could otherwise steer a tool, or be carried out by one (memory-systems
    5.7).
    """
    given = normalise(json.dumps(arguments.model_dump(mode="json"), ensure_ascii=False))
    said = normalise(context.turn.text)
    return any(
        value and value in given and value not in said for value in map(normalise, context.known)
    )
