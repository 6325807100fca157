"""An endpoint that fails now and then, in every way endpoints fail; else the offline model answers.

It is a script for `ScriptedModel`, so what fails is a real connection.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any, Literal, get_args

from persona.learning.proposal import TOOL_NAME
from persona.offline.server import respond
from tests.support.model import Act, Body, Break, Call, Deltas, Late, Raw, Say, Status

Role = Literal["chat", "learning"]
Fault = Literal["429", "500", "timeout", "cut", "malformed", "wrong schema"]

ROLES: tuple[Role, ...] = get_args(Role)
FAULTS: tuple[Fault, ...] = get_args(Fault)


class Outage:
    """Use with `Depends`. Fails in `share` of the calls, each fault as likely as the others.

    What is drawn for one role does not depend on the calls of the other. `calls` counts them by
    role, and `faults` what went wrong with them.
    """

    def __init__(self, share: float, seed: int = 0) -> None:
        self._share = share
        self._chance = {role: random.Random(f"{seed} {role}") for role in ROLES}
        self.calls: Counter[Role] = Counter()
        self.faults: dict[Role, Counter[Fault]] = {role: Counter() for role in ROLES}

    def __call__(self, request: Body) -> Act:
        tools = [tool["function"]["name"] for tool in request.get("tools") or ()]
        role: Role = "learning" if TOOL_NAME in tools else "chat"
        answer = respond(request["messages"], tools)
        self.calls[role] += 1
        if self._chance[role].random() >= self._share:
            return _sound(answer)
        fault = self._chance[role].choice(FAULTS)
        self.faults[role][fault] += 1
        return _spoilt_reply(fault) if role == "chat" else _spoilt_updates(fault, answer)


def _sound(answer: dict[str, Any]) -> Act:
    for call in answer.get("tool_calls") or ():
        return Call(call["function"]["name"], call["function"]["arguments"])
    return Say((answer["content"],))


def _spoilt_reply(fault: Fault) -> Act:
    match fault:
        case "429" | "500":
            return Status(int(fault))
        case "timeout":
            # A gateway's: simulated time stands still while the bot waits for an answer.
            return Status(504)
        case "cut":
            return Break()
        case "malformed":
            return Raw('data: {"choices": [{"delta": {"cont\n\n')
        case "wrong schema":
            return Deltas(({"content": {"text": "Hello"}},))


def _spoilt_updates(fault: Fault, answer: dict[str, Any]) -> Act:
    arguments: str = answer["tool_calls"][0]["function"]["arguments"]
    match fault:
        case "429" | "500":
            return Status(int(fault))
        case "timeout":
            return Late(Status(504))  # Nobody releases it.
        case "cut":
            return Break((arguments,))
        case "malformed":
            return Call(TOOL_NAME, arguments[: len(arguments) // 2])
        case "wrong schema":
            facts = [{"fact": "The person is a pilot.", "score": 0.9}]
            return Call(TOOL_NAME, json.dumps({"updates": facts}))
