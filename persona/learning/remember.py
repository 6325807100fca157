"""remember: one message of a person, learned because they ask for it.

The optimizer is asked about that message alone and its answer passes the same gate; who speaks is
bound by code. What was deleted comes back this way, for it is the person's express wish.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from persona.changes import Change, Overtaken
from persona.clock import Clock, to_milliseconds
from persona.completion import Usage
from persona.errors import EditError
from persona.learning.batch import Batch, BatchMessage, Run
from persona.learning.commit import apply
from persona.learning.gate import Accepted, Context, Refused, judge
from persona.learning.prompt import system_prompt
from persona.learning.propose import Proposed, propose
from persona.learning.under_way import UnderWay
from persona.learning.wishes import read_wishes
from persona.models import Models
from persona.people import check_agreed
from persona.persona import Access, Item, Personas
from persona.registry import Registry
from persona.spending import note_usage
from persona.store.database import Database
from persona.tokens import estimate


@dataclass(frozen=True, slots=True)
class Wish:
    """A message its author wants remembered."""

    person_id: int
    scope: str
    message_id: int
    text: str
    sent_at: datetime


class Remember:
    """Learns single messages."""

    def __init__(
        self,
        *,
        database: Database,
        models: Models,
        personas: Personas,
        registry: Registry,
        clock: Clock,
        under_way: UnderWay,
    ) -> None:
        self._database = database
        self._models = models
        self._personas = personas
        self._registry = registry
        self._clock = clock
        self._under_way = under_way
        self._system = system_prompt(registry)

    async def remember(self, wish: Wish) -> int | None:
        """Learn what the message says; return the new version, or None if all was known.

        Raises `EditError` when nothing of it can be kept, or it was stopped, and `ModelError` when
        the model gives no usable answer.
        """
        try:
            return await self._under_way.run(wish.person_id, self._remember(wish))
        except Overtaken as error:
            raise EditError("It was changed in the meantime.", code="changed") from error

    async def _remember(self, wish: Wish) -> int | None:
        access = await self._personas.access(wish.person_id, wish.scope, agreed=True)
        persona = await self._personas.load(wish.person_id, wish.scope)
        batch = await self._batch(wish, access, persona.items)
        proposed = Proposed()
        try:
            await self._ask(batch, access, proposed)
            return await self._commit(batch, access, proposed)
        finally:
            await self._note_usage(batch, proposed.usage)

    async def _batch(self, wish: Wish, access: Access, items: tuple[Item, ...]) -> Batch:
        """Return the message as a batch of one. Outside a conversation it is one of its own."""
        async with self._database.read() as connection:
            row = await self._database.queries.get_message_state(
                connection, message_id=wish.message_id
            )
        own = row is not None and row["person_id"] == wish.person_id
        message = BatchMessage(
            number=1,
            session=1,
            session_id=row["session_id"] if own else wish.message_id,
            message_id=wish.message_id,
            author="person",
            sent_at=wish.sent_at,
            tokens=estimate(wish.text),
            text=wish.text,
        )
        # The fence around the message is named after the run: nobody may guess it.
        name = uuid.uuid4().hex
        run = Run(wish.person_id, wish.scope, name, 0, access.epoch, access.version, 0, 0)
        return Batch(run, (message,), items, (1, 0))

    async def _ask(self, batch: Batch, access: Access, proposed: Proposed) -> None:
        async with self._database.read() as connection:
            context = await self._context(connection, batch, access)
        await propose(self._models, batch, [batch.messages], context, self._system, proposed)

    async def _commit(self, batch: Batch, access: Access, proposed: Proposed) -> int | None:
        """Write what passes the gate as things are now; the model's removals are left out."""
        wanted = [each.proposal for each in proposed.accepted if each.proposal.op != "remove_item"]
        if not wanted:
            raise _reason(proposed.refused)
        async with self._database.write(access.person_id) as connection:
            change = await Change.begin(
                self._database.queries,
                connection,
                access,
                cause=f"remember:{batch.run.run_id}",
                now=self._clock.now(),
                base_version=access.version,
            )
            await check_agreed(self._database.queries, connection, access.person_id)
            await self._check_not_paused(connection, access)
            # Only in the transaction it is certain what the person locked.
            context = await self._context(connection, batch, access)
            accepted, refused = await asyncio.to_thread(judge, wanted, context)
            if not accepted:
                raise _reason(refused)
            for each in accepted:
                await _apply(change, each)
            return await change.finish("person")

    async def _context(self, connection: Any, batch: Batch, access: Access) -> Context:
        locked, tombstones = await read_wishes(self._database.queries, connection, access)
        return Context.of(
            batch.messages,
            batch.items,
            self._registry,
            "off",
            locked=locked,
            tombstones=tombstones,
            commanded=1,
        )

    async def _check_not_paused(self, connection: Any, access: Access) -> None:
        persona = await self._database.queries.get_persona(
            connection, person_id=access.person_id, scope=access.scope
        )
        if persona["paused_at"] is not None:
            raise Overtaken

    async def _note_usage(self, batch: Batch, usage: Usage) -> None:
        """Record what asking cost, unless the person was erased meanwhile."""
        if not usage.prompt_tokens and not usage.completion_tokens:
            return
        run, queries = batch.run, self._database.queries
        async with self._database.write(run.person_id) as connection:
            persona = await queries.get_persona(
                connection, person_id=run.person_id, scope=run.scope
            )
            if persona is None or persona["epoch"] != run.epoch:
                return
            await note_usage(
                queries,
                connection,
                usage,
                person_id=run.person_id,
                scope=run.scope,
                usage_id=f"remember:{batch.run.run_id}",
                purpose="optimizer",
                at=to_milliseconds(self._clock.now()),
            )


async def _apply(change: Change, accepted: Accepted) -> None:
    if accepted.value is not None:
        await change.unbury(accepted.value)
    await apply(change, accepted)


def _reason(refused: list[Refused]) -> EditError:
    """Return why nothing can be kept: the first refusal, or that there was nothing to find."""
    if not refused:
        return EditError("The message says nothing that lasts.", code="nothing_found")
    first = refused[0]
    return EditError(
        first.refusal.reason, code=first.refusal.code, slot=first.proposal.slot or None
    )
