"""The question asked beneath the first answer, and its two buttons."""

from __future__ import annotations

import re
from typing import Any, Self, cast

import discord

from persona.privacy import Decision

from ..errors import reply, report
from ..host import Host
from ..text.catalogue import N_, text

QUESTION = N_(
    "**May I remember you?** I can learn from our conversations what matters to you, starting with "
    "this one, and use it in my answers here. `/persona show` shows you all of it and "
    "`/persona reset` erases it. What I keep is encrypted, and nothing is learned without your yes."
)
POLICY = N_("[Privacy policy]({url})")
REMEMBERING = N_(
    "Thank you, I will remember. See it with `/persona show`, erase it with `/persona reset`."
)
CHATTING = N_(
    "All right, we just chat. I learn nothing, and forget this conversation when it ends."
)
NOT_YOURS = N_("This question is for somebody else.")
LABELS: dict[Decision, str] = {"remember": N_("Remember me"), "chat_only": N_("Just chat")}


class ConsentButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"rapport:consent:(?P<decision>remember|chat_only):(?P<person>\d+)",
):
    """One of the two answers. Only the person asked may press it."""

    def __init__(self, decision: Decision, person_id: int, locale: str | None = None) -> None:
        yes = decision == "remember"
        super().__init__(
            discord.ui.Button(
                label=text(locale, LABELS[decision]),
                style=discord.ButtonStyle.primary if yes else discord.ButtonStyle.secondary,
                custom_id=f"rapport:consent:{decision}:{person_id}",
            )
        )
        self.decision = decision
        self.person_id = person_id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(cast(Decision, match["decision"]), int(match["person"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        locale = interaction.locale.value
        try:
            if interaction.user.id != self.person_id:
                await reply(interaction, text(locale, NOT_YOURS))
                return
            await Host.of(interaction.client).services.consent.decide(self.person_id, self.decision)
            if self.decision == "remember":
                await interaction.response.edit_message(
                    content=text(locale, REMEMBERING), view=None
                )
                return
            # Who chose to just chat may change their mind.
            view = discord.ui.View(timeout=None)
            view.add_item(ConsentButton("remember", self.person_id, locale))
            await interaction.response.edit_message(content=text(locale, CHATTING), view=view)
        except Exception as error:  # A view's failure must reach the person as a sentence.
            await report(interaction, error)


def consent_question(locale: str | None, policy_url: str | None) -> str:
    """Return the question, with a link to the operator's privacy policy if there is one."""
    question = text(locale, QUESTION)
    return f"{question} {text(locale, POLICY, url=policy_url)}" if policy_url else question


def consent_view(person_id: int, locale: str | None) -> discord.ui.View:
    """Return the two buttons for `person_id`."""
    view = discord.ui.View(timeout=None)
    view.add_item(ConsentButton("remember", person_id, locale))
    view.add_item(ConsentButton("chat_only", person_id, locale))
    return view
