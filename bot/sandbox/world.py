"""A simulated Discord with the real bot in it, the real store, and the offline model.

Only Discord itself is simulated (by SimCord). Time stands still until `advance` moves it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import discord
import simcord
from pydantic import HttpUrl, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.client import RapportBot, intents_for
from bot.sandbox.patient import PatientEnv
from bot.settings import Settings
from persona.offline.server import MODEL_NAME, Observer, OfflineModel
from persona.services import Services, open_services
from persona.settings import (
    ChatRoleSettings,
    EndpointSettings,
    ModelsSettings,
    RoleSettings,
    StoreSettings,
)

SERVER_NAME = "Rapport's sandbox"
CHANNEL_NAME = "general"
BOT_NAME = "Rapport"


class DefaultSettings(Settings):
    """The default settings whatever the environment says: the sandbox is the same everywhere."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


class WorldClock:
    """The simulated world's time. Sleeping takes none of it: whoever drives the world moves it."""

    def __init__(self) -> None:
        self.env: simcord.Env | None = None

    def now(self) -> datetime:
        if self.env is None:
            raise RuntimeError("The world has not begun.")
        return self.env.now()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


def offline_models(base_url: str) -> ModelsSettings:
    """Return model settings in which every role is played by the offline model."""
    return ModelsSettings(
        endpoints={"default": EndpointSettings(base_url=HttpUrl(base_url))},
        chat=ChatRoleSettings(model=MODEL_NAME),
        optimizer=RoleSettings(model=MODEL_NAME),
    )


def store_beside(database: Path) -> StoreSettings:
    """Return store settings with keys and master key beside the file `database`."""
    return StoreSettings(
        database_url=f"sqlite:{database}",
        key_url=f"sqlite:{database.with_suffix('.keys.db')}",
        master_key_file=database.with_suffix(".master.key"),
    )


class World:
    """One server with one text channel, its members, and the bot."""

    def __init__(
        self,
        env: simcord.Env,
        services: Services,
        settings: Settings,
        members: Sequence[str],
    ) -> None:
        self.env = env
        self.services = services
        self.settings = settings
        env.backend.bot_user.name = BOT_NAME
        self.guild = env.create_guild(SERVER_NAME)
        self.channel = self.guild.create_text_channel(CHANNEL_NAME)
        self.members = {name: self.guild.add_member(env.create_user(name)) for name in members}

    @property
    def bot_mention(self) -> str:
        return f"<@{self.env.backend.bot_user.id}>"

    async def start_bot(self) -> None:
        """Start the bot in the world as it is, or start it anew."""
        await self.env.restart_bot(RapportBot(self.services, self.settings, shards=1))

    async def advance(self, by: timedelta) -> None:
        """Let time pass."""
        if by > timedelta(0):
            await self.env.advance_time(by.total_seconds())

    async def advance_to(self, moment: datetime) -> None:
        """Let time pass until `moment`; a moment that is over changes nothing."""
        await self.advance(moment - self.env.now())

    async def tick(self) -> None:
        """Do what the scheduler does on the live bot: close what is idle, learn what is due."""
        await self.services.learner.tick()

    def thread(self, thread_id: int) -> simcord.ChannelHandle:
        """Return the thread with this id."""
        for thread in self.channel.threads:
            if thread.id == thread_id:
                return thread
        raise LookupError(f"There is no thread {thread_id}.")


@contextlib.asynccontextmanager
async def open_world(
    settings: Settings,
    members: Sequence[str],
    *,
    observer: Observer | None = None,
    api_keys: Mapping[str, SecretStr | None] | None = None,
    offline: bool = True,
    settle_timeout: float = 60,
) -> AsyncIterator[World]:
    """Open a world with `members` in it. The bot is not in it until `World.start_bot`.

    With `offline` the offline model plays every role; else the settings' own models do.
    `settle_timeout` is how many real seconds one act may take.
    """
    clock = WorldClock()
    async with contextlib.AsyncExitStack() as stack:
        if offline:
            model = await stack.enter_async_context(OfflineModel(observer))
            settings = settings.model_copy(update={"models": offline_models(model.base_url)})
        services = await stack.enter_async_context(
            open_services(settings, clock=clock, api_keys=api_keys)
        )
        empty = discord.Client(intents=intents_for(settings.discord.trigger))
        clock.env = env = PatientEnv(empty, settle_timeout=settle_timeout, check_errors=False)
        stack.push_async_callback(env.shutdown)
        await env.start()
        yield World(env, services, settings, members)
