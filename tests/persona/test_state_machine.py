"""Whatever happens to a persona, in whatever order, what must always hold does.

Every example is the life of a new person; they share one database, because opening one takes longer
than a life. Programs are drawn with a fixed seed, so that every run of the tests draws the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import tempfile
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar, TypeVar, get_args

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from persona.learning.due import LONGEST_PAUSE
from persona.registry import SlotSettings
from persona.services import Services, open_services
from persona.settings import LearningSettings, StoreSettings
from tests.conftest import settings_for
from tests.support.careless import FACTS, INTERESTS, THINKING_FEELING, Kind, Move
from tests.support.clock import ManualClock
from tests.support.life import Ending, Event, Happening, Life
from tests.support.model import ScriptedModel
from tests.support.stores import SERVER, VARIABLE, PostgresqlStores, Server, SqliteStores

# In parts, so that they run side by side.
PARTS = 4
LIVES = {"sqlite": 500, "postgresql": 25}
STEPS = 6

T = TypeVar("T")


class Dice:
    """Choose evenly. What hypothesis samples by itself is often the first, or the same again.

    Each life has throws of its own, so that a program that failed fails again.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._throws = itertools.count()

    def choose(self, choices: Sequence[T]) -> st.SearchStrategy[T]:
        def throw(number: int) -> T:
            return Random(f"{number} {next(self._throws)}").choice(choices)

        return st.integers(0, 2**64 - 1).map(throw)


