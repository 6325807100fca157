"""What an audit finds in a persona that was opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from persona.audit.finding import Finding
from persona.audit.kept import Kept, Quoted
from persona.confidence import confidence
from persona.learning.gate.borrowed import own_words
from persona.learning.gate.hand import refusals
from persona.learning.gate.lexicon import has
from persona.learning.gate.private_data import holds_contact, holds_secret
from persona.learning.gate.support import is_supported, same_words
from persona.normalise import normalise
from persona.persona import Item
from persona.registry import Registry, Slot

# Below this, a value is more likely out of date than not.
_UNSURE = 0.2
# Nobody who meant to approve a value takes longer.
_PENDING = timedelta(days=90)

# A problem of `PROBLEMS`, and its detail.
_Problem = tuple[str, str]


def look(kept: Kept, registry: Registry, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with the values, their quotes and the versions."""
    person_id, scope = kept.access.person_id, kept.access.scope
    for item in kept.items:
        for problem, detail in _look_at_item(item, registry.get(item.slot), kept, registry, now):
            yield Finding(problem, person_id, scope, item.slot, item.item_id, detail)
    held = Counter(item.slot for item in kept.items if item.status == "active")
    for name, number in held.items():
        slot = registry.get(name)
        if slot is not None and number > slot.max_items:
            yield Finding("too_many", person_id, scope, name, detail=f"{number} values")
    for item_id, quotes in kept.quotes.items():
        for quote in quotes:
            if quote.lost or not _is_said(quote):
                detail = f"message {quote.message_id}" + (" is gone" if quote.lost else "")
                yield Finding("orphaned_evidence", person_id, scope, quote.slot, item_id, detail)
    for detail in _broken(kept):
        yield Finding("version_chain", person_id, scope, detail=detail)


def _look_at_item(
    item: Item, slot: Slot | None, kept: Kept, registry: Registry, now: datetime
) -> Iterator[_Problem]:
    if slot is None:
        yield "unknown_slot", ""
        return
    quotes = kept.quotes[item.item_id]
    for other in kept.items:
        if (
            other.item_id < item.item_id
            and other.slot == item.slot
            and same_words(other.value, item.value)
        ):
            yield "duplicate", f"of {other.item_id}"
            break
    codes = [refusal.code for refusal in refusals(slot, item.value, (), registry)]
    texts = [normalise(quote.text) for quote in quotes]
    if any(map(holds_secret, texts)):
        codes.append("secret")
    if any(map(holds_contact, texts)):
        codes.append("contact")
    for code in dict.fromkeys(codes):
        yield code, ""
    if item.basis != "edited" and item.status == "active" and kept.is_whole(item.item_id):
        yield from _look_at_support(item, slot, quotes, now)
    if item.valid_until is not None and item.valid_until < now.date():
        yield "stale", f"held until {item.valid_until}"
    if item.status == "pending" and now - kept.changed_at[item.item_id] > _PENDING:
        yield "stale", "waits for approval"


def _look_at_support(
    item: Item, slot: Slot, quotes: list[Quoted], now: datetime
) -> Iterator[_Problem]:
    asked = any(quote.commanded for quote in quotes)
    if has(normalise(item.value), "sensitive") and not asked:
        yield "sensitive", ""
    if not quotes:
        yield "unsupported", "no quote"
    elif (
        item.basis == "stated"
        and slot.kind != "choice"
        and not is_supported(item.value, (quote.text for quote in quotes))
    ):
        yield "unsupported", "quotes do not say it"
    elif confidence(item, slot, now) < _UNSURE:
        yield "stale", "not said for long"


def _is_said(quote: Quoted) -> bool:
    return quote.said is None or normalise(quote.text) in normalise(own_words(quote.said))


def _broken(kept: Kept) -> Iterator[str]:
    """Yield what is wrong with the chain of versions, and with its end."""
    before: int | None = None
    for row, _ in kept.versions:
        number = row["version"]
        if number != (before or 0) + 1:
            yield f"version {(before or 0) + 1} is missing"
        if row["parent"] != before:
            yield f"version {number} has another parent than {before or 'none'}"
        before = number
    if kept.version_lost:
        return
    if (before or 0) != kept.access.version:
        yield f"version {kept.access.version} is missing"
        return
    last = kept.versions[-1][1] if kept.versions else None
    if (before and last is None) or kept.values_lost:
        return
    now = {item.item_id: item.snapshot() for item in kept.items}
    then = {name: item.snapshot() for name, item in last.items.items()} if last else {}
    if now != then:
        yield f"version {before or 0} is not what is kept"
