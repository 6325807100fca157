"""What an endpoint sent for an answer, whole or streamed: whether it is one, and what it cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from persona.completion import is_count
from persona.tokens import estimate

_SHAPELESS = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
_END = b"data: [DONE]"


class Cost(NamedTuple):
    """Tokens read and written."""

    read: int
    written: int


def cost(asked: bytes, content: bytes) -> Cost | None:
    """Return what the answer `content` to the request `asked` cost, or None when it is no answer.

    Gateways send pages and errors as if they were answers, and streams break off unnoticed. Tokens
    that the endpoint does not tell, or that can be no count, are estimated.
    """
    try:
        is_streamed = bool(json.loads(asked).get("stream"))
        pieces = _pieces(content) if is_streamed else [json.loads(content)]
        if not _is_answer(pieces, is_whole=is_streamed and _END in content):
            return None
        return _reported(pieces) or Cost(
            estimate(asked.decode()), estimate("".join(_texts(pieces)))
        )
    except _SHAPELESS:
        return None


def _pieces(content: bytes) -> list[Any]:
    sent = (line[5:].strip() for line in content.splitlines() if line.startswith(b"data:"))
    return [json.loads(line) for line in sent if line != b"[DONE]"]


def _is_answer(pieces: list[Any], *, is_whole: bool) -> bool:
    if any(piece.get("error") for piece in pieces):
        return False
    if any(piece.get("data") for piece in pieces):
        return True  # Embeddings.
    choices = [choice for piece in pieces for choice in piece.get("choices") or ()]
    reasons = {choice.get("finish_reason") for choice in choices} - {None}
    if "error" in reasons or any(choice.get("error") for choice in choices):
        return False
    return bool(choices) and (is_whole or bool(reasons))


def _reported(pieces: list[Any]) -> Cost | None:
    """Return the figures in an answer; the last of a stream count."""
    for piece in reversed(pieces):
        usage = piece.get("usage")
        if not isinstance(usage, dict):
            continue
        # Embeddings write nothing.
        read = usage.get("prompt_tokens")
        written = usage.get("completion_tokens", 0 if piece.get("data") else None)
        if is_count(read) and is_count(written):
            return Cost(read, written)
    return None


def _texts(pieces: list[Any]) -> Iterator[str]:
    for piece in pieces:
        for choice in piece.get("choices") or ():
            told = choice.get("message") or choice.get("delta") or {}
            yield told.get("content") or ""
            for call in told.get("tool_calls") or ():
                yield call["function"].get("arguments") or ""
