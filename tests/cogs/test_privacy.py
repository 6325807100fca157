"""/privacy show and its buttons, end to end."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from pydantic import HttpUrl
from simcord.results import ResponseMessage

from bot.sandbox.world import World
from cogs.cog import RapportCog
from cogs.forgetting import forget
from persona import privacy
from persona.erasure import Erased, Erasure
from persona.settings import PrivacySettings
from tests.cogs.test_incognito import toggle
from tests.cogs.test_persona import LEARNED, NOTHING, agree, answering, learn, shown, talk
from tests.conftest import OpenWorld
from tests.support.model import Late, Say, ScriptedModel, Status
from tests.support.stores import SqliteStores, change, rows
from tests.support.traces import whereabouts


async def page(world: World, who: str = "Mei") -> ResponseMessage:
    result = await world.members[who].slash(world.channel, "privacy show")
    assert result.ephemeral
    message = result.response if result.response is not None else result.followups[-1]
    assert message is not None
    return message


def parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from parts(component.get("components", []))


def words(message: ResponseMessage) -> str:
    """All text of a page, also of one made of components."""
    told = [each.get("content", "") for each in parts(message.components)]
    return "\n".join(filter(None, [message.content, *told]))


def labels(message: ResponseMessage) -> list[str]:
    return [each["label"] for each in parts(message.components) if "label" in each]


async def press(
    world: World, message: ResponseMessage, label: str, who: str = "Mei"
) -> ResponseMessage:
    """Press a button that asks or tells something in a message of its own; return that."""
    result = await world.members[who].click(message, label=label)
    assert result.ephemeral
    answer = result.response if result.response is not None else result.followups[-1]
    assert answer is not None
    return answer


async def test_the_page_says_what_is_kept_with_the_persons_own_numbers(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    policy = PrivacySettings(policy_url=HttpUrl("https://example.org/privacy"))
    world = await new_world(privacy=policy)
    first = await page(world)
    assert "You have not decided whether I may remember you." in words(first)
    assert "Values here: 0; in other places: 0;" in words(first)
    assert labels(first) == ["Remember me", "Export everything", "Erase everything"]
    await learn(world, model)
    await world.members["Mei"].user.send_dm("hello")
    await world.members["Mei"].slash(world.channel, "persona pause")
    thread = world.channel.threads[-1]
    await toggle(world, thread)
    told = words(await page(world))
    assert re.search(r"You agreed on <t:\d+:D> that I remember you \(text version 1\)\.", told)
    assert "Values here: 3; in other places: 0; quotes of yours that they rest on: 3." in told
    assert "Conversations here: 3; in other places: 1." in told
    assert "Days I keep those I learned from: 90." in told
    assert "`127.0.0.1`" in told
    assert "encrypted" in told
    assert "**Paused here** since <t:" in told
    assert f"<#{thread.id}>" in told
    assert "[privacy policy](https://example.org/privacy)" in told
    tom = words(await page(world, "Tom"))
    assert "Values here: 0;" in tom
    assert "You have not decided" in tom


async def test_agreeing_on_the_page(world: World, model: ScriptedModel) -> None:
    mei = world.members["Mei"]
    asked = await page(world)
    await mei.click(asked, label="Remember me")
    assert await world.services.consent.decision(mei.id) == "remember"
    again = await page(world)
    assert labels(again) == ["Withdraw my yes", "Export everything", "Erase everything"]


async def test_a_newer_text_is_told_and_can_be_agreed_to(
    world: World, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await learn(world, model)
    monkeypatch.setattr(privacy, "CONSENT_TEXT_VERSION", 2)
    old = await page(world)
    assert "it is version 2 now. Please agree anew." in words(old)
    assert labels(old)[:2] == ["Remember me", "Withdraw my yes"]
    await world.members["Mei"].click(old, label="Remember me")
    new = await page(world)
    assert "(text version 2)" in words(new)
    assert "Please agree anew" not in words(new)
    assert "Mei" in await shown(world)


async def test_a_withdrawal_asks_then_stops_and_forgets_everywhere(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    await mei.user.send_dm("hello")
    question = await press(world, await page(world), "Withdraw my yes")
    assert question.content.startswith("I will learn nothing more")
    assert "hiking" in await shown(world)
    await mei.click(question, label="Stop and forget")
    assert await world.services.consent.decision(mei.id) == "chat_only"
    assert NOTHING in await shown(world)
    assert await rows(world.services.database, "SELECT 1 FROM messages") == []
    assert len(await world.services.consent.records(mei.id)) == 2
    # Chatting goes on, and a yes may be given again.
    await talk(world, "hello again")
    await world.tick()
    await mei.click(await page(world), label="Remember me")
    for text in ("I am Mei, be short, I love hiking", "b", "c"):
        await talk(world, text)
    await world.tick()
    assert "hiking" in await shown(world)


async def test_an_old_withdrawal_does_nothing_to_a_later_yes(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    first = await press(world, await page(world), "Withdraw my yes")
    second = await press(world, await page(world), "Withdraw my yes")
    await world.start_bot()
    await mei.click(first, label="Stop and forget")
    await mei.click(await page(world), label="Remember me")
    await mei.click(second, label="Stop and forget")
    assert await world.services.consent.decision(mei.id) == "remember"


async def test_just_chat_on_an_older_question_withdraws_a_yes_given_since(
    world: World, model: ScriptedModel
) -> None:
    mei = world.members["Mei"]
    await mei.user.send_dm("hello")
    question = mei.user.dm_channel.history()[-1]
    await learn(world, model)
    await mei.user.click(question, label="Just chat")
    told = mei.user.dm_channel.history()[-1]
    assert told.content.startswith("Done. I learn nothing more, and have forgotten what I knew.")
    assert "Values erased: 3." in told.content
    assert await world.services.consent.decision(mei.id) == "chat_only"
    for table in ("items", "versions", "sessions", "messages", "runs"):
        assert await rows(world.services.database, f"SELECT 1 FROM {table}") == []
    await mei.user.click(told, label="Remember me")
    assert await world.services.consent.decision(mei.id) == "remember"


async def test_what_is_being_learned_is_not_learned_after_a_withdrawal(
    world: World, model: ScriptedModel
) -> None:
    answering(model, LEARNED)
    await agree(world)
    for text in ("second", "third"):
        await talk(world, text)
    late = Late(LEARNED)
    model.acts = [late]
    ticking = asyncio.create_task(world.tick())
    await late.begun.wait()
    mei = world.members["Mei"].id
    assert await world.services.learner.cancel(mei) == 1
    await ticking
    # Broken off, and not ended by itself.
    assert await rows(world.services.database, "SELECT state FROM runs") == [("running",)]
    late.release.set()
    assert await world.services.consent.withdraw(mei) == 0
    assert (await world.services.personas.load(mei, f"guild:{world.guild.id}")).items == ()


async def test_everything_is_erased_and_the_proof_is_true(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    await mei.user.send_dm("hello")
    await toggle(world, world.channel.threads[-1])
    await mei.slash(world.channel, "persona pause")
    question = await press(world, await page(world), "Erase everything")
    assert "Mei" in await shown(world)
    await mei.click(question, label="Yes, erase everything")
    told = words(question)
    assert "Conversations: 4" in told
    assert "Values I knew: 3" in told
    assert "Quotes: 3" in told
    assert "Keys destroyed: 2" in told
    assert "**Checked: nothing is left.**" in told
    assert "what is written on Discord itself" in told
    assert "`127.0.0.1`" in told
    store = world.settings.store
    stores = SqliteStores(store.master_key_file.parent)
    assert await whereabouts(stores, store, mei.id) == set()
    assert NOTHING in await shown(world)
    assert (await press(world, await page(world), "Erase everything")).content == (
        "I keep nothing of you."
    )
    assert await whereabouts(stores, store, mei.id) == set()


async def test_who_pressed_twice_at_once_is_given_one_proof(
    world: World, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await learn(world, model)
    erase = Erasure.erase

    async def erase_second(self: Erasure, person_id: int) -> Erased:
        await erase(self, person_id)
        return await erase(self, person_id)

    question = await press(world, await page(world), "Erase everything")
    monkeypatch.setattr(Erasure, "erase", erase_second)
    await world.members["Mei"].click(question, label="Yes, erase everything")
    assert words(question) == "I keep nothing of you."
    assert await world.services.erasure.left(world.members["Mei"].id) == {}


async def test_a_proof_that_is_not_true_is_not_told(
    world: World, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    await change(
        world.services.database, "CREATE TABLE overlooked (owner BIGINT NOT NULL, word TEXT)"
    )
    await change(world.services.database, f"INSERT INTO overlooked VALUES ({mei.id}, 'x')")
    question = await press(world, await page(world), "Erase everything")
    await mei.click(question, label="Yes, erase everything")
    told = words(question)
    assert "nothing is left" not in told
    assert "I still find you in: `overlooked` (1)" in told
    assert any(record.message == "erasure incomplete" for record in caplog.records)


async def test_who_writes_meanwhile_is_told_that_something_is_kept_anew(
    world: World, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await learn(world, model)
    mei, erasure = world.members["Mei"].id, world.services.erasure
    erase = Erasure.erase

    async def erase_and_hear(self: Erasure, person_id: int) -> Erased:
        erased = await erase(self, person_id)
        await world.services.consent.decide(person_id, "chat_only")
        return erased

    question = await press(world, await page(world), "Erase everything")
    monkeypatch.setattr(Erasure, "erase", erase_and_hear)
    await world.members["Mei"].click(question, label="Yes, erase everything")
    assert "You wrote to me again while I was erasing" in words(question)
    assert set(await erasure.left(mei)) == {"people", "consent"}


async def test_an_old_button_does_not_erase_what_came_later(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    first = await press(world, await page(world), "Erase everything")
    second = await press(world, await page(world), "Erase everything")
    await world.start_bot()
    await mei.click(first, label="Yes, erase everything")
    await learn(world, model)
    await mei.click(second, label="Yes, erase everything")
    assert words(second) == "That was erased already."
    assert "hiking" in await shown(world)


async def test_it_can_be_called_off(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    question = await press(world, await page(world), "Erase everything")
    await world.members["Mei"].click(question, label="Keep it")
    assert words(question) == "Nothing was changed."
    assert "hiking" in await shown(world)


async def test_an_answer_under_way_is_broken_off(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    mei, tom = world.members["Mei"], world.members["Tom"]
    late = Late(Say(("Too late",)))
    model.acts = [late]
    sending = asyncio.create_task(mei.send(world.channel, f"{world.bot_mention} think long"))
    await late.begun.wait()
    proof = await forget(world.env.bot, mei.id)
    late.release.set()
    await sending
    assert proof.erased["answers_broken_off"] == 1
    assert proof.left == {}
    assert await world.services.erasure.left(mei.id) == {}
    answers = [each.content for each in world.channel.threads[-1].history()]
    assert "Too late" not in answers
    model.acts = [Say(("Hello",))]
    await talk(world, "hello", "Tom")
    assert await world.services.erasure.left(tom.id)


async def test_nobody_elses_things_are_touched(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    question = await press(world, await page(world), "Erase everything")
    await talk(world, "hello", "Tom")
    # The message is hidden from others; whoever pressed it anyway would act on themselves.
    with pytest.raises(simcord.SetupError):
        await world.members["Tom"].click(question, label="Yes, erase everything")
    assert "hiking" in await shown(world)


async def test_every_extension_exports_and_erases(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    mei = world.members["Mei"].id
    bot: Any = world.env.bot
    loaded = [cog for cog in bot.cogs.values() if isinstance(cog, RapportCog)]
    assert len(loaded) == len(bot.extensions)
    for cog in loaded:
        kind = type(cog)
        assert kind.export_person is not RapportCog.export_person, kind
        assert kind.erase_person is not RapportCog.erase_person, kind
        json.dumps(await cog.export_person(mei))
    kinds = [name for cog in loaded for name in await cog.export_person(mei)]
    assert len(kinds) == len(set(kinds)), "two extensions export the same kind"
    for cog in loaded:
        assert all(isinstance(number, int) for number in (await cog.erase_person(mei)).values())


async def test_everything_is_exported(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    await world.members["Mei"].user.send_dm("a word in private")
    thread = world.channel.threads[-1]
    await world.members["Mei"].send(thread, "this", attachments=[("notes.txt", b"about tea")])
    await world.members["Mei"].slash(world.channel, "persona forget", value="hiking")
    message = await press(world, await page(world), "Export everything")
    (file,) = message.attachments
    assert file.filename == "rapport-everything.json"
    found = json.loads(await file.read())
    assert found["format"] == "rapport-everything"
    here = found["personas"][f"guild:{world.guild.id}"]
    assert {item["value"] for item in here["items"]} == {"Mei", "short answers"}
    history = found["history"][f"guild:{world.guild.id}"]
    assert [each["by"] for each in history] == ["learner", "person"]
    assert "hiking" in {item["value"] for item in history[0]["values"]}
    said = [line["text"] for each in found["conversations"] for line in each["messages"]]
    assert "a word in private" in said
    lines = [line for each in found["conversations"] for line in each["messages"]]
    came = [file for line in lines for file in line.get("attachments", ())]
    assert came == [{"kind": "text", "name": "notes.txt", "text": "about tea"}]
    assert [each["decision"] for each in found["consent"]] == ["remember"]
    assert {each["purpose"] for each in found["usage"]} == {"chat", "optimizer"}
    await world.advance(timedelta(hours=1))
    assert json.loads(await (await _file(world, "Tom")).read())["conversations"] == []


async def _file(world: World, who: str) -> discord.Attachment:
    return (await press(world, await page(world, who), "Export everything", who)).attachments[0]


async def test_the_page_works_while_the_model_is_down(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    model.acts = [Status(500)]
    await talk(world, "are you there?")
    question = await press(world, await page(world), "Erase everything")
    await world.members["Mei"].click(question, label="Yes, erase everything")
    assert "nothing is left" in words(question)
