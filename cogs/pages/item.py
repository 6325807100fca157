"""The page of one value: why it is known, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import discord

from persona.editing import Why
from persona.persona import Item

from ..text.catalogue import N_, text
from ..text.length import length
from ..text.plain import plain, shortened
from . import controls
from .known import Known
from .layout import Page, box, row, shown
from .words import MORE, WAITING, facts, jump_url, slot_label, value_shown

WHY = N_("**Why I think so**")
WHY_WROTE = N_("You wrote it yourself.")
WHY_GONE = N_("The words it came from are gone. I use it again once you approve it.")
LOCKED = N_("🔒 You locked this field: I keep it as it is. You can still change it.")
SAID_THERE = N_("[Go to message]({url})")

# Of 4,000 characters, the quotes; beside them stand the value and a notice.
_QUOTES = 1600
_QUOTE = 200


def item_page(
    item: Item,
    why: Sequence[Why],
    known: Known,
    page: int,
    locale: str | None,
    notice: str | None = None,
) -> Page:
    """Return the page of `item`, which leads back to page number `page`."""
    locked = item.slot in known.locked
    in_use = item.slot in known.registry
    lines = [
        f"### {plain(slot_label(known.registry, item.slot, locale))}",
        plain(value_shown(item, known.registry, locale)),
        f"-# {facts(item, known, locale)}",
    ]
    waits = item.status == "pending"
    if waits:
        lines.append(f"-# {text(locale, WAITING)}")
    if locked:
        lines.append(f"-# {text(locale, LOCKED)}")
    reasons = "\n".join(_reasons(item, why, known.persona.scope, locale))
    return Page(
        shown(notice),
        box([shown("\n".join(lines)), discord.ui.Separator(), shown(reasons)]),
        row(
            controls.item_button("approve", item.item_id, page, locale) if in_use else None,
            controls.item_button("decline", item.item_id, page, locale),
        )
        if waits
        else None,
        row(
            controls.item_button("edit", item.item_id, page, locale) if in_use else None,
            controls.item_button("forget", item.item_id, page, locale),
            controls.item_button("unlock" if locked else "lock", item.item_id, page, locale)
            if in_use
            else None,
            controls.show_button(page, locale, controls.BACK),
        ),
    )


def _reasons(item: Item, why: Sequence[Why], scope: str, locale: str | None) -> Iterator[str]:
    yield text(locale, WHY)
    if not why:
        yield text(locale, WHY_WROTE if item.basis == "edited" else WHY_GONE)
    used = 0
    # One message may have been quoted alike by several runs.
    said_once = list({(reason.message_id, reason.quote): reason for reason in why}.values())
    for number, reason in enumerate(said_once):
        quote = f"> {plain(shortened(' '.join(reason.quote.split()), _QUOTE))}"
        said = f"-# {discord.utils.format_dt(reason.said_at, 'f')}"
        thread_id = reason.thread_id
        url = jump_url(scope, thread_id, reason.message_id) if thread_id is not None else None
        if url is not None:
            said += f" · {text(locale, SAID_THERE, url=url)}"
        used += length(quote) + length(said)
        if number and used > _QUOTES:
            yield text(locale, MORE, count=len(said_once) - number)
            return
        yield quote
        yield said
