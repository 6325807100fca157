"""SimCord, for worlds with many people and long lives."""

from __future__ import annotations

import contextvars
from typing import Any

import discord
import simcord


class PatientEnv(simcord.Env):
    """SimCord with two of its limits lifted, which long lives of many people come to.

    It gives a bot that starts five seconds whatever `settle_timeout` says: too short on a busy
    machine for catching up in a hundred threads. And it leaves the real timer of each timeout that
    was called off running, for ten minutes after every request to a model, and looks through all
    of them at every step, so that time grows with the square of what was said.
    """

    def __init__(self, bot: discord.Client, *, settle_timeout: float, check_errors: bool) -> None:
        super().__init__(bot, settle_timeout=settle_timeout, check_errors=check_errors)
        self._timers: list[Any] = []

    def _schedule_timer(
        self,
        record: Any,
        callback: Any,
        args: tuple[Any, ...],
        schedule_context: contextvars.Context | None,
    ) -> None:
        super()._schedule_timer(record, callback, args, schedule_context)
        self._timers.append(record)

    async def _settle_internal(
        self,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - as SimCord has it
        idle: float = 0.05,
        dispatch: str | None = None,
        _deadline: float | None = None,
    ) -> None:
        self._call_off()
        await super()._settle_internal(
            timeout=None if timeout is None else max(timeout, self.settle_timeout),
            idle=idle,
            dispatch=dispatch,
            _deadline=_deadline,
        )

    def _call_off(self) -> None:
        """Stop the real timers of what was called off, and forget what is over."""
        left = []
        for record in self._timers:
            real = record.real_handle
            if real is None or real.cancelled():
                continue
            if record.handle is not None and record.handle.cancelled():
                real.cancel()
            else:
                left.append(record)
        self._timers = left
