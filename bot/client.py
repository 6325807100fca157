"""The Discord client: intents, shards, extensions, and commands synced when they changed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging

import discord
from discord import app_commands
from discord.ext import commands

import cogs
from bot.settings import Settings
from cogs.errors import report
from cogs.settings import Trigger
from persona.services import Services
from persona.store.notes import get_note, set_note

logger = logging.getLogger(__name__)

# How long what events, commands and buttons began may take when the bot stops. Service managers
# wait at least ten seconds between asking and killing.
_GRACE_SECONDS = 5.0

# What discord.py calls the tasks in which it does what was asked for.
_BEGUN_BY_DISCORD = ("discord.py: ", "CommandTree-invoker", "discord-ui-")


def intents_for(trigger: Trigger) -> discord.Intents:
    """Return the least the bot needs: message content only where no mention is asked for."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    intents.message_content = trigger == "thread"
    return intents


def _begun() -> set[asyncio.Task[object]]:
    """Return the tasks in which something is being done for people."""
    return {
        task for task in asyncio.all_tasks() if task.get_name().startswith(_BEGUN_BY_DISCORD)
    } - {asyncio.current_task()}


class CommandTree(app_commands.CommandTree[discord.Client]):
    """The commands there are. Errors in one are told by its extension."""

    async def on_error(
        self,
        interaction: discord.Interaction[discord.Client],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        if interaction.command is None:
            await report(interaction, error)


class RapportBot(commands.AutoShardedBot):
    """A bot with Rapport's extensions. Services are opened and closed by whoever starts it."""

    def __init__(self, services: Services, settings: Settings, *, shards: int = 0) -> None:
        self._pace = cogs.Pace(services.clock)
        # It joins no voice channels, so nothing has to be installed for them.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            command_prefix=(),
            tree_cls=CommandTree,
            help_command=None,
            intents=intents_for(settings.discord.trigger),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            shard_count=shards or settings.discord.shards or None,
            http_trace=self._pace.trace(),
        )
        self._services = services
        self._settings = settings

    async def setup_hook(self) -> None:
        await cogs.load(self, self._services, self._settings.discord, self._pace)
        await self._sync_commands()

    async def close(self) -> None:
        """Let what is under way come to its end while Discord and the store can be reached.

        The extensions go after that: what is asked for meanwhile may need any of them.
        """
        await self._finish(_GRACE_SECONDS)
        for extension in tuple(self.extensions):
            with contextlib.suppress(commands.ExtensionError):
                await self.unload_extension(extension)
        await super().close()
        await self._finish(0.0)

    @staticmethod
    async def _finish(seconds: float) -> None:
        """Wait for what was begun, also meanwhile; what is not done in time is cancelled."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while begun := _begun():
            _, left = await asyncio.wait(begun, timeout=max(0.0, end - loop.time()))
            if left:
                for task in left:
                    task.cancel()
                await asyncio.gather(*left, return_exceptions=True)
                return

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no prefix commands; the chat extension listens for itself."""

    async def on_ready(self) -> None:
        """Discord repeats this after every reconnection."""
        logger.info("ready", extra={"servers": len(self.guilds), "shards": self.shard_count})

    async def _sync_commands(self) -> None:
        """Discord allows few syncs a day, so only when the commands differ from what it has."""
        local = self.tree.get_commands()
        translator = self.tree.translator
        payloads = [
            await command.get_translated_payload(self.tree, translator)
            if translator is not None
            else command.to_dict(self.tree)
            for command in local
        ]
        wanted = json.dumps(payloads, sort_keys=True)
        digest = hashlib.sha256(wanted.encode()).hexdigest()
        note = f"commands:{self.application_id}"
        if await get_note(self._services.database, note) == digest:
            remote = {command.name for command in await self.tree.fetch_commands()}
            if remote == {command.name for command in local}:
                return
        await self.tree.sync()
        await set_note(self._services.database, note, digest)
        logger.info("commands synced", extra={"count": len(local)})
