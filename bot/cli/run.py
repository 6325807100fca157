"""rapport run: connect to Discord and talk."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from pathlib import Path

import aiohttp
import discord
import discord.http
from pydantic import SecretStr

from bot import log
from bot.client import RapportBot
from bot.errors import DiscordError
from bot.schedule import Schedule
from bot.secrets import (
    DATABASE_PASSWORD,
    DISCORD_TOKEN,
    KEY_DATABASE_PASSWORD,
    MASTER_KEY,
    read_api_keys,
    read_secret,
)
from bot.settings import Settings, load
from persona.clock import SystemClock
from persona.errors import SettingsError
from persona.services import open_services

logger = logging.getLogger(__name__)

NO_TOKEN = (
    f"There is no Discord token. Set {DISCORD_TOKEN} (or {DISCORD_TOKEN}_FILE) to the token of "
    "your bot: https://discord.com/developers/applications, your application, Bot, Reset Token."
)
BAD_TOKEN = (
    f"Discord does not accept the token in {DISCORD_TOKEN}. Copy it again from "
    "https://discord.com/developers/applications, your application, Bot, Reset Token."
)
NO_INTENT = (
    "The bot may not read messages: the message content intent is off. Turn it on at "
    "https://discord.com/developers/applications, your application, Bot, Message Content Intent; "
    'or set discord.trigger = "mention" in config.toml, and be mentioned every time.'
)
NO_NETWORK = "Discord cannot be reached. Check the network, and discord.rest_url if you set it."

_LAST_SECONDS = 3.0


def run(config: Path | None) -> None:
    """Run the bot until it is told to stop. Raises `RapportError` with one clear sentence."""
    settings = load(config)
    token = read_secret(DISCORD_TOKEN)
    if token is None:
        raise SettingsError(NO_TOKEN)
    log.configure(settings.logging)
    asyncio.run(_until_stopped(settings, token))


async def _until_stopped(settings: Settings, token: SecretStr) -> None:
    """Serve until Ctrl-C, or until a service manager asks for the end.

    The handlers stand before anything is opened: as the first process of a container Python
    would not be ended by SIGTERM while it waits for a model that never answers.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no such handlers.
            loop.add_signal_handler(number, stop.set)
    serving = asyncio.create_task(_serve(settings, token))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((serving, stopped), return_when=asyncio.FIRST_COMPLETED)
        if not serving.done():
            logger.info("stopping")
    finally:
        for task in (stopped, serving):
            task.cancel()
        await asyncio.gather(stopped, serving, return_exceptions=True)
    if not serving.cancelled():
        serving.result()


async def _serve(settings: Settings, token: SecretStr) -> None:
    async with open_services(
        settings,
        clock=SystemClock(),
        api_keys=read_api_keys(settings.models),
        master_key=read_secret(MASTER_KEY),
        database_password=read_secret(DATABASE_PASSWORD),
        key_database_password=read_secret(KEY_DATABASE_PASSWORD),
    ) as services:
        await services.check_models()
        discord.http.Route.BASE = settings.discord.rest_url
        async with RapportBot(services, settings) as bot:
            schedule = Schedule(services.learner.tick, settings.learning.tick_seconds)
            connection = asyncio.create_task(_connect(bot, token, schedule))
            try:
                await asyncio.wait((connection,))
                connection.result()
            finally:
                await schedule.stop()
                # Closing, not cancelling, ends the connection: while discord.py reconnects it
                # swallows a cancellation. The extensions finish their sentences first.
                await bot.close()
                connection.cancel()
                await asyncio.wait((connection,), timeout=_LAST_SECONDS)


async def _connect(bot: RapportBot, token: SecretStr, schedule: Schedule) -> None:
    try:
        await bot.login(token.get_secret_value())
        schedule.start()
        await bot.connect()
    except discord.LoginFailure as error:
        raise DiscordError(BAD_TOKEN) from error
    except discord.PrivilegedIntentsRequired as error:
        raise DiscordError(NO_INTENT) from error
    except (aiohttp.ClientError, OSError, discord.GatewayNotFound) as error:
        raise DiscordError(NO_NETWORK) from error
    except discord.HTTPException as error:
        raise DiscordError(turned_away(error)) from error


def turned_away(error: discord.HTTPException) -> str:
    """Return what to tell the operator when Discord answers with an error."""
    return f"Discord turned the bot away (HTTP {error.status})."
