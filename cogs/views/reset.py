"""Asking once before a persona is erased."""

from __future__ import annotations

import re
from typing import Any, Literal, Self, cast

import discord

from ..errors import report
from ..host import Host
from ..text.catalogue import N_, text

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
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"rapport:reset:(?P<answer>yes|no):(?P<scope>dm|user|guild:\d+):(?P<epoch>\d+)",
):
    """Carries the epoch it was asked in, so an old button cannot erase what came later."""

    def __init__(self, answer: Answer, scope: str, epoch: int, locale: str | None = None) -> None:
        yes = answer == "yes"
        super().__init__(
            discord.ui.Button(
                label=text(locale, LABELS[answer]),
                style=discord.ButtonStyle.danger if yes else discord.ButtonStyle.secondary,
                custom_id=f"rapport:reset:{answer}:{scope}:{epoch}",
            )
        )
        self.answer = answer
        self.scope = scope
        self.epoch = epoch

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(cast(Answer, match["answer"]), match["scope"], int(match["epoch"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """The question is ephemeral and the person is whoever presses: it is always their own."""
        locale = interaction.locale.value
        try:
            if self.answer == "no":
                await interaction.response.edit_message(content=text(locale, KEPT), view=None)
                return
            await interaction.response.defer()
            services = Host.of(interaction.client).services
            person_id = interaction.user.id
            erased = await services.personas.reset(person_id, self.scope, epoch=self.epoch)
            if erased is None:
                outcome = text(locale, ALREADY)
            else:
                outcome = text(locale, ERASED, count=erased)
                if await services.consent.decision(person_id) == "remember":
                    outcome += f" {text(locale, LEARNING)}"
            await interaction.edit_original_response(content=outcome, view=None)
        except Exception as error:  # A view's failure must reach the person as a sentence.
            await report(interaction, error)


def reset_view(scope: str, epoch: int, locale: str | None) -> discord.ui.View:
    """Return the two buttons."""
    view = discord.ui.View(timeout=None)
    view.add_item(ResetButton("yes", scope, epoch, locale))
    view.add_item(ResetButton("no", scope, epoch, locale))
    return view
