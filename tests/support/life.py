"""One person's life with the bot: what they say and do, what workers do, and what must hold.

Beside the database it keeps its own account of what was said, forgotten and locked.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from persona.audit import audit
from persona.changes import Overtaken
from persona.clock import to_milliseconds
from persona.completion import Usage
from persona.errors import EditError
from persona.learning.batch import claim
from persona.learning.due import Due, list_due
from persona.learning.postpone import Failure
from persona.normalise import normalise
from persona.privacy import Decision
from persona.services import Services
from persona.tools.executor import ToolContext
from persona.tools.memory import ForgetArguments, MemoryTools, RememberArguments
from persona.tools.schema import Arguments
from persona.turns import Incoming, Turn
from tests.support.careless import FACTS, INTERESTS, THINKING_FEELING, Fact, Move, answer
from tests.support.clock import ManualClock
from tests.support.kept import Item, Kept, Reader, check_items, check_sessions, check_versions
from tests.support.learning import Worker
from tests.support.model import ScriptedModel, Status
from tests.support.stores import change

SCOPE = "guild:7"
GUILD = 7
_QUOTED = "> "
_LOSS = "message_"


Happening = Literal[
    "set",
    "set loudly",
    "set in the place of",
    "contradict",
    "approve",
    "decline",
    "forget",
    "remember in words",
    "forget in words",
    "lock",
    "lock all",
    "unlock",
    "undo",
    "undo newest",
    "undo run",
    "undo loss",
    "roll back",
    "edit message",
    "quote in message",
    "delete message",
    "jump",
    "agree",
    "disagree",
    "ask to learn",
    "learn",
    "take over",
    "outage",
    "reset",
]
Ending = Literal["commit", "outage", "invalid_answer"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens, and of the rest what it takes: `pick` chooses from what there is."""

    what: Happening
    pick: int
    fact: Fact
    text: str
    valid_until: date | None
    by: timedelta


@dataclass
class Begun:
    """A worker that has its answer.

    Since it read, `changed` one of the messages, or the person `locked` a slot.
    """

    worker: Worker
    sessions: frozenset[int]
    changed: bool = False
    locked: bool = False


