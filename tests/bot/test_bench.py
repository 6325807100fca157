"""`rapport bench` as a command: from a run to its page, on both tracks."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from pathlib import Path

import pytest

from persona.benchmark.dataset import write_dataset
from tests.support.bench import answer_as_model, dataset, plain
from tests.support.command import configure, inside, rapport
from tests.support.model import Act, Body, Call, Depends, Say, ScriptedModel

SETTINGS = "none,golden,persona-k3"


def _act(request: Body) -> Act:
    answer = answer_as_model(request)
    return Say((answer,)) if isinstance(answer, str) else Call(*answer)


def _text(page: Path) -> str:
    return re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_dataset(tmp_path / "data", dataset())
    return tmp_path / "data"


async def test_a_model_is_run_scored_and_reported(
    data: Path, tmp_path: Path, model: ScriptedModel
) -> None:
    model.script(Depends(_act))
    configure(tmp_path, model.base_url)
    run = ("bench", "run", str(data), "--out", "run", "--track", "model")
    lived = await rapport(*run, "--settings", SETTINGS, "--model", "default/m", folder=tmp_path)
    assert (lived.code, lived.out) == (0, ""), lived.err
    # A page before the judge was asked would be half a page.
    early = await rapport("bench", "report", "run", folder=tmp_path)
    assert early.code == 1
    assert "rapport bench score run" in early.err
    scored = await rapport("bench", "score", "run", folder=tmp_path)
    assert scored.code == 0, scored.err
    scores = json.loads((tmp_path / "run" / "scores.json").read_text())
    assert scores["judge"] == "default/qwen3:8b"
    assert set(scores["judge_prompts"]) == {"judge_first_reply", "judge_similarity", "judge_pair"}
    # The judge always prefers the first of two, so every pair is a tie and its bias is found out.
    assert scores["reliability"]["position_bias"]["mean"] == 1
    assert scores["reliability"]["vague_accepted"]["mean"] == 1
    assert scores["reliability"]["repeat_agreement"]["mean"] == 1
    means = {
        (each["setting"], each["metric"]): each["interval"]["mean"]
        for each in scores["scores"]
        if each["over"] == "overall"
    }
    assert means["none", "helpfulness"] == 7
    assert means["persona-k3", "win_golden"] == 0.5
    assert means["persona-k3", "similarity"] == 2.5
    assert means["none", "utterances"] == 3
    assert means["none", "censored"] == 1
    asked = len(model.requests)
    assert (await rapport("bench", "score", "run", folder=tmp_path)).code == 0
    assert len(model.requests) == asked, "what was judged is kept"
    told = await rapport("bench", "report", "run", folder=tmp_path)
    assert told.code == 0, told.err
    text = _text(tmp_path / "run" / "report.html")
    assert "makes no claim about language models" not in text
    assert "not run" in text  # k = 1 and k = 5 were not.


@pytest.fixture
async def lived(tmp_path: Path, model: ScriptedModel) -> Path:
    """The folder of a run that is lived and not scored; nothing was asked so far."""
    write_dataset(tmp_path / "data", plain(2, 3))
    model.script(Depends(_act))
    configure(tmp_path, model.base_url)
    run = ("bench", "run", "data", "--out", "run", "--track", "model", "--model", "default/m")
    ended = await rapport(*run, "--settings", SETTINGS, folder=tmp_path)
    assert ended.code == 0, ended.err
    model.requests.clear()
    return tmp_path


async def test_a_verdict_that_cannot_be_used_is_asked_for_anew(
    lived: Path, model: ScriptedModel
) -> None:
    shutil.copytree(lived / "run", lived / "whole")
    assert (await rapport("bench", "score", "whole", folder=lived)).code == 0
    needed = len(model.requests)
    model.requests.clear()
    # No mark of 4 exists.
    marks = {"analysis": "Well.", "helpfulness": 4, "personalization": 5}
    unusable: list[Body] = []

    def ill(request: Body) -> Act:
        if "number 2 of p000" not in str(request) or "judge one reply" not in str(request):
            return _act(request)
        unusable.append(request)
        return Call("first_reply_marks", json.dumps(marks))

    model.script(Depends(ill))
    refused = await rapport("bench", "score", "run", folder=lived)
    assert refused.code == 69
    assert "The judge gave no verdict" in refused.err
    assert "The same command asks it anew." in refused.err
    assert not (lived / "run" / "scores.json").exists()
    assert 2 <= len(unusable) < len(model.requests)
    model.script(Depends(_act))
    scored = await rapport("bench", "score", "run", folder=lived)
    assert scored.code == 0, scored.err
    assert len(model.requests) == needed + len(unusable), "what was judged well is kept"
    names = ("scores.json", "observations.csv")
    run, whole = (
        [(lived / folder / name).read_bytes() for name in names] for folder in ("run", "whole")
    )
    assert run == whole


async def test_judging_stops_at_its_limit_with_what_is_under_way(
    lived: Path, model: ScriptedModel
) -> None:
    for name in ("within a person", "within the trials"):
        shutil.copytree(lived / "run", lived / name)
    score = ("bench", "score", "--concurrency", "2")
    assert (await rapport(*score, "run", folder=lived)).code == 0
    needed = len(model.requests)
    # An answer is 15 tokens; the trials of the judge come last.
    for name, limit in (("within a person", 75), ("within the trials", 15 * needed - 75)):
        model.requests.clear()
        stopped = await rapport(*score, name, "--max-tokens", str(limit), folder=lived)
        assert stopped.code == 1, stopped.err
        assert f"--max-tokens allows {limit:,}. Run it again with more to go on." in stopped.err
        assert limit <= 15 * len(model.requests) < limit + 2 * 15
        assert not (lived / name / "scores.json").exists()
        more = await rapport(*score, name, "--max-tokens", "100000", folder=lived)
        assert more.code == 0, more.err
        assert len(model.requests) == needed, "nothing was paid twice"


async def test_what_judging_cost_before_counts_and_what_the_lives_cost_does_not(
    lived: Path, model: ScriptedModel
) -> None:
    score = ("bench", "score", "run", "--concurrency", "1", "--max-tokens")
    for limit in ("75", "75", "90"):
        stopped = await rapport(*score, limit, folder=lived)
        assert stopped.code == 1, stopped.err
        assert f"Stopped: {limit} tokens were used so far, and" in stopped.err
        # An answer is 15 tokens, also of the same model as user.
        assert 15 * len(model.requests) == int(limit)


async def test_a_limit_of_money_needs_prices_of_the_judge_and_its_fallbacks(
    lived: Path, model: ScriptedModel
) -> None:
    score = ("bench", "score", "run", "--concurrency", "1", "--max-cost", "2")
    with (lived / "config.toml").open("a") as file:
        file.write('[models.judge]\nmodel = "strict"\nfallbacks = ["default/lenient"]\n')
        file.write("[bench.prices]\n")
    for name in ("strict", "lenient"):
        refused = await rapport(*score, folder=lived)
        assert refused.code == 78
        assert name in refused.err
        assert "[bench.prices]" in refused.err
        assert model.requests == []
        with (lived / "config.toml").open("a") as file:
            file.write(f"{name} = {{ prompt = 100000, completion = 100000 }}\n")
    # 10 tokens read and 5 written are 1.50 a call.
    stopped = await rapport(*score, folder=lived)
    assert stopped.code == 1
    assert "Stopped: 3.00 was spent so far, and --max-cost allows 2.00." in stopped.err


def test_a_scripted_run_is_scored_by_its_report(data: Path, tmp_path: Path) -> None:
    run = ("bench", "run", str(data), "--workers", "1", "--settings", SETTINGS, "--out")
    for name in ("one", "other"):
        lived = asyncio.run(rapport(*run, name, folder=tmp_path))
        assert lived.code == 0, lived.err
        told = inside("bench", "report", name, folder=tmp_path)
        assert told.code == 0, told.err
    one, other = ((tmp_path / name / "scores.json").read_bytes() for name in ("one", "other"))
    assert one == other
    controls = {each["name"]: each["holds"] for each in json.loads(one)["controls"]}
    assert len(controls) == 4
    assert all(controls.values())
    compared = inside("bench", "compare", "one", "other", "--out", "both", folder=tmp_path)
    assert compared.code == 0, compared.err
    assert "0.00 [0.00, 0.00]" in compared.out, "runs of the same data are paired"
    assert "one" in _text(tmp_path / "both" / "compare.html")
    # Observations that are not those that were scored are made anew, and so are broken scores.
    kept = (tmp_path / "other" / "observations.csv").read_bytes()
    for name, content in (
        ("observations.csv", kept.replace(b",1.0", b",9.0")),
        ("observations.csv", b"\xff"),
        ("scores.json", one[:1000]),
    ):
        (tmp_path / "other" / name).write_bytes(content)
        again = inside("bench", "compare", "one", "other", "--out", "both", folder=tmp_path)
        assert (again.code, again.out) == (0, compared.out), again.err
        assert (tmp_path / "other" / "observations.csv").read_bytes() == kept
        assert (tmp_path / "other" / "scores.json").read_bytes() == one
    # A file in the place of the page's folder is named.
    (tmp_path / "file").write_text("")
    refused = inside("bench", "compare", "one", "other", "--out", "file/in", folder=tmp_path)
    assert refused.code == 74
    assert "file" in refused.err
    assert "inside Rapport" not in refused.err


def test_a_life_that_is_not_whole_any_more_is_not_scored(data: Path, tmp_path: Path) -> None:
    run = ("bench", "run", str(data), "--workers", "1", "--no-controls", "--out", "run")
    lived = asyncio.run(rapport(*run, "--settings", "none,golden", folder=tmp_path))
    assert lived.code == 0, lived.err
    golden, none = (
        min((tmp_path / "run" / "lives" / setting).rglob("*.jsonl"))
        for setting in ("golden", "none")
    )
    whole = golden.read_bytes()
    lines = whole.splitlines(keepends=True)
    for content in (none.read_bytes(), b"".join((lines[0], lines[-1])), b"\xff\n", b""):
        golden.write_bytes(content)
        refused = inside("bench", "report", "run", folder=tmp_path)
        assert refused.code == 1, refused.err
        assert golden.name in "".join(refused.err.split())
        assert "inside Rapport" not in refused.err
    golden.write_bytes(whole)
    assert inside("bench", "report", "run", folder=tmp_path).code == 0


def test_every_line_that_is_no_record_is_named(data: Path, tmp_path: Path) -> None:
    for name in ("scenes.jsonl", "probes.jsonl"):
        with (data / name).open("a") as file:
            file.write('{"half":\n[]\n')
    found = inside("bench", "validate", "data", folder=tmp_path)
    assert found.code == 1
    lines = found.out.splitlines()
    assert [line.split("/")[1].split(",")[0] for line in lines] == [
        "scenes.jsonl", "scenes.jsonl", "probes.jsonl", "probes.jsonl",
    ]  # fmt: skip
    assert all(line.startswith("problem: data/") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "nowhere"), "nowhere holds no run"),
        (("score", "nowhere"), "nowhere holds no run"),
        (("compare", "nowhere", "here", "--out", "both"), "nowhere holds no run"),
        (("generate", "--out", "d", "--seeds", "none.jsonl"), "There is no file of seeds"),
        (("generate", "--out", "d", "--redo", "all"), "one of: seeds, personas"),
        (("import", "x", "--from", "y", "--out", "d"), "one of: released, prefeval, personamem"),
        (("import", "x", "--from", "prefeval", "--out", "d"), "There is no file or folder x"),
        (("validate", "nowhere"), "There is no dataset nowhere"),
    ],
)
def test_a_mistake_gets_one_sentence(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    ended = inside("bench", *arguments, folder=tmp_path)
    assert ended.code != 0
    assert said in " ".join(ended.err.split())
    assert "Traceback" not in ended.err
    assert [path.name for path in tmp_path.iterdir()] == []
