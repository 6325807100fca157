"""`rapport run` and `rapport doctor`, in a process of their own, against sockets."""

from __future__ import annotations

import asyncio
import base64
import signal
from pathlib import Path

import pytest

from tests.support.command import Ended, configure, rapport, start
from tests.support.discord_server import DiscordServer
from tests.support.model import (
    Act,
    Body,
    Depends,
    Say,
    ScriptedModel,
    Status,
    updates,
    way_of,
)
from tests.support.stores import Stores


def assert_one_sentence(ended: Ended, code: int, *parts: str) -> None:
    lines = [line for line in ended.err.splitlines() if line.startswith("rapport: ")]
    assert len(lines) == 1, ended.err
    assert all(part in lines[0] for part in parts), lines[0]
    assert "Traceback" not in ended.err + ended.out
    assert ended.code == code


async def test_without_a_token(tmp_path: Path, model: ScriptedModel) -> None:
    configure(tmp_path, model.base_url)
    ended = await rapport("run", folder=tmp_path)
    assert_one_sentence(ended, 78, "DISCORD_TOKEN", "discord.com/developers")


async def test_with_a_bad_token(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    configure(tmp_path, model.base_url, discord_server.url)
    ended = await rapport("run", folder=tmp_path, DISCORD_TOKEN="very-secret-bad-token")
    assert_one_sentence(ended, 69, "does not accept the token")
    assert "very-secret" not in ended.err + ended.out


async def test_with_the_intent_switched_off(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    discord_server.message_content = False
    configure(tmp_path, model.base_url, discord_server.url)
    ended = await rapport("run", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    assert_one_sentence(ended, 69, "message content intent", 'discord.trigger = "mention"')


async def test_with_discord_out_of_reach(tmp_path: Path, model: ScriptedModel) -> None:
    configure(tmp_path, model.base_url)
    ended = await rapport("run", folder=tmp_path, DISCORD_TOKEN="x.y.z")
    assert_one_sentence(ended, 69, "Discord cannot be reached")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[learning\nevery = 3", ["config.toml", "not valid TOML"]),
        ("[learning]\nevery = 0", ["config.toml"]),
        ('[slots."nonsense"]\nenabled = true', ["config.toml"]),
    ],
)
async def test_with_a_broken_config(tmp_path: Path, text: str, parts: list[str]) -> None:
    (tmp_path / "config.toml").write_text(text)
    ended = await rapport("run", folder=tmp_path, DISCORD_TOKEN="x.y.z")
    assert_one_sentence(ended, 78, *parts)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = " + "[" * 5000, "nested too deeply"),
        ("x = " + "1" * 5000, "a number that is too long"),
    ],
    ids=["deep", "number"],
)
async def test_with_a_config_beyond_all_bounds(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    ended = await rapport("run", folder=tmp_path)
    assert_one_sentence(ended, 78, "config.toml", sentence)


async def test_with_an_environment_beyond_all_bounds(tmp_path: Path) -> None:
    ended = await rapport("run", folder=tmp_path, RAPPORT_LEARNING="[" * 100_000)
    assert_one_sentence(ended, 78, "The environment", "nested too deeply", "RAPPORT_SECTION__KEY")


async def test_a_config_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[learning]\nevery = 0", encoding="utf-8-sig")
    ended = await rapport("run", folder=tmp_path)
    assert "learning.every = 0 is not allowed" in ended.err
    (tmp_path / "config.toml").write_text("[learning]\nevery = 3", encoding="utf-8-sig")
    ended = await rapport("run", folder=tmp_path)
    assert_one_sentence(ended, 78, "DISCORD_TOKEN")


@pytest.mark.parametrize("command", ["run", "audit"])
async def test_with_a_folder_as_database(tmp_path: Path, command: str) -> None:
    ended = await rapport(command, folder=tmp_path, RAPPORT_STORE__DATABASE_URL="sqlite:.")
    assert ended.code == 78
    assert "RAPPORT_STORE__DATABASE_URL): after sqlite: comes the path of a file" in ended.err


async def test_with_the_model_out_of_reach(tmp_path: Path, discord_server: DiscordServer) -> None:
    configure(tmp_path, "http://127.0.0.1:9/v1", discord_server.url)
    ended = await rapport("run", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    assert_one_sentence(ended, 69, "cannot be reached at http://127.0.0.1:9/v1")
    assert not discord_server.connected.is_set()


async def test_with_a_model_key_that_is_turned_down(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    model.script(Status(401))
    configure(tmp_path, model.base_url, discord_server.url)
    ended = await rapport(
        "run", folder=tmp_path, DISCORD_TOKEN=discord_server.token, MODEL_API_KEY="sk-secret"
    )
    assert_one_sentence(ended, 69, "MODEL_API_KEY")
    assert "sk-secret" not in ended.err + ended.out


async def test_with_a_token_file_that_is_not_there(tmp_path: Path, model: ScriptedModel) -> None:
    configure(tmp_path, model.base_url)
    ended = await rapport("run", folder=tmp_path, DISCORD_TOKEN_FILE="/nowhere/token")
    assert_one_sentence(ended, 78, "/nowhere/token")


async def test_it_connects_syncs_its_commands_and_stops_when_told(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    configure(tmp_path, model.base_url, discord_server.url)
    process = await start("run", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    await asyncio.wait_for(discord_server.connected.wait(), 30)
    assert {command["name"] for command in discord_server.commands} == {
        "chat",
        "persona",
        "privacy",
        "language",
        "settings",
        "Remember this",
        "Why this answer",
    }
    doctor = await rapport("doctor", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    assert "in use by a running Rapport" in doctor.out
    second = await rapport("run", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    assert_one_sentence(second, 74, "Another Rapport is using")
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, err.decode()
    assert discord_server.token not in (out + err).decode()
    assert "Traceback" not in err.decode()
    for name in ("rapport.db", "keys.db", "master.key"):
        assert (tmp_path / "data" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


async def test_it_can_be_stopped_while_a_model_keeps_it_waiting(tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(never_answer, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        configure(tmp_path, f"http://127.0.0.1:{port}/v1")
        process = await start("run", folder=tmp_path, DISCORD_TOKEN="x.y.z")
        await asyncio.wait_for(asked.wait(), 30)
        process.send_signal(signal.SIGTERM)
        _, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, err.decode()
    assert "Traceback" not in err.decode()


async def test_doctor_says_that_all_is_well(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    model.script(Say(("one ", "two")), updates())
    configure(tmp_path, model.base_url, discord_server.url)
    ended = await rapport("doctor", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    assert ended.code == 0, ended.out
    assert "FIX" not in ended.out
    for what in ("streams", "calls tools", "token is accepted", "both trigger modes work"):
        assert what in ended.out
    assert not (tmp_path / "data").exists()


async def test_doctor_says_what_to_do(tmp_path: Path, discord_server: DiscordServer) -> None:
    discord_server.message_content = False
    configure(tmp_path, "http://127.0.0.1:9/v1", discord_server.url)
    ended = await rapport("doctor", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    assert ended.code == 1
    problems = [line for line in ended.out.splitlines() if line.startswith("FIX")]
    assert len(problems) == 2
    assert "cannot be reached" in problems[0]
    assert "Turn it on at" in problems[1]


async def test_doctor_names_the_settings_and_looks_at_the_tools(
    tmp_path: Path, discord_server: DiscordServer
) -> None:
    """The tools' module lies beside the settings."""
    tools = tmp_path / "weather.py"
    tools.write_text('def look(city: str) -> str:\n    """Tells the weather."""\n    return city\n')
    configure(tmp_path, "http://127.0.0.1:9/v1", discord_server.url)
    given = {"RAPPORT_CHAT__TOOLS": '["weather:look"]', "DISCORD_TOKEN": discord_server.token}
    ended = await rapport("doctor", folder=tmp_path, **given)
    assert " ok  settings   config.toml: every key is known" in ended.out
    assert " ok  tools      look can be called by the chat model" in ended.out
    tools.write_text("")
    ended = await rapport("doctor", folder=tmp_path, **given)
    assert 'FIX  tools      The tool "weather:look" cannot be imported' in ended.out
    (tmp_path / "config.toml").unlink()
    ended = await rapport("doctor", folder=tmp_path, **given)
    assert f" ok  settings   there is no config.toml in {tmp_path}" in ended.out


async def test_doctor_tells_which_trigger_works_without_the_intent(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    discord_server.message_content = False
    model.script(Say(("one ", "two")), updates())
    configure(tmp_path, model.base_url, discord_server.url, trigger="mention")
    ended = await rapport("doctor", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    assert ended.code == 0
    assert 'trigger = "mention" works' in ended.out


@pytest.mark.parametrize(
    ("takes", "found"), [("tool", ", calls tools"), ("json_schema", "JSON"), ("lines", "by line")]
)
async def test_doctor_tells_how_the_optimizers_model_can_be_asked(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer, takes: str, found: str
) -> None:
    answers: dict[str, Act] = {
        "tool": updates(),
        "json_schema": Say(('{"updates": []}',)),
        "lines": Say(("NOTHING",)),
    }

    def answer(request: Body) -> Act:
        if request.get("stream"):
            return Say(("one ", "two"))
        return answers[takes] if way_of(request) == takes else Status(400)

    model.script(Depends(answer))
    configure(tmp_path, model.base_url, discord_server.url)
    ended = await rapport("doctor", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    assert ended.code == 0
    assert found in ended.out


async def test_doctor_finds_a_model_that_answers_in_no_way(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    model.script(Say(("I do not call tools",)))
    configure(tmp_path, model.base_url, discord_server.url)
    ended = await rapport("doctor", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    assert ended.code == 1
    assert "nothing would be learned" in ended.out


async def test_doctor_changes_nothing_and_finds_a_wrong_master_key(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    configure(tmp_path, model.base_url, discord_server.url)
    process = await start("run", folder=tmp_path, DISCORD_TOKEN=discord_server.token)
    await asyncio.wait_for(discord_server.connected.wait(), 30)
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    before = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    ended = await rapport(
        "doctor",
        folder=tmp_path,
        DISCORD_TOKEN=discord_server.token,
        RAPPORT_MASTER_KEY="QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=",
    )
    assert "The master key does not open" in ended.out
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == before


@pytest.mark.parametrize("stores", ["postgresql"], indirect=True)
async def test_it_keeps_everything_on_a_postgresql_server(
    tmp_path: Path, stores: Stores, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    configure(tmp_path, model.base_url, discord_server.url)
    data, keys = await stores.empty(), await stores.empty()
    variables = {
        "DISCORD_TOKEN": discord_server.token,
        "RAPPORT_MASTER_KEY": base64.b64encode(bytes(32)).decode(),
        "RAPPORT_STORE__DATABASE_URL": str(data),
        "RAPPORT_STORE__KEY_URL": str(keys),
    }
    before = await rapport("doctor", folder=tmp_path, **variables)
    assert f"{data} can be reached; its tables will be made on the first start" in before.out
    assert f"{keys} will be made on the first start" in before.out
    process = await start("run", folder=tmp_path, **variables)
    await asyncio.wait_for(discord_server.connected.wait(), 30)
    process.send_signal(signal.SIGTERM)
    _, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, err.decode()
    after = await rapport("doctor", folder=tmp_path, **variables)
    assert f"{data}, schema " in after.out
    assert f"{keys}, opened by RAPPORT_MASTER_KEY" in after.out
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


async def test_a_database_out_of_reach_is_one_sentence(
    tmp_path: Path, model: ScriptedModel
) -> None:
    configure(tmp_path, model.base_url)
    ended = await rapport(
        "run",
        folder=tmp_path,
        DISCORD_TOKEN="x.y.z",
        RAPPORT_STORE__DATABASE_URL="postgresql://rapport@127.0.0.1:9/rapport",
        RAPPORT_DATABASE_PASSWORD="hush-hush",
    )
    assert_one_sentence(ended, 74, "postgresql://rapport@127.0.0.1:9/rapport")
    assert "hush" not in ended.err + ended.out


async def test_bad_input_never_shows_a_traceback(tmp_path: Path) -> None:
    for arguments in (["replay", "nothing.jsonl"], ["nonsense"], ["run", "--config", "no.toml"]):
        ended = await rapport(*arguments, folder=tmp_path)
        assert ended.code != 0
        assert "Traceback" not in ended.err + ended.out


EMBEDDINGS = {
    "RAPPORT_MODELS__EMBEDDINGS__MODEL": "small",
    "RAPPORT_PERSONALIZATION__STRATEGY": "retrieval",
}


async def test_the_start_and_the_doctor_ask_the_model_of_embeddings(
    tmp_path: Path, model: ScriptedModel, discord_server: DiscordServer
) -> None:
    model.script(Say(("one ", "two")), updates())
    model.topics = (("dog",), ("cat",))
    configure(tmp_path, model.base_url, discord_server.url)
    token = discord_server.token
    ended = await rapport("doctor", folder=tmp_path, DISCORD_TOKEN=token, **EMBEDDINGS)
    assert "embeddings: small is reachable, gives vectors of 2 numbers" in ended.out
    model.embeddings_act = Status(404)
    ended = await rapport("doctor", folder=tmp_path, DISCORD_TOKEN=token, **EMBEDDINGS)
    assert ended.code == 1
    assert "gave no embeddings by the model 'small' (HTTP 404)" in ended.out
    ended = await rapport("run", folder=tmp_path, DISCORD_TOKEN=token, **EMBEDDINGS)
    assert_one_sentence(ended, 69, "gave no embeddings by the model 'small'")


async def test_golden_personas_are_not_for_the_live_bot(
    tmp_path: Path, model: ScriptedModel
) -> None:
    configure(tmp_path, model.base_url)
    ended = await rapport(
        "run", folder=tmp_path, DISCORD_TOKEN="x", RAPPORT_PERSONALIZATION__STRATEGY="golden"
    )
    assert ended.code == 78
    assert 'personalization.strategy (from RAPPORT_PERSONALIZATION__STRATEGY): "golden" is for' in (
        ended.err
    )
