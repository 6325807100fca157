"""One life: Algorithm 1 of the paper on the engine the bot runs (paper, 3.3).

For each session the chatbot answers the simulated user until they are satisfied, then the session
is closed and learned from when it is due. Only Discord is missing.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persona.benchmark.arms import Setting
from persona.benchmark.calendar import LifeClock
from persona.benchmark.device import tools_of
from persona.benchmark.dialogue import Exchange
from persona.benchmark.ledger import Ledger, charged
from persona.benchmark.log import Held, LoggedProbe, LoggedSession, LoggedTurn, TurnKind
from persona.benchmark.probing import chosen, probe_text
from persona.benchmark.roles import Apis, User
from persona.benchmark.schema import Person, Probe, Query, Scene
from persona.benchmark.start import Start, give
from persona.benchmark.truth import Truth, truth
from persona.budget import BudgetSettings
from persona.chatbot import Reply
from persona.errors import ModelUnavailable
from persona.models import Models
from persona.personalization.strategy import Personalization
from persona.services import Services, open_services
from persona.settings import EngineSettings, LearningSettings, SessionSettings, StoreSettings
from persona.tools import Tool, ToolExecutor
from persona.tools.time import current_time
from persona.turns import Incoming, Turn

# There is one person in each store.
_PERSON_ID = 1
_SCOPE = "dm"
# Ids of messages: room for all of a session.
_SESSION_IDS = 10_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Who and what is around the chatbot in a life."""

    models: Models
    user: User
    apis: Apis
    most_turns: int
    start: Start
    foreign: Mapping[str, tuple[str, ...]]


