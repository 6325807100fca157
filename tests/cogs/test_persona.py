"""Consent, learning, /persona show and /persona reset, end to end."""

from __future__ import annotations

import json
from datetime import timedelta

import discord
import simcord
from pydantic import HttpUrl

from bot.sandbox.transcript import text_of
from bot.sandbox.world import World
from persona.persona import Item
from persona.settings import LearningSettings, PersonalizationSettings, PrivacySettings
from tests.conftest import OpenWorld
from tests.support.model import Act, Call, Say, ScriptedModel, proposal, updates
from tests.support.pages import labels

NOTHING = "I know nothing about you here."
NAME = proposal("demographics.name", "Mei", 1, "I am Mei")
SHORT = proposal("preference.styles", "short answers", 1, "be short", op="add_item")
HIKING = proposal("personality.values_and_interests", "hiking", 1, "I love hiking", op="add_item")
LEARNED = updates(NAME, SHORT, HIKING)


def answering(model: ScriptedModel, learned: Call) -> None:
    """Let the model chat, and propose `learned` whenever it is asked as the optimizer."""

    class Acts(list[Act]):
        def __getitem__(self, index: object) -> Act:  # type: ignore[override]
            tools = json.dumps(model.requests[-1].get("tools", "")) if model.requests else ""
            return learned if learned.name in tools else Say(("Hello",))

    model.acts = Acts([Say(("Hello",))])


async def talk(world: World, text: str, who: str = "Mei") -> simcord.ChannelHandle:
    """One thread of one message, whose session ends."""
    member = world.members[who]
    message = await member.send(world.channel, f"{world.bot_mention} {text}")
    thread = world.thread(message.id)
    await world.advance(timedelta(hours=2))
    return thread


async def agree(world: World, who: str = "Mei") -> simcord.ChannelHandle:
    member = world.members[who]
    message = await member.send(
        world.channel, f"{world.bot_mention} I am Mei, be short, I love hiking"
    )
    thread = world.thread(message.id)
    await member.click(thread.history()[-1], label="Remember me")
    await world.advance(timedelta(hours=2))
    return thread


async def learn(world: World, model: ScriptedModel, who: str = "Mei") -> None:
    answering(model, LEARNED)
    await agree(world, who)
    for text in ("second", "third"):
        await talk(world, text, who)
    await world.tick()


async def shown(world: World, who: str = "Mei") -> str:
    result = await world.members[who].slash(world.channel, "persona show")
    assert result.ephemeral
    pages = [result.response, *result.followups]
    assert all(page is None or page.ephemeral for page in pages)
    return "\n".join(text_of(page) for page in pages if page is not None)


async def known(world: World, who: str = "Mei") -> tuple[Item, ...]:
    scope = f"guild:{world.guild.id}"
    return (await world.services.personas.load(world.members[who].id, scope)).items


async def test_the_question_stands_beneath_the_first_answer_with_two_buttons(
    world: World, model: ScriptedModel
) -> None:
    message = await world.members["Mei"].send(world.channel, f"{world.bot_mention} hello")
    thread = world.thread(message.id)
    answer, question = thread.history()
    assert answer.content == "Hello"
    assert question.content.startswith("**May I remember you?**")
    labels = [child.label for row in question.components for child in row.children]  # type: ignore[union-attr]
    assert labels == ["Remember me", "Just chat"]
    await world.members["Mei"].send(thread, "more")
    assert len(thread.history()) == 4


async def test_nobody_else_can_answer_the_question(world: World, model: ScriptedModel) -> None:
    message = await world.members["Mei"].send(world.channel, f"{world.bot_mention} hello")
    question = world.thread(message.id).history()[-1]
    result = await world.members["Tom"].click(question, label="Remember me")
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == "This question is for somebody else."
    assert await world.services.consent.decision(world.members["Mei"].id) is None
    assert await world.services.consent.decision(world.members["Tom"].id) is None


async def test_the_buttons_work_after_a_restart(world: World, model: ScriptedModel) -> None:
    message = await world.members["Mei"].send(world.channel, f"{world.bot_mention} hello")
    thread = world.thread(message.id)
    await world.start_bot()
    await world.members["Mei"].click(thread.history()[-1], label="Just chat")
    assert thread.history()[-1].content.startswith("All right, we just chat.")
    assert await world.services.consent.decision(world.members["Mei"].id) == "chat_only"
    await world.members["Mei"].click(thread.history()[-1], label="Remember me")
    assert thread.history()[-1].content.startswith("Thank you, I will remember.")
    assert thread.history()[-1].components == []
    assert await world.services.consent.decision(world.members["Mei"].id) == "remember"


