"""Retrieval: the past turns most similar to a message (the paper's Conversations RAG)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from persona.personalization.earlier import SIMILAR, render_turns
from persona.personalization.past import PastTurn, PastTurns
from persona.settings import PersonalizationSettings
from persona.turns import Turn

# Older ones are not looked at, so that no reply waits long for the comparison.
_CANDIDATES = 1000


class Similarity(Protocol):
    """Ranks what a person said before by how similar it is to what they say now.

    The bot's replies are not compared: it would find what it said most often.
    """

    async def rank(self, turn: Turn, past: Sequence[PastTurn]) -> list[PastTurn]:
        """Return the similar ones of `past`, the most similar first."""


class Retrieval:
    """Finds past turns for a message and renders them."""

    def __init__(
        self, past: PastTurns, similarity: Similarity, settings: PersonalizationSettings
    ) -> None:
        self._past = past
        self._similarity = similarity
        self._settings = settings

    async def block(self, turn: Turn, in_prompt: Collection[int]) -> str:
        """Return the block for the message of `turn`, without the turns that are `in_prompt`.

        Raises `ModelError` or `SettingsError` when the comparison cannot be made.
        """
        if not turn.text:
            return ""  # A file without words: there is nothing to compare.
        past = await self._past.load(turn, before=turn.message_id, most=_CANDIDATES)
        past = [earlier for earlier in past if earlier.said]
        # Ranking needs them all: how rare a word is, and each vector once.
        ranked = await self._similarity.rank(turn, past) if past else []
        chosen = [earlier for earlier in ranked if earlier.turn_id not in in_prompt]
        return render_turns(
            chosen[: self._settings.retrieval_turns],
            SIMILAR,
            budget=self._settings.retrieval_tokens,
        )
