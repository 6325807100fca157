"""How answers look on Discord, end to end."""

from __future__ import annotations

import pytest
import simcord

from bot.sandbox.world import World
from cogs.settings import DiscordSettings
from cogs.text.splitting import split
from tests.cogs.test_chat import mention, said, states
from tests.conftest import OpenWorld
from tests.support.buttons import answers
from tests.support.model import Hold, Say, ScriptedModel
from tests.support.waiting import until

REST_IN_FILE = "-# The rest is in the file."
SENTENCES = "".join(f"Sentence number {number} of a long answer. " for number in range(300))


async def begun(world: World, model: ScriptedModel, held: Hold) -> simcord.ChannelHandle:
    """Return the thread in which the beginning of an answer is shown."""
    model.script(held)
    backend = world.env.backend
    backend.create_message(world.channel.id, world.members["Mei"].id, f"{world.bot_mention} hello")
    await until(lambda: bool(world.channel.threads) and bool(said(world.channel.threads[0])))
    thread: simcord.ChannelHandle = world.channel.threads[0]
    return thread


async def test_an_answer_of_more_than_2000_characters_arrives_whole(
    world: World, model: ScriptedModel
) -> None:
    text = SENTENCES[:7000].strip()
    model.script(Say((text,)))
    shown = answers(await mention(world, "tell me all"))
    assert [message.content for message in shown] == split(text)
    assert all(len(message.content) <= 2000 for message in shown)
    assert " ".join(message.content for message in shown) == text
    assert await states(world) == ["answered"]


async def test_code_of_300_lines_arrives_in_whole_blocks(
    world: World, model: ScriptedModel
) -> None:
    code = [f"    print({number})  # line" for number in range(300)]
    model.script(Say(("\n".join(["Here:", "```python", *code, "```", "That was it."]),)))
    shown = [message.content for message in answers(await mention(world, "write code"))]
    assert len(shown) > 2
    assert all(content.count("```") == 2 for content in shown)
    assert all(content.startswith("```python\n") for content in shown[1:])
    lines = [line for content in shown for line in content.split("\n")]
    assert [line for line in lines if "print" in line] == code


@pytest.mark.parametrize("most", [1, 5])
async def test_an_answer_of_too_many_messages_ends_in_a_file(
    new_world: OpenWorld, model: ScriptedModel, most: int
) -> None:
    world = await new_world(discord=DiscordSettings(most_messages=most))
    text = f"Über alles: {SENTENCES}".strip()
    model.script(Say((text,)))
    shown = answers(await mention(world, "tell me all"))
    assert len(shown) == most
    assert [len(message.attachments) for message in shown] == [0] * (most - 1) + [1]
    assert shown[-1].content.endswith(f"\n\n{REST_IN_FILE}")
    [file] = shown[-1].attachments
    assert file.filename == "answer.md"
    assert file.size == len(text.encode())
    assert await states(world) == ["answered"]


async def test_where_no_file_may_be_attached_all_is_posted(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world(discord=DiscordSettings(most_messages=1))
    held = Hold("One sentence. ", SENTENCES[:4000])
    thread = await begun(world, model, held)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50013, times=1)
    held.release.set()
    await world.env.settle()
    shown = answers(thread)
    assert [message.content for message in shown] == split(f"One sentence. {SENTENCES[:4000]}")
    assert not any(message.attachments for message in shown)


async def test_what_a_moderator_deleted_meanwhile_is_posted_anew(
    world: World, model: ScriptedModel
) -> None:
    held = Hold("One sentence. ", "The end.")
    thread = await begun(world, model, held)
    world.env.backend.delete_message(thread.id, answers(thread)[0].id)
    held.release.set()
    await world.env.settle()
    assert [message.content for message in answers(thread)] == ["One sentence. The end."]
    assert await states(world) == ["answered"]


@pytest.mark.parametrize(("status", "code"), [(429, 30046), (400, 50083), (503, 0)])
async def test_what_cannot_be_edited_any_more_is_continued(
    world: World, model: ScriptedModel, status: int, code: int
) -> None:
    held = Hold("One sentence. ", "The end.")
    thread = await begun(world, model, held)
    path = "/channels/*/messages/*"
    world.env.inject_error("PATCH", path, status=status, code=code, times=None)
    held.release.set()
    await world.env.settle()
    assert [message.content for message in answers(thread)] == ["One sentence.", "The end."]
    assert await states(world) == ["answered"]
