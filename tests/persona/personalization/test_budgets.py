"""No strategy takes more room than it has, whatever people said, in whatever script."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.persona import Item, Persona
from persona.personalization.earlier import ALL, SIMILAR, render_turns
from persona.personalization.golden import golden_persona
from persona.personalization.past import PastTurn
from persona.personalization.render import render
from persona.personalization.strategy import Personalization
from persona.registry import Registry, SlotSettings
from persona.settings import PersonalizationSettings, Strategy
from persona.tokens import estimate
from persona.turns import Turn
from tests.corpus.cases import read_cases
from tests.persona.personalization.conftest import Begin, block

REGISTRY = Registry()
ROOMIEST = Registry.from_settings(
    {
        name: SlotSettings(max_length=400, max_items=50 if slot.kind == "list" else None)
        for name, slot in REGISTRY.items()
        if slot.kind != "choice"
    }
)
LETTERS = tuple('x9<"\\ßыωאمഴกཀ中あ한🫎')
WHEN = datetime(2026, 3, 1, tzinfo=UTC)
TURN = Turn(9, 1, 9, 50, "dm", 1, "hello", WHEN)

letters = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=6)


def bounds(name: str) -> st.SearchStrategy[int]:
    """Every limit the setting may have, its bounds among them."""
    limits = PersonalizationSettings.model_json_schema()["properties"][name]
    return st.integers(limits["minimum"], limits["maximum"]) | st.sampled_from(
        [limits["minimum"], limits["maximum"]]
    )


def full(registry: Registry, script: list[str]) -> Persona:
    """Every slot full, every value as long as may be."""
    items = [
        Item(
            f"{slot.name}{number}",
            slot.name,
            (script[number % len(script)] * slot.max_length)[: slot.max_length],
            "stated",
            "active",
        )
        for slot in registry.values()
        for number in range(slot.max_items)
    ]
    return Persona(1, "dm", 1, 1, tuple(items))


def values_of(persona: Persona, registry: Registry) -> dict[str, list[str]]:
    return {slot: persona.values(slot) for slot in registry}


@settings(max_examples=60)
@given(st.sampled_from([REGISTRY, ROOMIEST]), letters, bounds("persona_tokens"), st.booleans())
def test_full_personas_learned_or_golden(
    registry: Registry, script: list[str], budget: int, public: bool
) -> None:
    learned = full(registry, script)
    shown = render(learned, registry, public=public, budget=budget).text
    assert estimate(shown) <= budget or not shown
    golden = golden_persona(TURN, values_of(learned, registry), registry)
    assert render(golden, registry, public=public, budget=budget).text == shown
    assert render(learned, registry, public=public, budget=budget).text == shown


WORDS = {
    language: " ".join(line.text for case in cases for line in case.messages if line.by == "person")
    for language, cases in groupby(read_cases(), key=lambda case: case.language)
}


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize("registry", [REGISTRY, ROOMIEST], ids=["usual", "roomiest"])
def test_a_persona_at_every_limit_in_every_language_of_the_corpus(
    registry: Registry, language: str
) -> None:
    words = WORDS[language]
    items = [
        replace(item, value=(words[7 * number :] + words)[: len(item.value)], basis=basis)
        for number, item in enumerate(full(registry, ["x"]).items)
        for basis in (("stated", "inferred", "edited")[number % 3],)
    ]
    persona = Persona(1, "dm", 1, 1, tuple(items))
    lowest, default, highest = (
        PersonalizationSettings.model_json_schema()["properties"]["persona_tokens"][bound]
        for bound in ("minimum", "default", "maximum")
    )
    for budget in (lowest, default, highest):
        shown = render(persona, registry, public=False, budget=budget).text
        assert estimate(shown) <= budget
        assert shown or budget == lowest
    assert persona.items == tuple(items)


texts = st.text(max_size=300) | st.builds(
    lambda letter, length: letter * length, st.sampled_from(LETTERS), st.integers(1, 4000)
)
turns = st.lists(st.tuples(texts, texts), max_size=12).map(
    lambda pairs: [PastTurn(number, WHEN, *pair) for number, pair in enumerate(pairs)]
)


@pytest.mark.parametrize(
    ("about", "setting"), [(ALL, "full_history_tokens"), (SIMILAR, "retrieval_tokens")]
)
@settings(max_examples=100)
@given(st.data())
def test_past_turns(about: str, setting: str, data: st.DataObject) -> None:
    past, budget = data.draw(turns), data.draw(bounds(setting))
    shown = render_turns(past, about, budget=budget)
    assert estimate(shown) <= budget or not shown
    assert render_turns(past, about, budget=budget) == shown
    if sum(len(turn.said) + len(turn.reply) + 40 for turn in past) * 6 < budget - 200:
        assert shown.count("\nyou: ") == len(past)


def made(number: int, said: str, reply: str = "yes") -> PastTurn:
    return PastTurn(number, WHEN, said, reply)


def test_the_worthiest_is_kept_and_the_last_one_cut_its_reply_first() -> None:
    past = [made(3, "third"), made(1, "first", "r" * 4000), made(2, "second")]
    lines = render_turns(past, SIMILAR, budget=300).splitlines()[2:-1]
    assert [line.split('"')[1][:5] for line in lines] == ["first", "rrrrr", "third", "yes"]
    assert lines[1].endswith('rrr…"')
    assert "…" not in lines[0]


def test_the_newest_alone_is_cut_rather_than_left_out() -> None:
    shown = render_turns([made(1, "dear " * 2000, "r")], ALL, budget=500)
    assert 'person: "dear dear' in shown
    assert shown.endswith('…"\nyou: "…"\n</earlier>')
    assert 480 < estimate(shown) <= 500


def test_no_room_no_block() -> None:
    assert render_turns([made(1, "hello")], ALL, budget=60) == ""
    assert render_turns([], ALL, budget=500) == ""


SMALLEST = PersonalizationSettings(
    persona_tokens=120, retrieval_tokens=200, full_history_tokens=500
)
DEFAULT = PersonalizationSettings()


@pytest.mark.parametrize("strategy", get_args(Strategy))
@pytest.mark.parametrize("script", ["x", "ก"])
@pytest.mark.parametrize("limits", [SMALLEST, DEFAULT], ids=["smallest", "default"])
async def test_budgets_hold_in_the_prompt(
    begin: Begin, strategy: Strategy, script: str, limits: PersonalizationSettings
) -> None:
    talk = await begin(personalization=limits)
    await talk.agree()
    await talk.learn("Mei", script * 20)
    for number in range(6):
        await talk.say(f"dog {script * 1000}", script * 3000, thread=100 + number)
    values = values_of(full(REGISTRY, [script]), REGISTRY) if strategy == "golden" else None
    shown = block(await talk.say("and the dog?", by=Personalization(strategy, values)))
    budgets = {
        "none": 0,
        "persona": limits.persona_tokens,
        "golden": limits.persona_tokens,
        "retrieval": limits.retrieval_tokens,
        "full_history": limits.full_history_tokens,
    }
    if limits is DEFAULT:
        assert bool(shown) == bool(budgets[strategy])
    assert estimate(shown) <= max(budgets[strategy], estimate(""))


def test_the_person_is_not_trimmed() -> None:
    persona = full(REGISTRY, ["中"])
    before = replace(persona)
    render(persona, REGISTRY, public=False, budget=120)
    assert persona == before
