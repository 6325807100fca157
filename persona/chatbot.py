"""The chatbot: from a turn to a streamed, personalized reply (paper, section 3.2)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import groupby

from persona.completion import Completion, Message, Usage
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.personalization.personalizer import Personalizer
from persona.personalization.quoting import messages, quoted
from persona.personalization.strategy import Personalization
from persona.sessions import Line, Sessions, Turn
from persona.settings import ChatSettings
from persona.tools import ToolContext, ToolExecutor

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished reply and what it cost."""

    text: str
    usage: Usage


class Chatbot:
    """Answers turns. It stores nothing; the session manager does."""

    def __init__(
        self,
        *,
        models: Models,
        tools: ToolExecutor,
        sessions: Sessions,
        personalizer: Personalizer,
        settings: ChatSettings,
    ) -> None:
        self._models = models
        self._tools = tools
        self._sessions = sessions
        self._personalizer = personalizer
        self._settings = settings

    async def reply(
        self, turn: Turn, *, public: bool, personalization: Personalization | None = None
    ) -> AsyncIterator[str | Reply]:
        """Yield pieces of the reply as they come, and the whole `Reply` at the end.

        `public` says whether others can read along; `personalization` is the operator's unless a
        benchmark or a study gives another. Raises `ModelError` when there is no answer,
        `SettingsError` when the reply cannot be personalized as asked.
        """
        chosen = personalization or self._personalizer.live
        prompt, known = await self._prompt(turn, chosen, public=public)
        context = ToolContext(turn, public, list(known))
        text: list[str] = []
        total = Usage()
        for rounds_left in range(self._settings.tool_rounds, -1, -1):
            tools = self._tools.schemas() if rounds_left else []
            if text:
                text.append("\n\n")
                yield text[-1]
            async for piece in self._models.stream("chat", prompt, tools):
                if isinstance(piece, str):
                    text.append(piece)
                    yield piece
                else:
                    completion = piece
            total += completion.usage
            if not completion.tool_calls or not rounds_left:
                break
            prompt += await self._call_tools(completion, context)
        whole = "".join(text)
        if not whole.strip():
            raise InvalidAnswer("The model gave an empty answer.")
        yield Reply(whole, total)

    async def _call_tools(self, completion: Completion, context: ToolContext) -> list[Message]:
        answers = await self._tools.run(completion.tool_calls, context)
        return [
            completion.as_message(),
            *(
                {"role": "tool", "tool_call_id": call.call_id, "content": answer}
                for call, answer in zip(completion.tool_calls, answers, strict=True)
            ),
        ]

    async def _prompt(
        self, turn: Turn, chosen: Personalization, *, public: bool
    ) -> tuple[list[Message], tuple[str, ...]]:
        """Return the prompt: the operator's text, the persona, what was said, the message.

        In that order the beginning stays the same between turns, so providers can cache it; what
        is chosen for the message alone stands right before it. What is quoted about the person
        comes along.
        """
        standing = await self._personalizer.standing(turn, chosen, public=public)
        history = await self._sessions.history(
            turn,
            self._settings.history_tokens,
            # The earlier sessions stand in the block then.
            this_session=bool(standing) and chosen.strategy == "full_history",
        )
        in_prompt = {line.turn_id for line in history}
        passing = await self._personalizer.passing(turn, chosen, in_prompt, public=public)
        *conversation, last = _conversation(history, turn)
        prompt = [
            {"role": "system", "content": self._settings.instructions},
            *messages(standing),
            *conversation,
            *messages(passing),
            last,
        ]
        return prompt, quoted(standing + passing)


def _conversation(history: list[Line], turn: Turn) -> list[Message]:
    """Join messages that stand side by side: some models insist that the roles alternate."""
    lines = [*history, Line("person", turn.text, 0, turn.message_id)]
    return [
        {
            "role": "user" if author == "person" else "assistant",
            "content": "\n\n".join(line.text for line in group),
        }
        for author, group in groupby(lines, key=lambda line: line.author)
    ]
