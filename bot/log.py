"""Logging: ids and lengths, never message text, tokens or keys."""

from __future__ import annotations

import logging
import sys

import structlog

from bot.settings import LoggingSettings

# At lower levels these write what they send (prompts, tokens in headers), or a line a minute.
_TALKATIVE = (
    "openai",
    "httpx2",
    "httpcore2",
    "discord.http",
    "discord.gateway",
    "aiosqlite",
    "apscheduler",
)


def configure(settings: LoggingSettings) -> None:
    """Send every log line to standard error, as JSON unless a person is watching."""
    as_json = settings.format == "json" or (settings.format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
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
    root.setLevel(settings.level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
