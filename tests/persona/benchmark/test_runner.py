"""A run of the model track against a real endpoint: what fails, what it may cost, and going on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import HttpUrl

from persona.benchmark.dataset import Dataset, read_dataset, write_dataset
from persona.benchmark.errors import BenchmarkError, BudgetReached
from persona.benchmark.folder import RunFolder, read_life
from persona.benchmark.log import LifeEnd, LifeHeader, LoggedSession
from persona.benchmark.plan import RULES, Plan, jobs
from persona.benchmark.runner import Lived, Running, live_all
from persona.benchmark.schema import Event, Person, Track
from persona.benchmark.settings import Price
from persona.benchmark.spending import Spending
from persona.settings import EndpointSettings, EngineSettings, ModelsSettings
from tests.support.bench import BEA, CAREER, SCENES, answer_as_model, dataset, plain, scene
from tests.support.model import Act, Body, Call, Depends, Say, ScriptedModel, Status

SETTINGS = ("none", "persona-k1")
# Two people, three sessions, two settings.
DATA = plain(2, 3)


def _act(request: Body) -> Act:
    answer = answer_as_model(request)
    return Say((answer,)) if isinstance(answer, str) else Call(*answer)


def well() -> Act:
    return Depends(_act)


def ill(is_hit: Callable[[str], bool], instead: Act) -> Act:
    """Return an act that does `instead` when the request's text is one that `is_hit`."""
    return Depends(lambda request: instead if is_hit(str(request)) else _act(request))


async def live(
    folder: Path,
    model: ScriptedModel,
    *,
    data: Dataset = DATA,
    settings: tuple[str, ...] = SETTINGS,
    track: Track = "model",
    concurrency: int = 4,
    **limits: Any,
) -> list[Lived]:
    """Live what is left of the run in `folder`; return what there was to see of it."""
    run = RunFolder(folder)
    models = ("default/m",) if track == "model" else ("rules",)
    plan = run.begin(
        Plan(
            track=track,
            dataset_hash=data.fingerprint,
            settings=settings,
            models=models,
            user_turns=2,
        ),
        data,
    )
    endpoint = EndpointSettings(base_url=HttpUrl(model.base_url), max_retries=0)
    engine = EngineSettings(models=ModelsSettings(endpoints={"default": endpoint}))
    spending = Spending(limits.pop("prices", {}), **limits)
    seen: list[Lived] = []
    running = Running(run, plan, data, engine, spending, seen.append)
    await live_all(running, jobs(plan, data.people), concurrency=concurrency, api_keys={})
    return seen


def lives(folder: Path) -> dict[str, bytes]:
    """Return the files of the lives lived to their end."""
    paths = RunFolder(folder).lives()
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def failures(seen: list[Lived]) -> list[str]:
    return [lived.failure for lived in seen if lived.failure]


def asked(model: ScriptedModel) -> list[str]:
    """Return what was asked, without the random tag of the optimizer's fence."""
    return [re.sub(r"((?:known|messages)-)[0-9a-f]{8}", r"\1", str(r)) for r in model.requests]


async def test_a_run_logs_every_session_of_every_life(tmp_path: Path, model: ScriptedModel) -> None:
    model.script(well())
    seen = await live(tmp_path / "run", model)
    assert sum(lived.sessions for lived in seen) == 12
    assert len(lives(tmp_path / "run")) == 4
    for path in RunFolder(tmp_path / "run").lives():
        header, *sessions, end = read_life(path)
        assert isinstance(header, LifeHeader)
        assert end == LifeEnd(sessions=3)
        assert len(sessions) == 3
        for session in sessions:
            assert isinstance(session, LoggedSession)
            assert (session.utterances, session.censored) == (2, True)


async def test_an_outage_ends_one_life_and_the_next_run_lives_it(
    tmp_path: Path, model: ScriptedModel
) -> None:
    model.script(well())
    await live(tmp_path / "whole", model)
    model.requests.clear()
    model.script(ill(lambda text: "number 2 of p001" in text, Status(500)))
    seen = await live(tmp_path / "run", model)
    assert len(failures(seen)) == 2
    assert all("problem of its own (HTTP 500)" in failure for failure in failures(seen))
    assert [path.split("/")[-1] for path in lives(tmp_path / "run")] == ["p000.jsonl"] * 2
    before = len(model.requests)
    model.script(well())
    assert failures(await live(tmp_path / "run", model)) == []
    assert lives(tmp_path / "run") == lives(tmp_path / "whole")
    assert not any("p000" in text for text in asked(model)[before:])
    assert all("number 2 of p001" in text or "number 3" in text for text in asked(model)[before:])


async def test_a_failure_of_our_own_ends_one_life(tmp_path: Path, model: ScriptedModel) -> None:
    """Two scenes in the same session: the engine takes the second for the first, come twice."""
    twice = [*SCENES, scene(BEA, 3, (CAREER, None)).model_copy(update={"scene_id": "bea-03b"})]
    data = dataset(scenes=twice)
    seen = await live(tmp_path / "run", model, data=data, track="scripted", settings=("none",))
    assert failures(seen) == ["RuntimeError"]
    assert list(lives(tmp_path / "run")) == ["lives/none/rules/0/ada.jsonl"]
    unfinished = tmp_path / "run/lives/none/rules/0/bea.jsonl.part"
    assert list(read_life(unfinished))[-1] == LifeEnd(sessions=0, failure="RuntimeError")


