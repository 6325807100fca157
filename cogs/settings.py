"""The Discord layer's part of the settings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from persona.guilds import Visibility
from persona.settings import Section

Trigger = Literal["thread", "mention"]
AutoArchive = Literal[60, 1440, 4320, 10080]


class DiscordSettings(Section):
    """How the bot behaves on Discord."""

    trigger: Trigger = Field(
        "thread",
        description="thread: no mention is needed in a thread (needs the message content intent); "
        "mention: every message must mention the bot (no privileged intent).",
    )
    threads: Visibility = Field(
        "public", description="What /chat opens where a server has not chosen with /settings."
    )
    auto_archive_minutes: AutoArchive = Field(1440, description="Discord knows only these four.")
    edit_interval_seconds: float = Field(
        1.2, ge=0.5, le=30, description="Faster than about one edit a second meets rate limits."
    )
    shards: int = Field(
        0, ge=0, le=512, description="0 lets Discord say; needed from 2,500 servers on."
    )
    rest_url: str = Field(
        "https://discord.com/api/v10",
        pattern=r"^https?://",
        description="Another address only for a REST proxy of your own.",
    )
