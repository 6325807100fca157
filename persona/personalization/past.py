"""The turns a person had before, read from the store."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from persona.clock import from_milliseconds
from persona.errors import StoreError
from persona.store.database import Database
from persona.store.keys import KeyFile
from persona.turns import Turn

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PastTurn:
    """What the person said and what the bot replied; `turn_id` is the message's."""

    turn_id: int
    sent_at: datetime
    said: str
    reply: str


class PastTurns:
    """Finds a person's past turns. Nobody else's, and none of another scope or epoch."""

    def __init__(self, database: Database, keys: KeyFile) -> None:
        self._database = database
        self._keys = keys

    async def load(self, turn: Turn, *, before: int, most: int) -> list[PastTurn]:
        """Return at most `most` turns answered before the message `before`, newest first."""
        async with self._database.read() as connection:
            rows = [
                row
                async for row in self._database.queries.list_past_turns(
                    connection,
                    person_id=turn.person_id,
                    scope=turn.scope,
                    epoch=turn.epoch,
                    before=before,
                    most=most,
                )
            ]
        key = await self._keys.find(turn.person_id, turn.scope, turn.epoch)
        if key is None:
            return []
        found: list[PastTurn] = []
        for row in rows:
            try:
                said = key.open(row["said_sealed"], context=f"messages:{row['message_id']}")
                reply = key.open(row["reply_sealed"], context=f"messages:{row['reply_id']}")
            except StoreError as error:
                # One damaged row must not keep the person from every answer.
                logger.warning("past turn skipped", extra={"reason": str(error)})
                continue
            sent_at = from_milliseconds(row["sent_at"])
            found.append(PastTurn(row["message_id"], sent_at, said, reply))
        return found
