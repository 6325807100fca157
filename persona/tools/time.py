"""The tool that tells the time."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from persona.clock import Clock
from persona.tools.executor import Tool, ToolContext
from persona.tools.schema import Arguments


class CurrentTimeArguments(Arguments):
    """Where to tell the time for."""

    timezone: str = Field("UTC", max_length=60, description="IANA name, such as Asia/Tokyo")


def current_time(clock: Clock) -> Tool[CurrentTimeArguments]:
    """Return the tool that tells the date and time."""

    async def run(arguments: CurrentTimeArguments, context: ToolContext) -> str:
        try:
            zone = ZoneInfo(arguments.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return f"There is no time zone {arguments.timezone!r}; use an IANA name."
        return clock.now().astimezone(zone).strftime("%A, %Y-%m-%d %H:%M (%Z)")

    return Tool("current_time", "Tells the current date and time.", CurrentTimeArguments, run)
