"""`rapport bench run` as a process: interrupted, killed, short of money, and asked for nonsense."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import application
from bot.errors import exit_code
from persona.benchmark.dataset import write_dataset
from persona.benchmark.folder import RunFolder
from persona.benchmark.plan import Plan
from persona.benchmark.schema import Api
from persona.errors import RapportError
from tests.support.bench import answer_as_model, dataset, plain
from tests.support.command import configure, inside, rapport, start
from tests.support.model import Act, Body, Call, Depends, Late, Say, ScriptedModel
from tests.support.waiting import until

SCRIPTED = ("bench", "run", "small", "--no-controls", "--settings", "none,persona-k1")
MODEL = (*SCRIPTED, "--track", "model", "--user-turns", "2", "--concurrency", "2")
INTERRUPTED = 130
DEAD = "http://127.0.0.1:9/v1"


def _act(request: Body) -> Act:
    answer = answer_as_model(request)
    return Say((answer,)) if isinstance(answer, str) else Call(*answer)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a dataset and without settings."""
    write_dataset(tmp_path / "small", dataset())
    return tmp_path


@pytest.fixture
async def asking(folder: Path, model: ScriptedModel) -> ScriptedModel:
    """The endpoint that the folder's settings name; its people tell nothing and never change."""
    write_dataset(folder / "small", plain(2, 3))
    configure(folder, model.base_url)
    model.script(Depends(_act))
    return model


def lives(run: Path) -> dict[str, bytes]:
    return {str(path.relative_to(run)): path.read_bytes() for path in RunFolder(run).lives()}


def sessions(run: Path) -> int:
    """Return how many sessions are logged, of lives that have ended and of others."""
    return sum(
        path.read_bytes().count(b'{"record": "session"') for path in run.glob("lives/**/*.jsonl*")
    )


