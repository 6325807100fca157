"""Lives on the real engine: what the chatbot is told of a person, session by session."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import httpx2
import pytest
from pydantic import HttpUrl

from persona.benchmark.answers import Keeping
from persona.benchmark.arms import setting
from persona.benchmark.dataset import Dataset
from persona.benchmark.ledger import Ledger
from persona.benchmark.log import Held, LoggedProbe, LoggedSession
from persona.benchmark.probes import make_probes
from persona.benchmark.schema import Probe
from persona.benchmark.scripted.apis import ScriptedApis
from persona.benchmark.scripted.assistant import respond
from persona.benchmark.scripted.book import Book
from persona.benchmark.scripted.optimizer import propose
from persona.benchmark.scripted.user import ScriptedUser
from persona.benchmark.simulate import Life, Surroundings
from persona.benchmark.spending import Spending
from persona.benchmark.start import Start
from persona.budget import BudgetSettings
from persona.errors import ModelUnavailable
from persona.learning.proposal import TOOL_NAME
from persona.models import Models
from persona.offline.prompts import parse_persona
from persona.offline.server import RuleEndpoint
from persona.settings import EndpointSettings, EngineSettings, ModelsSettings
from tests.support.bench import ADA, CAREER, INTERESTS, SCENES, STYLES, TEMPER, dataset, scene

MEMORY_TOOLS = {"remember", "forget"}
DATA = dataset()


@dataclass
class Lived:
    """A life, and what was asked of models in it."""

    life: Life
    data: Dataset
    folder: Path
    requests: list[dict[str, Any]] = field(default_factory=list)
    records: dict[int, LoggedSession] = field(default_factory=dict)

    async def session(self, number: int) -> LoggedSession:
        (asked,) = (each for each in self.data.lives["ada"] if each.session == number)
        self.records[number] = await self.life.session(asked, self.data.queries[asked.scene_id])
        return self.records[number]

    async def through(self, last: int) -> LoggedSession:
        for number in range(len(self.records) + 1, last + 1):
            await self.session(number)
        return self.records[last]

    def chats(self) -> list[dict[str, Any]]:
        return [request for request in self.requests if not _is_learning(request)]

    def learnings(self) -> int:
        return sum(map(_is_learning, self.requests))

    def told(self) -> dict[str, list[str]]:
        """Return what the last prompt of the chatbot tells of the person."""
        return parse_persona(self.chats()[-1]["messages"])


def _tools(request: dict[str, Any]) -> set[str]:
    return {tool["function"]["name"] for tool in request.get("tools") or ()}


def _is_learning(request: dict[str, Any]) -> bool:
    return TOOL_NAME in _tools(request)


def _respond(
    book: Book, broken: Iterator[bool], messages: list[dict[str, Any]], tools: list[str]
) -> dict[str, Any]:
    if TOOL_NAME not in tools:
        return respond(messages, tools, book)
    if next(broken, False):
        raise OSError("The optimizer is out of order.")  # The endpoint says 500.
    return propose(messages)


@contextlib.asynccontextmanager
async def ada(
    name: str,
    folder: Path,
    *,
    most_turns: int = 3,
    start: Start = "empty",
    data: Dataset = DATA,
    broken: Iterable[bool] = (),
    settings: EngineSettings | None = None,
) -> AsyncIterator[Lived]:
    """Open the life of the first person, Ada, with the setting of that name.

    `broken` says which requests to learn are not answered.
    """
    book = Book(data.scenes, data.queries, data.probes)
    requests: list[dict[str, Any]] = []
    async with contextlib.AsyncExitStack() as stack:
        endpoint = await stack.enter_async_context(
            RuleEndpoint(partial(_respond, book, iter(broken)), observer=requests.append)
        )
        base = EndpointSettings(base_url=HttpUrl(endpoint.base_url), max_retries=0)
        transport = Keeping(httpx2.AsyncHTTPTransport(), spending=Spending({}), at_once=1)
        models = Models(ModelsSettings(endpoints={"default": base}), {}, transport=transport)
        stack.push_async_callback(models.close)
        around = Surroundings(
            models=models,
            user=ScriptedUser(),
            apis=ScriptedApis(),
            most_turns=most_turns,
            start=start,
            foreign={},
        )
        engine = settings or EngineSettings()
        opened = Life.open(engine, folder, data.people[0], setting(name), around, Ledger())
        life = await stack.enter_async_context(opened)
        yield Lived(life, data, folder, requests)


def held(record: LoggedSession) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in record.persona:
        found.setdefault(item.slot, []).append(item.value)
    return found


def said(record: LoggedSession) -> list[str]:
    return [turn.said for turn in record.turns]


async def test_what_is_learned_is_told_in_the_next_session(tmp_path: Path) -> None:
    async with ada("persona-k1", tmp_path) as lived:
        first = await lived.through(1)
        assert parse_persona(lived.chats()[0]["messages"]) == {}
        assert said(first)[1:] == ["I work as a baker.", "I love chess."]
        assert held(first) == {CAREER: ["baker"], INTERESTS: ["chess"]}
        await lived.through(2)
        assert lived.told() == {CAREER: ["baker"], INTERESTS: ["chess"]}


async def test_without_a_persona_nothing_of_an_earlier_session_is_told(tmp_path: Path) -> None:
    async with ada("none", tmp_path) as lived:
        await lived.through(2)
        assert lived.learnings() == 0
        for request in lived.requests:
            assert not _tools(request) & MEMORY_TOOLS
            assert "<persona>" not in json.dumps(request)
        assert "baker" not in json.dumps(lived.requests[len(lived.records[1].turns) :])
        assert lived.records[2].persona == ()


async def test_learning_settings_offer_the_tools_of_memory(tmp_path: Path) -> None:
    async with ada("persona-k3", tmp_path) as lived:
        await lived.through(1)
        assert all(_tools(request) >= MEMORY_TOOLS for request in lived.chats())


@pytest.mark.parametrize("name", ["golden", "retrieval", "full_history"])
async def test_no_other_setting_learns_or_offers_them(name: str, tmp_path: Path) -> None:
    async with ada(name, tmp_path) as lived:
        await lived.through(2)
        assert lived.learnings() == 0
        assert not any(_tools(request) & MEMORY_TOOLS for request in lived.requests)


async def test_golden_follows_what_changes_and_what_is_forgotten(tmp_path: Path) -> None:
    async with ada("golden", tmp_path) as lived:
        await lived.through(3)
        assert lived.told()[CAREER] == ["baker"]
        await lived.through(4)
        assert lived.told()[CAREER] == ["librarian"]
        assert lived.told()[INTERESTS] == ["chess", "gardening"]
        await lived.through(6)
        assert lived.told()[INTERESTS] == ["gardening"]
        assert lived.records[4].utterances == 1


@pytest.mark.parametrize("every", [1, 3, 5])
async def test_it_is_learned_after_every_k_sessions(every: int, tmp_path: Path) -> None:
    async with ada(f"persona-k{every}", tmp_path) as lived:
        learned = []
        for number in range(1, 8):
            before = lived.learnings()
            record = await lived.session(number)
            if lived.learnings() > before:
                learned.append(number)
                assert "optimizer" in record.costs
            else:
                assert "optimizer" not in record.costs
        assert learned == [number for number in range(1, 8) if number % every == 0]


async def test_what_was_only_shown_is_used_or_asked_about(tmp_path: Path) -> None:
    use, ask = tmp_path / "use", tmp_path / "ask"
    use.mkdir()
    ask.mkdir()
    async with ada("persona-k3", use) as lived:
        record = await lived.through(3)
        assert (
            Held(slot=TEMPER, value="introversion", basis="inferred", status="active")
            in record.persona
        )
        await lived.through(4)
        assert [value.removesuffix("?") for value in lived.told()[TEMPER]] == ["introversion"]
    async with ada("persona-k3-ask", ask) as lived:
        record = await lived.through(3)
        assert (
            Held(slot=TEMPER, value="introversion", basis="inferred", status="pending")
            in record.persona
        )
        await lived.through(5)
        assert TEMPER not in lived.told()
        assert lived.told()[CAREER] == ["baker"]


async def test_what_is_to_be_forgotten_goes_at_once_and_is_not_used_again(tmp_path: Path) -> None:
    async with ada("persona-k1", tmp_path) as lived:
        assert "chess" in held(await lived.through(5))[INTERESTS]
        wish, *others = (await lived.through(6)).turns
        assert (wish.kind, wish.satisfied) == ("forget", None)
        assert wish.said == "Please forget that I love chess."
        assert all("chess" not in turn.reply for turn in others)
        assert held(lived.records[6])[INTERESTS] == ["gardening"]
        later = await lived.through(7)
        assert all("chess" not in turn.reply for turn in later.turns)
        assert lived.told()[INTERESTS] == ["gardening"]
        assert "chess" not in json.dumps(lived.chats()[-1])


async def test_the_wish_to_forget_is_no_utterance_towards_satisfaction(tmp_path: Path) -> None:
    async with ada("golden", tmp_path) as lived:
        record = await lived.through(6)
        assert [turn.kind for turn in record.turns] == ["forget", "query"]
        assert (record.utterances, record.censored) == (1, False)


async def test_a_start_is_there_at_once_and_can_be_changed(tmp_path: Path) -> None:
    async with ada("persona-k1", tmp_path, start="demographics+personality") as lived:
        first = await lived.through(1)
        begun = parse_persona(lived.chats()[0]["messages"])
        assert begun == {
            CAREER: ["baker"],
            INTERESTS: ["chess", "gardening"],
            TEMPER: ["introversion"],
        }
        assert (first.utterances, first.turns[0].satisfied) == (1, True)
        assert held(await lived.through(2))[STYLES] == ["short answers"]
        assert held(await lived.through(4))[CAREER] == ["librarian"]
        await lived.through(5)
        assert lived.told()[CAREER] == ["librarian"]


async def test_a_start_is_for_learning_only(tmp_path: Path) -> None:
    async with ada("none", tmp_path, start="demographics+personality") as lived:
        record = await lived.through(1)
        assert parse_persona(lived.chats()[0]["messages"]) == {}
        assert record.persona == ()


@pytest.mark.parametrize(
    ("most_turns", "utterances", "censored"),
    [(1, 1, True), (2, 2, True), (3, 3, False), (9, 3, False)],
)
async def test_a_session_ends_satisfied_or_at_the_most_turns(
    most_turns: int, utterances: int, censored: bool, tmp_path: Path
) -> None:
    async with ada("none", tmp_path, most_turns=most_turns) as lived:
        record = await lived.through(1)
        assert (record.utterances, record.censored) == (utterances, censored)
        kinds = ["query", "correction", "correction"][:utterances]
        assert [turn.kind for turn in record.turns] == kinds
        assert [turn.satisfied for turn in record.turns] == [
            *[False] * (utterances - 1),
            not censored,
        ]


async def test_the_devices_functions_are_offered_in_their_scene_and_called(tmp_path: Path) -> None:
    async with ada("golden", tmp_path) as lived:
        await lived.through(2)
        assert not any("weather" in _tools(request) for request in lived.chats())
        record = await lived.through(3)
        assert "weather" in _tools(lived.chats()[-1])
        assert record.turns[0].tools == ("weather",)
        (result,) = (
            message for message in lived.chats()[-1]["messages"] if message["role"] == "tool"
        )
        asked = DATA.queries["ada-03"].neutral
        assert json.loads(result["content"]) == {"done": "weather", "with": {"day": asked}}
        await lived.through(4)
        assert "weather" not in _tools(lived.chats()[-1])
        assert lived.records[4].turns[0].tools == ()


async def test_costs_are_those_of_the_calls_by_role(tmp_path: Path) -> None:
    async with ada("persona-k3", tmp_path) as lived:
        await lived.through(3)
        chats = sum(record.costs["chat"].calls for record in lived.records.values())
        assert chats == len(lived.chats())
        assert [sorted(record.costs) for record in lived.records.values()] == [
            ["chat"],
            ["chat"],
            ["chat", "optimizer"],
        ]
        assert lived.records[3].costs["optimizer"].calls == lived.learnings() == 1
        # The scripted endpoint counts four bytes a token.
        first = lived.records[1].turns
        assert lived.records[1].costs["chat"].completion_tokens == sum(
            -(-len(turn.reply.encode()) // 4) for turn in first
        )


async def _rows(folder: Path) -> dict[str, list[Any]]:
    """Return everything the life's database holds."""
    async with aiosqlite.connect(folder / "life.db") as connection:
        async with connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ) as cursor:
            names = [row[0] for row in await cursor.fetchall()]
        found = {}
        for name in sorted(names):
            async with connection.execute(f"SELECT * FROM {name}") as cursor:
                found[name] = sorted(map(repr, await cursor.fetchall()))
    return found


