"""The buttons and selects of the pages. Their custom ids carry ids only; `views/` answers them."""

from __future__ import annotations

from typing import Any, Literal

import discord

from persona.persona import Item

from ..text.catalogue import N_, text
from ..text.plain import shortened

ItemAction = Literal["approve", "decline", "forget", "lock", "unlock", "edit", "retry"]
VersionAction = Literal["undo", "back"]
Place = Literal["show", "history"]

Button = discord.ui.Button[Any]

# Discord's limits.
OPTIONS = 25
OPTION_LENGTH = 100

PREVIOUS, NEXT = "◀", "▶"
CHOOSE = N_("Choose a value…")
SHOW = N_("Show all")
HISTORY = N_("History")
ADD = N_("Add")
UNDO = N_("Undo")
BACK = N_("Back")
TRY_AGAIN = N_("Try again")
WRITE = N_("Write it yourself")
ACTIONS: dict[ItemAction, str] = {
    "approve": N_("Approve"),
    "decline": N_("Decline"),
    "forget": N_("Forget"),
    "lock": N_("Lock"),
    "unlock": N_("Unlock"),
    "edit": N_("Edit"),
    "retry": TRY_AGAIN,
}
VERSION_ACTIONS: dict[VersionAction, str] = {
    "undo": N_("Undo this"),
    "back": N_("Back to this"),
}
_STYLES: dict[ItemAction, discord.ButtonStyle] = {
    "approve": discord.ButtonStyle.success,
    "forget": discord.ButtonStyle.danger,
    "edit": discord.ButtonStyle.primary,
    "retry": discord.ButtonStyle.primary,
}


def show_button(page: int, locale: str | None, label: str = SHOW) -> Button:
    """Return the button that leads to a page of the persona."""
    return Button(label=text(locale, label), custom_id=f"rapport:persona:show:{page}")


def history_button(page: int, locale: str | None, label: str = HISTORY) -> Button:
    """Return the button that leads to a page of the history."""
    return Button(label=text(locale, label), custom_id=f"rapport:persona:history:{page}")


def add_button(locale: str | None, label: str = ADD, slot: str | None = None) -> Button:
    """Return the button that asks for a new value; with `slot`, once more for one that failed."""
    custom_id = f"rapport:persona:add:{slot}" if slot else "rapport:persona:add"
    return Button(label=text(locale, label), custom_id=custom_id, style=discord.ButtonStyle.primary)


def item_button(action: ItemAction, item_id: str, page: int, locale: str | None) -> Button:
    """Return a button about one item, which leads back to that page."""
    return Button(
        label=text(locale, ACTIONS[action]),
        custom_id=f"rapport:item:{action}:{item_id}:{page}",
        style=_STYLES.get(action, discord.ButtonStyle.secondary),
    )


def version_button(
    action: VersionAction,
    epoch: int,
    version: int,
    place: Place,
    locale: str | None,
    label: str | None = None,
) -> Button:
    """Return a button about one version; the epoch keeps it from meaning one after a reset."""
    return Button(
        label=text(locale, label or VERSION_ACTIONS[action]),
        custom_id=f"rapport:version:{action}:{epoch}:{version}:{place}",
    )


def item_select(
    items: list[tuple[Item, str, str]], page: int, locale: str | None
) -> discord.ui.Select[Any]:
    """Return the menu of at most 25 items, each with its value and the label of its slot."""
    return discord.ui.Select(
        placeholder=text(locale, CHOOSE),
        custom_id=f"rapport:persona:choose:{page}",
        options=[
            discord.SelectOption(
                label=shortened(value, OPTION_LENGTH),
                description=shortened(label, OPTION_LENGTH),
                value=item.item_id,
            )
            for item, value, label in items[:OPTIONS]
        ],
    )