@contextlib.asynccontextmanager
async def running(folder: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await start(*arguments, folder=folder)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


def _children(pid: int) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            if f"PPid:\t{pid}\n" in status.read_text():
                found.add(int(status.parent.name))
    return found


def _alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "State:\tZ" not in (Path("/proc") / str(pid) / "status").read_text()
    return False


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill"])
async def test_a_scripted_run_goes_on_where_it_was(folder: Path, sent: signal.Signals) -> None:
    whole = await rapport(*SCRIPTED, "--workers", "1", "--out", "whole", folder=folder)
    assert whole.code == 0, whole.err
    run = (*SCRIPTED, "--workers", "2", "--out", "run")
    async with running(folder, *run) as process:
        await until(lambda: bool(_children(process.pid)))
        await until((folder / "run" / "lives").exists)
        await until(lambda: sessions(folder / "run") >= 2)
        workers = _children(process.pid)
        process.send_signal(sent)
        _, err = await process.communicate()
        assert process.returncode == (INTERRUPTED if sent == signal.SIGINT else -signal.SIGKILL)
    # Those that went on alone would write into the files of the next run.
    await until(lambda: not any(map(_alive, workers)))
    if sent == signal.SIGINT:
        assert "The same command goes on from run." in err.decode()
        assert not (folder / "run" / "work").exists()
    assert len(lives(folder / "run")) < 4
    again = await rapport(*run, folder=folder)
    assert again.code == 0, again.err
    assert lives(folder / "run") == lives(folder / "whole")
    assert len(lives(folder / "run")) == 4
    assert not (folder / "run" / "work").exists()
    assert not list((folder / "run").glob("lives/**/*.part"))


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill"])
async def test_a_run_with_a_model_goes_on_and_asks_nothing_twice(
    folder: Path, asking: ScriptedModel, sent: signal.Signals
) -> None:
    whole = await rapport(*MODEL, "--out", "whole", folder=folder)
    assert whole.code == 0, whole.err
    needed = len(asking.requests)
    asking.requests.clear()
    late = Late(Depends(_act))

    def twentieth(request: Body) -> Act:
        return late if len(asking.requests) >= 20 else _act(request)

    asking.script(Depends(twentieth))
    async with running(folder, *MODEL, "--out", "run") as process:
        await late.begun.wait()
        process.send_signal(sent)
        await process.communicate()
        assert process.returncode == (INTERRUPTED if sent == signal.SIGINT else -signal.SIGKILL)
    before = len(asking.requests)
    assert 20 <= before < needed
    asking.script(Depends(_act))
    again = await rapport(*MODEL, "--out", "run", folder=folder)
    assert again.code == 0, again.err
    assert lives(folder / "run") == lives(folder / "whole")
    # What was under way, at most two calls at once, is asked again.
    assert needed <= len(asking.requests) <= needed + 2


async def test_a_budget_stops_with_a_sentence_and_more_goes_on(
    folder: Path, asking: ScriptedModel
) -> None:
    run = (*MODEL, "--out", "run")
    stopped = await rapport(*run, "--max-tokens", "150", folder=folder)
    assert stopped.code == 1
    assert "--max-tokens allows 150. Run it again with more to go on." in stopped.err
    assert "Traceback" not in stopped.err
    before = len(asking.requests)
    again = await rapport(*run, "--max-tokens", "150", folder=folder)
    assert (again.code, len(asking.requests)) == (1, before)
    more = await rapport(*run, "--max-tokens", "100000", folder=folder)
    assert more.code == 0, more.err
    assert len(lives(folder / "run")) == 4


async def test_a_limit_of_money_needs_prices(folder: Path, asking: ScriptedModel) -> None:
    run = (*MODEL, "--out", "run", "--max-cost")
    refused = await rapport(*run, "1", folder=folder)
    assert refused.code == 78
    assert "[bench.prices]" in refused.err
    assert asking.requests == []
    with (folder / "config.toml").open("a") as file:
        file.write('[bench.prices]\n"qwen3:8b" = { prompt = 100000, completion = 100000 }\n')
    stopped = await rapport(*run, "6", folder=folder)
    assert stopped.code == 1
    assert "--max-cost allows 6.00" in stopped.err


async def test_damaged_answers_are_told_of_in_one_sentence(
    folder: Path, asking: ScriptedModel
) -> None:
    run = (*MODEL, "--out", "run")
    assert (await rapport(*run, "--settings", "none", folder=folder)).code == 0
    answers = folder / "run" / "answers.db"
    sound = answers.read_bytes()
    # The second is damaged where only whoever reads the answers comes by.
    for damaged in (b"\x9c" * 400, sound[:4096] + b"\x9c" * (len(sound) - 4096)):
        answers.write_bytes(damaged)
        for command in ((*run, "--settings", "none,golden"), ("bench", "score", "run")):
            refused = await asyncio.wait_for(rapport(*command, folder=folder), 30)
            assert refused.code == 1
            assert "answers.db is damaged" in refused.err
            assert "when you delete it, everything is asked anew" in refused.err
            assert len(refused.err.splitlines()) <= 2, refused.err
    answers.unlink()
    asking.requests.clear()
    again = await rapport(*run, "--settings", "none,golden", folder=folder)
    assert again.code == 0, again.err
    assert asking.requests


def test_more_settings_can_be_lived_later_and_another_plan_cannot(folder: Path) -> None:
    first = ("bench", "run", "small", "--out", "run", "--no-controls", "--workers", "1")
    assert asyncio.run(rapport(*first, "--settings", "none", folder=folder)).code == 0
    before = lives(folder / "run")
    refused = inside(*first, "--settings", "none", "--user-turns", "2", folder=folder)
    assert refused.code == 1
    assert "begun with --user-turns 3, not 2. Choose another --out." in refused.err
    write_dataset(folder / "other", plain(1, 1))
    other = inside("bench", "run", "other", *first[3:], folder=folder)
    assert other.code == 1
    assert "Choose another --out." in other.err
    assert lives(folder / "run") == before
    more = asyncio.run(rapport(*first, "--settings", "persona-k1,golden", folder=folder))
    assert more.code == 0, more.err
    # What is not said is as it was: nothing is added, and what is gone is put back.
    shutil.rmtree(folder / "run" / "dataset")
    again = inside("bench", "run", "small", "--out", "run", folder=folder)
    assert again.code == 0, again.err
    after = lives(folder / "run")
    assert {path: after[path] for path in before} == before
    assert sorted(path.split("/")[1] for path in after) == [
        *["golden"] * 2, *["none"] * 2, *["persona-k1"] * 2,
    ]  # fmt: skip
    plan = json.loads((folder / "run" / "run.json").read_text())
    assert plan["settings"] == ["none", "golden", "persona-k1"]


def test_a_score_that_comes_too_early_is_no_hindrance(folder: Path) -> None:
    begun = ("bench", "run", "small", "--out", "run", "--no-controls", "--settings", "none")
    with RunFolder(folder / "run").alone():
        assert inside(*begun, folder=folder).code == 1
    write_dataset(folder / "run" / "dataset", dataset())
    plan = Plan(
        track="scripted", dataset_hash=dataset().fingerprint, settings=("none",), models=("rules",)
    )
    (folder / "run" / "run.json").write_text(plan.model_dump_json())
    refused = inside("bench", "report", "run", folder=folder)
    assert refused.code == 1
    assert "No life in run is whole yet" in refused.err
    lived = asyncio.run(rapport(*begun, "--workers", "1", folder=folder))
    assert lived.code == 0, lived.err


async def test_a_model_that_cannot_be_reached_is_not_added_to_a_run(
    folder: Path, asking: ScriptedModel
) -> None:
    run = (*MODEL, "--out", "run")
    with (folder / "config.toml").open("a") as file:
        file.write(f'[models.endpoints.dead]\nbase_url = "{DEAD}"\nmax_retries = 0\n')
    added = ("--model", "dead/m", "--settings", "golden", "--repetitions", "2")
    refused = await rapport(*run, *added, folder=folder)
    assert refused.code == 69
    assert "'dead' cannot be reached" in refused.err
    assert not (folder / "run" / "run.json").exists(), "nor is one begun with it"
    whole = await rapport(*run, folder=folder)
    assert whole.code == 0, whole.err
    before = (folder / "run" / "run.json").read_bytes()
    refused = await rapport(*run, *added, folder=folder)
    assert refused.code == 69
    assert "'dead' cannot be reached" in refused.err
    assert (folder / "run" / "run.json").read_bytes() == before
    more = await rapport(*run, "--settings", "golden", folder=folder)
    assert more.code == 0, more.err


async def test_an_endpoint_is_checked_only_for_lives_to_be_lived(
    folder: Path, asking: ScriptedModel
) -> None:
    run = (*MODEL, "--out", "run", "--settings", "none")
    other = f'[models.endpoints.other]\nbase_url = "{asking.base_url}"\nmax_retries = 0\n'
    config = (folder / "config.toml").read_text()
    (folder / "config.toml").write_text(config + other)
    both = await rapport(*run, "--model", "default/m", "--model", "other/m", folder=folder)
    assert both.code == 0, both.err
    (folder / "config.toml").write_text(config + other.replace(asking.base_url, DEAD))
    done = await rapport(*run, folder=folder)
    assert done.code == 0, done.err
    refused = await rapport(*run, "--settings", "golden", folder=folder)
    assert refused.code == 69
    assert "'other' cannot be reached" in refused.err


def _foreign(folder: Path) -> None:
    (folder / "run").mkdir()
    (folder / "run" / "letter.txt").write_text("Dear Ada")


def _torn(folder: Path) -> None:
    path = folder / "small" / "scenes.jsonl"
    path.write_text(path.read_text().splitlines()[0][:40] + "\n")


def _reserved(folder: Path) -> None:
    data = dataset()
    api = Api(name="remember", description="Keeps it.")
    scenes = tuple(scene.model_copy(update={"apis": (api,)}) for scene in data.scenes)
    write_dataset(folder / "small", replace(data, scenes=scenes))


def _nothing(_: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("options", "before", "code", "sentence"),
    [
        (["small", "--sample"], _nothing, 78, "Name the folder of a dataset, or --sample"),
        ([], _nothing, 78, "Name the folder of a dataset, or --sample"),
        (["nowhere"], _nothing, 1, "There is no dataset nowhere"),
        (["small"], _torn, 1, "scenes.jsonl, line 1"),
        (["small"], _foreign, 1, "holds something that is no run"),
        (["small", "--settings", "persona-k0"], _nothing, 78, "There is no setting 'persona-k0'"),
        (["small", "--settings", "none,gold"], _nothing, 78, "There is no setting 'gold'"),
        (["small", "--settings", " , "], _nothing, 78, "--settings"),
        (["small", "--track", "radio"], _nothing, 78, "--track radio is not known"),
        (["small", "--start", "half"], _nothing, 78, "--start half is not known"),
        (["small", "--model", "default/x"], _nothing, 78, "--model belongs to --track model"),
        (
            ["small", "--track", "model", "--model", "elsewhere/x"],
            _nothing,
            78,
            "--model elsewhere/x: write endpoint/model",
        ),
        (["small", "--track", "model", "--model", "default"], _nothing, 78, "write endpoint/model"),
        (["small", "--repetitions", "0"], _nothing, 2, "--repetitions"),
        (["small", "--user-turns", "21"], _nothing, 2, "--user-turns"),
        (["small", "--people", "9"], _nothing, 78, "--people 9 is too many: the dataset has 2"),
        (["small"], _reserved, 1, "has a function remember, which is a tool of the bot"),
        (["small", "--people", "0"], _nothing, 2, "--people"),
        (["small", "--max-tokens", "0"], _nothing, 2, "--max-tokens"),
        (["small", "--concurrency", "zero"], _nothing, 2, "--concurrency"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_bad_options_get_a_sentence(
    options: list[str],
    before: Callable[[Path], None],
    code: int,
    sentence: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    # What tells the tests where PostgreSQL is, is no setting.
    for name in [name for name in os.environ if name.startswith("RAPPORT_")]:
        monkeypatch.delenv(name)
    before(folder)
    known = set(folder.iterdir())
    run = ["bench", "run", "--out", "run", "--no-controls", *options]
    ended = CliRunner().invoke(application, run, env={"COLUMNS": "200", "TERM": "dumb"})
    if code == 2:  # Typer's own.
        assert (ended.exit_code, sentence in ended.output) == (2, True)
    else:
        assert isinstance(ended.exception, RapportError)
        assert exit_code(ended.exception) == code
        assert sentence in str(ended.exception)
    # Nothing was begun.
    assert set(folder.iterdir()) == known
