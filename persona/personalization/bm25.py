"""Similarity by words: BM25, for operators without a model of embeddings."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from typing import Any

from persona.errors import SettingsError
from persona.personalization.past import PastTurn
from persona.personalization.words import words
from persona.turns import Turn


def load_bm25s() -> Any:
    """Return the library. Raises `SettingsError` saying what to install when it is missing."""
    try:
        return importlib.import_module("bm25s")
    except ImportError as error:
        raise SettingsError(
            "The strategy retrieval compares words, which needs more: install "
            "requirements/full.txt of Rapport's folder; or set models.embeddings.model."
        ) from error


class WordSimilarity:
    """Ranks past turns by the words they share with a message; rare words weigh more."""

    async def rank(self, turn: Turn, past: Sequence[PastTurn]) -> list[PastTurn]:
        """Return those of `past` that share a word with the message, the most similar first.

        Of equally similar ones the newer comes first. Raises `SettingsError` without the library.
        """
        library = load_bm25s()
        return await asyncio.to_thread(_rank, library, turn.text, past)


def _rank(library: Any, text: str, past: Sequence[PastTurn]) -> list[PastTurn]:
    asked = words(text)
    texts = [(turn, found) for turn in past if (found := words(turn.said))]
    if not asked or not texts:
        return []
    index = library.BM25(backend="numpy")
    index.index([found for _, found in texts], show_progress=False)
    scores: list[float] = index.get_scores(asked).tolist()
    ranked = sorted(
        zip(scores, (turn for turn, _ in texts), strict=True),
        key=lambda scored: (-scored[0], -scored[1].turn_id),
    )
    return [turn for score, turn in ranked if score > 0]
