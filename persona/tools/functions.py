"""An operator's Python function becomes a tool: its name, docstring and parameters say how.

A parameter's annotation is its type; `Annotated[str, "what it is"]` also describes it, and
`Annotated[int, Field(ge=1)]` bounds it.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import importlib
import inspect
import re
import threading
import warnings
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import Field, create_model

from persona.errors import SettingsError
from persona.tools.executor import Tool, ToolContext
from persona.tools.schema import Arguments, strict_schema

F = TypeVar("F", bound=Callable[..., Any])
# What chat completions take for the name of a function.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_READ_ONLY = "rapport_read_only"


def read_only(function: F) -> F:
    """Mark a function as one without side effects: it may be given what the persona says."""
    setattr(function, _READ_ONLY, True)
    return function


def tool_of(function: Callable[..., Any]) -> Tool[Any]:
    """Return `function` as a tool; a plain one runs in a thread of its own, so it blocks nobody.

    It has side effects unless it is marked `read_only`. Raises `SettingsError` naming what the
    function lacks.
    """
    name = getattr(function, "__name__", "")
    description = inspect.getdoc(function)
    if not _NAME.fullmatch(name) or not description:
        raise SettingsError(
            f"The tool {name or function!r} needs a docstring, and a name of at most 64 Latin "
            "letters, digits and underscores."
        )
    arguments = _arguments(function, name)

    async def run(given: Arguments, context: ToolContext) -> str:
        values = {field: getattr(given, field) for field in type(given).model_fields}
        if inspect.iscoroutinefunction(function):
            return str(await function(**values))
        result = await _in_thread(function, values)
        return str(await result if inspect.isawaitable(result) else result)

    return Tool(name, description, arguments, run, not hasattr(function, _READ_ONLY))


def load_tools(places: Iterable[str]) -> list[Tool[Any]]:
    """Return the functions named as "package.module:function" as tools.

    Raises `SettingsError` naming the one that cannot be used.
    """
    tools = []
    for place in places:
        module, _, name = place.partition(":")
        try:
            function = getattr(importlib.import_module(module), name)
        except Exception as error:  # Whatever their module does when it is imported.
            raise SettingsError(
                f'The tool "{place}" cannot be imported: {type(error).__name__}: {error}.'
            ) from error
        if not callable(function):
            raise SettingsError(f'The tool "{place}" is not a function.')
        tools.append(tool_of(function))
    return tools


def _arguments(function: Callable[..., Any], name: str) -> type[Arguments]:
    fields: dict[str, Any] = {}
    try:
        hints = get_type_hints(function, include_extras=True)
        parameters = inspect.signature(function).parameters.values()
    except (NameError, TypeError, ValueError) as error:
        raise SettingsError(f"The tool {name!r} has parameters nobody knows: {error}.") from error
    for parameter in parameters:
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise SettingsError(f"The tool {name!r} must name every parameter.")
        if parameter.name not in hints:
            raise SettingsError(f"The tool {name!r} needs a type for {parameter.name!r}.")
        fields[parameter.name] = _field(name, parameter, hints[parameter.name])
    return create_model(f"{name}_arguments", __base__=Arguments, **fields)


def _field(function: str, parameter: inspect.Parameter, hint: Any) -> tuple[Any, Any]:
    """Return what a parameter is as a field; what its annotation asks of a value is kept."""
    if hasattr(Arguments, parameter.name) or parameter.name.startswith("_"):
        raise SettingsError(f"The tool {function!r} needs another name for {parameter.name!r}.")
    about: dict[str, Any] = {}
    notes = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    if (described := next((note for note in notes if isinstance(note, str)), None)) is not None:
        about["description"] = described
    if parameter.default is not parameter.empty:
        about["default"] = parameter.default
    field = (hint, Field(**about))
    alone: dict[str, Any] = {parameter.name: field}
    try:
        with warnings.catch_warnings():
            # That a default is not JSON is only a warning.
            warnings.simplefilter("error", UserWarning)
            strict_schema(create_model(function, __base__=Arguments, **alone))
    except Exception as error:  # Types may have an operator's code say what they are.
        raise SettingsError(
            f"The tool {function!r} has a type or default that no schema can tell: "
            f"{parameter.name!r}."
        ) from error
    return field


async def _in_thread(function: Callable[..., Any], values: dict[str, Any]) -> Any:
    """Return what `function` returns. One that never does keeps nobody: not the bot's other
    threads, nor its end.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()
    context = contextvars.copy_context()

    def end(result: Any, error: BaseException | None) -> None:
        if done.done():
            return  # Nobody waits any more.
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)

    def work() -> None:
        result = error = None
        try:
            result = context.run(function, **values)
        except BaseException as raised:
            error = raised
        if isinstance(error, StopIteration) or not isinstance(error, Exception | None):
            # What would end an iteration, or the bot, may end its thread alone.
            error = RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
        with contextlib.suppress(RuntimeError):  # The bot has ended meanwhile.
            loop.call_soon_threadsafe(end, result, error)

    threading.Thread(target=work, name=f"tool {function.__name__}", daemon=True).start()
    return await done