dice = Dice()
# More often about what has two values only, where a guess, a statement and an edit meet.
facts = dice.choose([*FACTS, *(fact for fact in FACTS if fact.slot == THINKING_FEELING)])
texts = st.lists(
    st.tuples(facts, dice.choose([True, True, False])).map(
        lambda told: told[0].said if told[1] else told[0].over
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
# People repeat themselves, or nothing could be guessed.
talks = st.lists(texts, min_size=2, max_size=3) | texts.map(lambda text: [text, text])
days = dice.choose([None, None, date(2026, 2, 1), date(2027, 1, 1)])
picks = dice.choose(range(12))
names = dice.choose("AB")
moves = st.builds(
    Move,
    dice.choose(get_args(Kind)),
    picks,
    days.map(lambda day: day.isoformat() if day else None),
)
# None is an honest model, which proposes all that is said.
answers = st.none() | st.lists(moves, min_size=1, max_size=5)
jumps = dice.choose(
    [timedelta(minutes=minutes) for minutes in (-2 * 24 * 60, -90, -1, 1, 3, 90, 8 * 24 * 60)]
    + [timedelta(days=100)]
)
# What can seldom happen is tried more often.
seldom: list[Happening] = ["contradict", "contradict", "undo loss", "undo loss", "approve"]
events = st.builds(
    Event, dice.choose([*get_args(Happening), *seldom]), picks, facts, texts, days, jumps
)
happenings = st.lists(events, min_size=1, max_size=2)
endings = dice.choose(["commit", "commit", "commit", "commit", "outage", "invalid_answer"])


@dataclass(frozen=True)
class Stage:
    """Where lives take place: the engine open on a database, and the loop it runs in."""

    runner: asyncio.Runner
    services: Services
    model: ScriptedModel
    clock: ManualClock
    people: itertools.count[int]
    numbers: itertools.count[int]


class Lives(RuleBasedStateMachine):
    """The life of one person, step by step."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        dice.begin()
        stage = self.stage
        stage.clock.moment = ManualClock().moment
        self._sound = True
        self.life = Life(
            stage.services, stage.model, stage.clock, next(stage.people), stage.numbers
        )
        self._do(self.life.begin())

    def _do(self, action: Coroutine[Any, Any, None]) -> None:
        try:
            self.stage.runner.run(action)
        except BaseException:
            self._sound = False
            raise

    def teardown(self) -> None:
        try:
            if self._sound:
                self._do(self.life.end())
        finally:
            self._do(self.life.leave())

    @initialize(said=talks, answer=answers)
    def meet(self, said: list[str], answer: list[Move] | None) -> None:
        self._do(self.life.say(said))
        self._do(self.life.tick(answer))

    @rule(said=talks, close=st.sampled_from([True, True, False]))
    def say(self, said: list[str], close: bool) -> None:
        self._do(self.life.say(said, close=close))

    @rule(event=events)
    def happen(self, event: Event) -> None:
        self._do(self.life.happen(event))

    @rule(said=st.none() | talks, answer=answers, event=events)
    def tick(self, said: list[str] | None, answer: list[Move] | None, event: Event) -> None:
        self._talk(said)
        self._do(self.life.tick(answer))
        self._do(self.life.happen(event))

    @rule(said=st.none() | talks, name=names, answer=answers)
    def work(self, said: list[str] | None, name: str, answer: list[Move] | None) -> None:
        self._talk(said)
        self._do(self.life.work(name, answer))

    @rule(name=names, ending=endings)
    def end(self, name: str, ending: Ending) -> None:
        self._do(self.life.end_work(name, ending))

    @rule(
        said=talks,
        answer=answers,
        meanwhile=st.lists(events, min_size=1, max_size=2),
        ending=endings,
    )
    def work_while(
        self,
        said: list[str],
        answer: list[Move] | None,
        meanwhile: list[Event],
        ending: Ending,
    ) -> None:
        """Things happen while a worker asks the model. Earlier workers' time is over."""
        self._talk(said)
        self._do(self.life.jump(LONGEST_PAUSE))
        self._do(self.life.work("C", answer))
        for event in meanwhile:
            self._do(self.life.happen(event))
        self._do(self.life.end_work("C", ending))

    def _talk(self, said: list[str] | None) -> None:
        if said is not None:
            self._do(self.life.decide("remember"))
            self._do(self.life.say(said))


@contextlib.contextmanager
def folder_in_memory() -> Iterator[Path]:
    """Yield a folder for files that need not survive; in memory where the system has such."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it is our own
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


async def open_stage(
    stack: contextlib.AsyncExitStack, clock: ManualClock, store: StoreSettings, folder: Path
) -> tuple[Services, ScriptedModel]:
    """Open the engine, with limits that a short life comes to."""
    model = await stack.enter_async_context(ScriptedModel())
    chosen = settings_for(
        model.base_url,
        folder,
        store=store,
        slots={INTERESTS: SlotSettings(max_items=2)},
        learning=LearningSettings(every=2, max_attempts=2),
    )
    return await stack.enter_async_context(open_services(chosen, clock=clock)), model


def live(runner: asyncio.Runner, store: StoreSettings, folder: Path, part: int, lives: int) -> None:
    """Draw `lives` lives, other ones for each `part`, and see them through."""
    stack, clock = contextlib.AsyncExitStack(), ManualClock()
    try:
        services, model = runner.run(open_stage(stack, clock, store, folder))
        people, numbers = itertools.count(1), itertools.count(1000)

        class Machine(Lives):
            stage = Stage(runner, services, model, clock, people, numbers)

        run_state_machine_as_test(
            seed(part)(Machine),
            settings=settings(
                max_examples=lives,
                stateful_step_count=STEPS,
                derandomize=True,
                # Making a program that fails shorter would take longer than a test may.
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        runner.run(stack.aclose())


# Some 75 seconds each on a machine of one's own; several times that on a busy one.
patient = pytest.mark.timeout(1800)


@patient
@pytest.mark.parametrize("part", range(PARTS))
def test_lives_on_sqlite(part: int) -> None:
    with folder_in_memory() as folder, asyncio.Runner() as runner:
        store = runner.run(SqliteStores(folder).new())
        live(runner, store, folder, part, LIVES["sqlite"])


@patient
def test_lives_on_postgresql(server: Server | None, tmp_path: Path) -> None:
    if server is None:
        pytest.skip(f"no PostgreSQL server answers at {SERVER}; {VARIABLE} names another")
    stores = PostgresqlStores(server, tmp_path)
    with asyncio.Runner() as runner:
        try:
            store = runner.run(stores.new())
            live(runner, store, tmp_path, PARTS, LIVES["postgresql"])
        finally:
            runner.run(stores.close())
