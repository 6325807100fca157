"""An operator's Python function becomes a tool: its name, docstring and parameters say how.

A parameter's annotation is its type; `Annotated[str, "what it is"]` also describes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import importlib
import inspect
import re
import threading
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import Field, create_model
from pydantic.errors import PydanticUserError

from persona.errors import SettingsError
from persona.tools.executor import Tool, ToolContext
from persona.tools.schema import Arguments

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
        kind, described = _described(hints[parameter.name])
        given = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (kind, Field(given, description=described))
    try:
        return create_model(f"{name}_arguments", __base__=Arguments, **fields)
    except (PydanticUserError, TypeError, NameError) as error:
        raise SettingsError(f"The tool {name!r} has parameters no schema can tell.") from error


def _described(hint: Any) -> tuple[Any, str | None]:
    if get_origin(hint) is Annotated:
        kind, *notes = get_args(hint)
        return kind, next((note for note in notes if isinstance(note, str)), None)
    return hint, None


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
        except Exception as raised:
            error = raised
        except BaseException as raised:
            # It may end its thread, not the bot.
            error = RuntimeError(type(raised).__name__).with_traceback(raised.__traceback__)
        with contextlib.suppress(RuntimeError):  # The bot has ended meanwhile.
            loop.call_soon_threadsafe(end, result, error)

    threading.Thread(target=work, name=f"tool {function.__name__}", daemon=True).start()
    return await done
