"""Incognito: conversations of which nothing is kept, held in memory while they go on.

The store knows that a thread is incognito for a person, whether an answer there said so, and what
tokens were spent; no text, and no message's id with the person or the thread. Turns have the same
life as those of `Sessions`, but it ends with the process: a message that waits for its answer then
is never answered, since nobody remembers it. What is held ends by silence and with its thread as
sessions do, and is bounded by thread and as a whole; the oldest goes first.
"""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from persona.attachments.attachment import still_there
from persona.clock import Clock, from_milliseconds, to_milliseconds
from persona.closing import Closing
from persona.completion import Usage
from persona.held_conversation import HeldConversation
from persona.people import People
from persona.spending import note_usage
from persona.store.database import Database
from persona.turns import Incoming, Line, Turn

# Together they hold some millions of characters at most.
_MOST_CONVERSATIONS = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A thread that is incognito for a person, the scope it is in, and since when."""

    thread_id: int
    scope: str
    begun_at: datetime


class Incognito:
    """Begins and ends incognito conversations, and holds them meanwhile."""

    def __init__(self, database: Database, people: People, closing: Closing, clock: Clock) -> None:
        self._database = database
        self._queries = database.queries
        self._people = people
        self._closing = closing
        self._clock = clock
        self._held: OrderedDict[tuple[int, int], HeldConversation] = OrderedDict()

    async def begin(self, person_id: int, thread_id: int, scope: str) -> None:
        """Keep nothing of the thread's conversation with the person from now on.

        The one before it ends as if the person had ended it, and what comes after it begins anew.
        """
        now = to_milliseconds(self._clock.now())
        async with self._database.write(person_id) as connection:
            await self._people.add(connection, person_id)
            await self._queries.add_incognito(
                connection, person_id=person_id, thread_id=thread_id, scope=scope, at=now
            )
            await self._closing.begin_anew(connection, person_id, thread_id)

    async def end(self, person_id: int, thread_id: int) -> bool:
        """Keep the thread's conversation again, as a new one; what was held of it is dropped.

        Returns False when it was not incognito.
        """
        self._held.pop((person_id, thread_id), None)
        async with self._database.write(person_id) as connection:
            ended = await self._queries.delete_incognito(
                connection, person_id=person_id, thread_id=thread_id
            )
        return ended is not None

    def begin_anew(self, person_id: int, thread_id: int) -> None:
        """Drop what is held of the thread's conversation; the next one is incognito, too."""
        self._held.pop((person_id, thread_id), None)

    async def end_thread(self, thread_id: int) -> None:
        """Forget a thread that is gone."""
        async with self._database.read() as connection:
            people = [
                row["person_id"]
                async for row in self._queries.list_incognito_people(
                    connection, thread_id=thread_id
                )
            ]
        for person_id in people:
            await self.end(person_id, thread_id)

    async def is_on(self, person_id: int, thread_id: int) -> bool:
        """Return whether nothing is kept of the thread's conversation with the person."""
        async with self._database.read() as connection:
            return bool(
                await self._queries.is_incognito(
                    connection, person_id=person_id, thread_id=thread_id
                )
            )

    async def places(self, person_id: int) -> list[Place]:
        """Return the person's incognito threads."""
        async with self._database.read() as connection:
            return [
                Place(row["thread_id"], row["scope"], from_milliseconds(row["begun_at"]))
                async for row in self._queries.list_incognito(connection, person_id=person_id)
            ]

    async def tell(self, turn: Turn) -> bool:
        """Return whether the answer to `turn` is to say that it is incognito: the first does."""
        async with self._database.write(turn.person_id) as connection:
            told = await self._queries.tell_incognito(
                connection, person_id=turn.person_id, thread_id=turn.thread_id
            )
        return told is not None

    def idle(self) -> int:
        """Drop what is held of conversations silent for long enough; return how many it were."""
        return self._drop(lambda _, held: self._closing.has_ended(held.active_at, held.waits_since))

    def close_thread(self, thread_id: int) -> int:
        """Drop what is held of a thread that was closed; return how many conversations it was.

        They are incognito still when it opens again.
        """
        return self._drop(lambda name, _: name[1] == thread_id)

    def forget(self, person_id: int) -> int:
        """Drop all that is held of the person; return how many conversations it was."""
        return self._drop(lambda name, _: name[0] == person_id)

    def _drop(self, is_meant: Callable[[tuple[int, int], HeldConversation], bool]) -> int:
        dropped = [name for name, held in self._held.items() if is_meant(name, held)]
        for name in dropped:
            del self._held[name]
        return len(dropped)

    def edited(self, message_id: int, text: str, files: Collection[int]) -> None:
        """Hold the new text of a message, if it is held, and of its files those still there."""
        for conversation in self._held.values():
            line = conversation.lines.get(message_id)
            if line is not None:
                left = still_there(line.attachments, files)
                conversation.add(message_id, line.author, text, line.turn_id, left)
            turn = conversation.waiting.get(message_id)
            if turn is not None:
                left = still_there(turn.attachments, files)
                conversation.waiting[message_id] = replace(turn, text=text, attachments=left)

    def deleted(self, message_id: int) -> None:
        """Hold a message no longer; if it waits, it is not answered."""
        for conversation in self._held.values():
            conversation.lines.pop(message_id, None)
            conversation.waiting.pop(message_id, None)

    def receive(self, incoming: Incoming, scope: str) -> Turn | None:
        """Hold a message and return the turn to answer, or None when it is held already."""
        self.idle()
        name, now = (incoming.person_id, incoming.thread_id), to_milliseconds(self._clock.now())
        conversation = self._held.setdefault(name, HeldConversation(incoming.message_id, now))
        self._held.move_to_end(name)
        while len(self._held) > _MOST_CONVERSATIONS:
            self._held.popitem(last=False)
        if incoming.message_id in conversation.lines:
            return None
        conversation.active_at = now
        conversation.add(
            incoming.message_id,
            "person",
            incoming.text,
            incoming.message_id,
            incoming.attachments,
        )
        turn = Turn(
            message_id=incoming.message_id,
            person_id=incoming.person_id,
            session_id=conversation.session_id,
            thread_id=incoming.thread_id,
            scope=scope,
            epoch=0,
            text=incoming.text,
            sent_at=incoming.sent_at,
            incognito=True,
            attachments=incoming.attachments,
        )
        conversation.waiting[turn.message_id] = turn
        return turn

    def history(self, turn: Turn, budget: int) -> list[Line]:
        """Return what was said before `turn`, oldest first, in at most `budget` tokens."""
        conversation = self._of(turn)
        held = conversation.lines.values() if conversation is not None else ()
        before = [line for line in held if line.turn_id < turn.message_id]
        lines: list[Line] = []
        for line in sorted(before, key=lambda line: (-line.turn_id, line.author)):
            budget -= line.tokens
            if budget < 0:
                break
            lines.append(line)
        while lines and lines[-1].author == "bot":
            lines.pop()
        return lines[::-1]

    def take(self, turn: Turn) -> Turn | None:
        """Return `turn` as it stands; None when it waits no more, or a newer one answers it too.

        What it answers with it stands in its history.
        """
        conversation = self._of(turn)
        if conversation is None or max(conversation.waiting, default=None) != turn.message_id:
            return None
        return conversation.waiting[turn.message_id]

    def is_lost(self, turn: Turn) -> bool:
        """Return whether the conversation of `turn` was dropped."""
        return self._of(turn) is None

    async def reply_finished(self, turn: Turn, reply_id: int, text: str, usage: Usage) -> bool:
        """Hold the reply and store what it cost. Returns False when all was dropped meanwhile."""
        conversation, now = self._of(turn), to_milliseconds(self._clock.now())
        if conversation is not None:
            conversation.active_at = now
            conversation.answered(turn.message_id)
            conversation.add(reply_id, "bot", text, turn.message_id)
        async with self._database.write(turn.person_id) as connection:
            # Of somebody who was erased meanwhile, nothing is written.
            if await self._queries.get_first_epoch(connection, person_id=turn.person_id) is None:
                return False
            await note_usage(
                self._queries,
                connection,
                usage,
                person_id=turn.person_id,
                scope=turn.scope,
                usage_id=uuid.uuid4().hex,
                purpose="chat",
                at=now,
            )
        return conversation is not None

    def gave_up(self, turn: Turn) -> None:
        """Note that `turn` will not be answered."""
        conversation = self._of(turn)
        if conversation is not None:
            conversation.answered(turn.message_id)

    def _of(self, turn: Turn) -> HeldConversation | None:
        """Return the conversation of `turn`, unless it was dropped, or another began since."""
        conversation = self._held.get((turn.person_id, turn.thread_id))
        if conversation is None or conversation.session_id != turn.session_id:
            return None
        return conversation
