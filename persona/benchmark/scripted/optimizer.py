"""The scripted optimizer: proposes what the sentences of the simulated users say.

What is only shown by hints counts once it was shown in two sessions of the batch, as the gate asks
(memory-systems 5.3). The gate judges its proposals like any model's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from persona.benchmark.scripted.sentences import Statement, read
from persona.learning.proposal import TOOL_NAME
from persona.normalise import normalise
from persona.offline.server import call
from persona.registry import Registry

_REGISTRY = Registry()


@dataclass(frozen=True, slots=True)
class _Said:
    statement: Statement
    message: int
    session: int
    text: str


def propose(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the optimizer's turn: one call with the updates."""
    if len(messages) > 2:
        # A refusal is no slip of the pen here: nothing is to be corrected.
        return call(TOOL_NAME, {"updates": []})
    content = str(messages[-1]["content"])
    known = {
        (line["slot"], normalise(line["value"])): line["item"] for line in _fenced(content, "known")
    }
    said = [
        _Said(statement, line["msg"], line["session"], line["text"])
        for line in _fenced(content, "messages")
        if line["by"] == "person" and (statement := read(line["text"])) is not None
    ]
    updates = [*_stated(said, known), *_shown(said, known)]
    return call(TOOL_NAME, {"updates": updates})


def propose_nothing(messages: list[dict[str, Any]], tools: list[str]) -> dict[str, Any]:
    """Return the turn of an optimizer that never learns anything: a control."""
    return call(TOOL_NAME, {"updates": []})


def _stated(said: list[_Said], known: dict[tuple[str, str], int]) -> Iterator[dict[str, Any]]:
    """Yield an update for the last word on each value; of a slot that is no list, on the slot."""
    last: dict[tuple[str, str], _Said] = {}
    for each in said:
        statement = each.statement
        if statement.kind not in ("state", "end"):
            continue
        is_list = _REGISTRY[statement.slot].kind == "list"
        value = normalise(statement.value)
        if not is_list and statement.kind == "state":
            for key in [key for key in last if key[0] == statement.slot]:
                del last[key]
        last.pop((statement.slot, value), None)
        last[statement.slot, value] = each
    for (slot, value), each in last.items():
        item = known.get((slot, value))
        if each.statement.kind == "end":
            if item is not None:
                yield _update(slot, "remove_item", None, item, [each])
        elif item is not None:
            yield _update(slot, "confirm", None, item, [each])
        else:
            operation = "add_item" if _REGISTRY[slot].kind == "list" else "set_slot"
            yield _update(slot, operation, each.statement.value, None, [each])


def _shown(said: list[_Said], known: dict[tuple[str, str], int]) -> Iterator[dict[str, Any]]:
    shown: dict[tuple[str, str], list[_Said]] = {}
    for each in said:
        if each.statement.kind == "hint":
            shown.setdefault((each.statement.slot, normalise(each.statement.value)), []).append(
                each
            )
    for (slot, value), hints in shown.items():
        if (slot, value) in known or len({hint.session for hint in hints}) < 2:
            continue
        yield _update(slot, "set_slot", hints[0].statement.value, None, hints, basis="inferred")


def _update(
    slot: str,
    operation: str,
    value: str | None,
    item: int | None,
    said: list[_Said],
    *,
    basis: str = "stated",
) -> dict[str, Any]:
    return {
        "why": "They say so." if basis == "stated" else "It shows in what they say.",
        "evidence": [{"msg": each.message, "quote": each.text} for each in said[-10:]],
        "about": "self",
        "basis": basis,
        "op": operation,
        "slot": slot,
        "item": item,
        "value": value,
        "valid_until": None,
    }


def _fenced(content: str, name: str) -> Iterator[dict[str, Any]]:
    found = re.search(rf"^<({name}-\w+)>\n(.*?)^</\1>", content, re.DOTALL | re.MULTILINE)
    for line in found[2].split("\n") if found else ():
        if line:
            yield json.loads(line)
