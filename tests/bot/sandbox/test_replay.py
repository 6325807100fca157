"""Replays, in a process of their own: what they come to, and that a kill changes nothing."""

from __future__ import annotations

import asyncio
import json
import random
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.world import store_beside
from persona.clock import SystemClock
from persona.services import open_services
from persona.settings import EngineSettings
from tests.bot.test_run import assert_one_sentence
from tests.support.command import configure, rapport, start
from tests.support.model import Say, ScriptedModel, Status, proposal, updates
from tests.support.recordings import MEMORYBANK, needs_memorybank

KEYS = [
    "people",
    "sessions",
    "messages_in",
    "replies",
    "duplicates",
    "sessions_learned",
    "sessions_learned_twice",
    "runs",
    "refusals",
    "items",
    "prompt_tokens",
    "completion_tokens",
    "errors",
]

TOPICS = (
    "Hi, my name is {name}.",
    "I love {thing} and old maps.",
    "Tell me something about the sea, please.",
    "我喜欢{thing}和爬山。",
    "  Thank you!\n\nWith *stars*, `code` and <angle> brackets & more  ",
)


def record(path: Path, people: int, sessions: int) -> list[dict[str, str]]:
    """Write a recording of our own; several people speak in the same minutes."""
    lines: list[dict[str, str]] = []
    begin = datetime(2026, 2, 1, 9, tzinfo=UTC)
    for session in range(sessions):
        for person in range(people):
            for turn in range(3):
                moment = begin + timedelta(days=session, minutes=turn)
                topic = TOPICS[(session + turn + person) % len(TOPICS)]
                text = topic.format(name=f"Pat{person}", thing=f"chess{session}")
                lines.append(
                    {
                        "person": f"person{person}",
                        "session": f"s{session}",
                        "time": moment.isoformat(),
                        "text": text,
                    }
                )
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    return lines


async def figures(recording: Path, folder: Path, *options: str) -> dict[str, Any]:
    ended = await rapport("replay", str(recording), "--json", *options, folder=folder)
    assert ended.code == 0, ended.err
    result: dict[str, Any] = json.loads(ended.out)
    return result


async def test_a_replay_answers_all_and_learns_each_session_once(tmp_path: Path) -> None:
    record(tmp_path / "r.jsonl", people=3, sessions=7)
    found = await figures(tmp_path / "r.jsonl", tmp_path)
    assert list(found) == KEYS
    assert {key: found[key] for key in KEYS[:7]} == {
        "people": 3,
        "sessions": 21,
        "messages_in": 63,
        "replies": 63,
        "duplicates": 0,
        "sessions_learned": 21,
        "sessions_learned_twice": 0,
    }
    assert sum(found["runs"].values()) == 9
    assert found["runs"]["parked"] == 0
    assert found["items"] > 6
    assert found["errors"] == 0
    assert found["prompt_tokens"] > found["completion_tokens"] > 0


async def test_not_a_word_is_lost(tmp_path: Path) -> None:
    lines = record(tmp_path / "r.jsonl", people=2, sessions=4)
    await figures(tmp_path / "r.jsonl", tmp_path, "--db", "kept.db")
    settings = EngineSettings(store=store_beside(tmp_path / "kept.db"))
    async with open_services(settings, clock=SystemClock()) as services:
        async with (
            services.database.read() as connection,
            connection.execute(
                "SELECT m.person_id, m.message_id, m.text_sealed, s.scope, s.epoch "
                "FROM messages m JOIN sessions s USING (person_id, session_id) "
                "WHERE author = 'person' ORDER BY m.message_id"
            ) as cursor,
        ):
            rows = list(await cursor.fetchall())
        stored = []
        for row in rows:
            key = await services.keys.find(row["person_id"], row["scope"], row["epoch"])
            assert key is not None
            stored.append(key.open(row["text_sealed"], context=f"messages:{row['message_id']}"))
    spoken = sorted(lines, key=lambda line: line["time"])
    assert stored == [line["text"].strip() for line in spoken]