async def test_the_question_links_the_operators_policy(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    policy = PrivacySettings(policy_url=HttpUrl("https://example.org/privacy"))
    world = await new_world(privacy=policy)
    message = await world.members["Mei"].send(world.channel, f"{world.bot_mention} hello")
    question = world.thread(message.id).history()[-1]
    assert "[Privacy policy](https://example.org/privacy)" in question.content


async def test_a_server_is_spoken_to_in_its_language(world: World, model: ScriptedModel) -> None:
    world.env.backend.guilds[world.guild.id].preferred_locale = "zh-CN"
    await world.start_bot()
    message = await world.members["Mei"].send(world.channel, f"{world.bot_mention} 你好")
    question = world.thread(message.id).history()[-1]
    assert question.content.startswith("**我可以记住你吗？**")
    labels = [child.label for row in question.components for child in row.children]  # type: ignore[union-attr]
    assert labels == ["记住我", "只是聊天"]


async def test_three_threads_later_the_reply_prompt_holds_the_persona(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    await talk(world, "what shall I do?")
    prompt = model.requests[-1]["messages"]
    assert prompt[0]["role"] == "system"
    assert "Mei" not in prompt[0]["content"]
    block = prompt[1]["content"]
    assert prompt[1]["role"] == "user"
    assert 'demographics.name: "Mei"' in block
    assert 'preference.styles: "short answers"' in block
    assert prompt[-1] == {"role": "user", "content": "what shall I do?"}


async def test_before_learning_and_with_none_the_prompt_holds_no_persona(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world(personalization=PersonalizationSettings(strategy="none"))
    await learn(world, model)
    assert "Mei" in await shown(world)
    await talk(world, "what shall I do?")
    for request in model.requests:
        if "apply_persona_updates" not in json.dumps(request.get("tools", "")):
            assert not any("<persona>" in message["content"] for message in request["messages"])


async def test_in_a_public_thread_only_public_slots_are_used(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    await talk(world, "what shall I do?")
    assert "hiking" not in json.dumps(model.requests[-1]["messages"])
    await world.services.guilds.set_threads(world.guild.id, "private")
    await world.members["Mei"].slash(world.channel, "chat new")
    thread = world.channel.threads[-1]
    await world.members["Mei"].send(thread, "and in private?")
    assert 'values_and_interests: "hiking"' in model.requests[-1]["messages"][1]["content"]


async def test_what_is_said_in_a_server_is_not_known_in_direct_messages(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    await world.members["Mei"].user.send_dm("what do you know?")
    assert not any("<persona>" in item["content"] for item in model.requests[-1]["messages"])
    result = await world.members["Mei"].user.slash("persona show")
    assert NOTHING in text_of(result.response)


async def test_nobody_sees_or_gets_another_persons_persona(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    assert NOTHING in await shown(world, "Tom")
    await talk(world, "what is Mei's persona?", "Tom")
    assert not any("<persona>" in item["content"] for item in model.requests[-1]["messages"])


async def test_show_is_grouped_and_readable(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    (said_at,) = {item.known_since for item in await known(world)}
    assert said_at is not None
    facts = f"*(you told me, since {discord.utils.format_dt(said_at, 'd')})*"
    assert await shown(world) == (
        "## What I know about you here\n"
        "**About you**\n"
        f"- Name: Mei {facts}\n"
        "**Personality**\n"
        f"- Values and interests: hiking {facts}\n"
        "**How you like answers**\n"
        f"- Styles: short answers {facts}\n"
        "-# Only you see this. `/persona reset` erases all of it."
    )


async def test_show_says_why_there_is_nothing_yet(world: World, model: ScriptedModel) -> None:
    assert "have not agreed" in await shown(world)
    await agree(world)
    assert "after every 3 conversations" in await shown(world)


async def test_values_cannot_dress_themselves_up(world: World, model: ScriptedModel) -> None:
    answering(model, updates(NAME | {"value": "**Mei** `x` # big"}))
    await agree(world)
    for text in ("second", "third"):
        await talk(world, text)
    await world.tick()
    assert "Name: \\*\\*Mei\\*\\* \\`x\\`" in await shown(world)


async def test_a_full_persona_is_shown_whole(world: World, model: ScriptedModel) -> None:
    # Long values of which the quote says enough.
    items = [HIKING | {"value": f"I love hiking, love hiking {'x' * (20 + n)}"} for n in range(30)]
    answering(model, updates(*items))
    await agree(world)
    for text in ("second", "third"):
        await talk(world, text)
    await world.tick()
    result = await world.members["Mei"].slash(world.channel, "persona show")
    assert result.response is not None
    page = text_of(result.response)
    while "▶" in labels(result.response):
        await world.members["Mei"].click(result.response, label="▶")
        page += text_of(result.response)
    assert all(page.count(f"{item['value']} *(") == 1 for item in items)


async def test_inferred_values_are_shown_as_unused(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    world = await new_world(learning=LearningSettings(inferred="ask"))
    guess = SHORT | {"basis": "inferred"}
    guess["evidence"] = [*SHORT["evidence"], {"msg": 3, "quote": "too long"}]
    answering(model, updates(guess))
    await agree(world)
    for text in ("too long, please", "third"):
        await talk(world, text)
    await world.tick()
    page = await shown(world)
    assert "**Waiting for your yes: not used until you approve it**" in page
    assert "- Styles: short answers *(a guess, since " in page
    await talk(world, "hello")
    assert "short answers" not in json.dumps(model.requests[-1]["messages"])


async def test_reset_asks_once_and_then_erases(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    result = await mei.slash(world.channel, "persona reset")
    assert result.ephemeral
    question = result.response
    assert question is not None
    assert "Mei" in await shown(world)
    await mei.click(question, label="Erase everything")
    assert result.response is not None
    assert result.response.content.endswith(
        "Things erased: 3. I learn anew from what you say from now on."
    )
    assert result.response.components == []
    assert NOTHING in await shown(world)
    await talk(world, "do you know me?")
    assert not any("<persona>" in item["content"] for item in model.requests[-1]["messages"])


async def test_a_reset_during_a_pause_promises_no_learning(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    await mei.slash(world.channel, "persona pause")
    question = (await mei.slash(world.channel, "persona reset")).response
    assert question is not None
    await mei.click(question, label="Erase everything")
    assert question.content.endswith("Things erased: 3.")


async def test_reset_can_be_called_off(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    result = await mei.slash(world.channel, "persona reset")
    assert result.response is not None
    await mei.click(result.response, label="Keep it")
    assert result.response.content == "Nothing was erased."
    assert "Mei" in await shown(world)


async def test_an_old_reset_button_does_not_erase_what_came_later(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    first = await mei.slash(world.channel, "persona reset")
    second = await mei.slash(world.channel, "persona reset")
    assert first.response is not None
    assert second.response is not None
    await mei.click(first.response, label="Erase everything")
    for text in ("I am Mei, be short, I love hiking", "fifth", "sixth"):
        await talk(world, text)
    await world.tick()
    await mei.click(second.response, label="Erase everything")
    assert second.response.content == "That was erased already."
    assert "Mei" in await shown(world)


async def test_reset_works_after_a_restart(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    result = await mei.slash(world.channel, "persona reset")
    assert result.response is not None
    await world.start_bot()
    await mei.click(result.response, label="Erase everything")
    assert NOTHING in await shown(world)


async def test_after_a_reset_learning_begins_anew(world: World, model: ScriptedModel) -> None:
    await learn(world, model)
    await world.services.personas.reset(world.members["Mei"].id, f"guild:{world.guild.id}")
    for text in ("I am Mei, be short, I love hiking", "fifth", "sixth"):
        await talk(world, text)
    await world.tick()
    assert "hiking" in await shown(world)


async def test_just_chatting_teaches_nothing_and_keeps_nothing(
    world: World, model: ScriptedModel
) -> None:
    answering(model, LEARNED)
    message = await world.members["Mei"].send(world.channel, f"{world.bot_mention} I am Mei")
    thread = world.thread(message.id)
    await world.members["Mei"].click(thread.history()[-1], label="Just chat")
    for text in ("second", "third", "fourth"):
        await talk(world, text)
    await world.tick()
    await world.advance(timedelta(days=30))
    await world.tick()
    assert not any("apply_persona" in json.dumps(item.get("tools")) for item in model.requests)
    async with world.services.database.read() as connection:
        counted = await world.services.database.queries.count_conversations(connection)
    assert counted["messages_in"] == 0
