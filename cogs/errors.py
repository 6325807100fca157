"""The one place where a failure becomes a sentence for a person, and a line in the log."""

from __future__ import annotations

import logging
import math
from typing import Any

import discord
from discord import app_commands

from persona.errors import (
    AnswerFiltered,
    BudgetSpent,
    ContextOverflow,
    InvalidAnswer,
    ModelError,
)

from .locales import locale_for
from .text.catalogue import N_, text

logger = logging.getLogger(__name__)

UNEXPECTED = N_("Something went wrong on my side. Please try again.")
NO_MODEL = N_("I cannot reach my language model right now. Please try again in a few minutes.")
NO_ANSWER = N_("I could not come up with an answer. Please try again, or say it differently.")
FILTERED = N_("A content filter stopped my answer. Please ask in another way.")
TOO_LONG = N_(
    "That is more than my language model can read at once. Please send less, or begin a new "
    "conversation."
)
OVER_BUDGET = N_("You have used up what I may answer you in a day. I can go on {time}.")
NOT_ALLOWED = N_("You may not do that here.")
SERVER_ONLY = N_("This works in a server only.")
NOT_THIS_COMMAND = N_(
    "That did not work: I am just restarting, or the command has changed. Please try again in a "
    "minute."
)

_UNKNOWN_INTERACTION = 10062  # Discord's code for one that was not answered in time

# The first that fits is told, so the narrower ones come first.
_SENTENCES: tuple[tuple[type[BaseException], str], ...] = (
    (BudgetSpent, OVER_BUDGET),
    (AnswerFiltered, FILTERED),
    (ContextOverflow, TOO_LONG),
    (InvalidAnswer, NO_ANSWER),
    (ModelError, NO_MODEL),
    (app_commands.NoPrivateMessage, SERVER_ONLY),
    (app_commands.CheckFailure, NOT_ALLOWED),
    # What Discord still offers may be what the bot had before an update.
    (app_commands.CommandNotFound, NOT_THIS_COMMAND),
    (app_commands.CommandSignatureMismatch, NOT_THIS_COMMAND),
)


def sentence(error: BaseException) -> str:
    """Return the text of the catalogue that tells a person about `error`."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    return next((told for kind, told in _SENTENCES if isinstance(error, kind)), UNEXPECTED)


def told(locale: str | None, error: BaseException) -> str:
    """Return what a person is told about `error`, in their language."""
    values: dict[str, str] = {}
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, BudgetSpent):
        values["time"] = f"<t:{math.ceil(error.again_at.timestamp())}:R>"
    return text(locale, sentence(error), **values)


async def report(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Log `error` and tell the person who pressed or typed, and nobody else."""
    shown = sentence(error)
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    where = {
        "interaction": interaction.id,
        "command": interaction.command.qualified_name if interaction.command else None,
    }
    if isinstance(cause, discord.HTTPException) and cause.code == _UNKNOWN_INTERACTION:
        # Discord waited no longer, and takes no answer any more.
        logger.info("interaction expired", extra=where)
        return
    if shown is UNEXPECTED:
        logger.error("interaction failed", extra=where, exc_info=error)
    else:
        logger.info("interaction refused", extra={**where, "reason": type(error).__name__})
    try:
        await reply(interaction, told(await _locale(interaction), error))
    except discord.HTTPException:
        logger.info("could not report a failure", extra=where)


async def _locale(interaction: discord.Interaction[Any]) -> str:
    """The store may be what failed; a sentence in another language is better than none."""
    try:
        return await locale_for(interaction)
    except Exception:
        logger.exception("language not looked up", extra={"interaction": interaction.id})
        return interaction.locale.value


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
