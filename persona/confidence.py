"""How sure a value is: from its evidence, never from a model's word (memory-systems 5.2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from persona.persona import Item
from persona.registry import Slot

# What one more session leaves of the doubt. A plain statement seldom errs; a trait takes many.
_DOUBT = {"stated": 0.3, "inferred": 0.75}
# A second message in the same session says little new.
_DOUBT_SAME_SESSION = 0.9


def confidence(item: Item, slot: Slot, now: datetime) -> float:
    """Return how sure `item` is at `now`, from 0 to 1.

    What the person wrote themselves is certain. Otherwise it grows with distinct sessions and,
    less, with messages; in slots that age it halves every `slot.half_life_days` since the last
    time the person said it. Without evidence there is none.
    """
    if item.basis == "edited":
        return 1.0
    if not item.messages:
        return 0.0
    doubt = _DOUBT[item.basis] ** item.sessions
    doubt *= _DOUBT_SAME_SESSION ** max(item.messages - item.sessions, 0)
    sure = 1 - doubt
    if slot.half_life_days is not None and item.said_at is not None:
        age = max(now - item.said_at, timedelta(0))
        sure *= 0.5 ** (age / timedelta(days=slot.half_life_days))
    return sure


def is_uncertain(item: Item, slot: Slot, today: date) -> bool:
    """Return whether `item` may well be wrong: a guess, or not said for longer than it lasts.

    A value lasts `slot.half_life_days`; what the person wrote themselves stays certain.
    """
    if item.basis == "edited":
        return False
    if item.basis == "inferred":
        return True
    if slot.half_life_days is None or item.said_at is None:
        return False
    return today - item.said_at.date() > timedelta(days=slot.half_life_days)
