"""Tools by which a person says what to remember and forget, and asks what is known.

They pass the same gate as learning: the value must be in the person's own words of this very
message, and only the person's plain wish makes the bot remember.
"""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import Field

from persona.changes import Change, Overtaken
from persona.clock import Clock
from persona.learning.batch import BatchMessage
from persona.learning.commit import apply
from persona.learning.gate import Accepted, Context, judge
from persona.learning.gate.wish import Wish, asks_to
from persona.learning.proposal import Evidence, Operation, Proposal
from persona.learning.wishes import read_wishes
from persona.normalise import normalise
from persona.people import has_agreed
from persona.persona import Item, Personas
from persona.privacy import Consent
from persona.registry import Registry, Slot
from persona.store.database import Database
from persona.tools.executor import Tool, ToolContext
from persona.tools.schema import Arguments
from persona.turns import Turn, Utterance

_NO_CONSENT = (
    "The person has not agreed to being remembered. Tell them that they can agree with the button "
    "under your first answer."
)
_PAUSED = "Not remembered: the person paused learning here; /persona resume ends that. Tell them."
_ERASED = "Not done: everything was erased just now."
_TAKEN_BACK = "Not done: the message was edited or deleted just now."


class RememberArguments(Arguments):
    """What to remember, and the words that say it."""

    slot: str = Field(description="name of the slot", max_length=80)
    value: str = Field(description="short, in the person's own words", max_length=400)
    quote: str = Field(description="copied word for word from their message", max_length=160)


class ForgetArguments(Arguments):
    """What to forget."""

    slot: str = Field(description="name of the slot", max_length=80)
    value: str = Field(description="the value as it is known", max_length=400)
    quote: str = Field(description="copied word for word from their message", max_length=160)


class KnownArguments(Arguments):
    """Nothing to say: it is about whoever asks."""


