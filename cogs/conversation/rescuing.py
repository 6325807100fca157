"""Questions whose conversation was closed or erased before it was their turn: they are answered."""

from __future__ import annotations

from dataclasses import replace

import discord

from persona.attachments.attachment import still_there
from persona.turns import Incoming, Turn

from ..host import Host
from .addressing import spoken_text
from .places import Channel, fetch_said, guild_of
from .recent import Recent


class Rescuer:
    """Receives lost turns anew, as conversations of their own."""

    def __init__(self, host: Host) -> None:
        self._arrivals = host.arrivals
        self._sessions = host.services.sessions
        self._taken = Recent()

    async def take(self, turn: Turn, channel: Channel) -> Turn | None:
        """Return what `Sessions.take` returns, also of a turn that is lost; each only once.

        Raises `discord.HTTPException` when Discord does not tell what became of a lost one.
        """
        taken = await self._sessions.take(turn) or await self._rescue(turn, channel)
        for said in taken.said if taken else ():
            self._taken.is_new(said.message_id)
        return taken

    async def _rescue(self, turn: Turn, channel: Channel) -> Turn | None:
        # One that was answered may be lost since, and come a second time.
        if turn.message_id in self._taken or not await self._sessions.is_lost(turn):
            return None
        # What Discord tells of it meanwhile is followed once the message is stored.
        async with self._arrivals[turn.thread_id]:
            turn_now = await _as_it_stands(turn, channel)
            if turn_now is None:
                return None
            if turn.incognito:
                return turn_now  # Also where that has ended: what was said so is never stored.
            guild = guild_of(channel)
            anew = await self._sessions.receive(
                Incoming(
                    message_id=turn.message_id,
                    person_id=turn.person_id,
                    thread_id=turn.thread_id,
                    guild_id=guild.id if guild else None,
                    text=turn_now.text,
                    sent_at=turn.sent_at,
                    attachments=turn_now.attachments,
                )
            )
        return await self._sessions.take(anew) if anew is not None else None


async def _as_it_stands(turn: Turn, channel: Channel) -> Turn | None:
    """Return `turn` as its message is on Discord now: no edit of it was followed since it was lost.

    None when it is not there any more: who deleted it wants no answer.
    """
    try:
        message = await fetch_said(turn.message_id, channel)
    except (discord.NotFound, discord.Forbidden):
        return None
    me = channel.guild.me if isinstance(channel, discord.Thread) else channel.me
    files = list(message.attachments)
    for snapshot in message.message_snapshots:
        files += snapshot.attachments
    left = still_there(turn.attachments, {file.id for file in files})
    return replace(turn, text=spoken_text(message, me), attachments=left)
