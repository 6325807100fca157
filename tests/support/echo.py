"""A model that hides nothing: it tells all it was given, and learns all it is told."""

from __future__ import annotations

import json
from typing import Any

from tests.support.model import Act, Body, Call, Say, proposal, updates
from tests.support.secrets import found, told

REMEMBER, ASK = "Remember that ", " What do you know about "


def echo(body: Body) -> Act:
    """Answer a request of whatever kind."""
    tools = [tool["function"]["name"] for tool in body.get("tools", ())]
    if "apply_persona_updates" in tools:
        return updates(*_proposals(body["messages"][-1]["content"]))
    last = body["messages"][-1]
    if last["role"] == "user" and "remember" in tools:
        call = _call(last["content"])
        if call is not None:
            return call
    given = [str(message["content"]) for message in body["messages"] if message["role"] != "system"]
    return Say((f"I was told: {'; '.join(found(' '.join(given)))}",))


def _call(said: str) -> Call | None:
    if ASK in said:
        # Some models name whom they were asked about, though the tool has no such argument.
        name = said.rpartition(ASK)[2].rstrip("?")
        arguments: dict[str, Any] = {"person": name} if len(found(said)[-1]) % 2 else {}
        return Call("what_do_you_know", json.dumps(arguments))
    if said.startswith(REMEMBER) and (spoken := told(said)):
        form, secret, sentence = spoken[-1]
        arguments = {"slot": form.slot, "value": secret, "quote": sentence}
        return Call("remember", json.dumps(arguments))
    return None


def _proposals(content: str) -> list[dict[str, Any]]:
    proposed = []
    for line in content.splitlines():
        if not line.startswith('{"msg"'):
            continue
        message = json.loads(line)
        if message["by"] == "person":
            proposed += [
                proposal(form.slot, secret, message["msg"], sentence, op=form.operation)
                for form, secret, sentence in told(message["text"])
            ]
    return proposed
