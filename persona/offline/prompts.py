"""Reading the prompts the engine writes, as a language model would have to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from persona.offline.facts.extract import Known, Said
from persona.titles import TITLE_PROMPT

Messages = Sequence[dict[str, Any]]

_PERSONA = re.compile(r"<persona>\n(.*?)\n</persona>", re.DOTALL)
# What the engine says about the person, in a turn of its own.
_BLOCK = re.compile(r"(?:[^\n]+\n)?<(persona|earlier)>\n.*\n</\1>", re.DOTALL)
_ACKNOWLEDGED = "Noted."
_TITLED = re.compile(r"Person: (.*?)\n\nAnswer: ", re.DOTALL)
_SLOT_LINE = re.compile(r"^([a-z]+\.[a-z0-9_]+): (\".*\"\??)$")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_TIME_QUESTION = re.compile(
    r"\bwhat(?: time|'s the time| is the time)\b|几点|現在時間|现在时间|quelle heure"
    r"|che ore sono|jam berapa|何時|몇 시",
    re.I,
)


def parse_persona(messages: Messages) -> dict[str, list[str]]:
    """Return slot names and values from the persona block; empty when there is none."""
    for message in messages[:2]:
        found = _PERSONA.search(str(message.get("content") or ""))
        if found is None:
            continue
        lines = (_SLOT_LINE.match(line) for line in found[1].split("\n"))
        return {
            match[1]: [json.loads(value) for value in _QUOTED.findall(match[2])]
            for match in lines
            if match
        }
    return {}


def parse_conversation(messages: Messages) -> list[tuple[str, str]]:
    """Return (role, text) of what was said, without the system prompt and the engine's blocks."""
    turns = [
        (str(message["role"]), str(message.get("content") or ""))
        for message in messages
        if message["role"] in ("user", "assistant")
    ]
    carried = {
        place
        for number, (said, answered) in enumerate(pairwise(turns))
        if _BLOCK.fullmatch(said[1]) and answered == ("assistant", _ACKNOWLEDGED)
        for place in (number, number + 1)
    }
    return [turn for number, turn in enumerate(turns) if number not in carried]


def parse_title_prompt(messages: Messages) -> str | None:
    """Return what the person said, when a title is asked for it; else None."""
    if messages[0].get("content") != TITLE_PROMPT:
        return None
    found = _TITLED.match(str(messages[-1].get("content") or ""))
    return found[1] if found else ""


def parse_optimizer_prompt(messages: Messages) -> tuple[list[Said], list[Known]]:
    """Return the person's own messages and the items known before."""
    content = next(str(message["content"]) for message in messages if message["role"] == "user")
    said = [
        Said(line["msg"], line["text"])
        for line in _fenced(content, "messages")
        if line["by"] == "person"
    ]
    known = [Known(line["item"], line["slot"], line["value"]) for line in _fenced(content, "known")]
    return said, known


def _fenced(content: str, name: str) -> Iterator[dict[str, Any]]:
    found = re.search(rf"^<({name}-\w+)>\n(.*?)^</\1>", content, re.DOTALL | re.MULTILINE)
    # Not splitlines: the JSON of a line may hold other line ends, as they were written.
    for line in found[2].split("\n") if found else ():
        if line:
            yield json.loads(line)


def asks_for_time(history: Sequence[tuple[str, str]]) -> bool:
    """Return whether the last message asks what time it is."""
    return bool(history) and _TIME_QUESTION.search(history[-1][1]) is not None
