"""One thing that came with a message."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

# `file` is one that cannot be read; `reply` is a message that the person replied to.
Kind = Literal["image", "text", "pdf", "file", "voice", "sticker", "poll", "forwarded", "reply"]

Problem = Literal[
    "too_large", "too_many", "not_downloaded", "damaged", "locked", "no_text", "cut", "slow"
]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it came; `media_type` is what its first bytes say it is."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something besides the person's own words, and what went wrong with reading it.

    `name` is a file's, a sticker's, a poll's question, or who said what was replied to: "you",
    "themselves" or "@Tom". `file_id` is Discord's, for files.
    """

    kind: Kind
    name: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    problem: Problem | None = None
    file_id: int | None = None
    picture: Picture | None = None

    @property
    def is_readable(self) -> bool:
        """Whether there is something in it that a model can answer to."""
        return bool(self.text or self.picture)


def still_there(
    attachments: Iterable[Attachment], files: Collection[int]
) -> tuple[Attachment, ...]:
    """Return what is left of what came with a message that has only these `files` now."""
    return tuple(each for each in attachments if each.file_id is None or each.file_id in files)
