"""Commands that Discord still offers, and the bot does not know any more."""

from __future__ import annotations

from typing import Any, cast

import pytest
from discord import app_commands
from discord.ext import commands

from bot.sandbox.transcript import text_of
from bot.sandbox.world import World
from cogs.errors import NOT_THIS_COMMAND, sentence
from tests.support.pages import only


def tree(world: World) -> app_commands.CommandTree[Any]:
    return cast(commands.Bot, world.env.bot).tree


async def test_a_command_there_is_no_more_is_answered(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    tree(world).remove_command("privacy")
    result = await world.members["Mei"].slash(world.channel, "privacy show")
    assert text_of(only(result)) == NOT_THIS_COMMAND
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_command_that_takes_something_else_now_is_told_so(world: World) -> None:
    group = tree(world).get_command("persona")
    assert isinstance(group, app_commands.Group)
    show = group.get_command("show")
    assert isinstance(show, app_commands.Command)
    assert sentence(app_commands.CommandSignatureMismatch(show)) == NOT_THIS_COMMAND
