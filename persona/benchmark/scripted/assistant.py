"""The scripted assistant: fits its replies to what its prompt tells of the person, and no more.

It reads the very prompts a language model would get: the persona's block, earlier turns, the
conversation.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from persona.benchmark.schema import Probe
from persona.benchmark.scripted import reply
from persona.benchmark.scripted.book import Asked, Book
from persona.benchmark.scripted.sentences import Statement, read, read_all
from persona.normalise import normalise
from persona.offline.prompts import parse_conversation, parse_persona
from persona.offline.server import call
from persona.registry import Registry

Messages = list[dict[str, Any]]

_REGISTRY = Registry()
_EARLIER = re.compile(r"<earlier>\n(.*?)\n</earlier>", re.DOTALL)
_SAID = re.compile(r'^\S+ person: ("(?:[^"\\]|\\.)*")$', re.MULTILINE)
_CANNOT = "I keep nothing that I could forget."


def respond(messages: Messages, tools: Sequence[str], book: Book) -> dict[str, Any]:
    """Return the assistant's turn."""
    conversation = parse_conversation(messages)
    said = [text for role, text in conversation if role == "user"]
    last = said[-1] if said else ""
    probe = book.probe(last)
    if probe is not None:
        return _say(_choose(probe, _known(messages, ())))
    wish = read(last)
    if wish is not None and wish.kind == "forget":
        return _forget(messages, tools, wish, last)
    asked = next((found for text in said if (found := book.asked(text)) is not None), None)
    if asked is None:
        return _say(reply.write_unread())
    results = dict(_results(messages))
    waiting = [name for name in asked.apis if name in tools and name not in results]
    if waiting and book.asked(last) is not None:
        return _calls({name: asked.apis[name] for name in waiting}, last)
    known = _known(messages, said)
    return _say(reply.write(_fitting(asked, known), results))


def _say(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def _calls(functions: dict[str, tuple[str, ...]], asked: str) -> dict[str, Any]:
    made = [
        call(name, dict.fromkeys(arguments, asked))["tool_calls"][0]
        for name, arguments in functions.items()
    ]
    return {"role": "assistant", "content": None, "tool_calls": made}


def _forget(messages: Messages, tools: Sequence[str], wish: Statement, said: str) -> dict[str, Any]:
    last = messages[-1]
    if last["role"] == "tool":
        return _say(str(last["content"]))
    if "forget" not in tools:
        return _say(_CANNOT)
    return call("forget", {"slot": wish.slot, "value": wish.value, "quote": said})


def _results(messages: Messages) -> Iterator[tuple[str, str]]:
    """Yield what the functions called for the last message returned, by name."""
    names: dict[str, str] = {}
    for message in messages:
        if message["role"] == "user":
            names.clear()
        for made in message.get("tool_calls") or ():
            names[made["id"]] = made["function"]["name"]
        if message["role"] == "tool" and message["tool_call_id"] in names:
            yield names[message["tool_call_id"]], str(message["content"])


def _known(messages: Messages, said: Sequence[str]) -> dict[str, list[str]]:
    """Return what the prompt tells of the person, by slot: the last word counts."""
    known = parse_persona(messages)
    for message in messages:
        found = _EARLIER.search(str(message.get("content") or ""))
        if found is not None:
            earlier = [json.loads(quoted) for quoted in _SAID.findall(found[1])]
            _learn(known, read_all(earlier))
    _learn(known, read_all(said))
    return known


def _learn(known: dict[str, list[str]], statements: Iterator[Statement]) -> None:
    for statement in statements:
        held = known.setdefault(statement.slot, [])
        same = normalise(statement.value)
        held[:] = [value for value in held if normalise(value) != same]
        if statement.kind in ("end", "forget"):
            continue
        if statement.slot in _REGISTRY and _REGISTRY[statement.slot].kind != "list":
            held.clear()
        held.append(statement.value)


def _fitting(asked: Asked, known: dict[str, list[str]]) -> dict[str, list[str]]:
    return {slot: known[slot] for slot in asked.slots if known.get(slot)}


def _choose(probe: Probe, known: dict[str, list[str]]) -> str:
    """Return the letter of an option that is known; without one, always the same guess."""
    held = set(map(normalise, known.get(probe.slot, ())))
    for place, option in enumerate(probe.options):
        if normalise(option) in held:
            return "ABCDEFGH"[place]
    # Python's own hash of a text differs from run to run.
    return "ABCDEFGH"[zlib.crc32(probe.probe_id.encode()) % len(probe.options)]
