"""What was written in a modal is kept, or the person is told why not and may try again.

Modals are known by their custom id, like buttons, so one opened before a restart works.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import discord

from persona.errors import EditError

from ..errors import report
from ..host import services_of, whose
from ..locales import locale_for
from ..pages.controls import (
    BACK,
    TRY_AGAIN,
    add_button,
    item_button,
    show_button,
)
from ..pages.modals import typed_part
from ..pages.showing import agreed, gone, show_notice, show_persona, why_not
from ..text.catalogue import N_, text
from ..text.plain import plain, shortened

KEPT = N_("I keep it: {value}")

_SHOWN = 200

_ADD = re.compile(r"rapport:write:add$")
_EDIT = re.compile(r"rapport:write:edit:(?P<item>\d{8,}:[0-9a-f]{32}:\d{4,}):(?P<page>\d{1,4})$")


async def submitted(interaction: discord.Interaction[Any]) -> None:
    """Keep what was written in a modal of this file; of others nothing is known."""
    data: dict[str, Any] = dict(interaction.data or {})
    custom_id = data.get("custom_id", "")
    add, edit = _ADD.match(custom_id), _EDIT.match(custom_id)
    if interaction.type is not discord.InteractionType.modal_submit or not (add or edit):
        return
    try:
        locale = await locale_for(interaction)
        written = dict(_written(data.get("components", [])))
        if edit is not None:
            await _edit(interaction, edit["item"], int(edit["page"]), written["value"], locale)
        else:
            await _add(interaction, written["slot"], written["value"], locale)
    except Exception as error:
        await report(interaction, error)


async def _add(interaction: discord.Interaction[Any], slot: str, value: str, locale: str) -> None:
    if not await agreed(interaction, locale):
        return
    await interaction.response.defer()
    try:
        item_id = await services_of(interaction).editor.set(*whose(interaction), slot, value)
    except EditError as error:
        again = add_button(locale, TRY_AGAIN, slot)
        await _refuse(interaction, error, value, again, 0, locale)
        return
    await _kept(interaction, item_id, 0, locale)


async def _edit(
    interaction: discord.Interaction[Any], item_id: str, page: int, value: str, locale: str
) -> None:
    await interaction.response.defer()
    services = services_of(interaction)
    persona = await services.personas.load(*whose(interaction))
    item = persona.item(item_id)
    if item is None:
        await show_persona(interaction, locale, page, gone(interaction, locale))
        return
    try:
        kept = await services.editor.set(*whose(interaction), item.slot, value, replaces=item_id)
    except EditError as error:
        again = item_button("retry", item_id, page, locale)
        await _refuse(interaction, error, value, again, page, locale)
        return
    await _kept(interaction, kept, page, locale)


async def _kept(
    interaction: discord.Interaction[Any], item_id: str, page: int, locale: str
) -> None:
    persona = await services_of(interaction).personas.load(*whose(interaction))
    values = [item.value for item in persona.items if item.item_id == item_id]
    notice = text(locale, KEPT, value=plain(shortened("".join(values), _SHOWN)))
    await show_persona(interaction, locale, page, notice)


async def _refuse(
    interaction: discord.Interaction[Any],
    error: EditError,
    value: str,
    again: discord.ui.Item[Any],
    page: int,
    locale: str,
) -> None:
    """Say why, and keep what was typed."""
    await show_notice(
        interaction,
        why_not(interaction, error, locale),
        again,
        show_button(page, locale, BACK),
        typed=typed_part(value),
    )


def _written(components: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield each field's custom id and what was written or chosen in it."""
    for component in components:
        field = component.get("component", component)
        values = field.get("values") or [field.get("value", "")]
        yield field.get("custom_id", ""), values[0]
