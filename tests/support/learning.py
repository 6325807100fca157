"""Learning step by step, for what can come between the steps, and a look at what is stored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Self

from persona.learning import batch as batches
from persona.learning.batch import Batch, Run, claim
from persona.learning.commit import Committed, commit
from persona.learning.due import Due
from persona.learning.postpone import Failure, postpone
from persona.learning.prompt import system_prompt
from persona.learning.propose import Proposed, propose
from persona.learning.wishes import read_context
from persona.persona import Access
from persona.services import Services
from tests.support.stores import rows

_TABLES = ("personas", "items", "evidence", "versions", "sessions", "runs", "leases", "usage")


async def claimed(services: Services, person: int = 1, scope: str = "guild:7") -> Run | None:
    """Claim what there is to learn, as a worker of its own."""
    return await claim(
        services.database,
        Due(person, scope),
        services.settings.learning,
        owner=uuid.uuid4().hex,
        now=services.clock.now(),
    )


@dataclass(frozen=True)
class Worker:
    """A worker that has claimed a run and asked the model, but not ended the run."""

    services: Services
    batch: Batch
    access: Access
    proposed: Proposed

    @classmethod
    async def claim(cls, services: Services, person: int = 1, scope: str = "guild:7") -> Self:
        """Return a worker that has claimed a run and read it, but not asked yet."""
        run = await claimed(services, person, scope)
        assert run is not None
        return await cls.read(services, run)

    @classmethod
    async def read(cls, services: Services, run: Run) -> Self:
        """Return a worker that has read the run it claimed."""
        access = await services.personas.access(run.person_id, run.scope)
        persona = await services.personas.load(run.person_id, run.scope)
        batch = await batches.read(services.database, run, access, persona.items)
        return cls(services, batch, access, Proposed())

    @classmethod
    async def begin(cls, services: Services, person: int = 1, scope: str = "guild:7") -> Self:
        worker = await cls.claim(services, person, scope)
        await worker.ask()
        return worker

    async def ask(self) -> None:
        services, settings = self.services, self.services.settings.learning
        await propose(
            services.models,
            self.batch,
            list(self.batch.parts(settings.part_tokens)),
            await read_context(
                services.database, self.batch, self.access, services.registry, settings
            ),
            system_prompt(services.registry),
            self.proposed,
        )

    async def commit(self) -> Committed:
        return await commit(
            self.services.database,
            self.batch,
            self.access,
            self.proposed,
            prompt="prompt",
            now=self.services.clock.now(),
        )

    async def postpone(self, failure: Failure = "outage") -> bool:
        return await postpone(
            self.services.database,
            self.batch.run,
            failure,
            "a reason",
            self.proposed.usage,
            self.services.settings.learning,
            self.services.clock.now(),
        )


async def stored(services: Services) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a learning run may write."""
    return {
        table: await rows(services.database, f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in _TABLES
    }


async def optimizer_usage(services: Services) -> list[tuple[object, ...]]:
    """Return prompt and completion tokens of each try, in order."""
    return await rows(
        services.database,
        "SELECT prompt_tokens, completion_tokens FROM usage WHERE purpose = 'optimizer' "
        "ORDER BY used_at, usage_id",
    )
