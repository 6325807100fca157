"""Reading the pages the bot shows, and pressing what is on them."""

from __future__ import annotations

from typing import Any

import simcord
from simcord.components import walk_components

from bot.sandbox.transcript import text_of
from bot.sandbox.world import World

WHO = "Mei"


def labels(message: simcord.ResponseMessage) -> list[str]:
    """Return the labels of the buttons on a message."""
    return [each["label"] for each in controls(message) if each["type"] == 2]


def options(message: simcord.ResponseMessage) -> dict[str, str]:
    """Return the values of the menu on a message, by their labels."""
    (menu,) = [each for each in controls(message) if each["type"] == 3]
    return {option["label"]: option["value"] for option in menu["options"]}


def controls(message: simcord.ResponseMessage) -> list[dict[str, Any]]:
    """Return what can be pressed on a message."""
    return [each for each in walk_components(message.components) if each["type"] in (2, 3)]


def only(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    """Return the one message an interaction was answered with, which nobody else sees."""
    (message,) = [each for each in (result.response, *result.followups) if each is not None]
    assert message.ephemeral
    return message


async def command(world: World, name: str, who: str = WHO, **given: Any) -> simcord.ResponseMessage:
    """Type a command, and return the page it is answered with."""
    return only(await world.members[who].slash(world.channel, f"persona {name}", **given))


async def press(
    world: World, page: simcord.ResponseMessage, label: str, who: str = WHO
) -> simcord.InteractionResult:
    """Press a button."""
    return await world.members[who].click(page, label=label)


async def choose(world: World, page: simcord.ResponseMessage, label: str, who: str = WHO) -> str:
    """Choose a value from the menu; return the text of the page then."""
    await world.members[who].select(page, [options(page)[label]])
    return text_of(page)


async def write(
    world: World, page: simcord.ResponseMessage, label: str, who: str = WHO, **written: str
) -> str:
    """Press a button that asks for something and write it; return the text of the page then."""
    asked = await press(world, page, label, who)
    assert asked.modal is not None
    await world.members[who].submit_modal(asked, written)
    return text_of(page)
