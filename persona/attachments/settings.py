"""The section [attachments] of the settings."""

from __future__ import annotations

from pydantic import Field

from persona.section import Section


class AttachmentSettings(Section):
    """How much of what people send besides words is read."""

    images: int = Field(
        4,
        ge=0,
        le=10,
        description="Of one message, shown to a model that sees; Discord sends ten at most.",
    )
    image_bytes: int = Field(
        5_000_000,
        ge=10_000,
        le=20_000_000,
        description="Of one picture. Several services take no more than 5 MB, and four of 20 MB "
        "are over 100 MB in one request.",
    )
    held_bytes: int = Field(
        64_000_000,
        ge=0,
        le=4_000_000_000,
        description="Pictures of the conversations under way, kept in memory for questions that "
        "follow; the oldest go first. All of them live in the bot's memory.",
    )
    file_bytes: int = Field(
        10_000_000,
        ge=1_000,
        le=100_000_000,
        description="Of one text file or PDF. Discord's own limit is 10 MB for most people; more "
        "than 100 MB would be in memory twice.",
    )
    text_tokens: int = Field(
        4000,
        ge=100,
        le=100_000,
        description="Of all files of one message; the rest is cut off. They share the room of "
        "chat.history_tokens later. Under 100 there is no sentence left.",
    )
    download_seconds: float = Field(
        20,
        ge=1,
        le=120,
        description="For all files of one message; the person waits meanwhile, and so does what "
        "they write next.",
    )
    pdf_pages: int = Field(
        100,
        ge=1,
        le=2000,
        description="Of one PDF; most end before, at text_tokens.",
    )
    pdf_seconds: float = Field(
        10,
        ge=1,
        le=60,
        description="For reading one PDF, in a process of its own; what it found then counts.",
    )
    pdf_megabytes: int = Field(
        512,
        ge=128,
        le=8192,
        description="Memory of that process; it needs about 100 for itself.",
    )
