"""Sentences and clauses around a quote, in normalised text."""

from __future__ import annotations

import re

# Also after an emoji: people put one where a full stop would be.
_SENTENCE_END = re.compile(
    r"(?<=[.!?。！？…\U0001f300-\U0001faff\u2600-\u27bf])[\"”»」』)]*(?:\s+|(?<=[。！？]))|\s*\n+\s*"
)
_CLAUSE_END = re.compile(
    r"\s*[,;:–—，；：、]\s*|\s+-+\s+|"
    r"(?<!\w)(?:but|though|although|whereas|however|and i|and my|so i|sondern|und ich|"
    r"но|зато|однако|pero|sino|aunque|mais|cependant|et je)(?!\w)|"
    r"但是|可是|不过|而是|けど|でも|지만|는데"
)


def sentences(text: str) -> list[str]:
    """Return the sentences of `text`, each with its end mark."""
    return [piece for piece in (part.strip() for part in _SENTENCE_END.split(text)) if piece]


def clauses(sentence: str) -> list[str]:
    """Return the parts of `sentence` between commas and conjunctions that begin a new thought."""
    return [piece for piece in (part.strip() for part in _CLAUSE_END.split(sentence)) if piece]


def around(text: str, quote: str, split: str = "sentence") -> list[str]:
    """Return the sentences (or clauses) of `text` that `quote` touches; `text` as it is if none.

    A model may quote half a sentence, and leave out the "if" it began with.
    """
    pieces = sentences(text)
    if split == "clause":
        pieces = [clause for sentence in pieces for clause in clauses(sentence)]
    return [piece for piece in pieces if touches(piece, quote)] or [text]


def touches(piece: str, quote: str) -> bool:
    """Return whether `piece` has a part in `quote`, or the other way round.

    A quote may begin in the middle of one piece and end in the middle of the next.
    """
    if quote in piece or piece in quote:
        return True
    shortest = min(len(piece), len(quote), 12)
    return shortest > 3 and (quote[:shortest] in piece or quote[-shortest:] in piece)
