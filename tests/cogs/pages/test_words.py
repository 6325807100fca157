"""How sure a value is, since when and until when, in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cogs.pages.known import Known
from cogs.pages.words import entry
from persona.persona import Item, Persona
from persona.registry import Registry

NOW = datetime(2026, 5, 1, tzinfo=UTC)
INTERESTS, AGE = "personality.values_and_interests", "demographics.age"


def shown(slot: str, **changes: Any) -> str:
    given: dict[str, Any] = {"basis": "stated", "status": "active", "messages": 1, "sessions": 1}
    item = Item("id", slot, "it", **(given | {"said_at": NOW} | changes))
    persona = Persona(1, "dm", 1, 1, (item,), NOW.date())
    known = Known(persona, Registry(), frozenset(), None, True, 3, NOW)
    return entry(item, known, "en-US").removeprefix("it *(").removesuffix(")*")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"basis": "edited"}, "you wrote it"),
        ({"basis": "edited", "messages": 0, "said_at": None}, "you wrote it"),
        ({}, "you told me"),
        ({"said_at": NOW - timedelta(days=366)}, "not sure any more"),
        ({"said_at": NOW - timedelta(days=364)}, "you told me"),
        ({"messages": 0, "said_at": None}, "the words it came from are gone"),
        ({"basis": "inferred", "messages": 2, "sessions": 2}, "a guess"),
        ({"basis": "inferred", "messages": 4, "sessions": 4}, "likely"),
    ],
)
def test_how_sure_it_is(changes: dict[str, Any], words: str) -> None:
    assert shown(AGE, **changes) == words


def test_a_field_that_is_no_more_is_still_spoken_of() -> None:
    assert shown("preference.gone", said_at=NOW - timedelta(days=9000)) == "you told me"
    assert shown("preference.gone", basis="inferred") == "a guess"


def test_since_when_and_until_when() -> None:
    since = datetime(2026, 1, 2, tzinfo=UTC)
    told = f"you told me, since <t:{int(since.timestamp())}:d>"
    assert shown(INTERESTS, known_since=since) == told
    for day, words in (
        (date(2026, 4, 30), "over since <t:1777550400:d>"),  # At noon.
        (date(2026, 5, 1), "until <t:1777636800:d>"),
    ):
        assert shown(INTERESTS, known_since=since, valid_until=day) == f"{told}, {words}"
