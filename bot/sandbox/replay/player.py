"""Plays a recording in a world, from wherever its database says it was left.

Message ids depend on the recording alone (see `Recording.timetable`), so after a stop, even by
SIGKILL, a new world issues the same ids, and the bot's own database tells what has been said. The
world is then rebuilt as Discord would have kept it: the threads under way, and a consent question
nobody has pressed yet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import discord
import simcord

from bot.errors import RecordingError, ReplayStopped
from bot.sandbox.replay.figures import Figures, count
from bot.sandbox.replay.recording import Recording
from bot.sandbox.world import World
from cogs.settings import DiscordSettings
from cogs.views.consent import consent_question, consent_view
from persona.clock import from_milliseconds
from persona.store.notes import get_note, set_note

_RECORDING = "replay:recording"
_DUPLICATES = "replay:duplicates"
_LAST_TICKS = 50

Progress = Callable[[int], None]


def as_replayed(settings: DiscordSettings) -> DiscordSettings:
    """Return how the bot behaves on Discord while a recording is played.

    It hears every message. A note of what was learned would take the id that the next message is
    to have, and titles would cost tokens.
    """
    return settings.model_copy(
        update={"trigger": "thread", "learning_notes": False, "titles": "off"}
    )


class Player:
    """One replay. `total` messages are played; `progress` is told how many are done."""

    def __init__(self, world: World, recording: Recording, progress: Progress) -> None:
        self._world = world
        self._recording = recording
        self._progress = progress
        self._moments = recording.timetable(world.env.now())
        self._ids = [discord.utils.time_snowflake(moment) for moment in self._moments]
        self._threads: dict[tuple[str, str], int] = {}
        for line, identity in zip(recording.lines, self._ids, strict=True):
            self._threads.setdefault((line.person, line.session), identity)
        self._requests_seen = 0
        self._duplicates = 0

    async def play(self) -> Figures:
        """Play what has not been played, let the rest be learned, and return the figures.

        Raises `RecordingError` when the database belongs to another recording, and `ReplayStopped`
        when a message gets no answer.
        """
        database = self._world.services.database
        begun = await get_note(database, _RECORDING)
        in_use = (await count(database, said=0, duplicates=0, errors=0)).people > 0
        if begun != self._recording.fingerprint and (begun or in_use):
            raise RecordingError(
                "The database holds something else than a replay of this recording; "
                "choose another --db."
            )
        await set_note(database, _RECORDING, self._recording.fingerprint)
        self._duplicates = int(await get_note(database, _DUPLICATES) or 0)
        position = await self._count_played()
        if position:
            await self._rebuild(position)
        await self._world.start_bot()
        if position:
            await self._give_consent(position - 1)
        for index in range(position, len(self._ids)):
            await self._say(index)
            self._progress(index + 1)
        await self._finish()
        return await count(
            database,
            said=len(self._ids),
            duplicates=self._duplicates,
            errors=len(self._world.env.errors),
        )

    async def _count_played(self) -> int:
        """Messages are played in order, so those stored are the first ones."""
        database = self._world.services.database
        async with database.read() as connection:
            for index, identity in enumerate(self._ids):
                known = await database.queries.get_message_state(connection, message_id=identity)
                if known is None:
                    return index
        return len(self._ids)

    async def _rebuild(self, position: int) -> None:
        """Give the world the threads that were opened, and move it to the last message's time."""
        world = self._world
        opened = {(line.person, line.session) for line in self._recording.lines[:position]}
        needed = {(line.person, line.session) for line in self._recording.lines[position - 1 :]}
        for name in sorted(opened & needed):
            world.env.backend.create_thread(
                world.channel.id,
                name[1],
                world.env.backend.bot_user.id,
                message_id=self._threads[name],
                broadcast=False,  # The bot is not there yet; it learns of them when it starts.
            )
        await world.advance_to(self._moments[position - 1])
        self._progress(position)

    async def _say(self, index: int) -> None:
        world = self._world
        line = self._recording.lines[index]
        await world.advance_to(self._moments[index])
        await world.tick()
        thread_id = self._threads[line.person, line.session]
        member = world.members[line.person]
        if thread_id == self._ids[index]:
            message = await member.send(world.channel, f"{world.bot_mention} {line.text}")
        else:
            message = await member.send(world.thread(thread_id), line.text)
        if message.id != self._ids[index]:
            raise ReplayStopped(f"Message {index + 1} got another id than planned.")
        await self._count_duplicates()
        await self._check_answered(index)
        await self._give_consent(index)

    async def _count_duplicates(self) -> None:
        """A reply's first part is posted under a nonce that names the message it answers."""
        requests = self._world.env.http_requests
        answered: dict[str, int] = {}
        for request in requests[self._requests_seen :]:
            nonce = request.json.get("nonce", "") if isinstance(request.json, dict) else ""
            if request.method == "POST" and str(nonce).endswith("-0"):
                answered[nonce] = answered.get(nonce, 0) + 1
        self._requests_seen = len(requests)
        more = sum(times - 1 for times in answered.values())
        if more:
            self._duplicates += more
            await set_note(self._world.services.database, _DUPLICATES, str(self._duplicates))

    async def _check_answered(self, index: int) -> None:
        """Stop at once where no model answers: the rest of the recording would fail alike."""
        database = self._world.services.database
        async with database.read() as connection:
            row = await database.queries.get_message_state(connection, message_id=self._ids[index])
        if row is None or row["state"] != "answered":
            raise ReplayStopped(
                f"Message {index + 1} got no answer. `rapport doctor` tells how the models are. "
                "It counts as an error; with --db, the same command goes on behind it."
            )

    async def _give_consent(self, index: int) -> None:
        """Press "remember me" for the person of this line, if they were asked and said nothing."""
        world = self._world
        line = self._recording.lines[index]
        member = world.members[line.person]
        if await world.services.consent.decision(member.id) is not None:
            return
        thread = world.thread(self._threads[line.person, line.session])
        pressed = f"rapport:consent:remember:{member.id}"
        question = next((item for item in thread.history() if _holds(item, pressed)), None)
        if question is None:
            question = await self._question_again(thread, member.id)
        if question is not None:
            await member.click(question, custom_id=pressed)

    async def _question_again(
        self, thread: simcord.ChannelHandle, person_id: int
    ) -> discord.Message | None:
        """Post the question that an earlier process posted, as Discord would have kept it."""
        services = self._world.services
        async with services.database.read() as connection:
            session = await services.database.queries.get_open_session(
                connection, person_id=person_id, thread_id=thread.id
            )
        if session is None or not session["consent_asked"]:
            return None
        backend = self._world.env.backend
        components: list[Any] = consent_view(person_id, None).to_components()
        backend.create_message(
            thread.id, backend.bot_user.id, consent_question(None, None), components=components
        )
        return thread.history()[-1]

    async def _finish(self) -> None:
        """Let the last sessions end, and the sessions left over come of age."""
        world = self._world
        settings = world.settings
        await world.advance(timedelta(minutes=settings.sessions.idle_minutes + 1))
        await world.tick()
        await world.advance(timedelta(hours=settings.learning.max_age_hours))
        for _ in range(_LAST_TICKS):
            await world.tick()
            pause = await self._pause_left()
            if pause is None:
                return
            await world.advance(pause)

    async def _pause_left(self) -> timedelta | None:
        """Return how long until the next postponed run may go on, or None when there is none."""
        services = self._world.services
        async with services.database.read() as connection:
            next_at = await services.database.queries.next_run_at(connection)
        if next_at is None:
            return None
        return max(from_milliseconds(next_at) - self._world.env.now(), timedelta(seconds=1))


def _holds(message: discord.Message, custom_id: str) -> bool:
    return any(
        getattr(child, "custom_id", None) == custom_id
        for row in message.components
        for child in getattr(row, "children", ())
    )
