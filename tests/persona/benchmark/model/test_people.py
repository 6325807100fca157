"""People are whole, fit the registry, and what changes of them follows from what they are."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from persona.benchmark.model.writer import write_person
from persona.benchmark.schema import Hint
from persona.benchmark.truth import truth
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.registry import Registry
from tests.persona.benchmark.model.life import data_of
from tests.support.model import Call, ScriptedModel

REGISTRY = Registry()
HINT = Hint(hint_id="hint-0007", language="it", region="Puglia", line="Un liutaio scontroso")

VALUES: dict[str, list[str]] = {
    name: list(slot.choices[:1])
    or [f"{name} {number}" for number in range(2 if slot.kind == "list" else 1)]
    for name, slot in REGISTRY.items()
} | {"demographics.age": ["61"]}

CAREER, INTERESTS = "demographics.career", "personality.values_and_interests"


def drafted(**changes: list[str] | None) -> Call:
    """A draft of a whole person, with other values in some slots, or without them."""
    values = VALUES | {name.replace("__", "."): value for name, value in changes.items()}
    slots = [
        {"slot": name, "values": value}
        for name, value in reversed(values.items())
        if value is not None
    ]
    return Call("person_draft", json.dumps({"who": "A violin maker.", "slots": slots}))


def event(slot: str, before: str | None, after: str | None) -> dict[str, Any]:
    return {"slot": slot, "before": before, "after": after, "said": "Così è."}


def events(*drafts: dict[str, Any]) -> Call:
    return Call("event_drafts", json.dumps({"events": list(drafts)}))


async def test_a_person_has_a_value_in_every_slot(models: Models, model: ScriptedModel) -> None:
    model.script(drafted(demographics__name=["  Rocco   Greco "]))
    person = await write_person(models, HINT, REGISTRY, Random(1), changes=0, forgets=0)
    assert list(person.slots) == list(REGISTRY)
    assert person.slots["demographics.name"] == "Rocco Greco"
    assert person.slots[INTERESTS] == (f"{INTERESTS} 0", f"{INTERESTS} 1")
    assert (person.person_id, person.hint) == ("person-0007", "Un liutaio scontroso")
    (request,) = model.requests
    assert request["model"] == "the-generator"
    data = data_of(request)
    assert data["profile"] == "Un liutaio scontroso"
    assert {
        "slot": "personality.thinking_feeling",
        "holds": "MBTI, as they say",
        "values": "one of: thinking, feeling",
        "longest_value_in_characters": 120,
    } in data["slots"]


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (drafted(demographics__career=None), "missing: demographics.career"),
        (drafted(demographics__shoe=["44"]), "no slot 'demographics.shoe'"),
        (drafted(demographics__age=["61", "62"]), "demographics.age has from 1 to 1 values"),
        (drafted(demographics__career=[]), "demographics.career has from 1 to 1"),
        (drafted(demographics__age=["x" * 21]), "at most 20 characters"),
        (drafted(demographics__age=[" "]), "at most 20 characters"),
        (drafted(preference__styles=["Brief", "brief "]), "preference.styles has a value twice"),
        (drafted(personality__thinking_feeling=["both"]), "is one of: thinking, feeling"),
    ],
)
async def test_what_does_not_fit_the_registry_is_refused(
    models: Models, model: ScriptedModel, draft: Call, reason: str
) -> None:
    model.script(draft)
    with pytest.raises(InvalidAnswer, match=reason):
        await write_person(models, HINT, REGISTRY, Random(1))
    assert len(model.requests) == 2


async def test_a_slot_is_there_once(models: Models, model: ScriptedModel) -> None:
    document = json.loads(drafted().arguments)
    document["slots"].append({"slot": "demographics.age", "values": ["62"]})
    model.script(Call("person_draft", json.dumps(document)))
    with pytest.raises(InvalidAnswer, match=r"demographics\.age is there twice"):
        await write_person(models, HINT, REGISTRY, Random(1))


async def test_events_happen_when_they_are_wanted(models: Models, model: ScriptedModel) -> None:
    career = VALUES[CAREER][0]
    model.script(
        drafted(),
        events(
            event(CAREER, career, "restauratore"),
            event(INTERESTS, None, "le rose"),
        ),
    )
    person = await write_person(models, HINT, REGISTRY, Random(3), changes=2, forgets=0)
    wanted = data_of(model.requests[1])["wanted"]
    assert [(each.session, each.kind) for each in person.events] == [
        (each["session"], each["kind"]) for each in wanted
    ]
    assert all(4 <= each.session <= 32 for each in person.events)
    assert "demographics.name" not in data_of(model.requests[1])["persona"]
    assert "personality.thinking_feeling" not in data_of(model.requests[1])["persona"]
    now = truth(person, 32)
    assert now.values[CAREER] == ("restauratore",)
    assert now.former[CAREER] == (career,)
    assert now.values[INTERESTS][-1] == "le rose"


async def test_a_wish_to_forget_leaves_the_value_true(models: Models, model: ScriptedModel) -> None:
    first = VALUES[INTERESTS][0]
    model.script(drafted(), events(event(INTERESTS, first, None)))
    person = await write_person(models, HINT, REGISTRY, Random(3), changes=0, forgets=1)
    now = truth(person, 32)
    assert first in now.values[INTERESTS]
    assert first not in now.usable[INTERESTS]


CHANGE, FORGET = (1, 0), (0, 1)


@pytest.mark.parametrize(
    ("draft", "wanted", "reason"),
    [
        ([], CHANGE, "Exactly 1 events"),
        ([event(CAREER, "baker", "cook")], CHANGE, "does not hold what stands under `before`"),
        ([event(CAREER, None, "cook")], CHANGE, "holds one value"),
        ([event(CAREER, VALUES[CAREER][0], VALUES[CAREER][0].upper())], CHANGE, "already"),
        ([event(CAREER, VALUES[CAREER][0], "x" * 121)], CHANGE, "at most 120 characters"),
        ([event(CAREER, VALUES[CAREER][0], "cook")], FORGET, "a value before and none after"),
        ([event(CAREER, None, None)], CHANGE, "needs a value before or after"),
        ([event("demographics.name", "x", "y")], CHANGE, "one of those in the data"),
        ([event("personality.thinking_feeling", "thinking", "feeling")], CHANGE, "one of those"),
        ([event(INTERESTS, None, "a"), event(INTERESTS, None, "b")], (2, 0), "a slot of its own"),
    ],
)
async def test_events_that_cannot_be_are_refused(
    models: Models,
    model: ScriptedModel,
    draft: list[dict[str, Any]],
    wanted: tuple[int, int],
    reason: str,
) -> None:
    model.script(drafted(), events(*draft))
    changes, forgets = wanted
    with pytest.raises(InvalidAnswer, match=reason):
        await write_person(models, HINT, REGISTRY, Random(3), changes=changes, forgets=forgets)