async def test_a_probe_leaves_no_trace_and_changes_nothing(tmp_path: Path) -> None:
    probes = tuple(make_probes(DATA.people, DATA.scenes, 0))
    data = dataset()
    probed = Dataset(data.manifest, data.people, data.scenes, data.queries, probes)
    own: Sequence[Probe] = probed.probes_of["ada"]
    assert own
    with_probes, without = tmp_path / "with", tmp_path / "without"
    with_probes.mkdir()
    without.mkdir()
    async with ada("persona-k1", with_probes, data=probed) as lived:
        for number in range(1, 8):
            await lived.session(number)
            before = await _rows(with_probes)
            assert before["messages"]
            for probe in own:
                answered = await lived.life.probe(probe)
                assert isinstance(answered, LoggedProbe)
                assert answered.costs["chat"].calls == 1
                assert set(_tools(lived.requests[-1])) == set()
            assert await _rows(with_probes) == before
        records = lived.records
    async with ada("persona-k1", without, data=probed) as lived:
        await lived.through(7)
        assert lived.records == records


async def test_a_probe_is_answered_from_what_is_known(tmp_path: Path) -> None:
    probe = Probe(
        probe_id="ada-career",
        person_id="ada",
        session=4,
        slot=CAREER,
        question="Which of these is true of me? Answer with one letter.",
        options=("baker", "vet", "librarian", "nurse"),
        answer=2,
        former=0,
    )
    data = Dataset(DATA.manifest, DATA.people, DATA.scenes, DATA.queries, (probe,))
    async with ada("persona-k1", tmp_path, data=data) as lived:
        await lived.through(3)
        assert (await lived.life.probe(probe)).chosen == 0
        await lived.through(4)
        assert (await lived.life.probe(probe)).chosen == 2


async def test_a_slot_that_is_not_in_use_is_no_part_of_the_golden_persona(tmp_path: Path) -> None:
    person = ADA.model_copy(update={"slots": {**ADA.slots, "preference.colours": "blue"}})
    data = dataset([person], [*SCENES[:1], scene(person, 2, ("preference.colours", None))])
    async with ada("golden", tmp_path, data=data) as lived:
        await lived.through(2)
        assert set(lived.told()) == set(ADA.slots)


async def test_a_life_that_cannot_learn_ends(tmp_path: Path) -> None:
    """Or it would be taken for one that learned nothing, or late."""
    async with ada("persona-k1", tmp_path, broken=[False, True]) as lived:
        await lived.through(1)
        with pytest.raises(ModelUnavailable, match="after session 2"):
            await lived.through(2)


async def test_the_live_bots_budget_of_a_person_ends_no_life(tmp_path: Path) -> None:
    settings = EngineSettings(budget=BudgetSettings(daily_tokens_per_person=1))
    async with ada("none", tmp_path, settings=settings) as lived:
        assert (await lived.through(1)).utterances == 3