class MemoryTools:
    """The three persona tools, for whosever turn it is."""

    def __init__(
        self,
        *,
        database: Database,
        personas: Personas,
        consent: Consent,
        registry: Registry,
        clock: Clock,
    ) -> None:
        self._database = database
        self._personas = personas
        self._consent = consent
        self._registry = registry
        self._clock = clock

    def tools(self) -> list[Tool[Any]]:
        """Return remember, forget and what_do_you_know."""
        slots = ", ".join(self._registry)
        return [
            Tool(
                "remember",
                "Remembers one fact about the person, only when they ask for it in this message. "
                f"Slots: {slots}",
                RememberArguments,
                self._remember,
                personal=True,
            ),
            Tool(
                "forget",
                "Forgets one known value, only when the person asks for it in this message.",
                ForgetArguments,
                self._forget,
                personal=True,
            ),
            Tool(
                "what_do_you_know",
                "Tells what is known about the person, when they ask.",
                KnownArguments,
                self._tell,
                personal=True,
            ),
        ]

    async def _remember(self, given: RememberArguments, context: ToolContext) -> str:
        said = _wished("remember", given.quote, context.turn)
        if said is None:
            return "Not remembered: the person did not ask for it. What lasts is learned later."
        slot = self._registry.get(given.slot)
        operation: Operation = "add_item" if slot and slot.kind == "list" else "set_slot"
        return await self._change(context, said, operation, given.slot, given.value, given.quote)

    async def _forget(self, given: ForgetArguments, context: ToolContext) -> str:
        said = _wished("forget", given.quote, context.turn)
        if said is None:
            return "Not forgotten: the person did not ask for it."
        return await self._change(
            context, said, "remove_item", given.slot, given.value, given.quote
        )

    async def _tell(self, given: KnownArguments, context: ToolContext) -> str:
        if not await self._consent.agreed(context.turn.person_id):
            return _NO_CONSENT
        persona = await self._personas.load(context.turn.person_id, context.turn.scope)
        lines = []
        for slot in self._registry.values():
            values = persona.values(slot.name)
            if values and _may_tell(slot, context):
                context.known.extend(values)
                lines.append(f"{slot.name}: {'; '.join(values)}")
        more = " More is shown by /persona show, to them alone." if context.others_read else ""
        return ("\n".join(lines) or "Nothing yet.") + more

    async def _change(
        self,
        context: ToolContext,
        said: Utterance,
        operation: Operation,
        slot: str,
        value: str,
        quote: str,
    ) -> str:
        turn = context.turn
        access = await self._personas.find(turn.person_id, turn.scope)
        if access is None or access.epoch != turn.epoch:
            return _ERASED
        async with self._database.write(turn.person_id) as connection:
            try:
                change = await Change.begin(
                    self._database.queries,
                    connection,
                    access,
                    cause=f"tool:{said.message_id}",
                    now=self._clock.now(),
                )
            except Overtaken:
                return _ERASED
            # The person may have acted while the model thought: what counts is how things are now.
            if (hindrance := await self._hindrance(change, said, operation)) is not None:
                return hindrance
            locked, tombstones = await read_wishes(self._database.queries, connection, access)
            items = list((await change.items()).values())
            number = _number(items, slot, value) if operation == "remove_item" else None
            if operation == "remove_item" and number is None:
                return f"{slot} has no such value." + self._others(items, slot, context)
            proposal = Proposal(
                why="",
                evidence=[Evidence(msg=1, quote=quote)],
                about="self",
                basis="stated",
                op=operation,
                slot=slot,
                item=number,
                value=value if number is None else None,
            )
            judged = Context.of(
                [_message(turn, said)],
                items,
                self._registry,
                "off",
                locked=locked,
                tombstones=tombstones,
                commanded=1,
            )
            accepted, refused = await asyncio.to_thread(judge, [proposal], judged)
            if refused:
                return f"Not done ({refused[0].refusal.code}): {refused[0].refusal.reason}"
            await self._apply(change, accepted[0])
            await change.finish("person")
        return "Forgotten." if operation == "remove_item" else "Remembered."

    async def _hindrance(self, change: Change, said: Utterance, operation: Operation) -> str | None:
        """Return why nothing may be changed for what was `said` any more, or None if it may."""
        queries, connection = self._database.queries, change.connection
        if not await has_agreed(queries, connection, change.access.person_id):
            return _NO_CONSENT
        access = change.access
        if operation != "remove_item":  # To forget is to learn nothing.
            persona = await queries.get_persona(
                connection, person_id=access.person_id, scope=access.scope
            )
            if persona is None or persona["paused_at"] is not None:
                return _PAUSED
        message_id = said.message_id
        place = await queries.get_message_place(connection, message_id=message_id)
        if place is None:
            return _TAKEN_BACK
        text = change.access.key.open(place["text_sealed"], context=f"messages:{message_id}")
        return None if text == said.text else _TAKEN_BACK

    def _others(self, items: list[Item], name: str, context: ToolContext) -> str:
        slot = self._registry.get(name)
        if slot is None or not _may_tell(slot, context):
            return ""
        values = [item.value for item in items if item.slot == name]
        context.known.extend(values)
        return f" Known: {'; '.join(values) or 'nothing'}."

    @staticmethod
    async def _apply(change: Change, accepted: Accepted) -> None:
        if accepted.target is not None:
            await change.bury(accepted.target.item_id)
            return
        await change.unbury(accepted.value or "")
        await apply(change, accepted)


def _wished(wish: Wish, quote: str, turn: Turn) -> Utterance | None:
    """Return the message in which the person asks for it, of those that are answered together.

    The newest that holds the quote, or else the newest.
    """
    asking = [said for said in reversed(turn.said) if asks_to(wish, said.text)]
    quoted = normalise(quote)
    holding = (said for said in asking if quoted in normalise(said.text))
    return next(holding, asking[0] if asking else None)


def _message(turn: Turn, said: Utterance) -> BatchMessage:
    return BatchMessage(
        1, 1, turn.session_id, said.message_id, "person", said.sent_at, 0, said.text
    )


def _number(items: list[Item], slot: str, value: str) -> int | None:
    wanted = normalise(value)
    for number, item in enumerate(items, 1):
        if item.slot == slot and normalise(item.value) == wanted:
            return number
    return None


def _may_tell(slot: Slot, context: ToolContext) -> bool:
    return slot.public or not context.others_read
