"""Similarity by meaning: the cosine of embeddings, which are kept in memory alone."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from operator import mul

from persona.embeddings import Embeddings, Vector
from persona.personalization.past import PastTurn
from persona.turns import Turn

# Some 80 MB with a thousand numbers each.
_MOST_VECTORS = 20_000

_Name = tuple[int, int]


class VectorSimilarity:
    """Ranks past turns by the angle between their vectors and the message's.

    Every message is embedded once, when it is asked about; after a restart, or when vectors come in
    another length, all are once more.
    """

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._held: OrderedDict[tuple[int, str], Mapping[_Name, Vector]] = OrderedDict()

    async def rank(self, turn: Turn, past: Sequence[PastTurn]) -> list[PastTurn]:
        """Return `past`, the most similar first; of equally similar ones the newer.

        Raises `ModelError` when the endpoint gives no embeddings.
        """
        past = [earlier for earlier in past if earlier.said.strip()]
        if not past or not turn.text.strip():
            return []
        asked = _name(turn.message_id, turn.text)
        texts = {_name(earlier.turn_id, earlier.said): earlier.said for earlier in past}
        texts[asked] = turn.text
        vectors = await self._vectors((turn.person_id, turn.scope), texts)
        return await asyncio.to_thread(_rank, vectors, asked, past)

    async def _vectors(
        self, persona: tuple[int, str], texts: Mapping[_Name, str]
    ) -> Mapping[_Name, Vector]:
        """Return the vectors of `texts`, and hold no others of the persona from now on."""
        held = self._held.get(persona, {})
        missing = [name for name in texts if name not in held]
        new = await self._embed({name: texts[name] for name in missing})
        vectors = {name: new[name] if name in new else held[name] for name in texts}
        if len({len(vector) for vector in vectors.values()}) > 1:
            # Another model answers by that name now: what it says compares with its own alone.
            vectors = await self._embed(texts)
        self._held[persona] = vectors
        self._held.move_to_end(persona)
        while len(self._held) > 1 and sum(map(len, self._held.values())) > _MOST_VECTORS:
            self._held.popitem(last=False)
        return vectors

    async def _embed(self, texts: Mapping[_Name, str]) -> dict[_Name, Vector]:
        made = await self._embeddings.embed(list(texts.values()))
        return dict(zip(texts, made, strict=True))


def _name(message_id: int, text: str) -> _Name:
    return message_id, hash(text)


def _rank(
    vectors: Mapping[_Name, Vector], asked: _Name, past: Sequence[PastTurn]
) -> list[PastTurn]:
    # Of length one, all of them, so that the product is the cosine.
    wanted = vectors[asked]
    scores = {
        turn.turn_id: sum(map(mul, wanted, vectors[_name(turn.turn_id, turn.said)]))
        for turn in past
    }
    return sorted(past, key=lambda turn: (-scores[turn.turn_id], -turn.turn_id))
