"""Showing a person their own pages, read from the store anew each time."""

from __future__ import annotations

from typing import Any

import discord

from persona.errors import EditError

from ..errors import reply
from ..host import services_of, whose
from ..text.refusals import refused
from ..views.consent import consent_question, consent_view
from .history import history_page
from .item import item_page
from .known import read_known
from .layout import Page, row, show, shown
from .persona import nothing, persona_page


async def show_persona(
    interaction: discord.Interaction[Any], locale: str, page: int = 0, notice: str | None = None
) -> None:
    """Show what is known of whoever acts."""
    known = await read_known(services_of(interaction), *whose(interaction))
    if not known.persona.items and not known.agreed and _is_command(interaction):
        await ask_consent(interaction, locale, nothing(known, locale))
        return
    await show(interaction, persona_page(known, page, locale, notice))


async def show_item(
    interaction: discord.Interaction[Any],
    locale: str,
    item_id: str,
    page: int,
    notice: str | None = None,
) -> None:
    """Show one value of whoever acts; if it is gone, what else is known."""
    services = services_of(interaction)
    known = await read_known(services, *whose(interaction))
    item = known.persona.item(item_id)
    if item is None:
        await show_persona(interaction, locale, page, notice or gone(interaction, locale))
        return
    why = await services.editor.why(*whose(interaction), item_id)
    await show(interaction, item_page(item, why, known, page, locale, notice))


async def show_history(
    interaction: discord.Interaction[Any], locale: str, page: int = 0, notice: str | None = None
) -> None:
    """Show how the persona of whoever acts came to be."""
    services = services_of(interaction)
    access = await services.personas.find(*whose(interaction))
    versions = await services.editor.versions(*whose(interaction))
    built = history_page(
        versions, access.epoch if access else 0, services.registry, page, locale, notice
    )
    await show(interaction, built)


async def show_notice(
    interaction: discord.Interaction[Any],
    notice: str,
    *buttons: discord.ui.Item[Any] | None,
    typed: discord.ui.Item[Any] | None = None,
) -> None:
    """Show a sentence with buttons under it."""
    await show(interaction, Page(shown(notice), typed, row(*buttons)))


async def ask_consent(
    interaction: discord.Interaction[Any], locale: str, first: str | None = None
) -> None:
    """Ask whoever acts whether they want to be remembered."""
    policy_url = services_of(interaction).settings.privacy.policy_url
    question = consent_question(locale, policy_url)
    content = f"{first}\n\n{question}" if first else question
    await reply(interaction, content, view=consent_view(interaction.user.id, locale))


async def agreed(interaction: discord.Interaction[Any], locale: str) -> bool:
    """Return whether whoever acts wants to be remembered; ask them if not."""
    if await services_of(interaction).consent.agreed(interaction.user.id):
        return True
    await ask_consent(interaction, locale)
    return False


def gone(interaction: discord.Interaction[Any], locale: str) -> str:
    """Return that something is not known any more."""
    return why_not(interaction, EditError("That is not known any more.", code="gone"), locale)


def why_not(interaction: discord.Interaction[Any], error: EditError, locale: str) -> str:
    """Return why an edit was not made."""
    return refused(error, services_of(interaction).registry, locale)


def _is_command(interaction: discord.Interaction[Any]) -> bool:
    return interaction.type is discord.InteractionType.application_command
