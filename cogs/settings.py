"""The Discord layer's part of the settings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from persona.guilds import Visibility
from persona.section import Section

Trigger = Literal["thread", "mention"]
AutoArchive = Literal[60, 1440, 4320, 10080]
Titles = Literal["model", "words", "off"]


class DiscordSettings(Section):
    """How the bot behaves on Discord."""

    trigger: Trigger = Field(
        "thread",
        description="thread: no mention is needed in a thread (needs the message content intent); "
        "mention: every message must mention the bot (no privileged intent).",
    )
    threads: Visibility = Field(
        "public", description="What /chat new opens where a server has not chosen with /settings."
    )
    auto_archive_minutes: AutoArchive = Field(1440, description="Discord knows only these four.")
    edit_interval_seconds: float = Field(
        1.2, ge=0.5, le=30, description="Faster than about one edit a second meets rate limits."
    )
    answer_buttons: bool = Field(
        True, description="A new answer, thumbs up and thumbs down beneath a finished answer."
    )
    titles: Titles = Field(
        "model",
        description="What a thread is called after its first answer: model has the chat model find "
        "a short title, which is one small request a thread; words takes the person's first "
        "words; off leaves the threads of /chat new without one.",
    )
    learning_notes: bool = Field(
        True,
        description="Whether people are told in the conversation when something was learned: how "
        "much, and a button that shows it to them alone.",
    )
    most_messages: int = Field(
        5, ge=1, le=20, description="A longer answer goes into a file; more floods a channel."
    )
    shards: int = Field(
        0, ge=0, le=512, description="0 lets Discord say; needed from 2,500 servers on."
    )
    rest_url: str = Field(
        "https://discord.com/api/v10",
        pattern=r"^https?://",
        description="Another address only for a REST proxy of your own.",
    )
