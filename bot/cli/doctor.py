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
from pydantic import SecretStr
from rich.console import Console
from rich.text import Text

from bot.cli.run import BAD_TOKEN, NO_INTENT, NO_NETWORK, NO_TOKEN, turned_away
from bot.errors import DiscordError
from bot.secrets import (
    DATABASE_PASSWORD,
    DISCORD_TOKEN,
    KEY_DATABASE_PASSWORD,
    MASTER_KEY,
    read_api_keys,
    read_master_key,
    read_secret,
)
from bot.settings import Settings, find, load
from persona.errors import InvalidAnswer, RapportError, SettingsError, StoreError
from persona.learning.probe import probe
from persona.models import Models
from persona.registry import Registry
from persona.services import open_embeddings
from persona.store.address import Address, SqliteAddress
from persona.store.crypto import parse_master_key
from persona.store.keys import verify_master_key
from persona.store.opening import inspect
from persona.store.schema import DATA, KEYS
from persona.structured import Way
from persona.tools.functions import load_tools


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
        settings, source = load(config), find(config)
    except SettingsError as error:
        yield Finding("settings", False, str(error))
        return
    read = source or f"there is no config.toml in {Path.cwd()}, so defaults and environment count"
    yield Finding("settings", True, f"{read}: every key is known and in its bounds")
    checks: tuple[tuple[str, Check], ...] = (
        ("tools", _check_tools),
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


async def _check_tools(settings: Settings) -> AsyncIterator[str]:
    if settings.chat.tools:
        # Their modules are imported, and may do whatever they like.
        tools = await asyncio.to_thread(load_tools, settings.chat.tools)
        yield ", ".join(tool.name for tool in tools) + " can be called by the chat model"


async def _check_database(settings: Settings) -> AsyncIterator[str]:
    address = settings.store.database
    in_use = False
    if isinstance(address, SqliteAddress):
        if not address.path.exists():
            _check_writable(address.path.parent)
            yield f"{address} will be made on the first start"
            return
        in_use = _is_locked(address.path)
    password = read_secret(DATABASE_PASSWORD)
    async with inspect(address, DATA, password=password) as inspection:
        schema = inspection.schema_number
    if not schema:
        yield f"{address} can be reached; its tables will be made on the first start"
        return
    yield f"{address}, schema {schema}" + (" (in use by a running Rapport)" if in_use else "")


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
    address = settings.store.keys
    given = read_secret(MASTER_KEY)
    password = read_secret(KEY_DATABASE_PASSWORD)
    if await _is_new(address, password):
        if given is not None:
            parse_master_key(given.get_secret_value(), source=MASTER_KEY)
        yield f"{address} will be made on the first start"
        return
    await verify_master_key(address, read_master_key(settings.store), password=password)
    source = MASTER_KEY if given is not None else str(settings.store.master_key_file)
    yield f"{address}, opened by {source}"


async def _is_new(address: Address, password: SecretStr | None) -> bool:
    """Whether nothing was kept at `address` yet. Raises `StoreError` where nothing can be."""
    if isinstance(address, SqliteAddress):
        if not address.path.exists():
            _check_writable(address.path.parent)
            return True
        return False
    async with inspect(address, KEYS, password=password) as inspection:
        return inspection.schema_number == 0


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
    async for what in _check_retrieval(settings):
        yield what


async def _check_retrieval(settings: Settings) -> AsyncIterator[str]:
    embeddings = open_embeddings(settings, read_api_keys(settings.models))
    if embeddings is None:
        return
    try:
        numbers = await embeddings.check()
    finally:
        await embeddings.close()
    yield f"embeddings: {embeddings.model} is reachable, gives vectors of {numbers} numbers"


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