@dataclass
class Life:
    """Begin it with `begin`; each action checks afterwards that all is as it must be.

    `said` has the newest text of each message of the person, "" once it is deleted. `gone` has, by
    value, the slots and messages that what the person forgot came from. `open` has the sessions
    not closed yet, and since when each is silent.
    """

    services: Services
    model: ScriptedModel
    clock: ManualClock
    person: int
    numbers: itertools.count[int]
    kept: Kept = field(init=False)
    said: dict[int, str] = field(default_factory=dict)
    sessions: dict[int, int] = field(default_factory=dict)
    open: dict[int, datetime] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    gone: dict[str, set[tuple[str, int]]] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    agreed: bool = True
    workers: dict[str, Begun] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._me = (self.person, SCOPE)
        self._reader = Reader(self.services, *self._me)
        self.latest = self.clock.now()

    async def begin(self) -> None:
        await self.services.consent.decide(self.person, "remember")
        self.kept = await self._reader.read()

    async def look(self) -> None:
        """See what is kept now, and that it is as it must be."""
        before, now = self.kept, await self._reader.read()
        check_versions(now, before)
        check_items(now, self.services.registry)
        check_sessions(now)
        assert now.learned_by.keys() == self.closed, "a session was lost"
        assert now.fence >= before.fence, "a fence fell"
        self._check_quotes(now)
        first = before.version if now.epoch == before.epoch else 0
        for number in range(first + 1, now.version + 1):
            self._check_version(now, number)
        self.kept = now

    def _check_quotes(self, now: Kept) -> None:
        for quotes in now.evidence.values():
            for message, quote in quotes:
                text = self.said[message]
                own = "" if text.startswith(_QUOTED) else text
                assert normalise(quote) in normalise(own), "a quote is not said any more"

    def _check_version(self, now: Kept, number: int) -> None:
        """What the learner and the loss of a message may do to a persona, and what not."""
        then, after = now.at(number - 1), now.at(number)
        actor, cause = now.rows[number][2:4]
        changed = [name for name in {*then, *after} if then.get(name) != after.get(name)]
        if actor == "learner":
            assert self.agreed, "learned without consent"
            for name in changed:
                self._check_learned(now, name, then.get(name), after.get(name))
        elif not cause.startswith(_LOSS):
            # A field that the person leaves without a value is unlocked.
            held = {item["slot"] for item in after.values()}
            self.locked -= {item["slot"] for item in then.values()} - held
        else:
            for name in changed:
                assert then[name]["basis"] != "edited"
                assert after[name] == {**then[name], "status": "pending"}

    def _check_learned(self, now: Kept, name: str, then: Item | None, after: Item | None) -> None:
        item = then or after
        assert item is not None
        assert item["slot"] not in self.locked, "a locked slot was changed"
        if then is not None:
            assert then["basis"] != "edited", "the person's own word was changed"
            return
        assert item["basis"] == "stated" or item["status"] == "pending", "a guess is used"
        assert normalise(item["value"]) not in self.gone, "what was forgotten came back"
        buried = {source for sources in self.gone.values() for source in sources}
        sources = {(item["slot"], message) for message, _ in now.evidence.get(name, ())}
        assert not sources or not sources <= buried, "learned from what was forgotten"

    async def happen(self, event: Event) -> None:
        """Let something happen, if it can."""
        pick, fact = event.pick, event.fact
        loud = fact.value if fact.slot == THINKING_FEELING else fact.value.upper()
        actions: dict[Happening, Callable[[], Awaitable[None]]] = {
            "set": lambda: self.set(fact, fact.value, event.valid_until),
            "set loudly": lambda: self.set(fact, loud, event.valid_until),
            "set in the place of": lambda: self.set(fact, fact.value, None, replaces=pick),
            "contradict": lambda: self.contradict(pick),
            "approve": lambda: self.approve(pick),
            "decline": lambda: self.decline(pick),
            "forget": lambda: self.forget(pick),
            "remember in words": lambda: self.remember(fact, event.text),
            "forget in words": lambda: self.forget_in_words(fact),
            "lock": lambda: self.lock(fact.slot),
            "lock all": lambda: self.lock(*{each.slot: None for each in FACTS}),
            "unlock": lambda: self.unlock(fact.slot),
            "undo": lambda: self.undo(pick),
            "undo newest": self.undo_newest,
            "undo run": lambda: self.undo_run(pick),
            "undo loss": lambda: self.undo_loss(pick),
            "roll back": lambda: self.rollback(pick),
            "edit message": lambda: self.edit_message(pick, event.text),
            "quote in message": lambda: self.edit_message(pick, _QUOTED + event.text),
            "delete message": lambda: self.delete_message(pick),
            "jump": lambda: self.jump(event.by),
            "agree": lambda: self.decide("remember"),
            "disagree": lambda: self.decide("chat_only"),
            "ask to learn": self.ask_to_learn,
            "learn": lambda: self.tick(None),
            "take over": self.take_over,
            "outage": lambda: self.tick((), outage=True),
            "reset": self.reset,
        }
        await actions[event.what]()

    # What the person says.

    async def say(self, texts: Sequence[str], *, close: bool = True) -> None:
        """Say each text in a thread of its own, and get an answer."""
        for text in texts:
            turn = await self._receive(text)
            await self._end(turn, close=close)
        await self.look()

    async def remember(self, fact: Fact, text: str) -> None:
        """Ask in words for a fact to be remembered, and say something else too."""
        turn = await self._receive(f"Please remember: {fact.said} {text}")
        arguments = RememberArguments(slot=fact.slot, value=fact.value, quote=fact.said)
        told = await self._tool("remember", arguments, turn)
        if told == "Remembered.":
            self.gone.pop(normalise(fact.value), None)
        await self._end(turn, close=True)
        await self.look()

    async def forget_in_words(self, fact: Fact) -> None:
        """Ask in words for a fact to be forgotten."""
        said = f"Please forget that. {fact.over}"
        turn = await self._receive(said)
        before = self.kept
        arguments = ForgetArguments(slot=fact.slot, value=fact.value, quote=fact.over)
        await self._tool("forget", arguments, turn)
        await self._end(turn, close=True)
        await self.look()
        self._bury(before)

    async def edit_message(self, pick: int, text: str) -> None:
        """Edit one of the person's messages."""
        message = self._message(pick)
        if message is not None:
            if text != self.said[message]:  # Discord may tell twice of one edit.
                self._change(message)
            self.said[message] = text
            await self.services.corrections.edited(message, text)
            await self.look()

    async def delete_message(self, pick: int) -> None:
        message = self._message(pick)
        if message is not None:
            self._change(message)
            self.said[message] = ""
            await self.services.corrections.deleted(message)
            await self.look()

    async def decide(self, decision: Decision) -> None:
        """Change one's mind about being remembered."""
        await self.services.consent.decide(self.person, decision)
        self.agreed = decision == "remember"

    async def _receive(self, text: str) -> Turn:
        number = next(self.numbers)
        incoming = Incoming(number, self.person, number, GUILD, text, self.clock.now())
        turn = await self.services.sessions.receive(incoming)
        assert turn is not None
        self.said[number] = text
        self.sessions[number] = turn.session_id
        return turn

    async def _end(self, turn: Turn, *, close: bool) -> None:
        await self.services.sessions.reply_finished(
            turn, next(self.numbers), "As you say.", Usage(), asked_consent=False
        )
        self.open[turn.session_id] = self.clock.now()
        if close:
            await self.services.closing.thread(turn.thread_id, "archived")
            self._closed(turn.session_id)

    def _closed(self, session: int) -> None:
        """Without consent, its text is not kept."""
        del self.open[session]
        if self.agreed:
            self.closed.add(session)

    def _closed_by_time(self) -> None:
        minutes = self.services.settings.sessions.idle_minutes
        silent = self.clock.now() - timedelta(minutes=minutes)
        for session in [name for name, since in self.open.items() if since < silent]:
            self._closed(session)

    async def _tool(self, name: str, arguments: Arguments, turn: Turn) -> str:
        services = self.services
        memory = MemoryTools(
            database=services.database,
            personas=services.personas,
            consent=services.consent,
            registry=services.registry,
            clock=services.clock,
        )
        (tool,) = [tool for tool in memory.tools() if tool.name == name]
        return await tool.run(arguments, ToolContext(turn, public=False))

    def _message(self, pick: int) -> int | None:
        """Return one of the messages, every other time one that something rests on."""
        there = [message for message, text in self.said.items() if text]
        if pick % 2:
            quoted = {message for quotes in self.kept.evidence.values() for message, _ in quotes}
            there = [message for message in there if message in quoted] or there
        return there[-1 - pick // 2 % len(there)] if there else None

    def _change(self, message: int) -> None:
        for begun in self.workers.values():
            if self.sessions.get(message) in begun.sessions:
                begun.changed = True

    def _pick(self, pick: int, **wanted: str) -> Item | None:
        """Return one of the items; their ids are random, so they go by their values."""
        there = sorted(
            (
                item
                for item in self.kept.items.values()
                if all(item[key] == value for key, value in wanted.items())
            ),
            key=lambda item: (item["slot"], item["value"]),
        )
        return there[pick % len(there)] if there else None

    # What the person does by hand.

    async def set(
        self, fact: Fact, value: str, valid_until: date | None, *, replaces: int | None = None
    ) -> None:
        item = self._pick(replaces, slot=fact.slot) if replaces is not None else None
        name = item["item_id"] if item else None
        setting = self.services.editor.set(
            *self._me, fact.slot, value, valid_until=valid_until, replaces=name
        )
        if await self._by_hand(setting, buries=item is not None):
            written = {"slot": fact.slot, "value": value, "basis": "edited", "status": "active"}
            assert any(written.items() <= item.items() for item in self.kept.items.values())

    async def contradict(self, pick: int) -> None:
        """Write the other value of a slot that has one, and where one waits for approval."""
        waiting = {
            (item["slot"], item["value"])
            for item in self.kept.items.values()
            if item["status"] == "pending" and item["slot"] != INTERESTS
        }
        others = [
            fact
            for fact in FACTS
            if any(slot == fact.slot and value != fact.value for slot, value in waiting)
        ]
        if others:
            fact = others[pick % len(others)]
            await self.set(fact, fact.value, None)

    async def approve(self, pick: int) -> None:
        item = self._pick(pick, status="pending")
        if item is not None:
            await self._by_hand(self.services.editor.approve(*self._me, item["item_id"]))
            assert self.kept.items[item["item_id"]]["status"] == "active"

    async def decline(self, pick: int) -> None:
        item = self._pick(pick, status="pending")
        if item is not None:
            declining = self.services.editor.decline(*self._me, item["item_id"])
            await self._by_hand(declining, buries=True)

    async def forget(self, pick: int) -> None:
        item = self._pick(pick)
        if item is not None:
            forgetting = self.services.editor.forget(*self._me, item["item_id"])
            await self._by_hand(forgetting, buries=True)
            assert item["item_id"] not in self.kept.items

    async def lock(self, *slots: str) -> None:
        for slot in slots:
            await self.services.editor.lock(*self._me, slot)
            self.locked.add(slot)
        for begun in self.workers.values():
            begun.locked = True

    async def unlock(self, slot: str) -> None:
        await self.services.editor.unlock(*self._me, slot)
        self.locked.discard(slot)

    async def undo(self, pick: int) -> None:
        """Undo one of the versions. Undoing the newest restores the one before it."""
        if self.kept.version:
            number = pick % self.kept.version + 1
            await self._undo(number, self.services.editor.undo(*self._me, number))

    async def undo_newest(self) -> None:
        if self.kept.version:
            await self.undo(self.kept.version - 1)

    async def undo_run(self, pick: int) -> None:
        """Undo one of the learning runs that changed something."""
        learned = [row for row in self.kept.rows.values() if row[2] == "learner"]
        if learned:
            number, _, _, cause, *_ = learned[pick % len(learned)]
            await self._undo(number, self.services.editor.undo_run(*self._me, cause))

    async def undo_loss(self, pick: int) -> None:
        """Undo one of the versions that a message made which was edited or deleted."""
        lost = [row for row in self.kept.rows.values() if row[3].startswith(_LOSS)]
        if lost:
            number = lost[pick % len(lost)][0]
            await self._undo(number, self.services.editor.undo(*self._me, number))

    async def _undo(self, number: int, undoing: Awaitable[object]) -> None:
        newest, before = number == self.kept.version, self.kept.at(number - 1)
        await self._by_hand(undoing, buries=True)
        if newest:
            assert self.kept.items == self._supported(before), "not what was before"

    async def rollback(self, pick: int) -> None:
        """Go back to one of the versions, or to the empty beginning."""
        number = pick % (self.kept.version + 1)
        then = self.kept.at(number)
        going = self.services.editor.rollback(*self._me, number)
        await self._by_hand(going, buries=True)
        assert self.kept.items == self._supported(then), "not what was then"

    async def reset(self) -> None:
        epoch = self.kept.epoch
        await self.services.personas.reset(*self._me)
        await self._reader.check_erased(epoch)
        self.closed.clear()
        self.open.clear()
        self.sessions.clear()
        self.gone.clear()
        self.locked.clear()
        await self.look()
        assert self.kept.epoch > epoch
        assert (self.kept.version, self.kept.items) == (0, {})

    def _supported(self, items: Mapping[str, Item]) -> dict[str, Item]:
        """What lost its last quote meanwhile waits for approval, unless written by hand."""
        return {
            name: item
            if item["basis"] == "edited" or self.kept.evidence.get(name)
            else {**item, "status": "pending"}
            for name, item in items.items()
        }

    async def _by_hand(self, change: Awaitable[object], *, buries: bool = False) -> bool:
        """Make a change; return whether it was taken. A refused one changes nothing."""
        before = self.kept
        try:
            await change
        except EditError:
            await self.look()
            assert (self.kept.items, self.kept.rows) == (before.items, before.rows)
            return False
        await self.look()
        if buries:
            self._bury(before)
        for item in self.kept.items.values():
            self.gone.pop(normalise(item["value"]), None)
        return True

    def _bury(self, before: Kept) -> None:
        for name, item in before.items.items():
            if name not in self.kept.items:
                sources = {(item["slot"], message) for message, _ in before.evidence.get(name, ())}
                self.gone.setdefault(normalise(item["value"]), set()).update(sources)

    # What workers do.

    async def work(self, name: str, moves: Sequence[Move] | None) -> None:
        """Have a worker claim what is due and ask the model; what it did before is abandoned."""
        self.workers.pop(name, None)
        settings = self.services.settings.learning
        due = await list_due(self.services.database, settings, self.clock.now())
        if Due(*self._me) not in due:
            return
        run = await claim(
            self.services.database,
            Due(*self._me),
            settings,
            owner=uuid.uuid4().hex,
            now=self.clock.now(),
        )
        if run is not None:
            assert run.fence > self.kept.fence, "two workers have one fence"
            # One that ends later than any can is of a clock that was ahead.
            left = self.kept.leased_until - to_milliseconds(self.clock.now())
            assert not 0 < left <= 2 * settings.lease_seconds * 1000, "leased twice"
            self.model.script(answer(moves))
            worker = await Worker.read(self.services, run)
            await worker.ask()
            await self.look()
            mine = [
                session
                for session, runs in self.kept.runs.items()
                if (run.run_id, "running") in runs
            ]
            self.workers[name] = Begun(worker, frozenset(mine))

    async def take_over(self) -> None:
        """Have worker B take up what another one lets lie."""
        await self.jump(timedelta(seconds=self.services.settings.learning.lease_seconds))
        await self.work("B", None)

    async def end_work(self, name: str, ending: Ending) -> None:
        """Have a worker commit, or give up because the model did not answer, or not usefully."""
        if name in self.workers:
            begun = self.workers.pop(name)
            if ending == "commit":
                await self._commit(begun)
            else:
                await self._fail(begun, ending)

    async def _commit(self, begun: Begun) -> None:
        """It succeeds exactly if nothing that it relies on has changed.

        A lock matters only to what would be written in that slot.
        """
        run, now = begun.worker.batch.run, self.kept
        ours = (run.epoch, run.base_version, run.fence) == (now.epoch, now.version, now.fence)
        ours = ours and self.agreed and not begun.changed
        try:
            await begun.worker.commit()
        except Overtaken:
            await begun.worker.postpone("overtaken")
            assert begun.locked or not ours, "overtaken by nothing"
            await self.look()
            assert self.kept.rows == now.rows
            return
        assert ours, "committed what was read before a change, or is another worker's"
        await self.look()
        assert all(self.kept.learned_by[session] == run.run_id for session in begun.sessions)

    async def _fail(self, begun: Begun, failure: Failure) -> None:
        before = self.kept
        await begun.worker.postpone(failure)
        await self.look()
        assert self.kept.rows == before.rows
        assert self.kept.learned_by == before.learned_by

    async def tick(self, moves: Sequence[Move] | None, *, outage: bool = False) -> None:
        """Close what is idle, and learn what is due."""
        self.model.script(Status(500) if outage else answer(moves))
        await self.services.learner.tick()
        self._closed_by_time()
        await self.look()

    async def ask_to_learn(self) -> None:
        await self.services.learner.ask(*self._me)
        await self.look()

    async def jump(self, by: timedelta) -> None:
        """Move the clock; what it once showed counts for leases and pauses."""
        self.clock.advance(by)
        self.latest = max(self.latest, self.clock.now())

    async def end(self) -> None:
        """In the end everything is learned, nothing is found wrong, and all can be erased."""
        await self.decide("remember")
        self.clock.moment = self.latest + timedelta(days=1)
        if self.open:
            await self.tick(())
        await self.ask_to_learn()
        await self.tick(())
        assert all(self.kept.learned_by.values()), "a session was never learned"
        found = await audit(
            self.services.database, self.services.keys, self.services.registry, self.clock.now()
        )
        assert {finding.problem for finding in found} <= {"stale"}, found
        await self.reset()

    async def leave(self) -> None:
        """Make room for the next life: nothing of this one is due or found any more."""
        people = "DELETE FROM people WHERE person_id = :person"
        await change(self.services.database, people, person=self.person)
