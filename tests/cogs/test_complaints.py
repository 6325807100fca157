"""What people complain about in chat bots: one test for each of the twenty-five, the worst first.

Each has more tests elsewhere; these say in one place that it does not happen here.
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from blockbuster import blockbuster_ctx

from bot.sandbox.world import World
from cogs.errors import NO_ANSWER, NO_MODEL
from persona.budget import BudgetSettings
from persona.settings import ChatSettings
from tests.cogs.test_chat import mention, prompts, said, states
from tests.cogs.test_persona import HIKING, LEARNED, NAME, agree, answering, learn, shown, talk
from tests.cogs.test_privacy import page
from tests.cogs.test_privacy import press as ask
from tests.conftest import OpenWorld
from tests.support.buttons import answers
from tests.support.command import configure, rapport
from tests.support.discord_server import DiscordServer
from tests.support.model import Break, Hold, Late, Say, ScriptedModel, Status, updates
from tests.support.stores import rows

SENTENCES = "".join(f"Sentence number {number} of a long answer. " for number in range(150))


async def test_01_long_replies_arrive_whole(world: World, model: ScriptedModel) -> None:
    model.script(Say((SENTENCES,)), Say(("And on we go",)))
    thread = await mention(world, "tell me all")
    parts = [message.content for message in answers(thread)]
    assert " ".join(parts) == SENTENCES.strip()
    assert all(len(part) <= 2000 for part in parts)
    await world.members["Mei"].send(thread, "go on")
    assert said(thread)[-1] == "And on we go"


async def test_02_splitting_keeps_code_blocks_whole(world: World, model: ScriptedModel) -> None:
    code = "\n".join(f"    print({number})  # line" for number in range(300))
    model.script(Say((f"Here:\n```python\n{code}\n```\nDone.",)))
    parts = [message.content for message in answers(await mention(world, "write code"))]
    assert len(parts) > 1
    assert all(len(part) <= 2000 and part.count("```") == 2 for part in parts)


async def test_03_what_one_said_never_reaches_another(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    thread = await mention(world, "my secret is apricots")
    await world.members["Tom"].send(thread, f"{world.bot_mention} what do you know about Mei?")
    assert "apricots" not in prompts(model)[-1]
    assert "hiking" not in prompts(model)[-1]
    assert "hiking" not in await shown(world, "Tom")


async def test_04_nothing_leaks_where_many_talk_at_once(world: World, model: ScriptedModel) -> None:
    backend = world.env.backend
    for number in range(10):
        for name in ("Mei", "Tom"):
            text = f"{world.bot_mention} {name}'s secret {number}"
            backend.create_message(world.channel.id, world.members[name].id, text)
    await world.env.settle()
    asked = [json.dumps(request["messages"]) for request in model.requests]
    assert len(asked) == 20
    assert not any("Mei's secret" in prompt and "Tom's secret" in prompt for prompt in asked)


async def test_05_a_thread_goes_on_after_a_restart(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "about apricots")
    await world.start_bot()
    await world.members["Mei"].send(thread, "without a mention")
    assert "about apricots" in prompts(model)[-1]
    assert said(thread)[-1] == "Hello"


async def test_06_delete_means_everything(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    asked = await ask(world, await page(world), "Erase everything")
    done = await world.members["Mei"].click(asked, label="Yes, erase everything")
    told = "\n".join(str(each.content) for each in (done.response, *done.followups) if each)
    assert "nothing is left" in told or "nothing is left" in str(asked.content)
    tables = await rows(
        world.services.database,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%person_id%'",
    )
    for (table,) in tables:
        query = f"SELECT COUNT(*) FROM {table} WHERE person_id = :person"
        left = await rows(world.services.database, query, person=world.members["Mei"].id)
        assert left == [(0,)], table


async def test_07_nothing_is_learned_without_a_yes(world: World, model: ScriptedModel) -> None:
    answering(model, LEARNED)
    for number in range(4):
        await talk(world, f"I am Mei, be short, I love hiking {number}")
    await world.tick()
    assert "I know nothing about you here." in await shown(world)
    assert await states(world) == []
    result = await world.members["Tom"].slash(world.channel, "persona show")
    assert result.ephemeral


async def test_08_a_wrong_memory_can_be_corrected_for_good(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    await mei.slash(world.channel, "persona forget", value="hiking")
    assert "hiking" not in await shown(world)
    answering(model, updates(HIKING))
    for number in range(3):
        await talk(world, f"I love hiking {number}")
    await world.tick()
    assert "Values and interests" not in await shown(world)


async def test_09_it_remembers(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    await world.start_bot()
    await mention(world, "what shall I do?")
    assert 'demographics.name: \\"Mei\\"' in prompts(model)[-1]


async def test_10_a_long_conversation_goes_on(new_world: OpenWorld, model: ScriptedModel) -> None:
    world = await new_world(chat=ChatSettings(history_tokens=500))
    thread = await mention(world, "the very beginning")
    mei = world.members["Mei"]
    for number in range(8):
        await mei.send(thread, f"part {number} " + "of a long story " * 50)
    assert said(thread)[-1] == "Hello"
    last = prompts(model)[-1]
    assert "part 7" in last
    assert "the very beginning" not in last
    overflow = Status(400, "too long", "context_length_exceeded")
    model.script(overflow, Say(("Shorter, then",)))
    await mei.send(thread, "and now?")
    assert said(thread)[-1] == "Shorter, then"


async def test_11_no_interaction_expires_while_a_model_thinks(
    world: World, model: ScriptedModel
) -> None:
    thread = await agree(world)
    slow = Late(updates(NAME))
    model.script(slow)
    typed = asyncio.create_task(world.members["Mei"].slash(thread, "persona learn"))
    await asyncio.wait_for(slow.begun.wait(), 20)
    acknowledged = [
        body["type"]
        for request in world.env.http_requests
        if request.path.endswith("/callback") and isinstance(body := request.json, dict)
    ]
    deferred = discord.InteractionResponseType.deferred_channel_message
    assert acknowledged[-1] == deferred.value
    slow.release.set()
    assert (await typed).acknowledged


async def test_12_commands_are_synced_once_and_stay(world: World) -> None:
    def synced() -> int:
        return sum(
            request.method == "PUT" and request.path.endswith("/commands")
            for request in world.env.http_requests
        )

    before = synced()
    for _ in range(3):
        await world.start_bot()
    assert synced() == before
    names = [command.name for command in await world.env.bot.tree.fetch_commands()]  # type: ignore[attr-defined]
    assert len(names) == len(set(names)) >= 7


async def test_13_a_missing_intent_is_one_sentence(tmp_path: Path, model: ScriptedModel) -> None:
    async with DiscordServer(message_content=False) as server:
        configure(tmp_path, model.base_url, server.url)
        ended = await rapport("run", folder=tmp_path, DISCORD_TOKEN=server.token)
    assert ended.code == 69
    assert "Message Content Intent" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("act", "sentence"),
    [(Status(503), NO_MODEL), (Say(("",)), NO_ANSWER), (Break(("half a",)), NO_MODEL)],
)
async def test_14_a_failing_provider_is_no_silence(
    world: World, model: ScriptedModel, act: Status | Say | Break, sentence: str
) -> None:
    model.script(act)
    thread = await mention(world, "hello")
    assert said(thread)[0].endswith(sentence)
    model.script(Say(("Back again",)))
    await world.members["Mei"].send(thread, "and now?")
    assert answers(thread)[-1].content == "Back again"


async def test_15_nothing_blocks_the_heartbeat(
    world: World, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    with blockbuster_ctx(["bot", "cogs", "persona"]):
        await learn(world, model)
        thread = await mention(world, "hello")
        await world.members["Mei"].slash(thread, "persona show")
        await world.members["Mei"].slash(thread, "privacy show")
    assert said(thread)[0] == "Hello"
    assert "BlockingError" not in caplog.text


async def test_16_it_knows_who_said_what(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "I am the one who asks")
    toms = await world.members["Tom"].send(thread, "I think it is the moon")
    await world.members["Mei"].send(thread, "is he right?", reply_to=toms)
    asked = model.requests[-1]["messages"][-1]["content"]
    assert "@Tom" in asked
    assert "I think it is the moon" in asked


async def test_17_two_turns_at_once_are_neither_mixed_nor_stuck(
    world: World, model: ScriptedModel
) -> None:
    held = Hold("One sentence. ", "The end.")
    thread = await mention(world, "first")
    model.script(held, Say(("Both answered",)))
    backend, mei = world.env.backend, world.members["Mei"].id
    backend.create_message(thread.id, mei, "second")
    await asyncio.wait_for(held.begun.wait(), 20)
    backend.create_message(thread.id, mei, "third")
    backend.create_message(thread.id, mei, "fourth")
    while len(await states(world)) < 4:  # noqa: ASYNC110 - nobody there to set an event
        await asyncio.sleep(0.01)
    held.release.set()
    await world.env.settle()
    assert [message.content for message in answers(thread)][1:] == [
        "One sentence. The end.",
        "Both answered",
    ]
    assert await states(world) == ["answered"] * 4


async def test_18_a_message_is_answered_once(world: World, model: ScriptedModel) -> None:
    events: list[tuple[str, Any]] = []
    world.env.backend.subscribers.append(lambda name, data: events.append((name, data)))
    thread = await mention(world, "only once")
    event = next(each for each in events if each[0] == "MESSAGE_CREATE")
    world.env.backend.emit(*event)
    await world.start_bot()
    await world.env.settle()
    assert said(thread).count("Hello") == 1


async def test_19_streaming_keeps_discords_pace(world: World, model: ScriptedModel) -> None:
    """In this world no time passes while an answer comes, so only its end may be an edit."""
    model.script(Say(tuple(f"Sentence {number}. " for number in range(60))))
    await mention(world, "tell me")
    edits = [
        request
        for request in world.env.http_requests
        if request.method == "PATCH" and "/messages/" in request.path
    ]
    assert len(edits) == 1


async def test_20_a_rename_that_hangs_holds_up_nobody(world: World, model: ScriptedModel) -> None:
    world.env.inject_error("PATCH", "/channels/*", status=429, code=20028, times=None)
    thread = await mention(world, "good morning")
    assert said(thread)[0] == "Hello"
    await world.members["Mei"].send(thread, "and on")
    assert said(thread)[-1] == "Hello"


async def test_21_a_thread_is_a_conversation(world: World, model: ScriptedModel) -> None:
    thread = await mention(world, "first")
    await world.members["Mei"].send(thread, "second, without a mention")
    assert [message["content"] for message in model.requests[-1]["messages"][1:]] == [
        "first",
        "Hello",
        "second, without a mention",
    ]
    assert said(world.channel) == []


async def test_22_no_pings_and_no_loops(world: World, model: ScriptedModel) -> None:
    model.script(Say(("@everyone hello <@&1> @here",)))
    other = world.guild.add_member(world.env.create_user("OtherBot", bot=True))
    thread = await mention(world, "shout")
    posted = [
        body
        for request in world.env.http_requests
        if request.method == "POST"
        and request.path.endswith("/messages")
        and isinstance(body := request.json, dict)
    ]
    assert posted
    assert all(body["allowed_mentions"]["parse"] == [] for body in posted)
    asked = len(model.requests)
    await other.send(thread, f"{world.bot_mention} talk to me")
    assert len(model.requests) == asked


async def test_23_a_person_costs_no_more_than_the_operator_wants(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world(budget=BudgetSettings(daily_tokens_per_person=1000))
    model.script(Say(("A dear answer",), usage=(900, 200)))
    thread = await mention(world, "first")
    asked = len(model.requests)
    await world.members["Mei"].send(thread, "second")
    assert len(model.requests) == asked
    assert said(thread)[-1].startswith("You have used up what I may answer you in a day.")
    await world.advance(timedelta(hours=25))
    await world.members["Mei"].send(thread, "third")
    assert answers(thread)[-1].content == "A dear answer"


async def test_24_typing_ends_and_reasoning_stays_hidden(
    world: World, model: ScriptedModel
) -> None:
    world.env.inject_error("POST", "/channels/*/typing", status=429, code=0, times=1)
    model.script(Say(("<think>they seem sad", "</think>", "Cheer up!")))
    thread = await mention(world, "hello")
    assert said(thread)[0] == "Cheer up!"
    typed = [request.path for request in world.env.http_requests if "typing" in request.path]
    posted = [
        place
        for place, request in enumerate(world.env.http_requests)
        if request.path == f"/channels/{thread.id}/messages" and request.method == "POST"
    ]
    last = max(
        place for place, request in enumerate(world.env.http_requests) if "typing" in request.path
    )
    assert typed
    assert last < posted[0]


async def test_25_edits_deletions_and_archives_are_followed(
    world: World, model: ScriptedModel
) -> None:
    thread = await agree(world)
    mei = world.members["Mei"]
    first = await mei.send(thread, "I live in Oslo")
    second = await mei.send(thread, "a word to take back")
    await mei.edit(first, "I live in Bergen")
    await mei.delete(second)
    await mei.send(thread, "go on")
    assert "Oslo" not in prompts(model)[-1]
    assert "Bergen" in prompts(model)[-1]
    assert "take back" not in prompts(model)[-1]
    await mei.slash(thread, "chat end")
    await mei.send(thread, "and again")
    assert said(thread)[-1] == "Hello"
