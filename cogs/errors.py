"""The one place where a failure becomes a sentence for a person, and a line in the log."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands

from persona.errors import InvalidAnswer, ModelError

from .text.catalogue import N_, text

logger = logging.getLogger(__name__)

UNEXPECTED = N_("Something went wrong on my side. Please try again.")
NO_MODEL = N_("I cannot reach my language model right now. Please try again in a few minutes.")
NO_ANSWER = N_("I could not come up with an answer. Please try again, or say it differently.")
NOT_ALLOWED = N_("You may not do that here.")
SERVER_ONLY = N_("This works in a server only.")


def sentence(error: BaseException) -> str:
    """Return the text of the catalogue that tells a person about `error`."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, InvalidAnswer):
        return NO_ANSWER
    if isinstance(error, ModelError):
        return NO_MODEL
    if isinstance(error, app_commands.NoPrivateMessage):
        return SERVER_ONLY
    if isinstance(error, app_commands.CheckFailure):
        return NOT_ALLOWED
    return UNEXPECTED


async def report(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Log `error` and tell the person who pressed or typed, and nobody else."""
    shown = sentence(error)
    where = {
        "interaction": interaction.id,
        "command": interaction.command.qualified_name if interaction.command else None,
    }
    if shown is UNEXPECTED:
        logger.error("interaction failed", extra=where, exc_info=error)
    else:
        logger.info("interaction refused", extra={**where, "reason": type(error).__name__})
    try:
        await reply(interaction, text(interaction.locale.value, shown))
    except discord.HTTPException:
        logger.info("could not report a failure", extra=where)


async def reply(
    interaction: discord.Interaction[Any],
    content: str,
    *,
    view: discord.ui.View = discord.utils.MISSING,
) -> None:
    """Answer an interaction with a message that only its author sees."""
    quiet = discord.AllowedMentions.none()
    if interaction.response.is_done():
        await interaction.followup.send(content, ephemeral=True, allowed_mentions=quiet, view=view)
    else:
        await interaction.response.send_message(
            content, ephemeral=True, allowed_mentions=quiet, view=view
        )
