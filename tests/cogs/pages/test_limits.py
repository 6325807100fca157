"""Whatever is known fits into Discord's limits, and every value is on exactly one page."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import discord
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cogs.pages.history import history_page
from cogs.pages.item import item_page
from cogs.pages.known import Known
from cogs.pages.layout import Page
from cogs.pages.persona import pages_of, persona_page
from cogs.text.length import length
from cogs.views.persona import ITEMS
from persona.editing import Why
from persona.history import Version
from persona.persona import Basis, Item, Persona
from persona.registry import Registry

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SLOTS = [*Registry(), "preference.gone_since"]
# What may stand in a value: folded white space, up to 400 characters of anything.
VALUES = st.one_of(
    st.text(min_size=1, max_size=400).filter(str.strip),
    st.sampled_from(["*" * 400, "🦀" * 200, "x" * 400, "<@1>" * 100, "说" * 400]),
)
BASES: tuple[Basis, ...] = ("edited", "stated", "inferred")
NOTICES = st.sampled_from([None, "n" * 600])
LOCALES = st.sampled_from(["en-US", "zh-CN"])


# An example builds hundreds of parts.
few = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def items(draw: st.DrawFn, values: st.SearchStrategy[str] = VALUES) -> Item:
    basis: Basis = draw(st.sampled_from(BASES))
    messages = draw(st.integers(0, 3))
    return Item(
        item_id=f"{draw(st.integers(1, 99999999)):08d}:{uuid.uuid4().hex}:0000",
        slot=draw(st.sampled_from(SLOTS)),
        value=draw(values),
        basis=basis,
        status=draw(st.sampled_from(["active", "pending"])),
        valid_until=draw(st.sampled_from([None, date(2020, 1, 1), date(2030, 1, 1)])),
        messages=messages,
        sessions=messages,
        said_at=NOW - timedelta(days=draw(st.integers(0, 4000))) if messages else None,
        known_since=NOW,
    )


def known(*found: Item, locked: frozenset[str] = frozenset()) -> Known:
    persona = Persona(1, f"guild:{2**63}", 7, 99, found, NOW.date())
    return Known(persona, Registry(), locked, (123456, 123456), True, 3, NOW)


def check(page: Page) -> list[dict[str, Any]]:
    """Return the parts of a page once it was found to be within the limits."""
    parts = [part for child in components(page) for part in walk(child)]
    assert len(parts) <= 40
    texts = [part["content"] for part in parts if part["type"] == 10]
    assert all(texts)
    assert sum(map(length, texts)) <= 4000
    custom_ids = [part["custom_id"] for part in parts if "custom_id" in part]
    assert max(Counter(custom_ids).values(), default=1) == 1
    for custom_id in custom_ids:
        assert len(custom_id) <= 100
        templates = [item.__discord_ui_compiled_template__ for item in ITEMS]
        assert sum(bool(template.match(custom_id)) for template in templates) == 1
    for part in parts:
        assert len(part.get("options", [])) <= 25
        for option in part.get("options", []):
            assert 1 <= length(option["label"]) <= 100
            assert length(option["description"]) <= 100
            assert len(option["value"]) <= 100
        if part["type"] == 1:
            assert 1 <= len(part["components"]) <= 5
    return parts


def components(page: Page) -> list[dict[str, Any]]:
    return page.to_components()  # type: ignore[no-untyped-call,no-any-return]


def walk(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [part, *(each for child in part.get("components", []) for each in walk(child))]


def chosen(parts: list[dict[str, Any]]) -> list[str]:
    return [option["value"] for part in parts for option in part.get("options", [])]


@few
@given(st.lists(items(), max_size=40), NOTICES, LOCALES)
def test_every_value_is_on_one_page_within_the_limits(
    found: list[Item], notice: str | None, locale: str
) -> None:
    everything = known(*found, locked=frozenset(SLOTS))
    pages = pages_of(everything, locale)
    shown: Counter[str] = Counter()
    for number, expected in enumerate(pages):
        parts = check(persona_page(everything, number, locale, notice))
        assert chosen(parts) == [item.item_id for item in expected]
        shown.update(chosen(parts))
    assert shown == Counter(item.item_id for item in found)


@pytest.mark.parametrize("status", ["active", "pending"])
@pytest.mark.parametrize("value", ["tea", "*" * 400, "🦀" * 200])
def test_two_hundred_values_are_shown(status: Any, value: str) -> None:
    found = [
        Item(f"{n:08d}:{uuid.uuid4().hex}:0000", SLOTS[n % len(SLOTS)], value, "edited", status)
        for n in range(200)
    ]
    everything = known(*found)
    shown = [
        item_id
        for number in range(len(pages_of(everything, "en-US")))
        for item_id in chosen(check(persona_page(everything, number, "en-US", "n" * 600)))
    ]
    assert sorted(shown) == sorted(item.item_id for item in found)


@pytest.mark.parametrize("waiting", range(1, 9))
def test_what_waits_leaves_room_for_every_group(waiting: int) -> None:
    """Each that waits takes four parts of forty, each group and the turning of pages others."""
    found = [
        Item(f"{n:08d}:{uuid.uuid4().hex}:0000", "pattern.usage", f"{n}", "edited", "pending")
        for n in range(waiting)
    ]
    found += [
        Item(f"{n:08d}:{uuid.uuid4().hex}:0000", slot, "it", "edited", "active")
        for n, slot in enumerate(SLOTS * 3, 100)
    ]
    everything = known(*found)
    assert len(pages_of(everything, "en-US")) > 1
    for number in range(len(pages_of(everything, "en-US"))):
        check(persona_page(everything, number, "en-US", "done"))


def test_the_fullest_history_is_within_the_limits() -> None:
    everything = {
        f"{n}": Item(f"{n}", SLOTS[n % len(SLOTS)], "*" * 400, "edited", "active")
        for n in range(200)
    }
    versions = [
        Version(n, n - 1 or None, "person", "rollback:0", NOW, everything if n % 2 else {})
        for n in range(1, 12)
    ]
    for page in range(3):
        parts = check(history_page(versions, 2**31, Registry(), page, "en-US", "n" * 600))
        assert any("more" in part.get("content", "") for part in parts)


def test_a_page_that_is_not_there_is_the_last_one() -> None:
    everything = known(
        *[Item(f"{n:08d}:{'0' * 32}:0000", SLOTS[0], "x", "edited", "active") for n in range(30)]
    )
    last = components(persona_page(everything, 1, "en-US"))
    assert components(persona_page(everything, 99, "en-US")) == last


@few
@given(items(), st.lists(st.text(min_size=1, max_size=300), max_size=40), NOTICES, LOCALES)
@example(
    Item(f"{1:08d}:{'0' * 32}:0000", SLOTS[0], "*" * 400, "stated", "pending"),
    ["*" * 300] * 40,
    "n" * 600,
    "en-US",
)
def test_the_page_of_a_value_is_within_the_limits(
    item: Item, quotes: list[str], notice: str | None, locale: str
) -> None:
    why = [
        Why(2**63 + n, 1, NOW, quote, None if n % 3 == 0 else 2**63)
        for n, quote in enumerate(quotes)
    ]
    check(item_page(item, why, known(item), 9999, locale, notice))


@few
@given(st.lists(st.lists(items(), max_size=6), max_size=7), NOTICES, LOCALES)
def test_every_version_is_on_one_page_within_the_limits(
    snapshots: list[list[Item]], notice: str | None, locale: str
) -> None:
    versions = [
        Version(
            number,
            number - 1 or None,
            "learner" if number % 3 else "person",
            ["run", "edit", "undo:1234", "rollback:1", "import", "message_edited"][number % 6],
            NOW,
            {item.item_id: item for item in found}
            | ({"kept": replace(found[0], item_id="kept")} if found else {}),
        )
        for number, found in enumerate(snapshots, 1)
    ]
    numbers: list[int] = []
    for page in range(max(1, -(-len(versions) // 5))):
        parts = check(history_page(versions, 123456, Registry(), page, locale, notice))
        texts = [part["content"] for part in parts if part["type"] == 10]
        numbers += [int(text[3:].split("*")[0]) for text in texts if text.startswith("**#")]
    assert numbers == [version.number for version in reversed(versions)]


def test_discord_itself_takes_the_fullest_page() -> None:
    """discord.py counts parts and characters in its own way."""
    found = [
        Item(f"{n:08d}:{uuid.uuid4().hex}:0000", slot, "x" * 90, "edited", "active")
        for n, slot in enumerate(SLOTS * 2)
    ]
    waiting = [replace(item, item_id=f"1{item.item_id}", status="pending") for item in found[:4]]
    page = persona_page(known(*found, *waiting), 0, "en-US", "n" * 600)
    assert isinstance(page, discord.ui.LayoutView)
    assert page.content_length() <= 4000
