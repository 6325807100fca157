"""What an audit may find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# What is refused today, though it was kept once, goes by the gate's own codes.
PROBLEMS: Mapping[str, str] = {
    "unreadable": "sealed, and no key opens it",
    "malformed": "not what its column is for, such as a time that is none",
    "ownerless": "the person, persona or session it belongs to is gone",
    "duplicate": "says the same as another value of the slot",
    "unsupported": "has no quote, or its quotes do not say it",
    "stale": "out of date, not said for long, or waiting long for approval",
    "orphaned_evidence": "a quote whose message or value is gone, or does not say it any more",
    "version_chain": "a version is missing, or is not what it should be",
    "learned_twice": "a session that two runs learned from",
    "off_record": "a conversation the person wanted nothing kept of, by a pause or incognito",
    "unknown_slot": "a slot that the settings do not have",
    "too_many": "more values than the slot holds",
    "too_long": "longer than the slot allows",
    "wrong_kind": "none of the slot's choices",
    "null_phrase": 'only says that there is no value, such as "unknown"',
    "secret": "a password, key or number of an account",
    "contact": "an address, number, link or handle",
    "instruction": "gives orders instead of telling of the person",
    "look_alike": "mixes letters of scripts that look alike",
    "sensitive": "health, religion, politics or the like, which the person did not ask to be kept",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: one of `PROBLEMS`, and where. `detail` holds ids, never text."""

    problem: str
    person_id: int
    scope: str = ""
    slot: str = ""
    item_id: str = ""
    detail: str = ""
