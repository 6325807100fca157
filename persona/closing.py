"""Closing sessions, and deleting what is no longer needed.

When a session ends is read from the database, never kept in a timer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from persona.attachments.held import Held
from persona.clock import Clock, to_milliseconds
from persona.people import has_agreed
from persona.settings import SessionSettings
from persona.store.database import Database

# With all its tools and fallbacks, no answer takes as long.
_LONGEST_ANSWER = timedelta(hours=1)

CloseReason = Literal["idle", "archived", "locked", "deleted", "ended"]

# What became of a session that a person ended, if one was open.
Ended = Literal["none", "kept", "deleted"]


class Closing:
    """Ends sessions."""

    def __init__(
        self, database: Database, held: Held, clock: Clock, settings: SessionSettings
    ) -> None:
        self._database = database
        self._queries = database.queries
        self._held = held
        self._clock = clock
        self._settings = settings

    def has_ended(self, active_at: int, waiting_since: int | None) -> bool:
        """Return whether a session last active then has ended by silence.

        `waiting_since` says when the last message was sent that waits for its answer.
        """
        silent = not self._awake_since() <= active_at <= self._awake_until()
        return silent and (waiting_since is None or waiting_since < self._left_before())

    def _awake_since(self) -> int:
        """Return the moment, in milliseconds: sessions not active since then are silent."""
        return to_milliseconds(self._clock.now() - self._silence())

    def _awake_until(self) -> int:
        """So are those active later than this, when the clock was ahead."""
        return to_milliseconds(self._clock.now() + self._silence())

    def _left_before(self) -> int:
        """Messages older than this that still wait: answering them failed, and so did noting it."""
        restart = timedelta(minutes=self._settings.answer_after_restart_minutes)
        longest = max(self._silence(), restart, _LONGEST_ANSWER)
        return to_milliseconds(self._clock.now() - longest)

    def _silence(self) -> timedelta:
        return timedelta(minutes=self._settings.idle_minutes)

    async def idle(self) -> int:
        """Close the sessions that have been silent for long enough; return how many."""
        silent = {"active_before": self._awake_since(), "active_after": self._awake_until()}
        left = {"left_before": self._left_before()}
        async with self._database.read() as connection:
            people = [
                row["person_id"]
                async for row in self._queries.list_silent_people(connection, **silent)
            ]
        closed = 0
        for person_id in people:
            async with self._database.write(person_id) as connection:
                rows = [
                    row
                    async for row in self._queries.list_idle_sessions(
                        connection, person_id=person_id, **silent, **left
                    )
                ]
                for row in rows:
                    await self.end(connection, person_id, row["session_id"])
            closed += len(rows)
        return closed

    async def end(self, connection: Any, person_id: int, session_id: int) -> None:
        """Close a session that has ended by silence; what waits in it is given up."""
        await self._queries.give_up_waiting(connection, person_id=person_id, session_id=session_id)
        await self.close(connection, person_id, session_id, "idle")

    async def thread(self, thread_id: int, reason: CloseReason) -> int:
        """Close every open session in `thread_id`; return how many there were."""
        async with self._database.read() as connection:
            people = [
                row["person_id"]
                async for row in self._queries.list_people_in_thread(
                    connection, thread_id=thread_id
                )
            ]
        closed = 0
        for person_id in people:
            async with self._database.write(person_id) as connection:
                row = await self._queries.get_open_session(
                    connection, person_id=person_id, thread_id=thread_id
                )
                if row is not None:
                    await self.close(connection, person_id, row["session_id"], reason)
                    closed += 1
        return closed

    async def person(self, person_id: int, thread_id: int) -> Ended:
        """Close the person's session in a thread because they said so; return what became of it.

        What they say there next is a conversation of its own, without what was said before.
        """
        async with self._database.write(person_id) as connection:
            return await self.begin_anew(connection, person_id, thread_id)

    async def begin_anew(self, connection: Any, person_id: int, thread_id: int) -> Ended:
        """Do what `person` does inside the transaction of `connection`."""
        name = {"person_id": person_id, "thread_id": thread_id}
        row = await self._queries.get_open_session(connection, **name)
        ended: Ended = "none"
        if row is not None:
            kept = await self.close(connection, person_id, row["session_id"], "ended")
            ended = "kept" if kept else "deleted"
        # What is not kept cannot say that the person ended it, nor can what silence had ended.
        await self._queries.mark_ended(connection, **name)
        return ended

    async def close(
        self, connection: Any, person_id: int, session_id: int, reason: CloseReason
    ) -> bool:
        """Close one session inside the transaction of `connection`; return whether it is kept.

        Without the person's yes, or while they paused learning, its text is kept no longer than
        the session needs it.
        """
        self._held.drop_session(person_id, session_id)
        session = {"person_id": person_id, "session_id": session_id}
        agreed = await has_agreed(self._queries, connection, person_id)
        if not agreed or await self._queries.is_off_record(connection, **session):
            await self._queries.delete_session(connection, **session)
            return False
        await self._queries.close_session(
            connection,
            **session,
            closed_at=to_milliseconds(self._clock.now()),
            close_reason=reason,
        )
        return True

    async def delete_old(self) -> None:
        """Delete the text of learned sessions past the operator's retention."""
        limit = self._clock.now() - timedelta(days=self._settings.keep_days)
        before = {"closed_before": to_milliseconds(limit)}
        async with self._database.read() as connection:
            people = [
                row["person_id"]
                async for row in self._queries.list_people_with_old_messages(connection, **before)
            ]
        for person_id in people:
            async with self._database.write(person_id) as connection:
                await self._queries.delete_old_messages(connection, person_id=person_id, **before)
