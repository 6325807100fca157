"""How often messages may be edited, as Discord's own answers say.

Discord asks for no limit to be known beforehand: each answer carries, in its headers, how many
requests of its kind are left in a channel and for how long.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Protocol, TypeVar

import aiohttp

_MOST_ENTRIES = 2000  # the oldest are forgotten; what is forgotten holds nothing up
_LONGEST = 3600.0  # seconds; whatever is said to take longer is asked about again
_TOO_MANY_REQUESTS = 429

_MESSAGES = re.compile(r"/channels/(?P<channel>[0-9]+)/messages(?P<message>/[0-9]+)?/?\Z")
_EDIT = "edit"
_KINDS = {("POST", False): "create", ("PATCH", True): _EDIT}

_Key = tuple[int, str]
Key = TypeVar("Key")
Value = TypeVar("Value")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware."""
        ...


class Pace:
    """What Discord's answers said about posting and editing messages, channel by channel.

    Knows nothing until `trace` is installed; then nothing is held up.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # By channel and bucket: when one more edit leaves enough for those that cannot wait.
        self._next: OrderedDict[_Key, datetime] = OrderedDict()
        self._buckets: OrderedDict[_Key, str] = OrderedDict()  # by channel and kind of request
        self._refused_until: OrderedDict[int, datetime] = OrderedDict()
        self._all_refused_until: datetime | None = None

    def trace(self) -> aiohttp.TraceConfig:
        """Return what `discord.Client(http_trace=…)` takes, so that every answer is heard of."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._on_request_end)
        return config

    def next_edit_at(self, channel_id: int, earliest: datetime) -> datetime:
        """Return when an edit that can wait may be sent in a channel, not before `earliest`.

        What is left until the limit begins anew is spread over that time, and its last request is
        never used: the edit that cannot wait always has room.
        """
        bucket = self._buckets.get((channel_id, _EDIT), _EDIT)
        held = (
            self._next.get((channel_id, bucket)),
            self._refused_until.get(channel_id),
            self._all_refused_until,
        )
        return max([earliest, *(moment for moment in held if moment is not None)])

    def heard(self, method: str, path: str, status: int, headers: Mapping[str, str | None]) -> None:
        """Take in Discord's answer to a request; `headers` finds names as they are written here."""
        now = self._clock.now()
        refused = _seconds(headers.get("Retry-After")) if status == _TOO_MANY_REQUESTS else None
        if refused is not None and headers.get("X-RateLimit-Global") is not None:
            self._all_refused_until = now + refused
            return
        request = _MESSAGES.search(path)
        kind = _KINDS.get((method, request["message"] is not None)) if request else None
        if request is None or kind is None:
            return
        channel = int(request["channel"])
        if refused is not None:
            _keep(self._refused_until, channel, now + refused)
        left = _number(headers.get("X-RateLimit-Remaining"))
        renewed_in = _seconds(headers.get("X-RateLimit-Reset-After"))
        if left is None or renewed_in is None:
            return
        bucket = headers.get("X-RateLimit-Bucket") or kind
        _keep(self._buckets, (channel, kind), bucket)
        _keep(self._next, (channel, bucket), now + renewed_in / max(left, 1.0))

    async def _on_request_end(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        ended: aiohttp.TraceRequestEndParams,
    ) -> None:
        self.heard(ended.method, ended.url.path, ended.response.status, ended.response.headers)


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > _MOST_ENTRIES:
        kept.popitem(last=False)


def _seconds(header: str | None) -> timedelta | None:
    number = _number(header)
    return None if number is None else timedelta(seconds=min(number, _LONGEST))


def _number(header: str | None) -> float | None:
    """Return what a header says, or None if that is no finite number from 0 up."""
    try:
        number = float(header) if header is not None else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
