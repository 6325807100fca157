"""What is said: messages as they come, the turns that wait for a reply, the lines of a past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from persona.attachments.attachment import Attachment
from persona.clock import from_milliseconds
from persona.store.crypto import DataKey

Author = Literal["person", "bot"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message addressed to the bot, as the Discord layer hands it over.

    `thread_id` is the thread's or, in direct messages, the channel's; `guild_id` is None there.
    `text` are the person's own words, from which alone is learned.
    """

    message_id: int
    person_id: int
    thread_id: int
    guild_id: int | None
    text: str
    sent_at: datetime
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message of the person."""

    message_id: int
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """A stored message that waits for its reply.

    `earlier` are those of its session that waited before it, and are answered together with it. An
    `incognito` turn is held in memory instead (persona/incognito.py), and of no epoch.
    """

    message_id: int
    person_id: int
    session_id: int
    thread_id: int
    scope: str
    epoch: int
    text: str
    sent_at: datetime
    earlier: tuple[Utterance, ...] = ()
    incognito: bool = False
    attachments: tuple[Attachment, ...] = ()

    @property
    def said(self) -> tuple[Utterance, ...]:
        """All that is answered: the earlier messages, and this one as the last."""
        return (*self.earlier, Utterance(self.message_id, self.text, self.sent_at))


@dataclass(frozen=True, slots=True)
class Line:
    """One earlier message of a conversation; `turn_id` is the person's message of that turn."""

    author: Author
    text: str
    tokens: int
    turn_id: int
    attachments: tuple[Attachment, ...] = ()


def read_turn(row: Any, person_id: int, key: DataKey) -> Turn:
    """Return the turn of a message of the person in the store. Raises `StoreError` if damaged."""
    return Turn(
        message_id=row["message_id"],
        person_id=person_id,
        session_id=row["session_id"],
        thread_id=row["thread_id"],
        scope=row["scope"],
        epoch=row["epoch"],
        text=key.open(row["text_sealed"], context=f"messages:{row['message_id']}"),
        sent_at=from_milliseconds(row["sent_at"]),
    )
