"""The tables of languages: what is said there passes the gate, and means one thing only."""

from __future__ import annotations

from itertools import chain

import pytest

from persona.benchmark.scripted.table import HINTED, STATED, Table, languages, table
from persona.benchmark.scripted.topics import TOPICS
from persona.learning.gate import Refused, judge
from persona.learning.gate.wish import asks_to
from persona.registry import Registry
from tests.support.gate import context, item, message, propose

REGISTRY = Registry()
LIST = "list"


@pytest.fixture(params=languages())
def spoken(request: pytest.FixtureRequest) -> Table:
    return table(request.param)


def _refusals(refused: list[Refused]) -> list[str]:
    return [f"{item.proposal.value}: {item.refusal.code}" for item in refused]


@pytest.mark.parametrize("slot", STATED)
def test_what_is_stated_is_accepted(spoken: Table, slot: str) -> None:
    assert len(set(spoken.values[slot])) >= (2 if slot == "demographics.gender" else 6)
    for value in spoken.values[slot]:
        assert len(value) <= REGISTRY[slot].max_length
        said = spoken.state(slot, value)
        accepted, refused = judge([propose(slot, value, (1, said))], context(said))
        assert accepted, f"{said}: {_refusals(refused)}"


@pytest.mark.parametrize("slot", STATED)
def test_what_has_ended_is_removed(spoken: Table, slot: str) -> None:
    for value in spoken.values[slot]:
        said = spoken.end(slot, value)
        known = item(slot, value)
        ending = propose(slot, None, (1, said), op="remove_item", item=1)
        accepted, refused = judge([ending], context(said, known=(known,)))
        assert accepted, f"{said}: {_refusals(refused)}"


@pytest.mark.parametrize("slot", STATED)
def test_what_is_to_be_forgotten_is_a_wish(spoken: Table, slot: str) -> None:
    for value in spoken.values[slot]:
        said = spoken.forget(slot, value)
        assert asks_to("forget", said), said
        assert value in said


@pytest.mark.parametrize("slot", HINTED)
def test_what_is_hinted_at_is_accepted_from_two_sessions(spoken: Table, slot: str) -> None:
    hints = spoken.hints[slot]
    if REGISTRY[slot].kind == "choice":
        assert set(hints) == set(REGISTRY[slot].choices)
    assert len(hints) >= 2
    for value, sentences in hints.items():
        given = context(*(message(place, said) for place, said in enumerate(sentences, 1)))
        quotes = list(enumerate(sentences, 1))
        accepted, refused = judge([propose(slot, value, *quotes, basis="inferred")], given)
        assert accepted, f"{sentences}: {_refusals(refused)}"
        assert len(value) <= REGISTRY[slot].max_length


def test_no_sentence_means_two_things(spoken: Table) -> None:
    sentences = [
        tell(slot, value)
        for tell in (spoken.state, spoken.end, spoken.forget)
        for slot in STATED
        for value in spoken.values[slot]
    ]
    sentences += chain.from_iterable(
        pair for hints in spoken.hints.values() for pair in hints.values()
    )
    sentences += [*spoken.topics.values(), *spoken.contexts, *spoken.not_yet, spoken.probe]
    assert len(sentences) == len(set(sentences))


def test_every_topic_can_be_asked_about(spoken: Table) -> None:
    assert set(spoken.topics) == {topic.topic_id for topic in TOPICS}


def test_no_question_tells_a_value(spoken: Table) -> None:
    values = set(chain.from_iterable(spoken.values[slot] for slot in STATED)) - {
        value for value in spoken.values["demographics.gender"] if len(value) < 3
    }
    for said in (*spoken.topics.values(), *spoken.contexts, *spoken.not_yet):
        told = [value for value in values if value.casefold() in said.casefold()]
        assert not told, f"{said}: {told}"
