"""A thread's title: a few words that say what it is about, found once."""

from __future__ import annotations

import contextlib
import re

from persona.clock import Clock, to_milliseconds
from persona.completion import Completion, Message
from persona.errors import ModelError
from persona.models import Models
from persona.spending import note_usage
from persona.store.database import Database
from persona.turns import Turn

TITLE_PROMPT = (
    "Give the conversation a title: at most six words, in the language of the person's message, "
    "that say what it is about. Write the title alone, on one line, without quotes."
)
LONGEST = 60  # characters
_MOST_WORDS = 6
# What either side said is quoted as far as this; a title needs no more.
_QUOTED = 600  # characters
_MARKUP = re.compile(r"[*_`~|#<>\[\]\"“”„«»「」『』]+")
_LABEL = re.compile(r"\A(?:title|thread|标题|標題)\s*[:：]\s*", re.I)


class Titles:
    """Finds titles, one for each thread."""

    def __init__(self, database: Database, models: Models, clock: Clock) -> None:
        self._database = database
        self._models = models
        self._clock = clock

    async def claim(self, turn: Turn) -> bool:
        """Return whether the thread of `turn` may get a title now: once, and by its opener."""
        thread = {"person_id": turn.person_id, "thread_id": turn.thread_id}
        async with self._database.read() as connection:
            if not await self._database.queries.is_untitled(connection, **thread):
                return False
        async with self._database.write(turn.person_id) as connection:
            row = await self._database.queries.claim_title(
                connection,
                **thread,
                titled_at=to_milliseconds(self._clock.now()),
            )
        return row is not None

    async def find(self, turn: Turn, answer: str) -> str:
        """Return a title for the conversation that began with `turn` and its answer.

        It is the chat model's; when that gives none, the person's first words.
        """
        said = turn.said[0].text
        try:
            async with contextlib.aclosing(
                self._models.stream("chat", _prompt(said, answer))
            ) as title:
                async for piece in title:
                    if isinstance(piece, Completion):
                        await self._spend(turn, piece)
                        return _clean(piece.text) or first_words(said)
        except ModelError:
            pass  # The models have logged it, and a title is not worth a second try.
        return first_words(said)

    async def _spend(self, turn: Turn, answer: Completion) -> None:
        async with self._database.write(turn.person_id) as connection:
            if not await self._database.queries.get_opener(connection, thread_id=turn.thread_id):
                return  # Erased meanwhile.
            await note_usage(
                self._database.queries,
                connection,
                answer.usage,
                person_id=turn.person_id,
                scope=turn.scope,
                usage_id=f"title:{turn.thread_id}",
                purpose="chat",
                at=to_milliseconds(self._clock.now()),
            )


def first_words(said: str) -> str:
    """Return the beginning of `said` on one line of at most 60 characters."""
    line = " ".join(said.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _prompt(said: str, answer: str) -> list[Message]:
    quoted = f"Person: {said[:_QUOTED]}\n\nAnswer: {answer[:_QUOTED]}"
    return [
        {"role": "system", "content": TITLE_PROMPT},
        {"role": "user", "content": quoted},
    ]


def _clean(written: str) -> str:
    """Return a model's title as one line without markup, or "" when it is none."""
    lines = [line for line in written.splitlines() if line.strip()]
    if not lines:
        return ""
    line = _LABEL.sub("", _MARKUP.sub("", lines[0]).strip())
    words = line.split()[:_MOST_WORDS]
    return first_words(" ".join(words)).rstrip(".。 ")
