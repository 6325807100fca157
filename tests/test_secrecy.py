"""Nothing people say, and nothing known of them, can be read in files or in logs."""

from __future__ import annotations

import logging
import zlib
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cogs.test_persona import agree, answering, learn, shown, talk
from tests.conftest import OpenWorld
from tests.support.model import Break, Call, Say, ScriptedModel, Status, proposal, updates
from tests.support.stores import rows

SAID = "my words are cinnamon-quokka, quartz-narwhal and I am Mei, be short, I love hiking"
VALUE = "quartz-narwhal"
QUOTE = "cinnamon-quokka, quartz-narwhal"
REPLY = "velvet-axolotl"


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def forms(canary: str) -> list[bytes]:
    """The canary as it would look in the usual encodings."""
    return [canary.encode(), canary.encode("utf-16-le"), canary.encode("utf-16-be")]


async def test_no_text_value_or_quote_stands_in_the_database_files(
    new_world: OpenWorld, model: ScriptedModel, tmp_path: Path
) -> None:
    world = await new_world()
    learned = updates(
        proposal("demographics.name", VALUE, 1, QUOTE),
        proposal("preference.styles", f"{VALUE}-style", 1, QUOTE, op="add_item"),
    )
    answering(model, learned)
    model.acts[0] = Say((REPLY,))
    member = world.members["Mei"]
    message = await member.send(world.channel, f"{world.bot_mention} {SAID}")
    await member.click(world.thread(message.id).history()[-1], label="Remember me")
    await world.advance(timedelta(hours=2))
    for text in (f"{SAID} again", f"{SAID} and again"):
        await talk(world, text)
    in_write_ahead_log = files(tmp_path)
    await world.tick()
    assert VALUE in (await shown(world)).replace("\\", "")
    await world.services.database.purge()
    for found in (in_write_ahead_log, files(tmp_path)):
        assert {"rapport.db", "rapport.keys.db", "rapport.master.key"} <= set(found)
        for name, content in found.items():
            for canary in (VALUE, QUOTE, REPLY, "hiking"):
                assert not any(form in content for form in forms(canary)), (canary, name)
                assert zlib.compress(canary.encode()) not in content


async def test_the_check_for_canaries_can_fail(
    new_world: OpenWorld, model: ScriptedModel, tmp_path: Path
) -> None:
    """What is not sealed is found: the numbers of people are."""
    world = await new_world()
    await agree(world)
    async with world.services.database.write() as connection:
        await connection.execute("INSERT INTO notes VALUES ('canary', ?)", (VALUE,))
    await world.services.database.purge()
    assert any(VALUE.encode() in content for content in files(tmp_path).values())


async def test_after_a_reset_the_old_key_opens_nothing_and_is_gone(
    new_world: OpenWorld, model: ScriptedModel, tmp_path: Path
) -> None:
    world = await new_world()
    await learn(world, model)
    mei, scope = world.members["Mei"].id, f"guild:{world.guild.id}"
    services = world.services
    keys = services.keys._database
    wrapped = [row[0] for row in await rows(keys, "SELECT wrapped FROM keys")]
    sealed = []
    for table, column in (("messages", "text"), ("items", "value"), ("evidence", "quote")):
        query = f"SELECT {column}_sealed FROM {table}"
        sealed += [row[0] for row in await rows(services.database, query)]
    assert len(sealed) > 6
    assert all(any(item in data for data in files(tmp_path).values()) for item in wrapped)
    await services.personas.reset(mei, scope)
    for name, content in files(tmp_path).items():
        assert not any(item in content for item in wrapped), name
        assert not any(item in content for item in sealed), name


async def test_logs_hold_no_text_and_no_keys(
    new_world: OpenWorld, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    world = await new_world()
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, logger="simcord")
    answering(model, updates(proposal("demographics.name", VALUE, 1, "not what was said")))
    await agree(world)
    for text in (SAID, SAID):
        await talk(world, text)
    await world.tick()
    failures = (Status(500), Status(400), Break((f"{REPLY}. And",)), Call("current_time", SAID))
    for act in failures:
        model.script(act, Say((REPLY,)))
        await talk(world, SAID)
    world.env.inject_error("POST", "/channels/*/messages", status=500, times=1)
    await talk(world, SAID)
    model.script(Call("apply_persona_updates", f'{{"updates": "{VALUE}"}}'))
    await world.tick()
    lines = [caplog.handler.format(record) + repr(vars(record)) for record in caplog.records]
    own = [
        line
        for line, record in zip(lines, caplog.records, strict=True)
        if record.name.split(".")[0] in ("bot", "cogs", "persona")
    ]
    assert own
    for canary in (VALUE, QUOTE, REPLY, "hiking"):
        assert not any(canary in line for line in lines), canary


async def test_words_a_model_makes_keys_of_are_neither_stored_nor_logged(
    new_world: OpenWorld,
    model: ScriptedModel,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, logger="simcord")
    world = await new_world()
    await agree(world)
    for text in (SAID, "b", "c"):
        await talk(world, text)
    model.script(Call("apply_persona_updates", f'{{"{QUOTE}": 1, "updates": [{{"{QUOTE}": 2}}]}}'))
    await world.advance(timedelta(hours=2))
    await world.tick()
    await world.services.database.purge()
    assert any("learning postponed" in record.message for record in caplog.records)
    assert QUOTE not in caplog.text + repr([vars(record) for record in caplog.records])
    for name, content in files(tmp_path).items():
        assert QUOTE.encode() not in content, name
