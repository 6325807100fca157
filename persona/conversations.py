"""Conversations: kept ones are sessions in the store, incognito ones are held in memory.

The one place where it is chosen; whoever answers turns need not know which they are.
"""

from __future__ import annotations

from typing import Any, Literal

from persona.attachments.attachment import Attachment
from persona.completion import Usage
from persona.corrections import Corrections
from persona.grounds import NO_GROUNDS, Grounds
from persona.incognito import Incognito
from persona.persona import scope_of
from persona.sessions import Sessions
from persona.turns import Incoming, Line, Turn


class Conversations(Sessions):
    """Sessions, and beside them what is incognito."""

    def __init__(self, incognito: Incognito, corrections: Corrections, **sessions: Any) -> None:
        """Take what `Sessions` takes, by name, and what is incognito."""
        super().__init__(**sessions)
        self._incognito = incognito
        self._corrections = corrections

    async def receive(self, incoming: Incoming) -> Turn | None:
        """Return the turn to answer, or None when the message came before."""
        if await self._incognito.is_on(incoming.person_id, incoming.thread_id):
            return self._incognito.receive(incoming, scope_of(incoming.guild_id, self._scoping))
        return await super().receive(incoming)

    async def history(self, turn: Turn, budget: int, *, this_session: bool = False) -> list[Line]:
        """Return what was said before `turn`, oldest first; of an incognito one no session."""
        if turn.incognito:
            return self._incognito.history(turn, budget)
        return await super().history(turn, budget, this_session=this_session)

    async def attached(self, turn: Turn) -> tuple[Attachment, ...]:
        """Return what came with the message of `turn`."""
        return turn.attachments if turn.incognito else await super().attached(turn)

    async def take(self, turn: Turn) -> Turn | None:
        """Return `turn` with what is answered together with it, or None if it is not its turn.

        What waited when its conversation became incognito is lost: to be received anew, and held.
        """
        if turn.incognito:
            return self._incognito.take(turn)
        if await self._incognito.is_on(turn.person_id, turn.thread_id):
            if await self.waits(turn):
                await self._corrections.deleted(turn.message_id)
            return None
        return await super().take(turn)

    async def is_lost(self, turn: Turn) -> bool:
        """Return whether `turn` is not kept, or held, any more."""
        return self._incognito.is_lost(turn) if turn.incognito else await super().is_lost(turn)

    async def may_ask_consent(self, turn: Turn) -> bool:
        """Return whether to ask; never where nothing is kept."""
        return not turn.incognito and await super().may_ask_consent(turn)

    async def reply_finished(
        self,
        turn: Turn,
        reply_id: int,
        text: str,
        usage: Usage,
        *,
        asked_consent: bool,
        grounds: Grounds = NO_GROUNDS,
    ) -> bool:
        """Keep the reply and what it cost. Returns False when the turn was erased meanwhile."""
        if turn.incognito:
            return await self._incognito.reply_finished(turn, reply_id, text, usage)
        return await super().reply_finished(
            turn, reply_id, text, usage, asked_consent=asked_consent, grounds=grounds
        )

    async def gave_up(self, turn: Turn, state: Literal["failed", "expired"]) -> None:
        """Record that `turn` will not be answered."""
        if turn.incognito:
            self._incognito.gave_up(turn)
        else:
            await super().gave_up(turn, state)
