"""schedule: one coroutine, `tick`, that closes what is idle and learns what is due.

APScheduler calls it on the live bot; simulated worlds call it after moving their clock. What is due
is read from the database each time, so nothing is lost with the process.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable

from persona.changes import Overtaken
from persona.clock import Clock, to_milliseconds
from persona.closing import Closing
from persona.errors import InvalidAnswer, ModelError
from persona.failpoints import reach
from persona.incognito import Incognito
from persona.learning import batch as batches
from persona.learning.batch import Run
from persona.learning.commit import Committed, commit
from persona.learning.due import Due, list_due
from persona.learning.heartbeat import beating
from persona.learning.outcome import Ended, Learned
from persona.learning.postpone import Failure, postpone
from persona.learning.prompt import prompt_hash, system_prompt
from persona.learning.propose import Proposed, propose
from persona.learning.under_way import UnderWay
from persona.learning.wishes import read_context
from persona.models import Models
from persona.persona import Personas
from persona.registry import Registry
from persona.settings import LearningSettings
from persona.store.database import Database

logger = logging.getLogger(__name__)

# How often a lease is renewed before it would run out: two renewals may fail.
_BEATS = 3


# Called with the person and the scope of a persona.
Listener = Callable[[int, str], Awaitable[None]]


class Learner:
    """Runs the optimizer's steps for every persona that is due.

    `listeners` are called, one after the other, for each persona that `tick` learned.
    """

    def __init__(
        self,
        *,
        database: Database,
        models: Models,
        closing: Closing,
        incognito: Incognito,
        personas: Personas,
        registry: Registry,
        clock: Clock,
        settings: LearningSettings,
        under_way: UnderWay,
    ) -> None:
        self._database = database
        self._models = models
        self._closing = closing
        self._incognito = incognito
        self._personas = personas
        self._registry = registry
        self._clock = clock
        self._settings = settings
        self._system = system_prompt(registry)
        self._owner = uuid.uuid4().hex
        self._ticking = asyncio.Lock()
        self.listeners: list[Listener] = []
        self._under_way = under_way

    async def tick(self) -> None:
        """Close what is idle, delete text past its time, and learn until nothing is due."""
        async with self._ticking:
            await self._closing.idle()
            self._incognito.idle()
            await self._closing.delete_old()
            progress = self._settings.enabled
            while progress:
                due = await list_due(self._database, self._settings, self._clock.now())
                limit = asyncio.Semaphore(self._settings.parallel)
                progress = any(await asyncio.gather(*(self._learn(item, limit) for item in due)))

    async def cancel(self, person_id: int) -> int:
        """Stop learning about the person, of itself or because they asked, where it is under way.

        What was to be read is left as it was. Returns how much was stopped.
        """
        return await self._under_way.stop(person_id)

    async def _learn(self, due: Due, limit: asyncio.Semaphore) -> bool:
        """Learn one persona; return whether a run was begun and its end written."""
        async with limit:
            try:
                ended = await self._under_way.run(due.person_id, self._learn_due(due))
            except Overtaken:
                return False
            except Exception:
                # The database failed. The other personas must survive it; this one's lease runs
                # out by itself.
                logger.exception("learning left unfinished", extra={"person_id": due.person_id})
                return False
        if ended is not None and ended.failure is None:
            await self._tell(due)
        return ended is not None

    async def _learn_due(self, due: Due) -> Ended | None:
        """Learn one batch; return how it ended, or None when another worker has it."""
        reach("claim.before")
        run = await batches.claim(
            self._database, due, self._settings, owner=self._owner, now=self._clock.now()
        )
        if run is None:
            return None
        reach("claim.after")
        proposed = Proposed()
        failure: Failure
        reason: str
        try:
            committed = await self._run(run, proposed)
        except Overtaken:
            failure, reason = "overtaken", "overtaken by a change"
        except InvalidAnswer as error:
            failure, reason = "invalid_answer", str(error)
        except ModelError as error:
            failure, reason = "outage", str(error)
        except Exception as error:
            # The batch must survive our own mistakes too.
            logger.exception("learning failed", extra={"run": run.run_id})
            failure, reason = "outage", type(error).__name__
        else:
            logger.info(
                "learned",
                extra={
                    "run": run.run_id,
                    "outcome": committed.outcome,
                    "values": committed.values,
                    "refused": sorted(item.refusal.code for item in proposed.refused),
                },
            )
            return Ended(run.run_id)
        await self._postpone(run, proposed, failure, reason)
        return Ended(run.run_id, failure)

    async def _tell(self, learned: Due) -> None:
        for listener in tuple(self.listeners):
            try:
                await listener(learned.person_id, learned.scope)
            except Exception:
                logger.exception("listener failed", extra={"person_id": learned.person_id})

    async def _run(self, run: Run, proposed: Proposed) -> Committed:
        access = await self._personas.find(run.person_id, run.scope)
        reach("access.after")
        if access is None:
            raise Overtaken
        persona = await self._personas.load(run.person_id, run.scope)
        if (access.epoch, persona.version) != (run.epoch, run.base_version):
            raise Overtaken
        batch = await batches.read(self._database, run, access, persona.items)
        context = await read_context(self._database, batch, access, self._registry, self._settings)
        reach("read.after")
        asking = propose(
            self._models,
            batch,
            list(batch.parts(self._settings.part_tokens)),
            context,
            self._system,
            proposed,
        )
        every = self._settings.lease_seconds / _BEATS
        await beating(self._database, run, self._settings, self._clock, asking, every=every)
        reach("judge.after")
        return await commit(
            self._database,
            batch,
            access,
            proposed,
            prompt=prompt_hash(self._system),
            now=self._clock.now(),
        )

    async def learn_now(self, person_id: int, scope: str) -> Learned:
        """Learn what there is of the person's closed sessions, and return what came of it.

        What was put aside or put off is tried again as well. It shares leases and limits with
        `tick`: what another worker has begun is left to it. It ends with the first failure; what
        is left is learned by a later tick. Raises `StoreError` when the database fails.
        """
        try:
            return await self._under_way.run(person_id, self._learn_asked(person_id, scope))
        except Overtaken:
            return Learned("overtaken")

    async def _learn_asked(self, person_id: int, scope: str) -> Learned:
        await self.ask(person_id, scope)
        wanted = Due(person_id, scope)
        runs: list[str] = []
        while self._settings.enabled:
            if wanted not in await list_due(self._database, self._settings, self._clock.now()):
                return Learned("learned" if runs else "nothing", tuple(runs))
            ended = await self._learn_due(wanted)
            if ended is None:
                return Learned("busy", tuple(runs))
            if ended.failure is not None:
                return Learned(ended.failure, tuple(runs))
            runs.append(ended.run_id)
        return Learned("off")

    async def ask(self, person_id: int, scope: str) -> None:
        """Learn what there is of the person's closed sessions with the next tick.

        What was put aside or put off is tried again as well.
        """
        name = {"person_id": person_id, "scope": scope}
        async with self._database.write(person_id) as connection:
            at = to_milliseconds(self._clock.now())
            await self._database.queries.retry_parked(connection, **name)
            await self._database.queries.retry_waiting(connection, **name, at=at)
            await self._database.queries.ask_to_learn(connection, **name, at=at)
            persona = await self._database.queries.get_persona(connection, **name)
            if persona is not None:
                await self._database.queries.answer_learn_request(
                    connection, **name, epoch=persona["epoch"]
                )

    async def _postpone(self, run: Run, proposed: Proposed, failure: Failure, reason: str) -> None:
        parked = await postpone(
            self._database, run, failure, reason, proposed.usage, self._settings, self._clock.now()
        )
        logger.warning(
            "learning parked" if parked else "learning postponed",
            extra={"run": run.run_id, "failure": failure, "reason": reason},
        )
