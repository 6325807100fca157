"""A model that proposes what it is told to, sound or not, about messages it can read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from persona.normalise import normalise
from tests.support.model import Body, Depends, proposal, updates

CALLED = "demographics.name"
INTERESTS = "personality.values_and_interests"
THINKING_FEELING = "personality.thinking_feeling"

_Line = Mapping[str, Any]
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true of a person: how they say it, and how they say that it is over."""

    slot: str
    value: str
    said: str
    over: str


FACTS = (
    Fact(CALLED, "Mei", "My name is Mei.", "I am no longer Mei."),
    Fact(CALLED, "Ming", "My name is Ming.", "I am no longer Ming."),
    Fact(INTERESTS, "green tea", "I love green tea.", "I no longer love green tea."),
    Fact(INTERESTS, "hiking", "I love hiking.", "I no longer love hiking."),
    Fact(INTERESTS, "jazz", "I love jazz.", "I no longer love jazz."),
    Fact(THINKING_FEELING, "thinking", "I am a thinker.", "I am no longer a thinker."),
    Fact(THINKING_FEELING, "feeling", "I feel so much.", "I no longer feel so much."),
)


Kind = Literal["state", "guess", "end", "confirm", "confirm guess", "invent"]
_GUESSES = ("guess", "confirm guess")
_CONFIRMS = ("confirm", "confirm guess")


@dataclass(frozen=True, slots=True)
class Move:
    """One proposal: the `pick`th of the facts it may be about is stated, guessed, or ended.

    Known ones may be confirmed; invented are those nobody spoke of.
    """

    kind: Kind
    pick: int
    valid_until: str | None = None


def answer(moves: Sequence[Move] | None) -> Depends:
    """Return what proposes `moves`, or without any all that the messages say or confirm.

    Each quotes the newest message that says so. Nothing is corrected that was refused.
    """

    def propose(body: Body) -> Any:
        if len(body["messages"]) > 2:
            return updates()
        lines = body["messages"][1]["content"].splitlines()
        shown = [json.loads(line) for line in lines if line.startswith("{")]
        items = {(line["slot"], normalise(line["value"])): line for line in shown if "item" in line}
        said = [line for line in shown if line.get("by") == "person"]
        wanted = _heard(items, said) if moves is None else _chosen(moves, items, said)
        return updates(*(_proposal(move, fact, items, said) for move, fact in wanted))

    return Depends(propose)


def _heard(items: Mapping[_Key, _Line], said: Sequence[_Line]) -> Iterator[tuple[Move, Fact]]:
    for line in said:
        for fact in FACTS:
            if fact.said in line["text"]:
                known = (fact.slot, normalise(fact.value)) in items
                yield Move("confirm" if known else "state", 0), fact
            if fact.over in line["text"]:
                yield Move("end", 0), fact


def _chosen(
    moves: Sequence[Move], items: Mapping[_Key, _Line], said: Sequence[_Line]
) -> Iterator[tuple[Move, Fact]]:
    for move in moves:
        possible = [fact for fact in FACTS if _may_be_about(move, fact, items, said)]
        if possible:
            yield move, possible[move.pick % len(possible)]


def _may_be_about(
    move: Move, fact: Fact, items: Mapping[_Key, _Line], said: Sequence[_Line]
) -> bool:
    heard = any(_words(move, fact) in line["text"] for line in said)
    if move.kind == "invent":
        return bool(said) and not heard
    known = (fact.slot, normalise(fact.value)) in items
    return heard and (known or move.kind not in _CONFIRMS)


def _words(move: Move, fact: Fact) -> str:
    return fact.over if move.kind == "end" else fact.said


def _proposal(
    move: Move, fact: Fact, items: Mapping[_Key, _Line], said: Sequence[_Line]
) -> dict[str, Any]:
    words = _words(move, fact)
    found = [line["msg"] for line in said if words in line["text"]] or [said[0]["msg"]]
    item = items.get((fact.slot, normalise(fact.value)), {}).get("item")
    changes: dict[str, Any] = {"valid_until": move.valid_until}
    if move.kind in _GUESSES:
        changes["basis"] = "inferred"
        changes["evidence"] = [{"msg": number, "quote": words} for number in found[-10:]]
    if move.kind == "end":
        changes |= {"op": "remove_item", "item": item}
    elif move.kind in _CONFIRMS:
        changes |= {"op": "confirm", "item": item}
    elif fact.slot == INTERESTS:
        changes["op"] = "add_item"
    value = fact.value if changes.get("op") not in ("remove_item", "confirm") else None
    return proposal(fact.slot, value, found[-1], words, **changes)
