"""Answers given: the messages they stand in, what they rest on, and how they were liked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from persona.clock import Clock, to_milliseconds
from persona.completion import Usage
from persona.grounds import Grounds
from persona.replies import add_answer, add_reply
from persona.store.database import Database
from persona.store.keys import KeyFile
from persona.turns import Turn, read_turn


@dataclass(frozen=True, slots=True)
class Part:
    """A Discord message of an answer, counted from 0; `turn_id` is the message answered."""

    turn_id: int
    number: int
    part_id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. `newest` says that none came after it in its session.

    `attempts` counts how often it was written, `liked` is None until the person says so, and
    `last_part` is the last of its Discord messages.
    """

    person_id: int
    turn_id: int
    scope: str
    grounds: Grounds
    usage: Usage
    attempts: int
    liked: bool | None
    newest: bool
    last_part: int | None


class Answers:
    """Finds answers by their messages, and changes them when their person asks for it."""

    def __init__(self, database: Database, keys: KeyFile, clock: Clock) -> None:
        self._database = database
        self._queries = database.queries
        self._keys = keys
        self._clock = clock

    async def note_part(self, turn: Turn, number: int, part_id: int) -> None:
        """Note that part `number` of the answer to `turn` was posted as the message `part_id`."""
        async with self._database.write(turn.person_id) as connection:
            await self._queries.note_part(
                connection,
                person_id=turn.person_id,
                turn_id=turn.message_id,
                number=number,
                part_id=part_id,
            )

    async def parts(self, turn: Turn) -> list[Part]:
        """Return what stands on Discord already, in order.

        That is of the answer to `turn`, and of those that were begun to the messages before it.
        """
        async with self._database.read() as connection:
            return [
                Part(row["turn_id"], row["number"], row["part_id"])
                async for row in self._queries.list_parts(
                    connection,
                    person_id=turn.person_id,
                    session_id=turn.session_id,
                    turn_id=turn.message_id,
                )
            ]

    async def drop_part(self, turn: Turn, part_id: int) -> None:
        """Forget a message that was taken back."""
        async with self._database.write(turn.person_id) as connection:
            await self._queries.delete_part(connection, person_id=turn.person_id, part_id=part_id)

    async def owner(self, turn_id: int) -> int | None:
        """Return whose message `turn_id` is, or None when it is not kept any more."""
        async with self._database.read() as connection:
            row = await self._queries.get_message_state(connection, message_id=turn_id)
        return None if row is None else cast(int, row["person_id"])

    async def of_part(self, part_id: int) -> Answer | int | None:
        """Return the answer of which the Discord message `part_id` is a part.

        The id of its person when it is no finished answer, None when it is no part of any.
        """
        async with self._database.read() as connection:
            row = await self._queries.get_part(connection, part_id=part_id)
            if row is None:
                return None
            found = await self._queries.get_answer(connection, turn_id=row["turn_id"])
        return cast(int, row["person_id"]) if found is None else _answer(found)

    async def of_turn(self, turn_id: int) -> Answer | None:
        """Return the answer to the message `turn_id`, or None when it has none."""
        async with self._database.read() as connection:
            row = await self._queries.get_answer(connection, turn_id=turn_id)
        return None if row is None else _answer(row)

    async def rate(self, person_id: int, turn_id: int, liked: bool) -> bool | None:
        """Store what the person thinks of an answer, and return it; the same again takes it back.

        Nobody's answer but the person's own is changed.
        """
        async with self._database.write(person_id) as connection:
            row = await self._queries.get_answer(connection, turn_id=turn_id)
            if row is None or row["person_id"] != person_id:
                return None
            rated = None if _truth(row["liked"]) is liked else liked
            await self._queries.set_liked(
                connection, person_id=person_id, turn_id=turn_id, liked=rated
            )
        return rated

    async def turn(self, answer: Answer) -> Turn | None:
        """Return the turn that was answered, as it is said now; None when it is gone."""
        async with self._database.read() as connection:
            row = await self._queries.get_turn(
                connection, person_id=answer.person_id, message_id=answer.turn_id
            )
        if row is None:
            return None
        key = await self._keys.find(answer.person_id, row["scope"], row["epoch"])
        if key is None:
            return None
        return read_turn(row, answer.person_id, key)

    async def text(self, turn: Turn) -> str | None:
        """Return the text of the answer to `turn`, or None when it has none."""
        async with self._database.read() as connection:
            row = await self._queries.get_reply(
                connection, person_id=turn.person_id, turn_id=turn.message_id
            )
        key = await self._keys.find(turn.person_id, turn.scope, turn.epoch)
        if row is None or key is None:
            return None
        return key.open(row["text_sealed"], context=f"messages:{row['message_id']}")

    async def replace(
        self, turn: Turn, reply_id: int, text: str, usage: Usage, grounds: Grounds
    ) -> bool:
        """Store a new answer in place of the old. Returns False when the turn was erased."""
        key = await self._keys.find(turn.person_id, turn.scope, turn.epoch)
        if key is None:
            return False
        sealed = key.seal(text, context=f"messages:{reply_id}")
        now = to_milliseconds(self._clock.now())
        person = {"person_id": turn.person_id}
        async with self._database.write(turn.person_id) as connection:
            row = await self._queries.get_turn(connection, **person, message_id=turn.message_id)
            if row is None:
                return False
            old = await self._queries.get_reply(connection, **person, turn_id=turn.message_id)
            if old is not None:
                await self._queries.delete_message(
                    connection, **person, message_id=old["message_id"]
                )
            await add_reply(
                self._queries,
                connection,
                turn,
                reply_id,
                text,
                sealed,
                at=now,
                session_id=turn.session_id,
                tokens_before=old["tokens"] if old else 0,
            )
            await add_answer(self._queries, connection, turn, usage, grounds, at=now)
        return True


def _answer(row: Any) -> Answer:
    slots = tuple(name for name in row["slots"].split(",") if name)
    return Answer(
        row["person_id"],
        row["turn_id"],
        row["scope"],
        Grounds(row["strategy"], slots, row["withheld"]),
        Usage(row["model"], row["prompt_tokens"], row["completion_tokens"]),
        row["attempts"],
        _truth(row["liked"]),
        bool(row["newest"]),
        row["last_part"],
    )


def _truth(liked: Any) -> bool | None:
    """SQLite keeps truth as numbers."""
    return None if liked is None else bool(liked)
