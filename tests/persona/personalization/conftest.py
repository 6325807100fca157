"""People who talk with the chatbot, without Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from persona.chatbot import Reply
from persona.personalization.strategy import Personalization
from persona.services import Services, open_services
from persona.turns import Incoming
from tests.conftest import settings_for
from tests.support.clock import ManualClock
from tests.support.model import Body, Say, ScriptedModel, proposal, updates

MEI, TOM = 1, 2


class Conversations:
    """Says things for people and hands back the prompts the model got."""

    def __init__(self, services: Services, model: ScriptedModel) -> None:
        self.services = services
        self._model = model
        self._next_id = 1000

    async def say(
        self,
        text: str,
        reply: str | None = "Hello",
        *,
        person: int = MEI,
        thread: int = 50,
        guild: int | None = 7,
        public: bool = False,
        by: Personalization | None = None,
    ) -> list[Body]:
        """Return the prompt for `text`; with `reply` None it is left unanswered afterwards."""
        message_id, self._next_id = self._next_id, self._next_id + 10
        sent_at = self.services.clock.now()
        turn = await self.services.sessions.receive(
            Incoming(message_id, person, thread, guild, text, sent_at)
        )
        assert turn is not None
        self._model.script(Say((reply or "lost",)))
        async for piece in self.services.chatbot.reply(turn, public=public, personalization=by):
            if isinstance(piece, Reply) and reply is not None:
                await self.services.sessions.reply_finished(
                    turn, message_id + 1, piece.text, piece.usage, asked_consent=False
                )
        if reply is None:
            await self.services.sessions.gave_up(turn, "failed")
        return self._model.prompts()[-1]

    async def learn(self, name: str, style: str) -> None:
        """Three sessions in which Mei says both, and the run that learns them."""
        for number in range(3):
            await self.say(f"{name}; {style}", thread=900 + number)
            await self.end(900 + number)
        self._model.script(
            updates(
                proposal("demographics.name", name, 1, name),
                proposal("preference.styles", style, 1, style, op="add_item"),
            )
        )
        await self.services.learner.tick()

    async def end(self, thread: int = 50) -> None:
        await self.services.closing.thread(thread, "archived")

    async def agree(self, person: int = MEI) -> None:
        await self.services.consent.decide(person, "remember")


Begin = Callable[..., Awaitable[Conversations]]


@pytest.fixture
async def begin(model: ScriptedModel, clock: ManualClock, tmp_path: Path) -> AsyncIterator[Begin]:
    """Return a function that opens the engine with these sections of the settings."""
    async with AsyncExitStack() as stack:

        async def opened(**sections: Any) -> Conversations:
            settings = settings_for(model.base_url, tmp_path, **sections)
            services = await stack.enter_async_context(open_services(settings, clock=clock))
            return Conversations(services, model)

        yield opened


@pytest.fixture
async def talk(begin: Begin) -> Conversations:
    """The engine with the default settings; Mei and Tom have agreed."""
    conversations = await begin()
    await conversations.agree(MEI)
    await conversations.agree(TOM)
    return conversations


def contents(prompt: list[Body]) -> list[str]:
    return [message["content"] for message in prompt]


def block(prompt: list[Body]) -> str:
    """Return the one block about the person in a prompt, or ""."""
    found = [text for text in contents(prompt) if text.endswith(("\n</persona>", "\n</earlier>"))]
    assert len(found) <= 1
    return found[0] if found else ""
