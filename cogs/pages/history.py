"""The page of a persona's history: what changed, when and by whom, the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import discord

from persona.history import Diff, Version, diff
from persona.persona import Item
from persona.registry import Registry

from ..text.catalogue import N_, text
from ..text.length import length
from . import controls
from .layout import Page, box, row, shown
from .words import GUESS, MORE, TOLD, WROTE, heading, named

HEADING = N_("## What changed")
NOTHING = N_("Nothing has changed here so far.")
LEARNED = N_("I learned from our conversations")
CHANGED = N_("Something was changed")
SAME = N_("No value changed.")
PENDING = N_("waits for your yes")
CAUSES: dict[str, str] = {
    "edit": N_("You wrote"),
    # What a person brings in a file counts as written by them.
    "import": N_("You wrote"),
    "forget": N_("You had me forget"),
    "approve": N_("You said yes"),
    "decline": N_("You said no"),
    "undo": N_("You took back #{version}"),
    "rollback": N_("You went back to #{version}"),
    "tool": N_("You asked for it in a conversation"),
    "remember": N_("You had me remember a message"),
    "message_edited": N_("You edited a message"),
    "message_deleted": N_("A message was deleted"),
}

VERSIONS = 5
# Of 4,000 characters, what each of five versions may take.
_CHARACTERS = 450


def history_page(
    versions: Sequence[Version],
    epoch: int,
    registry: Registry,
    number: int,
    locale: str | None,
    notice: str | None = None,
) -> Page:
    """Return one page of the history of the persona in `epoch`; `versions` are the oldest first."""
    pages = max(1, -(-len(versions) // VERSIONS))
    number = min(number, pages - 1)
    end = len(versions) - number * VERSIONS
    return Page(
        shown(notice),
        shown(heading(HEADING, number, pages, locale)),
        box(
            _body(versions, range(end - 1, max(end - VERSIONS, 0) - 1, -1), epoch, registry, locale)
        ),
        row(
            controls.history_button(number - 1, locale, controls.PREVIOUS) if number else None,
            controls.history_button(number + 1, locale, controls.NEXT)
            if number + 1 < pages
            else None,
            controls.show_button(0, locale, controls.BACK),
        ),
    )


def _body(
    versions: Sequence[Version],
    places: range,
    epoch: int,
    registry: Registry,
    locale: str | None,
) -> Iterator[discord.ui.Item[Any] | None]:
    if not versions:
        yield shown(text(locale, NOTHING))
    for place in places:
        version = versions[place]
        when = discord.utils.format_dt(version.created_at, "f")
        head = f"**#{version.number}** · {when} · {caused(version, locale)}"
        yield shown("\n".join([head, *changes(versions, place, registry, locale)]))
        newest = place == len(versions) - 1
        yield row(
            controls.version_button("undo", epoch, version.number, "history", locale),
            None
            if newest
            else controls.version_button("back", epoch, version.number, "history", locale),
        )


def caused(version: Version, locale: str | None) -> str:
    """Return who changed something, and how."""
    if version.actor == "learner":
        return text(locale, LEARNED)
    kind, _, detail = version.cause.partition(":")
    return text(locale, CAUSES.get(kind, CHANGED), version=detail)


def changes(
    versions: Sequence[Version], place: int, registry: Registry, locale: str | None
) -> list[str]:
    """Return what one version changed, a line for each value, as far as there is room."""
    before = versions[place - 1].items if place else {}
    return changed_lines(diff(before, versions[place].items), registry, locale)


def changed_lines(difference: Diff, registry: Registry, locale: str | None) -> list[str]:
    """Return a difference as lines that begin with a sign for new, gone or different.

    The signs are none that Markdown makes lists of.
    """
    lines = [f"＋ {named(item, registry, locale)}" for item in difference.added]
    lines += [f"− {named(item, registry, locale)}" for item in difference.removed]
    lines += [
        f"~ {named(after, registry, locale)} *({_state(after, locale)})*"
        for _, after in difference.changed
    ]
    if not lines:
        return [text(locale, SAME)]
    kept: list[str] = []
    used = 0
    for line in lines:
        used += length(line) + 1
        if kept and used > _CHARACTERS:
            return [*kept, text(locale, MORE, count=len(lines) - len(kept))]
        kept.append(line)
    return kept


def _state(item: Item, locale: str | None) -> str:
    if item.status == "pending":
        return text(locale, PENDING)
    return text(locale, {"edited": WROTE, "stated": TOLD, "inferred": GUESS}[item.basis])