async def test_killed_at_any_moment_it_ends_with_the_same_figures(tmp_path: Path) -> None:
    recording = tmp_path / "r.jsonl"
    record(recording, people=4, sessions=10)
    expected = await figures(recording, tmp_path)
    chance = random.Random(7)
    for attempt in range(5):
        process = await start(
            "replay", str(recording), "--json", "--db", "killed.db", folder=tmp_path
        )
        await _until_it_plays(process, chance.uniform(0.05, 0.6))
        process.kill()
        await process.wait()
        assert attempt < 5
    assert await figures(recording, tmp_path, "--db", "killed.db") == expected
    assert await figures(recording, tmp_path, "--db", "killed.db") == expected


async def _until_it_plays(process: asyncio.subprocess.Process, seconds: float) -> None:
    """Wait for its first sign of progress, and then a little."""
    assert process.stderr is not None
    await process.stderr.readline()
    await asyncio.sleep(seconds)


async def test_a_database_is_not_mixed_up(tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    record(first, people=1, sessions=1)
    record(second, people=2, sessions=1)
    await figures(first, tmp_path, "--db", "kept.db")
    ended = await rapport("replay", str(second), "--db", "kept.db", folder=tmp_path)
    assert ended.code == 65
    assert "choose another --db" in ended.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing.jsonl"], "cannot be read"),
        (["empty.jsonl"], "holds no message"),
        (["empty.jsonl", "--from", "csv"], "formats: jsonl, memorybank, xpersona"),
        (["empty.jsonl", "--from", "memorybank"], "not valid JSON"),
    ],
)
async def test_bad_recordings_get_a_sentence(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    ended = await rapport("replay", *arguments, folder=tmp_path)
    assert ended.code == 65
    assert sentence in ended.err
    assert "Traceback" not in ended.err


DEEP = "[" * 200_000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(DEEP, "nested too deeply"), ('{"Mei": ' + "1" * 5000 + "}", "a number that is too long")],
    ids=["deep", "number"],
)
async def test_json_beyond_all_bounds_gets_a_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "bank.json").write_text(text)
    ended = await rapport("replay", "bank.json", "--from", "memorybank", folder=tmp_path)
    assert_one_sentence(ended, 65, "bank.json", sentence)


def say(path: Path, *times: str) -> None:
    """Write a recording of one person, who says something at each of `times`."""
    line = {"person": "mei", "session": "1", "text": "hello"}
    path.write_text("\n".join(json.dumps(line | {"time": time}) for time in times))


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        (["2090-01-01T00:00:00Z"], "line 1: time: Input should be less than 2084"),
        (["1970-01-01T00:00:00Z", "2083-01-01T00:00:00Z"], "moved to begin in 2026, would end in"),
    ],
    ids=["late", "long"],
)
async def test_times_that_discord_has_no_ids_for_get_a_sentence(
    tmp_path: Path, times: list[str], sentence: str
) -> None:
    say(tmp_path / "late.jsonl", *times)
    ended = await rapport("replay", "late.jsonl", "--db", "run.db", folder=tmp_path)
    assert_one_sentence(ended, 65, sentence)


async def test_the_last_time_allowed_is_played_and_learned(tmp_path: Path) -> None:
    say(tmp_path / "last.jsonl", "2083-12-31T23:59:59Z")
    longest = {"RAPPORT_LEARNING__MAX_AGE_HOURS": "8760"}
    ended = await rapport("replay", "last.jsonl", "--json", folder=tmp_path, **longest)
    assert (ended.code, ended.err.count("Error")) == (0, 0)
    assert json.loads(ended.out)["sessions_learned"] == 1


@pytest.mark.parametrize("address", ["postgresql://postgres@127.0.0.1/x", "sqlite:x.db"])
async def test_an_address_is_no_path(tmp_path: Path, address: str) -> None:
    say(tmp_path / "r.jsonl", "2026-03-01T09:00:00Z")
    ended = await rapport("replay", "r.jsonl", "--db", address, folder=tmp_path)
    assert ended.code == 78
    assert "it takes the path of a SQLite file" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["r.jsonl"]


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    say(tmp_path / "r.jsonl", "2026-03-01T09:00:00Z")
    ended = await rapport("replay", "r.jsonl", "--db", ".", folder=tmp_path)
    assert ended.code == 2
    assert "'--db'" in ended.err
    assert "is a directory" in ended.err


async def test_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    recording = tmp_path / "r.jsonl"
    record(recording, people=4, sessions=100)
    process = await start("replay", str(recording), "--db", "kept.db", folder=tmp_path)
    await _until_it_plays(process, 0.2)
    process.send_signal(signal.SIGINT)
    _, err = await process.communicate()
    assert process.returncode == 130
    assert b"Start again with --db kept.db to go on." in err
    assert b"Traceback" not in err


