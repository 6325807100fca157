"""Modals in which a person writes a value, and what was typed when it could not be kept."""

from __future__ import annotations

from typing import Any

import discord

from persona.registry import Registry, Slot

from ..text.catalogue import N_, text
from ..text.plain import plain, shortened, typed
from .controls import OPTION_LENGTH, OPTIONS
from .layout import shown

ADD_TITLE = N_("Something about you")
EDIT_TITLE = N_("Change it")
FIELD = N_("What is it about?")
VALUE = N_("What should I know?")
VALUE_HINT = N_("Short, in your own words")

_TITLE_LENGTH = 45
_LONGEST = 400
_TYPED = "-# "
# The place on the page where what was typed stands, so that it is there to try again.
_TYPED_ID = 7701


def add_modal(
    registry: Registry, locale: str, slot: str | None = None, value: str | None = None
) -> discord.ui.Modal:
    """Return the question for a new value: which slot, and what."""
    modal = _modal(ADD_TITLE, "rapport:write:add", locale)
    options = [
        discord.SelectOption(
            label=shortened(text(locale, each.label), OPTION_LENGTH),
            value=each.name,
            default=each.name == slot,
        )
        for each in list(registry.values())[:OPTIONS]
    ]
    menu: discord.ui.Select[Any] = discord.ui.Select(custom_id="slot", options=options)
    modal.add_item(discord.ui.Label(text=text(locale, FIELD), component=menu))
    modal.add_item(_value(_LONGEST, value, locale))
    return modal


def edit_modal(slot: Slot, item_id: str, page: int, value: str, locale: str) -> discord.ui.Modal:
    """Return the question what a value should be instead."""
    modal = _modal(EDIT_TITLE, f"rapport:write:edit:{item_id}:{page}", locale)
    label = shortened(text(locale, slot.label), _TITLE_LENGTH)
    if slot.kind == "choice":
        menu: discord.ui.Select[Any] = discord.ui.Select(
            custom_id="value",
            options=[
                discord.SelectOption(
                    label=shortened(text(locale, choice), OPTION_LENGTH),
                    value=choice,
                    default=choice == value,
                )
                for choice in slot.choices
            ],
        )
        modal.add_item(discord.ui.Label(text=label, component=menu))
        return modal
    modal.add_item(_value(slot.max_length, value, locale, label))
    return modal


def typed_part(value: str) -> discord.ui.TextDisplay[Any] | None:
    """Return what was typed as a part of a page, for `typed_before`."""
    return shown(f"{_TYPED}{plain(' '.join(value.split()))}", _TYPED_ID)


def typed_before(interaction: discord.Interaction[Any]) -> str | None:
    """Return what was typed, as it stands on the page whose button was pressed."""
    message = interaction.message
    if message is None or not message.flags.components_v2:
        return None
    found = discord.ui.LayoutView.from_message(message, timeout=None).find_item(_TYPED_ID)
    if not isinstance(found, discord.ui.TextDisplay):
        return None
    return typed(found.content.removeprefix(_TYPED))


def _modal(title: str, custom_id: str, locale: str) -> discord.ui.Modal:
    modal = discord.ui.Modal(
        title=shortened(text(locale, title), _TITLE_LENGTH), custom_id=custom_id
    )
    modal.stop()  # Nothing waits for it: whoever answers knows it by its id.
    return modal


def _value(
    most: int, value: str | None, locale: str, label: str | None = None
) -> discord.ui.Label[Any]:
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="value", max_length=most, default=(value or "")[:most] or None
    )
    return discord.ui.Label(
        text=label or text(locale, VALUE), description=text(locale, VALUE_HINT), component=field
    )
