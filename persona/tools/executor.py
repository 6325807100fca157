"""The executor: runs the calls a chat model asks for."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from persona.completion import Message, ToolCall
from persona.errors import SettingsError
from persona.sessions import Turn
from persona.tools.leaks import leaks
from persona.tools.schema import Arguments, function_schema

logger = logging.getLogger(__name__)

A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may know of the turn it is called in.

    `public` says whether others can read along. `known` is what the model was told about the person
    so far: what the prompt quotes, and what tools told of the persona, who add it here.
    """

    turn: Turn
    public: bool
    known: list[str] = field(default_factory=list)


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

    def __init__(self, tools: Iterable[Tool[Any]] = (), *, seconds: float = 30.0) -> None:
        """Take the tools, and how many seconds a call may take.

        Raises `SettingsError` when two tools have one name.
        """
        self._seconds = seconds
        self._tools: dict[str, Tool[Any]] = {}
        for tool in tools:
            if tool.name in self._tools:
                raise SettingsError(f'There are two tools named "{tool.name}"; rename yours.')
            self._tools[tool.name] = tool

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
        if tool.side_effects and leaks(
            context.known, arguments.model_dump(mode="json"), context.turn.text
        ):
            return "Not done: this tool takes only what the person said just now."
        try:
            async with asyncio.timeout(self._seconds):
                return await tool.run(arguments, context)
        except TimeoutError:
            logger.warning("tool took too long", extra={"tool": call.name})
            return "The tool took too long. Answer without it."
        except Exception as error:
            # A tool is an operator's code too: its failure must not cost the person a reply. What
            # the error says may be the person's words.
            last = traceback.extract_tb(error.__traceback__)[-1]
            logger.error(  # noqa: TRY400
                "tool failed",
                extra={
                    "tool": call.name,
                    "error": type(error).__qualname__,
                    "at": f"{last.filename}:{last.lineno}",
                },
            )
            return "The tool failed. Answer without it."
