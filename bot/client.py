"""The Discord client: intents, shards, extensions, and commands synced when they changed."""

from __future__ import annotations

import hashlib
import json
import logging

import discord
from discord.ext import commands

import cogs
from bot.settings import Settings
from cogs.settings import Trigger
from persona.services import Services
from persona.store.notes import get_note, set_note

logger = logging.getLogger(__name__)


def intents_for(trigger: Trigger) -> discord.Intents:
    """Return the least the bot needs: message content only where no mention is asked for."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    intents.message_content = trigger == "thread"
    return intents


class RapportBot(commands.AutoShardedBot):
    """A bot with Rapport's extensions. Services are opened and closed by whoever starts it."""

    def __init__(self, services: Services, settings: Settings, *, shards: int = 0) -> None:
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=intents_for(settings.discord.trigger),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            shard_count=shards or settings.discord.shards or None,
        )
        self._services = services
        self._settings = settings

    async def setup_hook(self) -> None:
        await cogs.load(self, self._services, self._settings.discord)
        await self._sync_commands()

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no prefix commands; the chat extension listens for itself."""

    async def on_ready(self) -> None:
        """Discord repeats this after every reconnection."""
        logger.info("ready", extra={"servers": len(self.guilds), "shards": self.shard_count})

    async def _sync_commands(self) -> None:
        """Discord allows few syncs a day, so only when the commands differ from what it has."""
        local = self.tree.get_commands()
        wanted = json.dumps([command.to_dict(self.tree) for command in local], sort_keys=True)
        digest = hashlib.sha256(wanted.encode()).hexdigest()
        note = f"commands:{self.application_id}"
        if await get_note(self._services.database, note) == digest:
            remote = {command.name for command in await self.tree.fetch_commands()}
            if remote == {command.name for command in local}:
                return
        await self.tree.sync()
        await set_note(self._services.database, note, digest)
        logger.info("commands synced", extra={"count": len(local)})
