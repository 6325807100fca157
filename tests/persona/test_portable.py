"""Export, erasure, and import: the same persona again, and nothing that the gate refuses."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings
from persona.audit import audit
from persona.portable import LARGEST, CannotImport, PortablePersona, Problem, read
from persona.services import Services, open_services
from tests.persona.learning.test_learning import converse
from tests.support.clock import ManualClock
from tests.support.model import ScriptedModel, proposal, updates
from tests.support.stores import Stores
from tests.support.traces import Saved, traces, whereabouts

SCOPE = "guild:7"
MEI = 1187654321098765432
SAID = "my name is Zephyrine, I love quartz narwhals, be short"
STYLES, INTERESTS = "preference.styles", "personality.values_and_interests"


@pytest.fixture
async def learned(
    settings: Settings, stores: Stores, clock: ManualClock, model: ScriptedModel
) -> AsyncIterator[Services]:
    store = await stores.new("portable")
    async with open_services(settings.model_copy(update={"store": store}), clock=clock) as services:
        await services.consent.decide(MEI, "remember")
        guess = proposal(STYLES, "short answers", 1, "be short", op="add_item", basis="inferred")
        guess["evidence"].append({"msg": 3, "quote": "too long"})
        model.script(
            updates(
                proposal("demographics.name", "Zephyrine", 1, "my name is Zephyrine"),
                proposal(INTERESTS, "quartz narwhals", 1, "I love quartz narwhals", op="add_item"),
                guess,
            )
        )
        await converse(services, clock, SAID, "too long, please", "c", person=MEI)
        await services.learner.tick()
        await services.editor.set(
            MEI, SCOPE, INTERESTS, "velvet axolotls", valid_until=date(2030, 1, 2)
        )
        await services.editor.lock(MEI, SCOPE, INTERESTS)
        yield services


def file(persona: PortablePersona) -> bytes:
    return persona.model_dump_json().encode()


async def state(services: Services) -> list[tuple[Any, ...]]:
    persona = await services.personas.load(MEI, SCOPE)
    return [
        (item.slot, item.value, item.status, item.valid_until and item.valid_until.isoformat())
        for item in persona.items
    ]


async def test_after_an_erasure_an_import_brings_the_same_persona_back(
    learned: Services, stores: Stores
) -> None:
    before = await state(learned)
    assert {status for _, _, status, _ in before} == {"active", "pending"}
    assert len(before) == 4
    taken = file(await learned.portable.export(MEI, SCOPE))
    saved = await Saved.of(learned, MEI, [SCOPE])
    store = learned.settings.store
    assert await whereabouts(stores, store, MEI)
    await learned.erasure.erase(MEI)
    assert await learned.erasure.left(MEI) == {}
    assert await whereabouts(stores, store, MEI) == set()
    assert await traces(stores, store, saved, "Zephyrine", "narwhals", "axolotls") == set()
    await learned.consent.decide(MEI, "remember")
    imported = await learned.portable.import_(MEI, SCOPE, read(taken, SCOPE))
    assert (imported.values, imported.refused) == (4, [])
    assert await state(learned) == before
    assert await learned.editor.locked(MEI, SCOPE) == {INTERESTS}
    persona = await learned.personas.load(MEI, SCOPE)
    assert {item.basis for item in persona.items if item.status == "active"} == {"edited"}
    findings = await audit(learned.database, learned.keys, learned.registry, learned.clock.now())
    assert findings == []
    (version,) = await learned.editor.versions(MEI, SCOPE)
    assert (version.cause, version.actor) == ("import", "person")
    await learned.editor.undo(MEI, SCOPE, version.number)
    assert await state(learned) == []
    assert await learned.editor.locked(MEI, SCOPE) == set()


async def test_a_file_locks_only_what_it_brought(learned: Services) -> None:
    found = json.loads(file(await learned.portable.export(MEI, SCOPE)))
    tea = found["items"][0] | {"slot": STYLES, "value": "with tea", "quotes": []}
    french = tea | {"slot": "demographics.languages", "value": "French"}
    found["items"] = [tea, french]
    found["locked"] = [STYLES, "demographics.languages", "demographics.name", "pattern.topics"]
    brought = read(json.dumps(found).encode(), SCOPE)
    imported = await learned.portable.import_(MEI, SCOPE, brought)
    assert imported.values == 2
    assert await learned.editor.locked(MEI, SCOPE) == {INTERESTS, "demographics.languages"}
    assert imported.version is not None
    await learned.editor.undo(MEI, SCOPE, imported.version)
    assert await learned.editor.locked(MEI, SCOPE) == {INTERESTS}


async def test_the_file_has_values_quotes_and_links(learned: Services) -> None:
    exported = await learned.portable.export(
        MEI, SCOPE, link=lambda *place: "/".join(map(str, place)), label=str.upper
    )
    assert [slot.label for slot in exported.slots if slot.slot == "demographics.name"] == ["NAME"]
    (name,) = [item for item in exported.items if item.slot == "demographics.name"]
    (quote,) = name.quotes
    assert (name.value, name.basis, quote.text) == ("Zephyrine", "stated", "my name is Zephyrine")
    assert quote.link == f"{SCOPE}/1050/1000"
    assert name.since > quote.said_at
    assert exported.locked == [INTERESTS]
    assert str(MEI) not in file(exported).decode()


async def test_a_second_import_changes_nothing(learned: Services) -> None:
    taken = read(file(await learned.portable.export(MEI, SCOPE)), SCOPE)
    await learned.portable.import_(MEI, SCOPE, taken)
    before = await state(learned)
    again = await learned.portable.import_(MEI, SCOPE, taken)
    assert again.values == 0
    assert again.version is None
    assert {refused.reason for refused in again.refused} == {"known"}
    assert await state(learned) == before


async def test_what_the_gate_refuses_is_told_and_the_rest_taken(learned: Services) -> None:
    exported = json.loads(file(await learned.portable.export(MEI, SCOPE)))
    plain = exported["items"][0] | {"quotes": [], "status": "active"}
    key = "sk-abcdefghijklmnopqrstuvwxyz123456"
    exported["items"] = [
        plain | {"slot": "no.such", "value": "x"},
        plain | {"slot": INTERESTS, "value": key},
        plain | {"slot": INTERESTS, "value": "  "},
        plain | {"slot": INTERESTS, "value": "x" * 3000},
        plain | {"slot": "demographics.name", "value": "Quillon"},
        plain | {"slot": "demographics.name", "value": "Marigold"},
        plain | {"slot": INTERESTS, "value": "tea"},
    ]
    exported["locked"] = ["no.such"]
    imported = await learned.portable.import_(
        MEI, SCOPE, read(json.dumps(exported).encode(), SCOPE)
    )
    assert imported.values == 2
    reasons = [refused.reason for refused in imported.refused]
    assert [reason for reason in reasons if isinstance(reason, str)] == ["unknown_slot", "taken"]
    assert len(reasons) == 5
    values = {value for slot, value, _, _ in await state(learned) if slot == "demographics.name"}
    assert values == {"Quillon"}
    assert "tea" in {value for _, value, _, _ in await state(learned)}


async def test_what_was_forgotten_may_be_brought_back_by_hand(learned: Services) -> None:
    taken = read(file(await learned.portable.export(MEI, SCOPE)), SCOPE)
    persona = await learned.personas.load(MEI, SCOPE)
    for item in persona.items:
        await learned.editor.forget(MEI, SCOPE, item.item_id)
    await learned.portable.import_(MEI, SCOPE, taken)
    assert {value for _, value, _, _ in await state(learned)} == {
        item.value for item in persona.items
    }


async def test_a_pause_does_not_keep_from_importing(learned: Services) -> None:
    taken = read(file(await learned.portable.export(MEI, SCOPE)), SCOPE)
    await learned.personas.reset(MEI, SCOPE)
    await learned.pausing.pause(MEI, SCOPE)
    assert (await learned.portable.import_(MEI, SCOPE, taken)).values == 4


EMPTY = {
    "format": "rapport-persona",
    "version": 1,
    "exported_at": "2026-01-01T00:00:00Z",
    "scope": "dm",
    "slots": [],
    "items": [],
    "locked": [],
}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not_json"),
        (b"not json", "not_json"),
        (b"\xff\xfe{}", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[]", "other_format"),
        (b'{"format": "rapport-everything", "version": 1}', "other_format"),
        (json.dumps(EMPTY | {"version": 2}).encode(), "newer_version"),
        (json.dumps(EMPTY | {"version": "1"}).encode(), "malformed"),
        (json.dumps(EMPTY | {"more": 1}).encode(), "malformed"),
        (json.dumps(EMPTY | {"items": [{"slot": "x"}]}).encode(), "malformed"),
        (json.dumps(EMPTY | {"locked": ["x"] * 501}).encode(), "malformed"),
        (b" " * (LARGEST + 1), "too_large"),
    ],
)
def test_other_files_have_one_problem_each(data: bytes, problem: Problem) -> None:
    with pytest.raises(CannotImport) as caught:
        read(data, SCOPE)
    assert caught.value.problem == problem


def test_a_mark_that_editors_put_before_the_text_does_no_harm() -> None:
    assert read(b"\xef\xbb\xbf" + json.dumps(EMPTY).encode(), SCOPE).items == []


@given(
    st.binary(max_size=300)
    | st.from_regex(r'\{"format": "rapport-persona".{0,80}\}').map(str.encode)
)
def test_any_bytes_are_a_persona_or_a_problem(data: bytes) -> None:
    try:
        assert read(data, SCOPE).version == 1
    except CannotImport as error:
        assert error.problem != "too_large"


def test_a_file_with_everything_holds_the_persona_of_each_place() -> None:
    item: dict[str, object] = {
        "slot": "demographics.name",
        "value": "Mei",
        "basis": "stated",
        "status": "active",
        "valid_until": None,
        "since": "2026-01-01T00:00:00Z",
        "quotes": [],
    }
    everything = {
        "format": "rapport-everything",
        "personas": {SCOPE: EMPTY | {"items": [item]}, "dm": EMPTY},
    }
    data = json.dumps(everything).encode()
    assert [each.value for each in read(data, SCOPE).items] == ["Mei"]
    assert read(data, "dm").items == []
    with pytest.raises(CannotImport):
        read(data, "guild:404")
