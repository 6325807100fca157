"""The page of what is known: what waits for approval, then value by value under their groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord

from persona.persona import Item, Persona
from persona.registry import GROUPS, Group, Registry

from ..text.catalogue import N_, text
from ..text.length import length
from ..text.plain import plain
from . import controls
from .known import Known
from .layout import Page, box, row, shown
from .words import GROUP_NAMES, WAITING, entry, heading, slot_label, value_shown

HEADING = N_("## What I know about you here")
NOTHING = N_("I know nothing about you here.")
NOTHING_YET = N_("I learn after every {every} conversations that have ended.")
NOT_AGREED = N_("You have not agreed that I remember you, so I learn nothing.")
OTHER = N_("Fields that are not used any more")
HINT = N_("-# Only you see this. `/persona reset` erases all of it.")

# Of 4,000 characters and 40 components, what is left beside heading, notice, menus and buttons.
_CHARACTERS = 2600
_PENDING = 4


def ordered(persona: Persona, registry: Registry) -> list[Item]:
    """Return the items in the order of the pages: what waits first, then group by group."""
    slots = list(registry)

    def place(item: Item) -> tuple[bool, int, int]:
        slot = registry.get(item.slot)
        if slot is None:
            return (item.status != "pending", len(GROUPS), 0)
        return (item.status != "pending", GROUPS.index(slot.group), slots.index(item.slot))

    return sorted(persona.items, key=place)


def pages_of(known: Known, locale: str | None) -> list[list[Item]]:
    """Return the items of each page; there is at least one page."""
    pages: list[list[Item]] = [[]]
    used = pending = 0
    for item in ordered(known.persona, known.registry):
        label = plain(slot_label(known.registry, item.slot, locale))
        size = length(entry(item, known, locale)) + length(label) + 10
        waits = item.status == "pending"
        full = (
            used + size > _CHARACTERS
            or len(pages[-1]) >= controls.OPTIONS
            or (waits and pending >= _PENDING)
        )
        if full and pages[-1]:
            pages.append([])
            used = pending = 0
        pages[-1].append(item)
        used += size
        pending += waits
    return pages


def persona_page(known: Known, number: int, locale: str | None, notice: str | None = None) -> Page:
    """Return one page of what is known; a number too high is the last one's.

    `notice` says what was just done, as Markdown.
    """
    pages = pages_of(known, locale)
    number = min(number, len(pages) - 1)
    items = pages[number]
    registry = known.registry
    chooses = [
        (item, value_shown(item, registry, locale), slot_label(registry, item.slot, locale))
        for item in items
    ]
    return Page(
        shown(notice),
        shown(heading(HEADING, number, len(pages), locale)),
        box(_body(items, known, number, locale)),
        row(controls.item_select(chooses, number, locale)) if items else None,
        row(
            controls.show_button(number - 1, locale, controls.PREVIOUS) if number else None,
            controls.show_button(number + 1, locale, controls.NEXT)
            if number + 1 < len(pages)
            else None,
        ),
        row(
            controls.version_button("undo", *known.undo, "show", locale, controls.UNDO)
            if known.undo
            else None,
            controls.history_button(0, locale) if known.undo or items else None,
            controls.add_button(locale),
        ),
        shown(text(locale, HINT)),
    )


def nothing(known: Known, locale: str | None) -> str:
    """Return why nothing is known."""
    why = text(locale, NOTHING_YET, every=known.every) if known.agreed else text(locale, NOT_AGREED)
    return f"{text(locale, NOTHING)} {why}"


def _body(
    items: list[Item], known: Known, page: int, locale: str | None
) -> Iterator[discord.ui.Item[Any] | None]:
    if not items:
        yield shown(nothing(known, locale))
        return
    waiting = [item for item in items if item.status == "pending"]
    if waiting:
        yield shown(f"**{text(locale, WAITING)}**")
    for item in waiting:
        label = plain(slot_label(known.registry, item.slot, locale))
        yield shown(f"- {label}: {entry(item, known, locale)}")
        yield row(
            controls.item_button("approve", item.item_id, page, locale),
            controls.item_button("decline", item.item_id, page, locale),
        )
    groups: dict[Group | None, list[Item]] = {}
    for item in items:
        if item.status != "pending":
            groups.setdefault(_group(item, known), []).append(item)
    for group, members in groups.items():
        name = OTHER if group is None else GROUP_NAMES[group]
        lines = [f"**{text(locale, name)}**", *_lines(members, known, locale)]
        yield shown("\n".join(lines))


def _group(item: Item, known: Known) -> Group | None:
    slot = known.registry.get(item.slot)
    return slot.group if slot is not None else None


def _lines(items: list[Item], known: Known, locale: str | None) -> Iterator[str]:
    """Yield a line for each value; those of a list stand under their name."""
    slots: dict[str, list[Item]] = {}
    for item in items:
        slots.setdefault(item.slot, []).append(item)
    for name, values in slots.items():
        label = plain(slot_label(known.registry, name, locale))
        if name in known.locked:
            label += " 🔒"
        if len(values) == 1:
            yield f"- {label}: {entry(values[0], known, locale)}"
            continue
        yield f"- {label}:"
        for value in values:
            yield f"  - {entry(value, known, locale)}"
