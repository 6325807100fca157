"""Turns of one person with the chatbot, without Discord."""

from __future__ import annotations

from dataclasses import dataclass

from persona.chatbot import Reply
from persona.personalization.strategy import Personalization
from persona.services import Services
from persona.turns import Incoming, Turn
from tests.support.model import ScriptedModel

_STEP = 10


@dataclass
class Talk:
    """One person's conversation in one thread of a server."""

    services: Services
    model: ScriptedModel
    person: int = 1
    message_id: int = 100_000
    public: bool = False
    personalization: Personalization | None = None

    async def receive(self, text: str) -> Turn:
        """Store a message and return its turn."""
        self.message_id += _STEP
        turn = await self.services.sessions.receive(
            Incoming(self.message_id, self.person, 50, 7, text, self.services.clock.now())
        )
        assert turn is not None
        return turn

    async def answer(self, turn: Turn) -> str:
        """Return the reply to a turn."""
        pieces = self.services.chatbot.reply(
            turn, public=self.public, personalization=self.personalization
        )
        replies = [piece async for piece in pieces if isinstance(piece, Reply)]
        await self.services.sessions.reply_finished(
            turn, turn.message_id + 1, replies[0].text, replies[0].usage, asked_consent=False
        )
        return replies[0].text

    async def say(self, text: str) -> str:
        """Say something and return the reply."""
        return await self.answer(await self.receive(text))

    def told(self) -> list[str]:
        """Return what tools told the model in the last turn."""
        messages = self.model.requests[-1]["messages"]
        last = max(place for place, each in enumerate(messages) if each["role"] == "user")
        return [each["content"] for each in messages[last:] if each["role"] == "tool"]