@needs_memorybank
@pytest.mark.parametrize(
    ("file", "sessions", "skipped"),
    [("en/memory_bank_en.json", 149, 1), ("cn/memory_bank_cn.json", 150, 0)],
)
async def test_memorybank_whole(tmp_path: Path, file: str, sessions: int, skipped: int) -> None:
    ended = await rapport(
        "replay", "--from", "memorybank", str(MEMORYBANK / file), "--json", folder=tmp_path
    )
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert (found["people"], found["sessions"]) == (15, sessions)
    assert (found["messages_in"], found["replies"], found["duplicates"]) == (566, 566, 0)
    assert (found["sessions_learned"], found["sessions_learned_twice"]) == (sessions, 0)
    assert found["errors"] == 0
    assert ("Skipped: 1" in ended.err) == bool(skipped)


async def test_models_out_of_reach_are_told_before_anything_is_played(tmp_path: Path) -> None:
    record(tmp_path / "r.jsonl", people=1, sessions=1)
    configure(tmp_path, "http://127.0.0.1:9/v1")
    ended = await rapport("replay", "r.jsonl", "--configured-models", folder=tmp_path)
    assert ended.code == 69
    assert ended.err.count("rapport: ") == 1
    assert "cannot be reached at http://127.0.0.1:9/v1" in ended.err
    assert ended.out == ""


async def test_a_replay_stops_where_its_model_fails_and_goes_on_behind_it(
    tmp_path: Path, model: ScriptedModel
) -> None:
    record(tmp_path / "r.jsonl", people=1, sessions=1)
    configure(tmp_path, model.base_url)
    options = ("replay", "r.jsonl", "--configured-models", "--json", "--db", "kept.db")
    model.script(Say(("fine",)), Status(500))
    ended = await rapport(*options, folder=tmp_path)
    assert ended.code == 69
    assert "Message 2 got no answer" in ended.err
    model.script(Say(("fine",)))
    ended = await rapport(*options, folder=tmp_path)
    assert ended.code == 1
    found = json.loads(ended.out)
    assert (found["messages_in"], found["replies"]) == (3, 2)
    assert found["errors"] >= 1


async def test_the_codes_of_refusals_are_counted(tmp_path: Path, model: ScriptedModel) -> None:
    record(tmp_path / "r.jsonl", people=1, sessions=1)
    configure(tmp_path, model.base_url)
    name = proposal("demographics.name", "Pat0", 1, "my name is Pat0")
    age = proposal("demographics.age", "29", 1, "my name is Pat0")
    model.script(*(Say(("fine",)) for _ in range(3)), updates(name, age, age), updates())
    found = await figures(tmp_path / "r.jsonl", tmp_path, "--configured-models")
    assert (found["runs"]["applied"], found["items"]) == (1, 1)
    assert found["refusals"] == {"unsupported": 2}


async def test_a_text_with_line_ends_of_other_systems_is_played_and_learned(
    tmp_path: Path,
) -> None:
    text = "I love hiking\u2028and tea.\x85Yes."
    line = {"person": "mei", "session": "1", "time": "2026-02-01T09:00:00Z", "text": text}
    (tmp_path / "r.jsonl").write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    found = await figures(tmp_path / "r.jsonl", tmp_path)
    assert (found["replies"], found["sessions_learned"], found["errors"]) == (1, 1, 0)
    assert found["items"] >= 1


async def test_the_longest_text_allowed_is_played(tmp_path: Path) -> None:
    record(tmp_path / "r.jsonl", people=1, sessions=1)
    lines = (tmp_path / "r.jsonl").read_text().splitlines()
    lines[0] = json.dumps(json.loads(lines[0]) | {"text": "x" * 1950})
    (tmp_path / "r.jsonl").write_text("\n".join(lines))
    assert (await figures(tmp_path / "r.jsonl", tmp_path))["replies"] == 3
    lines[0] = json.dumps(json.loads(lines[0]) | {"text": "x" * 1951})
    (tmp_path / "r.jsonl").write_text("\n".join(lines))
    ended = await rapport("replay", "r.jsonl", folder=tmp_path)
    assert (ended.code, "line 1: text" in ended.err) == (65, True)