class Life:
    """One person with one setting. `open` it, then live its sessions in their order."""

    def __init__(
        self,
        services: Services,
        clock: LifeClock,
        person: Person,
        setting: Setting,
        around: Surroundings,
        ledger: Ledger,
    ) -> None:
        self._services = services
        self._clock = clock
        self._person = person
        self._setting = setting
        self._around = around
        self._ledger = ledger
        self._bots_own: list[Tool[Any]] = [current_time(clock)]
        if setting.every is not None:
            self._bots_own += services.memory.tools()

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls,
        settings: EngineSettings,
        folder: Path,
        person: Person,
        setting: Setting,
        around: Surroundings,
        ledger: Ledger,
    ) -> AsyncIterator[Life]:
        """Open an engine of the life's own in `folder`: lives share no store and no clock."""
        clock = LifeClock()
        engine = _engine(settings, folder, setting)
        async with open_services(engine, clock=clock, models=around.models) as services:
            await services.consent.decide(_PERSON_ID, "remember")
            if around.start != "empty" and setting.every is not None:
                access = await services.personas.access(_PERSON_ID, _SCOPE)
                await give(services.database, access, services.registry, clock, person)
            yield cls(services, clock, person, setting, around, ledger)

    async def session(self, scene: Scene, query: Query) -> LoggedSession:
        """Live one session, learn what is due after it, and return its record."""
        now = truth(self._person, scene.session)
        called: list[str] = []
        tools = self._tools(scene, called)
        turns: list[LoggedTurn] = []
        number = 0
        for event in self._person.events:
            if event.kind == "forget" and event.session == scene.session:
                said = await self._as_user(self._around.user.forget(self._person, event))
                reply = await self._exchange(scene, number, said, now, tools)
                turns.append(_turn("forget", said, reply, called, None))
                number += 1
        dialogue: list[Exchange] = []
        kind: TurnKind = "query"
        said = await self._as_user(self._around.user.opening(query))
        while True:
            reply = await self._exchange(scene, number, said, now, tools)
            number += 1
            dialogue.append(Exchange(said, reply))
            about = (self._person, now, scene, dialogue)
            satisfied = await self._as_user(self._around.user.verdict(*about))
            turns.append(_turn(kind, said, reply, called, satisfied))
            if satisfied or len(dialogue) >= self._around.most_turns:
                break
            said = await self._as_user(self._around.user.answer(*about))
            kind = "correction"
        await self._services.closing.person(_PERSON_ID, scene.session)
        with charged(self._ledger, "optimizer"):
            await self._learn(scene.session)
        record = LoggedSession(
            session=scene.session,
            scene_id=scene.scene_id,
            turns=tuple(turns),
            utterances=len(dialogue),
            censored=not satisfied,
            persona=await self._held(),
            costs=self._ledger.take(),
        )
        self._clock.next_session()
        return record

    async def _learn(self, session: int) -> None:
        """Learn what is due. Raises `ModelUnavailable` when the optimizer cannot be asked.

        The live bot would try again later; a life in which that happens learns less than its k.
        """
        await self._services.learner.tick()
        database = self._services.database
        async with database.read() as connection:
            run = await database.queries.get_unfinished_run(
                connection, person_id=_PERSON_ID, scope=_SCOPE
            )
        # An answer that stays unusable is the model's own doing, and part of what is measured.
        if run is not None and (run["outages"] or not run["attempts"]):
            raise ModelUnavailable(f"The optimizer could not be asked after session {session}.")

    async def probe(self, probe: Probe) -> LoggedProbe:
        """Ask a probe beside the life: nothing of it is stored or learned."""
        access = await self._services.personas.access(_PERSON_ID, _SCOPE)
        message_id = probe.session * _SESSION_IDS + _SESSION_IDS - 1
        turn = Turn(
            message_id=message_id,
            person_id=_PERSON_ID,
            session_id=message_id,
            thread_id=message_id,
            scope=_SCOPE,
            epoch=access.epoch,
            text=probe_text(probe),
            sent_at=self._clock.now(),
        )
        now = truth(self._person, probe.session)
        reply = await self._reply(turn, now, ToolExecutor())
        return LoggedProbe(
            probe_id=probe.probe_id,
            session=probe.session,
            chosen=chosen(probe, reply.text),
            costs=self._ledger.take(),
        )

    def _tools(self, scene: Scene, called: list[str]) -> ToolExecutor:
        device = tools_of(scene, self._around.apis, self._ledger, called)
        return ToolExecutor([*self._bots_own, *device])

    async def _as_user(self, work: Any) -> Any:
        with charged(self._ledger, "simulator"):
            return await work

    async def _exchange(
        self, scene: Scene, number: int, said: str, now: Truth, tools: ToolExecutor
    ) -> str:
        """Say something, and return the reply, both stored as on the live bot."""
        message_id = scene.session * _SESSION_IDS + 2 * number
        incoming = Incoming(message_id, _PERSON_ID, scene.session, None, said, self._clock.now())
        turn = await self._services.sessions.receive(incoming)
        if turn is None:
            raise RuntimeError("A message of a life came twice.")
        reply = await self._reply(turn, now, tools)
        await self._services.sessions.reply_finished(
            turn,
            message_id + 1,
            reply.text,
            reply.usage,
            asked_consent=False,
            grounds=reply.grounds,
        )
        self._clock.next_message()
        return reply.text

    async def _reply(self, turn: Turn, now: Truth, tools: ToolExecutor) -> Reply:
        with charged(self._ledger, "chat"):
            answer = self._services.chatbot.reply(
                turn, public=False, personalization=self._personalization(now), tools=tools
            )
            async with contextlib.aclosing(answer):
                async for piece in answer:
                    if isinstance(piece, Reply):
                        return piece
        raise RuntimeError("A reply had no end.")

    def _personalization(self, now: Truth) -> Personalization:
        golden: Mapping[str, Sequence[str]] | None = None
        if self._setting.golden is not None:
            golden = now.usable if self._setting.golden == "own" else self._around.foreign
            golden = {
                slot: values for slot, values in golden.items() if slot in self._services.registry
            }
        return Personalization(self._setting.strategy, golden)

    async def _held(self) -> tuple[Held, ...]:
        if self._setting.every is None:
            return ()
        persona = await self._services.personas.load(_PERSON_ID, _SCOPE)
        return tuple(
            Held(slot=item.slot, value=item.value, basis=item.basis, status=item.status)
            for item in persona.items
        )


def _turn(
    kind: TurnKind, said: str, reply: str, called: list[str], satisfied: bool | None
) -> LoggedTurn:
    tools = tuple(called)
    called.clear()
    return LoggedTurn(kind=kind, said=said, reply=reply, tools=tools, satisfied=satisfied)


def _engine(settings: EngineSettings, folder: Path, setting: Setting) -> EngineSettings:
    """Return the engine's settings for a life: k alone says when to learn (paper, 3.3)."""
    learning = LearningSettings(
        enabled=setting.every is not None,
        every=setting.every or 1,
        # None of the live bot's other reasons to learn may come before k sessions.
        max_tokens=1_000_000,
        max_age_hours=8760,
        inferred=setting.inferred,
        part_tokens=settings.learning.part_tokens,
        max_change_share=settings.learning.max_change_share,
        max_attempts=settings.learning.max_attempts,
    )
    return settings.model_copy(
        update={
            "store": StoreSettings(
                database_url=f"sqlite:{folder / 'life.db'}",
                key_url=f"sqlite:{folder / 'keys.db'}",
                master_key_file=folder / "master.key",
            ),
            "learning": learning,
            # What a person may cost on the live bot is no matter here; a run has limits of its own.
            "budget": BudgetSettings(),
            "sessions": SessionSettings(keep_days=3650),
        }
    )
