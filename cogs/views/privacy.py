"""The buttons of /privacy show: agree, withdraw, export everything, erase everything."""

from __future__ import annotations

from typing import Any, Literal

import discord

from persona.services import Services

from ..errors import reply
from ..forgetting import collect, forget, withdraw
from ..host import services_of, whose
from ..pages.controls import Button
from ..pages.layout import Controls, Page, box, row, shown
from ..pages.portable import send_file
from ..pages.privacy import hosts, privacy_page
from ..pages.proof import ALREADY, NOTHING, proof_page
from ..text.catalogue import N_, text
from ..text.splitting import split
from .pressable import Pressable, Pressed

Action = Literal["agree", "withdraw", "export", "erase"]
Confirmed = Literal["withdraw", "erase", "keep"]

LABELS: dict[Action, str] = {
    "agree": N_("Remember me"),
    "withdraw": N_("Withdraw my yes"),
    "export": N_("Export everything"),
    "erase": N_("Erase everything"),
}
STYLES: dict[Action, discord.ButtonStyle] = {
    "agree": discord.ButtonStyle.primary,
    "withdraw": discord.ButtonStyle.secondary,
    "export": discord.ButtonStyle.secondary,
    "erase": discord.ButtonStyle.danger,
}
CONFIRM: dict[Confirmed, str] = {
    "withdraw": N_("Stop and forget"),
    "erase": N_("Yes, erase everything"),
    "keep": N_("Keep it"),
}
WITHDRAW = N_(
    "I will learn nothing more, and erase what I know about you, with the conversations it was "
    "learned from, on every server and in direct messages. It cannot be undone. We can still chat."
)
ERASE = N_(
    "This erases everything I keep of you, on every server and in direct messages: what I know, "
    "our conversations, your decisions, all of it. It cannot be undone. Export it first if you may "
    "want it back. What is written on Discord itself stays there."
)
WITHDRAWN = N_(
    "Done. I learn nothing more, and have forgotten what I knew. Values erased: {count}. We just "
    "chat from now on; `/privacy show` is where you can change your mind."
)
DECIDED_SINCE = N_("You have decided anew since. `/privacy show` has how things are.")
KEPT = N_("Nothing was changed.")
EXPORTED = N_("Here is everything I keep of you. Keep the file to yourself.")


class PrivacyButton(
    Pressable, Pressed, template=r"rapport:privacy:(?P<action>agree|withdraw|export|erase)"
):
    """A button of the page. It is about whoever presses it."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        services, person_id = services_of(interaction), interaction.user.id
        action = self.ids["action"]
        if action == "agree":
            await services.consent.decide(person_id, "remember")
            await interaction.response.edit_message(view=await privacy_view(interaction, locale))
        elif action == "withdraw":
            records = await services.consent.records(person_id)
            number = records[-1].number if records else 0
            await _ask(interaction, WITHDRAW, "withdraw", number, locale)
        elif action == "erase":
            epoch = await services.erasure.epoch(person_id)
            if epoch is None:
                await reply(interaction, text(locale, NOTHING))
            else:
                await _ask(interaction, ERASE, "erase", epoch, locale)
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
            found = await collect(interaction.client, person_id)
            await send_file(interaction, "rapport-everything.json", found, text(locale, EXPORTED))


class ConfirmButton(
    Pressable,
    Pressed,
    template=r"rapport:privacy:sure:(?P<answer>withdraw|erase|keep):(?P<state>\d+)",
):
    """The second button. `state` is the decision or epoch it was asked in, so that an old button
    does nothing to what came later.
    """

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        if self.ids["answer"] == "keep":
            await interaction.response.edit_message(content=text(locale, KEPT), view=None)
            return
        await interaction.response.defer()
        if self.ids["answer"] == "withdraw":
            shown = await self._withdraw(interaction, locale)
        else:
            shown = await self._erase(interaction, locale)
        first, *more = split(shown)
        await interaction.edit_original_response(content=first, view=None)
        for part in more:
            await reply(interaction, part)

    async def _withdraw(self, interaction: discord.Interaction[Any], locale: str) -> str:
        services, person_id = services_of(interaction), interaction.user.id
        records = await services.consent.records(person_id)
        if not records or records[-1].number != int(self.ids["state"]):
            return text(locale, DECIDED_SINCE)
        return text(locale, WITHDRAWN, count=await withdraw(interaction.client, person_id))

    async def _erase(self, interaction: discord.Interaction[Any], locale: str) -> str:
        services, person_id = services_of(interaction), interaction.user.id
        if await services.erasure.epoch(person_id) != int(self.ids["state"]):
            return text(locale, ALREADY)
        proof = await forget(interaction.client, person_id)
        if not proof.left and not any(proof.erased.values()):
            return text(locale, NOTHING)  # Pressed twice at once: the other one was first.
        return proof_page(proof, hosts(services.settings.models), locale)


async def privacy_view(
    interaction: discord.Interaction[Any], locale: str | None
) -> discord.ui.LayoutView:
    """Return the page for whoever asks, with the buttons that fit how things are."""
    services, person_id = services_of(interaction), interaction.user.id
    page = await privacy_page(services, *whose(interaction), locale)
    actions: list[Action] = [*await _decisions(services, person_id), "export", "erase"]
    return Page(box([shown(page), row(*(_button(action, locale) for action in actions))]))


def _button(action: Action, locale: str | None) -> Button:
    return Button(
        label=text(locale, LABELS[action]),
        style=STYLES[action],
        custom_id=f"rapport:privacy:{action}",
    )


async def _decisions(services: Services, person_id: int) -> list[Action]:
    records = await services.consent.records(person_id)
    if not records or records[-1].decision != "remember":
        return ["agree"]
    return ["withdraw"] if records[-1].is_current else ["agree", "withdraw"]


async def _ask(
    interaction: discord.Interaction[Any],
    question: str,
    answer: Confirmed,
    state: int,
    locale: str,
) -> None:
    view = Controls(_confirm(answer, state, locale), _confirm("keep", state, locale))
    await reply(interaction, text(locale, question), view=view)


def _confirm(answer: Confirmed, state: int, locale: str | None) -> Button:
    keep = answer == "keep"
    return Button(
        label=text(locale, CONFIRM[answer]),
        style=discord.ButtonStyle.secondary if keep else discord.ButtonStyle.danger,
        custom_id=f"rapport:privacy:sure:{answer}:{state}",
    )
