"""The chatbot: from a turn to a streamed, personalized reply (paper, section 3.2)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import groupby

from persona import personalization
from persona.completion import Completion, Message, Usage
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.persona import Persona, Personas
from persona.privacy import Consent
from persona.registry import Registry
from persona.sessions import Line, Sessions, Turn
from persona.settings import ChatSettings, PersonalizationSettings
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
        personas: Personas,
        consent: Consent,
        registry: Registry,
        settings: ChatSettings,
        personalization: PersonalizationSettings,
    ) -> None:
        self._models = models
        self._tools = tools
        self._sessions = sessions
        self._personas = personas
        self._consent = consent
        self._registry = registry
        self._settings = settings
        self._personalization = personalization

    async def reply(self, turn: Turn, *, public: bool) -> AsyncIterator[str | Reply]:
        """Yield pieces of the reply as they come, and the whole `Reply` at the end.

        `public` says whether others can read along. Raises `ModelError` when there is no answer.
        """
        prompt, known = await self._prompt(turn, public=public)
        context = ToolContext(turn, public, known)
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
        answers: list[Message] = [
            {
                "role": "tool",
                "tool_call_id": call.call_id,
                "content": await self._tools.run(call, context),
            }
            for call in completion.tool_calls
        ]
        return [completion.as_message(), *answers]

    async def _prompt(self, turn: Turn, *, public: bool) -> tuple[list[Message], tuple[str, ...]]:
        """Return the prompt: the operator's text, the persona, what was said, the message.

        In that order the beginning stays the same between turns, so providers can cache it. The
        values of the persona in use come along.
        """
        persona = await self._persona(turn)
        block = ""
        known: tuple[str, ...] = ()
        if persona is not None:
            block = personalization.render(
                persona,
                self._registry,
                public=public,
                budget=self._personalization.persona_tokens,
            )
            known = tuple(value for slot in self._registry for value in persona.values(slot))
        history = await self._sessions.history(turn, self._settings.history_tokens)
        prompt = [
            {"role": "system", "content": self._settings.instructions},
            *personalization.messages(block),
            *_conversation(history, turn.text),
        ]
        return prompt, known

    async def _persona(self, turn: Turn) -> Persona | None:
        if self._personalization.strategy == "none":
            return None
        if await self._consent.decision(turn.person_id) != "remember":
            return None
        return await self._personas.load(turn.person_id, turn.scope)


def _conversation(history: list[Line], text: str) -> list[Message]:
    """Join messages that stand side by side: some models insist that the roles alternate."""
    lines = [*history, Line("person", text, 0)]
    return [
        {
            "role": "user" if author == "person" else "assistant",
            "content": "\n\n".join(line.text for line in group),
        }
        for author, group in groupby(lines, key=lambda line: line.author)
    ]
