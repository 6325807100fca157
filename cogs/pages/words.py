"""How pages speak of a value: its slot, how sure it is, since when."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import discord

from persona.changes import same_value
from persona.confidence import confidence, is_uncertain
from persona.persona import Item
from persona.registry import Group, Registry, Slot

from ..text.catalogue import N_, text
from ..text.plain import plain, shortened
from .known import Known

GROUP_NAMES: dict[Group, str] = {
    "demographics": N_("About you"),
    "personality": N_("Personality"),
    "pattern": N_("Habits"),
    "preference": N_("How you like answers"),
}
WROTE = N_("you wrote it")
TOLD = N_("you told me")
LIKELY = N_("likely")
GUESS = N_("a guess")
NOT_SURE = N_("not sure any more")
WORDS_GONE = N_("the words it came from are gone")
SINCE = N_("since {day}")
UNTIL = N_("until {day}")
OVER = N_("over since {day}")
WAITING = N_("Waiting for your yes: not used until you approve it")
MORE = N_("… and {count} more")
PAGE = N_("-# Page {page} of {pages}")

# From here on a guess is more likely right than wrong.
_EVEN = 0.5


def day(moment: datetime) -> str:
    """Return a day that each reader sees in their own way of writing it."""
    return discord.utils.format_dt(moment, "d")


def calendar_day(date: date) -> str:
    """Return a day of the calendar likewise; at noon it is the same day nearly everywhere."""
    return day(datetime.combine(date, time(12), UTC))


def heading(title: str, number: int, pages: int, locale: str | None) -> str:
    """Return the heading of page `number`, counted from 0, of so many."""
    shown = text(locale, title)
    if pages > 1:
        shown += "\n" + text(locale, PAGE, page=number + 1, pages=pages)
    return shown


def jump_url(scope: str, thread_id: int, message_id: int) -> str | None:
    """Return where a message is on Discord; None where the scope does not say in which server."""
    kind, _, guild = scope.partition(":")
    if kind == "user":
        return None
    place = guild if kind == "guild" else "@me"
    return f"https://discord.com/channels/{place}/{thread_id}/{message_id}"


def slot_label(registry: Registry, name: str, locale: str | None) -> str:
    """Return the name of a slot; one that the operator removed since keeps its own."""
    slot = registry.get(name)
    return text(locale, slot.label) if slot is not None else name


def sure(item: Item, known: Known, locale: str | None) -> str:
    """Return how sure an item is, from what it rests on."""
    return text(locale, _sure(item, known))


def _sure(item: Item, known: Known) -> str:
    if item.basis == "edited":
        return WROTE
    if not item.messages:
        return WORDS_GONE
    slot = known.registry.get(item.slot)
    if item.basis == "stated":
        aged = slot is not None and is_uncertain(item, slot, known.now.date())
        return NOT_SURE if aged else TOLD
    return LIKELY if slot is not None and confidence(item, slot, known.now) >= _EVEN else GUESS


def facts(item: Item, known: Known, locale: str | None) -> str:
    """Return how sure an item is, since when it is known and until when it lasts."""
    parts = [sure(item, known, locale)]
    if item.known_since is not None:
        parts.append(text(locale, SINCE, day=day(item.known_since)))
    if item.valid_until is not None:
        over = item.valid_until < known.now.date()
        ends = calendar_day(item.valid_until)
        parts.append(text(locale, OVER if over else UNTIL, day=ends))
    return ", ".join(parts)


def value_shown(item: Item, registry: Registry, locale: str | None) -> str:
    """Return a value as it was said; one of the slot's own choices in the person's language."""
    slot = registry.get(item.slot)
    is_choice = slot is not None and slot.kind == "choice"
    return text(locale, item.value) if is_choice else item.value


def choice_meant(slot: Slot, given: str, locale: str | None) -> str:
    """Return the choice of `slot` that `given` names in the person's language, else `given`."""
    choices = slot.choices if slot.kind == "choice" else ()
    named = (choice for choice in choices if same_value(given, text(locale, choice)))
    return next(named, given)


def entry(item: Item, known: Known, locale: str | None) -> str:
    """Return a value with what is known of it, on one line."""
    value = value_shown(item, known.registry, locale)
    return f"{plain(value)} *({facts(item, known, locale)})*"


def named(item: Item, registry: Registry, locale: str | None, limit: int = 100) -> str:
    """Return a value behind the name of its slot, shortened."""
    label = slot_label(registry, item.slot, locale)
    return f"{plain(label)}: {plain(shortened(value_shown(item, registry, locale), limit))}"
