"""/persona export and /persona import, /persona pause and resume, end to end."""

from __future__ import annotations

import json
from typing import Any

import discord
import pytest

from bot.sandbox.transcript import text_of
from bot.sandbox.world import World
from cogs.forgetting import forget, withdraw
from tests.cogs.test_persona import LEARNED, NOTHING, agree, answering, learn, shown, talk
from tests.cogs.test_privacy import page, press
from tests.conftest import OpenWorld
from tests.support.model import ScriptedModel
from tests.support.pages import command
from tests.support.stores import rows


async def exported(world: World, who: str = "Mei") -> bytes | str:
    result = await world.members[who].slash(world.channel, "persona export")
    assert result.ephemeral
    message = result.response if result.response is not None else result.followups[-1]
    assert message is not None
    return await message.attachments[0].read() if message.attachments else message.content


async def bring(world: World, name: str, data: bytes, who: str = "Mei") -> str:
    result = await world.members[who].slash(world.channel, "persona import", file=(name, data))
    assert result.ephemeral
    messages = [result.response, *result.followups]
    return "\n".join(each.content for each in messages if each is not None)


async def test_a_persona_is_taken_along_and_brought_back(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    before = await shown(world)
    data = await exported(world)
    assert isinstance(data, bytes)
    found = json.loads(data)
    quotes = [quote for item in found["items"] for quote in item["quotes"]]
    assert {quote["text"] for quote in quotes} == {"I am Mei", "be short", "I love hiking"}
    link = f"https://discord.com/channels/{world.guild.id}/"
    assert all(quote["link"].startswith(link) for quote in quotes)
    question = await press(world, await page(world), "Erase everything")
    await world.members["Mei"].click(question, label="Yes, erase everything")
    assert "First agree" in await bring(world, "persona.json", data)
    assert NOTHING in await shown(world)
    await world.members["Mei"].click(await page(world), label="Remember me")
    told = await bring(world, "persona.json", data)
    assert told.startswith("Values taken over: 3.")
    # As written by hand now, which is what they are.
    assert (await shown(world)).replace("you wrote it", "you told me") == before
    again = await bring(world, "persona.json", data)
    assert "Values taken over: 0." in again
    assert "- Name: Mei (known already)" in again


@pytest.mark.parametrize("how", ["erase", "withdraw"])
async def test_a_file_that_arrives_after_its_person_left_is_not_taken_over(
    world: World, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    await learn(world, model)
    data = await exported(world)
    assert isinstance(data, bytes)
    mei = world.members["Mei"]

    async def slow(_: discord.Attachment) -> bytes:
        if how == "erase":
            assert (await forget(world.env.bot, mei.id)).left == {}
        else:
            await withdraw(world.env.bot, mei.id)
        return data

    monkeypatch.setattr("discord.Attachment.read", slow)
    told = await bring(world, "persona.json", data)
    assert told == "You have not agreed that I remember you, so I keep nothing."
    assert await rows(world.services.database, "SELECT slot FROM items") == []
    assert how == "withdraw" or await world.services.erasure.left(mei.id) == {}


async def test_somebody_elses_file_is_brought_into_ones_own_persona(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    data = await exported(world)
    assert isinstance(data, bytes)
    assert (await exported(world, "Tom")) == (
        "I know nothing about you here, so there is nothing to export."
    )
    await agree(world, "Tom")
    await bring(world, "mine.JSON", data, "Tom")
    assert "hiking" in await shown(world, "Tom")


async def test_a_file_that_is_none_is_one_sentence(world: World, model: ScriptedModel) -> None:
    await agree(world)
    cases: dict[str, Any] = {
        "This is no JSON file.": ("x.json", b"hello"),
        "This is no JSON file. ": ("x.txt", b"{}"),
        "This JSON file is not a persona.": ("x.json", b"{}"),
        "This file was made by a newer version": (
            "x.json",
            b'{"format": "rapport-persona", "version": 9}',
        ),
        "This file was changed so": ("x.json", b'{"format": "rapport-persona", "version": 1}'),
        "This file is too large: at most 256 KB": ("x.json", b" " * 300_000),
    }
    for sentence, (name, data) in cases.items():
        told = await bring(world, name, data)
        assert told.startswith(sentence.strip()), told
        assert "\n" not in told


async def test_values_of_a_file_cannot_dress_themselves_up(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    data = await exported(world)
    assert isinstance(data, bytes)
    found = json.loads(data)
    found["items"][0] |= {"slot": "@everyone", "value": "**big**\n# bigger"}
    told = await bring(world, "x.json", json.dumps(found).encode())
    assert "\\*\\*big\\*\\* # bigger" in told


async def test_a_pause_from_command_to_command(new_world: OpenWorld, model: ScriptedModel) -> None:
    world = await new_world()
    answering(model, LEARNED)
    mei = world.members["Mei"]

    async def say(command: str) -> str:
        result = await mei.slash(world.channel, f"persona {command}")
        assert result.ephemeral
        assert result.response is not None
        return result.response.content

    assert await say("resume") == "Nothing was paused here."
    await agree(world)
    await world.tick()
    assert (await say("pause")).startswith("Paused. I learn nothing new")
    assert (await say("pause")).startswith("I have been learning nothing here since <t:")
    await world.start_bot()
    for text in ("second", "third", "fourth"):
        await talk(world, text)
    await world.tick()
    assert not any("apply_persona" in json.dumps(each.get("tools")) for each in model.requests)
    assert (await say("resume")).startswith("I learn again here.")
    for text in ("fifth", "sixth"):
        await talk(world, text)
    await world.tick()
    assert "hiking" in await shown(world)
    asked = json.dumps([each for each in model.requests if "apply_persona" in json.dumps(each)])
    assert "fifth" in asked
    assert "third" not in asked


async def test_of_many_values_that_are_not_taken_a_few_are_named(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    data = await exported(world)
    assert isinstance(data, bytes)
    found = json.loads(data)
    found["items"] = [found["items"][0] | {"slot": f"no.such{n}"} for n in range(300)]
    told = await bring(world, "x.json", json.dumps(found).encode())
    assert told.count("there is no such field here") == 20
    assert told.endswith("… and 280 more")


async def test_the_history_says_that_a_file_was_the_persons_word(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    data = await exported(world)
    assert isinstance(data, bytes)
    await agree(world, "Tom")
    await bring(world, "x.json", data, "Tom")
    assert "You wrote" in text_of(await command(world, "history", "Tom"))
