"""rapport doctor: check settings, database, model and Discord; a line each, with what to do."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import discord
import discord.http
from filelock import FileLock, Timeout
from rich.console import Console
from rich.text import Text

from bot.cli.run import BAD_TOKEN, NO_INTENT, NO_NETWORK, NO_TOKEN, turned_away
from bot.errors import DiscordError
from bot.secrets import DISCORD_TOKEN, MASTER_KEY, read_api_keys, read_secret
from bot.settings import Settings, load
from persona.errors import InvalidAnswer, RapportError, SettingsError, StoreError
from persona.learning.probe import probe
from persona.models import Models
from persona.registry import Registry
from persona.settings import StoreSettings
from persona.store.crypto import parse_master_key, read_or_create_master_key
from persona.store.database import inspect
from persona.store.keys import verify_master_key
from persona.structured import Way


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    subject: str
    fine: bool
    what: str


Check = Callable[[Settings], AsyncIterator[str]]


def doctor(config: Path | None) -> None:
    """Print the report; exit with 1 when something needs doing."""
    console = Console(highlight=False, soft_wrap=True)
    fine = asyncio.run(_examine(config, console))
    if not fine:
        sys.exit(1)


async def _examine(config: Path | None, console: Console) -> bool:
    fine = True
    async for finding in _findings(config):
        fine = fine and finding.fine
        mark = Text(" ok " if finding.fine else "FIX ", style="green" if finding.fine else "red")
        console.print(mark, Text(f"{finding.subject:<10}"), Text(finding.what))
    return fine


async def _findings(config: Path | None) -> AsyncIterator[Finding]:
    try:
        settings = load(config)
    except SettingsError as error:
        yield Finding("settings", False, str(error))
        return
    yield Finding("settings", True, "every key is known and in its bounds")
    checks: tuple[tuple[str, Check], ...] = (
        ("database", _check_database),
        ("keys", _check_keys),
        ("model", _check_models),
        ("discord", _check_discord),
    )
    for subject, check in checks:
        try:
            async for what in check(settings):
                yield Finding(subject, True, what)
        except RapportError as error:
            yield Finding(subject, False, str(error))


async def _check_database(settings: Settings) -> AsyncIterator[str]:
    path = settings.store.database_file
    if not path.exists():
        _check_writable(path.parent)
        yield f"{path} will be made on the first start"
        return
    in_use = _is_locked(path)
    schema = await inspect(path, in_use=in_use)
    yield f"{path}, schema {schema}" + (" (in use by a running Rapport)" if in_use else "")


def _check_writable(directory: Path) -> None:
    existing = next(
        folder for folder in (directory, *directory.absolute().parents) if folder.exists()
    )
    try:
        # Permissions alone do not tell: a folder of the system takes no files from anybody.
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        raise StoreError(f"The directory {existing} cannot be written to.") from error


def _is_locked(path: Path) -> bool:
    lock = FileLock(f"{path}.lock", timeout=0)
    try:
        with lock:
            return False
    except Timeout:
        return True


async def _check_keys(settings: Settings) -> AsyncIterator[str]:
    path = settings.store.key_file
    given = read_secret(MASTER_KEY)
    if not path.exists():
        if given is not None:
            parse_master_key(given.get_secret_value(), source=MASTER_KEY)
        _check_writable(path.parent)
        yield f"{path} will be made on the first start"
        return
    await verify_master_key(path, _master_key(settings.store))
    source = MASTER_KEY if given is not None else str(settings.store.master_key_file)
    yield f"{path}, opened by {source}"


def _master_key(settings: StoreSettings) -> bytes:
    given = read_secret(MASTER_KEY)
    if given is not None:
        return parse_master_key(given.get_secret_value(), source=MASTER_KEY)
    return read_or_create_master_key(settings.master_key_file, may_create=False)


# How the optimizer's model answers, from the best way to the last resort.
_WAYS: dict[Way, str] = {
    "tool": "calls tools",
    "json_schema": "does not call tools, but answers in JSON by a schema",
    "json_object": "does not call tools, but answers in JSON",
    "lines": "manages neither tools nor JSON, but answers line by line",
}


async def _check_models(settings: Settings) -> AsyncIterator[str]:
    models = Models(settings.models, read_api_keys(settings.models))
    registry = Registry.from_settings(settings.slots)
    try:
        await models.check("chat")
        yield f"chat: {settings.models.chat.model} is reachable, {await _check_streaming(models)}"
        await models.check("optimizer")
        way = await _check_learning(models, registry)
        yield f"optimizer: {settings.models.optimizer.model} is reachable, {_WAYS[way]}"
    finally:
        await models.close()


async def _check_streaming(models: Models) -> str:
    pieces = 0
    async for piece in models.stream("chat", [{"role": "user", "content": "Count to twenty."}]):
        pieces += isinstance(piece, str)
    return "streams" if pieces > 1 else "answers, but does not stream: replies will come at once"


async def _check_learning(models: Models, registry: Registry) -> Way:
    try:
        return await probe(models, registry)
    except InvalidAnswer as error:
        raise RapportError(
            "optimizer: the model is reachable, but what it answers cannot be read, so nothing "
            f"would be learned ({error}) Choose another for models.optimizer."
        ) from error


async def _check_discord(settings: Settings) -> AsyncIterator[str]:
    token = read_secret(DISCORD_TOKEN)
    if token is None:
        raise SettingsError(NO_TOKEN)
    discord.http.Route.BASE = settings.discord.rest_url
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token.get_secret_value())
            flags = (await client.application_info()).flags
        except discord.LoginFailure as error:
            raise DiscordError(BAD_TOKEN) from error
        except discord.HTTPException as error:
            raise DiscordError(turned_away(error)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise DiscordError(NO_NETWORK) from error
    yield "the token is accepted"
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        yield "the message content intent is on: both trigger modes work"
    elif settings.discord.trigger == "thread":
        raise DiscordError(NO_INTENT)
    else:
        yield 'the message content intent is off: trigger = "mention" works, "thread" would not'
