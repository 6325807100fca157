"""Why something is not kept, in the person's language.

The engine says it in codes: those of the gate's rules and of what goes wrong with an edit.
"""

from __future__ import annotations

from collections.abc import Mapping

from persona.errors import EditError
from persona.registry import Registry, Slot

from .catalogue import N_, text
from .plain import plain, shortened

_SECRET = N_("I keep no passwords, keys or numbers of accounts.")
_UNCLEAR = N_("I could not make out from it what I should keep about you.")
_NOT_SELF = N_("I keep only what is about you yourself.")
_LONGEST = 600

REFUSALS: Mapping[str, str] = {
    # What goes wrong with an edit.
    "no_value": N_("{slot} needs a value."),
    "erased": N_("Everything was erased in the meantime. This is how it is now."),
    "gone": N_("That is not there any more. This is how it is now."),
    "no_version": N_("That version is not there any more. This is how it is now."),
    "no_run": N_("I learned nothing then, or it was erased."),
    "no_consent": N_("You have not agreed that I remember you, so I keep nothing."),
    "nothing_found": N_("I found nothing in it that I could keep about you."),
    "changed": N_("Something changed in the meantime. Please try again."),
    # What the gate refuses: the form.
    "about_other": _NOT_SELF,
    "unknown_slot": N_("I have no such field."),
    "wrong_kind": N_("{slot} takes one of: {choices}."),
    "unknown_item": _UNCLEAR,
    "already_ended": _UNCLEAR,
    "null_phrase": N_("That says that nothing is known. Leave it out instead."),
    "too_long": N_("{slot} holds at most {length} characters."),
    "too_many": N_("{slot} is full: it holds {items} values. Forget one of them first."),
    "too_many_updates": _UNCLEAR,
    # Who may change what.
    "locked": N_("You locked {slot}, so I leave it as it is."),
    "deleted": N_("You had me forget that."),
    "own_edit": N_("You wrote {slot} yourself, so I leave it as it is. You can edit it."),
    "weaker": N_("What you told me counts more than what I guess."),
    "outdated": N_("You told me something else since then."),
    "too_much_change": N_("That would change too much at once."),
    # What it rests on.
    "not_inferable": _UNCLEAR,
    "no_evidence": _UNCLEAR,
    "too_much_evidence": _UNCLEAR,
    "outside_batch": _UNCLEAR,
    "not_by_person": N_("I remember only what you said yourself."),
    "quote_too_long": _UNCLEAR,
    "quote_not_found": _UNCLEAR,
    "quoted_text": N_("Those are not your own words, so I do not keep them."),
    "already_over": N_("That is over already."),
    "unsupported": _UNCLEAR,
    "example": _UNCLEAR,
    "too_little_support": _UNCLEAR,
    # What it is.
    "look_alike": N_("It mixes letters of different scripts that look alike."),
    "secret": _SECRET,
    "contact": N_("I keep no addresses, phone numbers, links or account names."),
    "instruction": N_("I keep what is about you, but no orders."),
    "sensitive": N_("That is personal: I keep it only if you write it down yourself."),
    # What its words say.
    "third_party": _NOT_SELF,
    "corrected": N_("You corrected that later."),
    "hypothetical": N_("That sounds like something imagined, so I do not keep it."),
    "just_once": N_("That sounds like something for this once, so I do not keep it."),
    "role_play": N_("That is said in a role, so I do not keep it."),
    "sarcasm": N_("That does not sound meant in earnest, so I do not keep it."),
    "question": N_("That is a question; it says nothing about you."),
    "negated": N_("It says the opposite."),
    "not_ended": N_("It does not say that this is over."),
}

_NEEDS_VALUE = N_("{slot} cannot be written like that.")


def refused(error: EditError, registry: Registry, locale: str | None) -> str:
    """Return why an edit was not made, as Markdown."""
    message = REFUSALS.get(error.code, _UNCLEAR)
    slot = registry.get(error.slot or "")
    if error.code == "wrong_kind" and (slot is None or not slot.choices):
        message = _NEEDS_VALUE
    return shortened(text(locale, message, **_values(slot, error.slot, locale)), _LONGEST)


def _values(slot: Slot | None, name: str | None, locale: str | None) -> dict[str, object]:
    if slot is None:
        return {"slot": plain(name or "…"), "choices": "…", "length": "…", "items": "…"}
    return {
        "slot": plain(text(locale, slot.label)),
        "choices": plain(", ".join(text(locale, choice) for choice in slot.choices)),
        "length": slot.max_length,
        "items": slot.max_items,
    }