async def test_an_event_of_a_slot_that_is_not_in_use_is_lived(
    tmp_path: Path, model: ScriptedModel
) -> None:
    slot = "preference.colours"
    events = (
        Event(session=2, kind="change", slot=slot, before="red", after="blue", said="Blue now."),
        Event(session=3, kind="forget", slot=slot, before="blue", said="Please forget the blue."),
    )
    person = Person(**(BEA.model_dump() | {"slots": {**BEA.slots, slot: "red"}, "events": events}))
    scenes = [scene(person, number, (slot, None)) for number in (1, 2, 3)]
    data = dataset([person], scenes)
    settings = ("none", "golden", "persona-k1")
    seen = await live(tmp_path / "run", model, data=data, track="scripted", settings=settings)
    assert failures(seen) == []
    assert len(lives(tmp_path / "run")) == 3


async def test_an_unusable_answer_is_not_what_the_next_run_gets_again(
    tmp_path: Path, model: ScriptedModel
) -> None:
    model.script(ill(lambda text: "number 2 of p001" in text, Say(("",))))
    seen = await live(tmp_path / "run", model, settings=("none",))
    assert failures(seen) == ["The model gave an empty answer."]
    model.requests.clear()
    model.script(well())
    assert failures(await live(tmp_path / "run", model, settings=("none",))) == []
    assert len(lives(tmp_path / "run")) == 2
    # Session 1 was kept, also of the life that failed.
    assert not any("number 2" not in text and "number 3" not in text for text in asked(model))


async def test_a_budget_stops_the_run_and_more_of_it_goes_on(
    tmp_path: Path, model: ScriptedModel
) -> None:
    model.script(well())
    await live(tmp_path / "whole", model)
    needed = len(model.requests)
    model.requests.clear()
    # Every answer costs 15.
    with pytest.raises(BudgetReached, match="--max-tokens allows 150"):
        await live(tmp_path / "run", model, concurrency=1, most_tokens=150)
    first = len(model.requests)
    assert 10 <= first < needed
    with pytest.raises(BudgetReached):
        await live(tmp_path / "run", model, concurrency=1, most_tokens=150)
    assert len(model.requests) == first
    with pytest.raises(BudgetReached):
        await live(tmp_path / "run", model, concurrency=1, most_tokens=15 * first + 90)
    assert first < len(model.requests) < needed
    await live(tmp_path / "run", model, concurrency=1, most_tokens=1_000_000)
    assert len(model.requests) == len(set(asked(model))) == needed
    assert lives(tmp_path / "run") == lives(tmp_path / "whole")


async def test_a_budget_in_money_counts_by_the_prices(tmp_path: Path, model: ScriptedModel) -> None:
    model.script(well())
    # 10 tokens read and 5 written: 1.50 a call, of whichever role.
    prices = dict.fromkeys(("m", "qwen3:8b"), Price(prompt=100_000, completion=100_000))
    with pytest.raises(BudgetReached, match=r"Stopped: \d+\.\d\d was spent.*allows 20\.00"):
        await live(tmp_path / "run", model, concurrency=1, prices=prices, most_money=20)
    # The sessions under way are finished.
    assert 14 <= len(model.requests) < 24


async def test_more_settings_are_lived_without_asking_again(
    tmp_path: Path, model: ScriptedModel
) -> None:
    model.script(well())
    await live(tmp_path / "run", model, settings=("none",))
    before = lives(tmp_path / "run")
    model.requests.clear()
    seen = await live(tmp_path / "run", model, settings=("persona-k3",))
    assert sum(lived.sessions for lived in seen) == 6
    after = lives(tmp_path / "run")
    assert {path: after[path] for path in before} == before
    assert len(after) == 4


def _plan(data: Dataset) -> Plan:
    return Plan(
        track="scripted", dataset_hash=data.fingerprint, settings=("none",), models=(RULES,)
    )


@pytest.mark.parametrize("left", ["nothing", "plan", "half a dataset", "dataset"])
def test_a_run_whose_beginning_was_cut_off_is_begun_anew(left: str, tmp_path: Path) -> None:
    """Also with other data than before."""
    other, folder = plain(1, 1), RunFolder(tmp_path / "run")
    folder.begin(_plan(other), other)
    (tmp_path / "run/run.json").rename(tmp_path / "run/run.new")
    if left != "dataset":
        (tmp_path / "run/dataset/manifest.json").unlink()
    if left in ("nothing", "plan"):
        shutil.rmtree(tmp_path / "run/dataset")
    if left == "nothing":
        (tmp_path / "run/run.new").unlink()
    assert folder.begin(_plan(DATA), DATA) == _plan(DATA)
    assert (folder.plan(), folder.dataset().people) == (_plan(DATA), DATA.people)
    assert not (tmp_path / "run/run.new").exists()


def test_a_dataset_of_the_operators_own_is_not_written_over(tmp_path: Path) -> None:
    write_dataset(tmp_path / "dataset", plain(1, 1))
    with pytest.raises(BenchmarkError, match="holds something that is no run"):
        RunFolder(tmp_path).begin(_plan(DATA), DATA)
    assert len(read_dataset(tmp_path / "dataset").people) == 1
