"""The question asked beneath the first answer, and its two buttons."""

from __future__ import annotations

from typing import Any

import discord
from pydantic import HttpUrl

from persona.privacy import Decision

from ..errors import reply
from ..forgetting import withdraw
from ..host import services_of
from ..pages.controls import Button
from ..pages.layout import Controls
from ..text.catalogue import N_, text
from .pressable import Pressable, Pressed
from .privacy import WITHDRAWN

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
    Pressable, Pressed, template=r"rapport:consent:(?P<decision>remember|chat_only):(?P<person>\d+)"
):
    """One of the two answers. Only the person asked may press it."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        person_id = int(self.ids["person"])
        if interaction.user.id != person_id:
            await reply(interaction, text(locale, NOT_YOURS))
            return
        await interaction.response.defer()
        if self.ids["decision"] == "remember":
            await services_of(interaction).consent.decide(person_id, "remember")
            await interaction.edit_original_response(content=text(locale, REMEMBERING), view=None)
            return
        shown = await _just_chat(interaction, person_id, locale)
        # Who chose to just chat may change their mind.
        view = Controls(consent_button("remember", person_id, locale))
        await interaction.edit_original_response(content=shown, view=view)


async def _just_chat(interaction: discord.Interaction[Any], person_id: int, locale: str) -> str:
    """Decide it, and return what is to be said; after a yes, elsewhere, it takes that back."""
    consent = services_of(interaction).consent
    if await consent.agreed(person_id):
        return text(locale, WITHDRAWN, count=await withdraw(interaction.client, person_id))
    await consent.decide(person_id, "chat_only")
    return text(locale, CHATTING)


def consent_button(decision: Decision, person_id: int, locale: str | None) -> Button:
    """Return one of the two answers of `person_id`."""
    yes = decision == "remember"
    return Button(
        label=text(locale, LABELS[decision]),
        style=discord.ButtonStyle.primary if yes else discord.ButtonStyle.secondary,
        custom_id=f"rapport:consent:{decision}:{person_id}",
    )


def consent_question(locale: str | None, policy_url: HttpUrl | None) -> str:
    """Return the question, with a link to the operator's privacy policy if there is one."""
    question = text(locale, QUESTION)
    return f"{question} {text(locale, POLICY, url=policy_url)}" if policy_url else question


def consent_view(person_id: int, locale: str | None) -> discord.ui.View:
    """Return the two buttons for `person_id`."""
    return Controls(
        consent_button("remember", person_id, locale),
        consent_button("chat_only", person_id, locale),
    )
