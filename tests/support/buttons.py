"""Looking at buttons in the simulated world."""

from __future__ import annotations

from typing import Any

import discord
import simcord


def buttons(message: discord.Message) -> list[discord.Button]:
    """Return the buttons beneath a message."""
    return [
        item
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for item in row.children
        if isinstance(item, discord.Button)
    ]


def shown(message: discord.Message) -> list[str]:
    """Return what is written on the buttons beneath a message."""
    return [str(button.label or button.emoji) for button in buttons(message)]


def name_of(message: discord.Message, sign: str) -> str:
    """Return the custom id of the button with this label or emoji."""
    for button in buttons(message):
        if sign == str(button.label or button.emoji):
            return str(button.custom_id)
    raise LookupError(f"There is no button {sign}.")


async def press(who: Any, message: discord.Message, sign: str) -> simcord.InteractionResult:
    """Press the button with this label or emoji."""
    result: simcord.InteractionResult = await who.click(message, custom_id=name_of(message, sign))
    return result


def answers(thread: simcord.ChannelHandle) -> list[discord.Message]:
    """Return what the bot wrote, without the question about consent."""
    return [
        message
        for message in thread.history()
        if message.author.name == "Rapport"
        and not message.is_system()
        and not message.content.startswith("**May I remember you?**")
    ]
