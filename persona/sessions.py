"""Sessions: one person's conversation in one thread, from its first message until it closes.

A message is stored, keyed by its Discord id, before any model is called; so nothing said is lost,
and nothing is answered twice.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from persona.attachments.attachment import Attachment, still_there
from persona.attachments.prompt import cost, fitted
from persona.attachments.stored import StoredAttachments
from persona.clock import Clock, from_milliseconds, to_milliseconds
from persona.closing import Closing
from persona.completion import Usage
from persona.errors import StoreError
from persona.grounds import NO_GROUNDS, Grounds
from persona.people import People
from persona.persona import Personas, scope_of
from persona.replies import add_answer, add_reply
from persona.settings import Scoping, SessionSettings
from persona.store.database import Database
from persona.store.keys import KeyFile
from persona.tokens import estimate
from persona.turns import Incoming, Line, Turn, Utterance, read_turn

logger = logging.getLogger(__name__)


class Sessions:
    """Opens sessions and fills them; `Closing` ends them."""

    def __init__(
        self,
        database: Database,
        keys: KeyFile,
        people: People,
        personas: Personas,
        closing: Closing,
        attachments: StoredAttachments,
        clock: Clock,
        settings: SessionSettings,
        scoping: Scoping,
    ) -> None:
        self._database = database
        self._queries = database.queries
        self._keys = keys
        self._people = people
        self._personas = personas
        self._closing = closing
        self._attachments = attachments
        self._clock = clock
        self._settings = settings
        self._scoping = scoping

    async def opened(self, person_id: int, thread_id: int) -> None:
        """Remember that the bot opened `thread_id` for this person."""
        now = to_milliseconds(self._clock.now())
        async with self._database.write(person_id) as connection:
            await self._people.add(connection, person_id)
            await self._queries.add_thread(
                connection, person_id=person_id, thread_id=thread_id, opened_at=now
            )

    async def opener(self, thread_id: int) -> int | None:
        """Return whom the bot opened `thread_id` for, or None when it did not open it."""
        async with self._database.read() as connection:
            opener: int | None = await self._queries.get_opener(connection, thread_id=thread_id)
        return opener

    async def receive(self, incoming: Incoming) -> Turn | None:
        """Store a message and return the turn to answer, or None when it was stored before."""
        scope = scope_of(incoming.guild_id, self._scoping)
        while True:
            access = await self._personas.access(incoming.person_id, scope)
            sealed = access.key.seal(incoming.text, context=f"messages:{incoming.message_id}")
            async with self._database.write(incoming.person_id) as connection:
                row = await self._queries.get_persona(
                    connection, person_id=incoming.person_id, scope=scope
                )
                if row is None or row["epoch"] != access.epoch:
                    continue  # A reset or an erasure came between; the new epoch has another key.
                if await self._queries.get_message_state(
                    connection, message_id=incoming.message_id
                ):
                    return None
                session_id = await self._session_for(connection, incoming, scope, access.epoch)
                tokens = estimate(incoming.text)
                await self._queries.add_person_message(
                    connection,
                    person_id=incoming.person_id,
                    message_id=incoming.message_id,
                    session_id=session_id,
                    sent_at=to_milliseconds(incoming.sent_at),
                    tokens=tokens,
                    text_sealed=sealed,
                )
                await self._attachments.add(
                    connection,
                    access.key,
                    incoming.attachments,
                    person_id=incoming.person_id,
                    session_id=session_id,
                    message_id=incoming.message_id,
                )
                await self._queries.touch_session(
                    connection,
                    person_id=incoming.person_id,
                    session_id=session_id,
                    active_at=to_milliseconds(self._clock.now()),
                    tokens=tokens,
                )
                return Turn(
                    message_id=incoming.message_id,
                    person_id=incoming.person_id,
                    session_id=session_id,
                    thread_id=incoming.thread_id,
                    scope=scope,
                    epoch=access.epoch,
                    text=incoming.text,
                    sent_at=incoming.sent_at,
                    attachments=incoming.attachments,
                )

    async def _session_for(
        self, connection: Any, incoming: Incoming, scope: str, epoch: int
    ) -> int:
        """Return the open session's id; open one if none is."""
        row = await self._queries.get_open_session(
            connection, person_id=incoming.person_id, thread_id=incoming.thread_id
        )
        if row is not None:
            session_id = int(row["session_id"])
            if self._closing.has_ended(row["active_at"], row["waiting_since"]):
                await self._closing.end(connection, incoming.person_id, session_id)
            elif row["scope"] == scope:
                return session_id
            else:
                await self._closing.close(connection, incoming.person_id, session_id, "idle")
        await self._queries.add_session(
            connection,
            person_id=incoming.person_id,
            session_id=incoming.message_id,
            scope=scope,
            epoch=epoch,
            thread_id=incoming.thread_id,
            opened_at=to_milliseconds(self._clock.now()),
        )
        return incoming.message_id

    async def history(self, turn: Turn, budget: int, *, this_session: bool = False) -> list[Line]:
        """Return what was said before `turn` in its thread, oldest first.

        The thread's earlier sessions with the person count too, unless only `this_session` is
        wanted: they can read them, so the bot should know them. What came before a session that
        the person ended does not: they began anew. The oldest lines are left out once
        `budget` tokens are used up, and the first line is always the person's.
        """
        async with self._database.read() as connection:
            rows = [
                row
                async for row in self._queries.list_thread_messages(
                    connection,
                    person_id=turn.person_id,
                    thread_id=turn.thread_id,
                    before=turn.message_id,
                )
            ]
        lines: list[Line] = []
        for row in rows:
            if this_session and row["session_id"] != turn.session_id:
                continue
            budget -= row["tokens"]
            if budget < 0:
                break
            key = await self._keys.find(turn.person_id, row["scope"], row["epoch"])
            if key is None:
                break
            text = key.open(row["text_sealed"], context=f"messages:{row['message_id']}")
            came: tuple[Attachment, ...] = ()
            if row["has_attachments"]:
                came = await self._attachments.of(key, turn.person_id, row["message_id"])
                # One long file is not to end the conversation that came before it.
                came = fitted(came, budget)
                budget -= sum(map(cost, came))
            lines.append(Line(row["author"], text, row["tokens"], row["turn_id"], came))
        while lines and lines[-1].author == "bot":
            lines.pop()
        return lines[::-1]

    async def attached(self, turn: Turn) -> tuple[Attachment, ...]:
        """Return what came with the message of `turn`, also where it was read from the store."""
        if turn.attachments:
            return turn.attachments
        key = await self._keys.find(turn.person_id, turn.scope, turn.epoch)
        if key is None:
            return ()
        return await self._attachments.of(key, turn.person_id, turn.message_id)

    async def is_known(self, message_id: int) -> bool:
        """Return whether the message is stored."""
        async with self._database.read() as connection:
            row = await self._queries.get_message_state(connection, message_id=message_id)
        return row is not None

    async def places(self, since: datetime) -> list[int]:
        """Return the threads and direct messages with sessions active `since`, newest first."""
        async with self._database.read() as connection:
            return [
                row["thread_id"]
                async for row in self._queries.list_places(
                    connection, active_after=to_milliseconds(since)
                )
            ]

    async def take(self, turn: Turn) -> Turn | None:
        """Return `turn` as it stands, with the messages that are answered together with it.

        None when it waits no more, or when a newer one of its session waits, which will take it.
        """
        async with self._database.read() as connection:
            rows = [
                row
                async for row in self._queries.list_waiting_of_session(
                    connection, person_id=turn.person_id, session_id=turn.session_id
                )
            ]
        if not rows or rows[-1]["message_id"] != turn.message_id:
            return None
        key = await self._keys.find(turn.person_id, turn.scope, turn.epoch)
        if key is None:
            return None
        *earlier, last = (
            Utterance(
                row["message_id"],
                key.open(row["text_sealed"], context=f"messages:{row['message_id']}"),
                from_milliseconds(row["sent_at"]),
            )
            for row in rows
        )
        stored = await self._attachments.of(key, turn.person_id, turn.message_id)
        files = {each.file_id for each in stored if each.file_id is not None}
        left = still_there(turn.attachments, files)
        return replace(turn, text=last.text, earlier=tuple(earlier), attachments=left)

    async def waits(self, turn: Turn) -> bool:
        """Return whether the message of `turn` is kept and has no answer."""
        async with self._database.read() as connection:
            row = await self._queries.get_message_state(connection, message_id=turn.message_id)
        return row is not None and row["state"] == "waiting"

    async def is_lost(self, turn: Turn) -> bool:
        """Return whether `turn` is not kept any more, though its person was not erased since."""
        if await self.is_known(turn.message_id):
            return False
        return turn.epoch >= await self._keys.first_epoch(turn.person_id)

    async def may_ask_consent(self, turn: Turn) -> bool:
        """Return whether to ask: not yet asked in its session, nothing decided, nor erased."""
        async with self._database.read() as connection:
            row = await self._queries.get_question(connection, message_id=turn.message_id)
        return row is not None and not row["consent_asked"] and not row["decided"]

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
        """Store the reply, what it cost and rests on. Returns False if the turn was erased."""
        key = await self._keys.find(turn.person_id, turn.scope, turn.epoch)
        if key is None:
            return False
        sealed = key.seal(text, context=f"messages:{reply_id}")
        now = to_milliseconds(self._clock.now())
        person = {"person_id": turn.person_id}
        async with self._database.write(turn.person_id) as connection:
            row = await self._queries.set_message_state(
                connection, **person, message_id=turn.message_id, state="answered"
            )
            if row is None:
                return False
            session = {**person, "session_id": row["session_id"]}
            await self._queries.set_earlier_states(
                connection, **session, before=turn.message_id, state="answered"
            )
            await add_reply(
                self._queries,
                connection,
                turn,
                reply_id,
                text,
                sealed,
                at=now,
                session_id=row["session_id"],
            )
            if asked_consent:
                await self._queries.mark_consent_asked(connection, **session)
            await add_answer(self._queries, connection, turn, usage, grounds, at=now)
        return True

    async def gave_up(self, turn: Turn, state: Literal["failed", "expired"]) -> None:
        """Record that `turn` will not be answered: the model failed, or it waited too long.

        Nor are the messages of its session that waited before it.
        """
        person = {"person_id": turn.person_id, "state": state}
        async with self._database.write(turn.person_id) as connection:
            await self._queries.set_message_state(connection, **person, message_id=turn.message_id)
            await self._queries.set_earlier_states(
                connection, **person, session_id=turn.session_id, before=turn.message_id
            )

    async def waiting(self) -> list[Turn]:
        """Return the turns a crash left unanswered, oldest first; those too old are given up."""
        async with self._database.read() as connection:
            rows = [row async for row in self._queries.list_waiting(connection)]
        limit = self._clock.now() - timedelta(minutes=self._settings.answer_after_restart_minutes)
        turns: list[Turn] = []
        for row in rows:
            try:
                key = await self._keys.find(row["person_id"], row["scope"], row["epoch"])
                if key is None:
                    continue
                turn = read_turn(row, row["person_id"], key)
            except StoreError as error:
                # One damaged row must not keep everybody else waiting.
                logger.warning("waiting message skipped", extra={"reason": str(error)})
                continue
            if turn.sent_at < limit:
                await self.gave_up(turn, "expired")
            else:
                turns.append(turn)
        return turns
