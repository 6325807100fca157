"""Pictures in a prompt: shown to models that see, named to those that do not."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from persona.attachments.attachment import Picture

_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in the content of a message; `unseen` is said to a model that does not see it."""

    seen: str
    unseen: str
    picture: Picture | None = None


Piece = str | Shown


def content_of(pieces: Sequence[Piece]) -> str | list[Piece]:
    """Return a message's content: text, unless there are pictures in it."""
    if any(isinstance(piece, Shown) for piece in pieces):
        return list(pieces)
    return _BETWEEN.join(piece for piece in pieces if isinstance(piece, str))


def has_pictures(messages: Sequence[dict[str, Any]]) -> bool:
    """Return whether a model that sees is shown something."""
    return any(
        isinstance(piece, Shown) and piece.picture is not None
        for message in messages
        if isinstance(message.get("content"), list)
        for piece in message["content"]
    )


def as_sent(messages: Sequence[dict[str, Any]], *, sees: bool) -> list[dict[str, Any]]:
    """Return the messages as an endpoint takes them.

    Content is a list of parts only where there are pictures to see: some servers take text alone.
    Pictures are sent in full, because links to them expire and local servers cannot follow them.
    """
    return [
        {**message, "content": _sent(message["content"], sees=sees)}
        if isinstance(message.get("content"), list)
        else message
        for message in messages
    ]


def _sent(pieces: Sequence[Piece], *, sees: bool) -> str | list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    texts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece)
            continue
        texts.append(piece.seen if sees else piece.unseen)
        if sees and piece.picture is not None:
            parts += [_text(texts), _image(piece.picture)]
            texts = []
    if not parts:
        return _BETWEEN.join(texts)
    return [*parts, *([_text(texts)] if texts else [])]


def _text(texts: Sequence[str]) -> dict[str, Any]:
    return {"type": "text", "text": _BETWEEN.join(texts)}


def _image(picture: Picture) -> dict[str, Any]:
    content = base64.b64encode(picture.content).decode("ascii")
    url = f"data:{picture.media_type};base64,{content}"
    return {"type": "image_url", "image_url": {"url": url}}
