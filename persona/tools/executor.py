"""The executor: runs the calls a chat model asks for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from persona.completion import Message, ToolCall, well_formed
from persona.errors import SettingsError, raised_at
from persona.tools.leaks import leaks
from persona.tools.schema import Arguments, function_schema
from persona.turns import Turn

logger = logging.getLogger(__name__)

A = TypeVar("A", bound=Arguments)

# A model that asks for more in one answer has lost its way.
_MOST_CALLS = 8
# Some 5,000 tokens: a few of these still fit beside the conversation into a model's context.
_LONGEST = 20_000
# Enough to undo a transaction. A tool may also ignore that it is cancelled.
_TIDY_SECONDS = 1.0

_FAILED = "The tool failed. Answer without it."


def nobody_joins() -> bool:
    """Return that nobody came to read along."""
    return False


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may know of the turn it is called in.

    `public` says whether others could read along when the answer was begun, `joined` whether some
    came since. `known` is what the model was told about the person so far: what the prompt quotes,
    and what tools told of the persona, who add it here.
    """

    turn: Turn
    public: bool
    known: list[str] = field(default_factory=list)
    joined: Callable[[], bool] = nobody_joins

    @property
    def others_read(self) -> bool:
        """Whether others can read along now."""
        return self.public or self.joined()

    @property
    def said(self) -> str:
        """What the person said that is being answered."""
        return "\n".join(said.text for said in self.turn.said)


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """A function a model may call. `run` gets parsed arguments and returns text for the model.

    A tool with `side_effects` changes something outside the conversation, such as sending a
    message: it never gets to read what the persona says. One that is `personal` reads or changes
    the persona, and is not there in an incognito conversation.
    """

    name: str
    description: str
    arguments: type[A]
    run: Callable[[A, ToolContext], Awaitable[str]]
    side_effects: bool = False
    personal: bool = False

    def schema(self) -> Message:
        """Return the tool in the form chat completions take."""
        return function_schema(self.name, self.description, self.arguments)


class ToolExecutor:
    """Runs the calls a model asks for; whatever goes wrong becomes an answer to the model."""

    def __init__(self, tools: Iterable[Tool[Any]] = (), *, seconds: float = 30.0) -> None:
        """Take the tools, and how many seconds the calls of one answer may take together.

        Raises `SettingsError` when two tools have one name.
        """
        self._seconds = seconds
        self._tools: dict[str, Tool[Any]] = {}
        # The loop itself keeps no task alive.
        self._running: set[asyncio.Task[str]] = set()
        for tool in tools:
            if tool.name in self._tools:
                raise SettingsError(f'There are two tools named "{tool.name}"; rename yours.')
            self._tools[tool.name] = tool
        self._schemas = {name: tool.schema() for name, tool in self._tools.items()}

    def schemas(self, *, incognito: bool = False) -> list[Message]:
        """Return the tools there are in a conversation, in the form chat completions take."""
        return [self._schemas[name] for name in self._offered(incognito=incognito)]

    def _offered(self, *, incognito: bool) -> dict[str, Tool[Any]]:
        return {
            name: tool for name, tool in self._tools.items() if not (incognito and tool.personal)
        }

    async def run(self, calls: Sequence[ToolCall], context: ToolContext) -> list[str]:
        """Return the tools' answers to `calls`, or sentences saying what was wrong with them.

        They run one after the other, since each may rest on what the one before did, and share one
        limit, so that those that hang do not add up.
        """
        clock = asyncio.get_running_loop().time
        end = clock() + self._seconds
        late = False
        answers = []
        for call in calls[:_MOST_CALLS]:
            if late:
                answers.append("Not run: a tool before it took too long.")
                continue
            try:
                answers.append(_bounded(await self._run(call, context, end - clock())))
            except TimeoutError:
                late = True
                logger.warning("tool took too long", extra={"tool": call.name})
                answers.append("The tool took too long. Answer without it.")
        too_many = f"Not run: one answer may call at most {_MOST_CALLS} tools."
        return answers + [too_many] * (len(calls) - len(answers))

    async def _run(self, call: ToolCall, context: ToolContext, seconds: float) -> str:
        """Return the answer to one call. Raises `TimeoutError` when it takes longer."""
        offered = self._offered(incognito=context.turn.incognito)
        tool = offered.get(call.name)
        if tool is None:
            known = ", ".join(sorted(offered)) or "none"
            return f"There is no tool {call.name!r}. Tools: {known}."
        # In a task of its own, as it may cancel itself, or refuse to be cancelled.
        task = asyncio.create_task(_contained(tool, call, context))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            done, _ = await asyncio.wait({task}, timeout=seconds)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=_TIDY_SECONDS)
        if not done:
            raise TimeoutError
        try:
            return task.result()
        except asyncio.CancelledError as error:
            return _failed(tool, error)


async def _contained(tool: Tool[Any], call: ToolCall, context: ToolContext) -> str:
    """Return what `tool` says. A tool is an operator's code too, and so are the types of its
    arguments: their failures must not cost the person a reply, nor end the bot.
    """
    try:
        return await _called(tool, call, context)
    except (asyncio.CancelledError, GeneratorExit):
        raise
    except BaseException as error:  # `SystemExit` in a task would end the loop.
        return _failed(tool, error)


async def _called(tool: Tool[Any], call: ToolCall, context: ToolContext) -> str:
    written = call.arguments or "{}"
    try:
        arguments = tool.arguments.model_validate_json(written)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in detail['loc'])}: {detail['msg']}"
            for detail in error.errors(include_url=False, include_input=False)
        )
        return f"The arguments do not fit: {problems}."
    # As the model wrote them, and as the tool gets them: validators may take apart or put together.
    values = [from_json(written), dict(arguments)]
    if tool.side_effects and leaks(context.known, values, context.said):
        return "Not done: this tool takes only what the person said just now."
    return await tool.run(arguments, context)


def _failed(tool: Tool[Any], error: BaseException) -> str:
    """Log where a tool failed, but not what the error says: it may be the person's words."""
    logger.error(
        "tool failed",
        extra={"tool": tool.name, "error": type(error).__qualname__, "at": raised_at(error)},
    )
    return _FAILED


def _bounded(answer: str) -> str:
    """Return an answer that can be sent: well formed, and not too long."""
    if len(answer) > _LONGEST:
        answer = (
            f"{answer[:_LONGEST]}\n[Cut here, after {_LONGEST:,} of {len(answer):,} characters.]"
        )
    return well_formed(answer)
