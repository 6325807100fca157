"""/language, and in which language people are spoken to."""

from __future__ import annotations

import discord

from bot.sandbox.world import World
from tests.support.model import ScriptedModel

NOTHING = "I know nothing about you here."
NOTHING_IN_CHINESE = "我对你在这里一无所知。"


async def show(world: World, who: str = "Mei") -> str:
    result = await world.members[who].slash(world.channel, "persona show")
    assert result.response is not None
    return str(result.response.content)


async def choose(world: World, language: str, who: str = "Mei") -> str:
    result = await world.members[who].slash(world.channel, "language", language=language)
    assert result.ephemeral
    assert result.response is not None
    return str(result.response.content)


async def question(world: World, who: str = "Mei") -> discord.Message:
    message = await world.members[who].send(world.channel, f"{world.bot_mention} hello")
    return world.thread(message.id).history()[-1]


async def test_the_chosen_language_goes_first_and_outlives_a_restart(world: World) -> None:
    english = await show(world)
    answer = await choose(world, "zh-CN")
    assert "中文 (简体)" in answer
    await world.start_bot()
    chinese = await show(world)
    assert chinese != english
    assert english.startswith("I know nothing")
    assert await show(world, "Tom") == english
    asked = await question(world)
    assert asked.content.startswith("**我可以记住你吗？**")


async def test_without_a_choice_discords_language_decides_again(world: World) -> None:
    english = await show(world)
    await choose(world, "zh-CN")
    assert await choose(world, "auto") == "I follow your Discord settings again."
    assert await show(world) == english


async def test_the_last_interaction_goes_before_the_server(
    world: World, model: ScriptedModel
) -> None:
    world.env.backend.guilds[world.guild.id].preferred_locale = "zh-CN"
    await world.start_bot()
    first = await question(world)
    assert first.content.startswith("**我可以记住你吗？**")
    # SimCord's interactions are in English.
    await show(world)
    second = await question(world)
    assert second.content.startswith("**May I remember you?**")


async def test_commands_have_names_and_descriptions_in_every_language(world: World) -> None:
    registered = {
        command.name: command
        for command in await world.env.bot.tree.fetch_commands()  # type: ignore[attr-defined]
    }
    assert registered["language"].description_localizations
