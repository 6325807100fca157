"""Logging: ids and lengths, never message text, tokens or keys."""

from __future__ import annotations

import logging
import sqlite3
import sys
import traceback
from collections.abc import Iterator

import structlog

from bot.settings import LoggingSettings
from persona.errors import RapportError

# Only these are listened to below warnings: what libraries say there holds prompts, or tokens.
_OURS = ("bot", "cogs", "persona")
# Whose messages hold no text of a person. Those of other errors may quote what they choke on.
_SPEAKING = (RapportError, sqlite3.Error, OSError)


def configure(settings: LoggingSettings) -> None:
    """Send every log line to standard error, as JSON unless a person is watching."""
    as_json = settings.format == "json" or (settings.format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _describe_failure,
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    root.setLevel(max(level, logging.WARNING))
    for name in _OURS:
        logging.getLogger(name).setLevel(level)


def _describe_failure(
    _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Say where it failed and with which errors; local variables and foreign messages stay out."""
    failure = event.pop("exc_info", None)
    if isinstance(failure, tuple):
        failure = failure[1]
    if isinstance(failure, BaseException):
        event["exception"] = "\n".join(_described(failure))
    return event


def _described(failure: BaseException) -> Iterator[str]:
    before = failure.__cause__ or (None if failure.__suppress_context__ else failure.__context__)
    if before is not None:
        yield from _described(before)
        yield "which led to"
    for frame in traceback.extract_tb(failure.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    name = type(failure).__qualname__
    yield f"{name}: {failure}" if isinstance(failure, _SPEAKING) else name
