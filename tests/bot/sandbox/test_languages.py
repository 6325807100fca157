"""Replays in seven languages: all are answered, and each value is in its person's own words."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from bot.sandbox.replay.xpersona import read_xpersona
from bot.sandbox.world import store_beside
from persona.clock import SystemClock
from persona.learning.gate.support import is_supported
from persona.normalise import normalise
from persona.registry import Registry
from persona.services import Services, open_services
from persona.settings import EngineSettings
from tests.support.command import rapport
from tests.support.recordings import XPERSONA, needs_xpersona

DIALOGUES = 8
# What the names of the files begin with.
LANGUAGES = ("En", "Fr", "Id", "It", "Jp", "Ko", "Zh")

_VALUES = """
    SELECT i.person_id, i.scope, p.epoch, i.slot, i.value_sealed AS sealed,
        'items:' || i.item_id AS context
    FROM items i JOIN personas p ON p.person_id = i.person_id AND p.scope = i.scope
"""
_MESSAGES = """
    SELECT m.person_id, s.scope, s.epoch, '' AS slot, m.text_sealed AS sealed,
        'messages:' || m.message_id AS context
    FROM messages m JOIN sessions s USING (person_id, session_id) WHERE author = 'person'
"""


async def opened(services: Services, query: str) -> dict[int, list[tuple[str, str]]]:
    """The slot and text of each row that `query` finds, by person."""
    async with services.database.read() as connection, connection.execute(query) as cursor:
        rows = list(await cursor.fetchall())
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        key = await services.keys.find(row["person_id"], row["scope"], row["epoch"])
        assert key is not None
        text = key.open(row["sealed"], context=row["context"])
        found[row["person_id"]].append((row["slot"], text))
    return found


@needs_xpersona
@pytest.mark.parametrize("language", LANGUAGES)
async def test_personas_hold_each_persons_own_words(tmp_path: Path, language: str) -> None:
    (file,) = XPERSONA.glob(f"{language}_*.json")
    share = tmp_path / file.name
    dialogues = json.loads(file.read_text(encoding="utf-8"))[:DIALOGUES]
    share.write_text(json.dumps(dialogues), encoding="utf-8")
    spoken = len(read_xpersona(share).lines)
    options = ("--from", "xpersona", "--db", "kept.db", "--json")
    ended = await rapport("replay", str(share), *options, folder=tmp_path)
    assert ended.code == 0, ended.err
    figures = json.loads(ended.out)
    assert (figures["people"], figures["errors"], figures["duplicates"]) == (DIALOGUES, 0, 0)
    assert (figures["messages_in"], figures["replies"]) == (spoken, spoken)
    assert figures["sessions_learned"] == figures["sessions"]
    assert (figures["runs"]["parked"], figures["sessions_learned_twice"]) == (0, 0)
    async with open_services(
        EngineSettings(store=store_beside(tmp_path / "kept.db")), clock=SystemClock()
    ) as services:
        values = await opened(services, _VALUES)
        messages = await opened(services, _MESSAGES)
    assert len(values) >= 2
    registry = Registry()
    for person_id, known in values.items():
        own = [normalise(text) for _, text in messages[person_id]]
        for slot, value in known:
            if registry[slot].kind == "choice":
                continue
            if language == "En":  # "I love to read" becomes "reading".
                assert is_supported(value, own), value
            else:
                assert any(normalise(value) in text for text in own), value
