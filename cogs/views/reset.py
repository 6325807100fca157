"""Asking once before a persona is erased."""

from __future__ import annotations

from typing import Any, Literal

import discord

from ..host import services_of
from ..pages.controls import Button
from ..pages.layout import Controls
from ..text.catalogue import N_, text
from .pressable import Pressable, Pressed

Answer = Literal["yes", "no"]

QUESTION = N_(
    "This erases everything I know about you here, and the conversations I learned it from. "
    "It cannot be undone. What is written on Discord itself stays there."
)
ERASED = N_("Done. I have forgotten everything about you here. Things erased: {count}.")
LEARNING = N_("I learn anew from what you say from now on.")
ALREADY = N_("That was erased already.")
KEPT = N_("Nothing was erased.")
LABELS: dict[Answer, str] = {"yes": N_("Erase everything"), "no": N_("Keep it")}


class ResetButton(
    Pressable,
    Pressed,
    template=r"rapport:reset:(?P<answer>yes|no):(?P<scope>dm|user|guild:\d+):(?P<epoch>\d+)",
):
    """Carries the epoch it was asked in, so an old button cannot erase what came later."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        """The question is ephemeral and the person is whoever presses: it is always their own."""
        if self.ids["answer"] == "no":
            await interaction.response.edit_message(content=text(locale, KEPT), view=None)
            return
        await interaction.response.defer()
        services, epoch = services_of(interaction), int(self.ids["epoch"])
        person_id, scope = interaction.user.id, self.ids["scope"]
        erased = await services.personas.reset(person_id, scope, epoch=epoch)
        if erased is None:
            outcome = text(locale, ALREADY)
        else:
            outcome = text(locale, ERASED, count=erased)
            agreed = await services.consent.agreed(person_id)
            if agreed and await services.pausing.since(person_id, scope) is None:
                outcome += f" {text(locale, LEARNING)}"
        await interaction.edit_original_response(content=outcome, view=None)


def reset_view(scope: str, epoch: int, locale: str | None) -> discord.ui.View:
    """Return the two buttons."""
    return Controls(*(_button(answer, scope, epoch, locale) for answer in LABELS))


def _button(answer: Answer, scope: str, epoch: int, locale: str | None) -> Button:
    yes = answer == "yes"
    return Button(
        label=text(locale, LABELS[answer]),
        style=discord.ButtonStyle.danger if yes else discord.ButtonStyle.secondary,
        custom_id=f"rapport:reset:{answer}:{scope}:{epoch}",
    )
