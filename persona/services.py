"""Builds every service once, in order, and closes them in reverse."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import SecretStr

from persona.chatbot import Chatbot
from persona.clock import Clock
from persona.closing import Closing
from persona.embeddings import Embeddings
from persona.errors import StoreError
from persona.guilds import Guilds
from persona.learning.schedule import Learner
from persona.models import Models
from persona.persona import Personas
from persona.personalization.bm25 import WordSimilarity, load_bm25s
from persona.personalization.past import PastTurns
from persona.personalization.personalizer import Personalizer
from persona.personalization.retrieval import Retrieval
from persona.personalization.vectors import VectorSimilarity
from persona.privacy import Consent
from persona.recovery import recover
from persona.registry import Registry
from persona.sessions import Sessions
from persona.settings import EngineSettings, StoreSettings
from persona.store.crypto import parse_master_key, read_or_create_master_key
from persona.store.database import Database
from persona.store.keys import KeyFile
from persona.tools import Tool, ToolExecutor, current_time


@dataclass(frozen=True, slots=True)
class Services:
    """The engine, ready for use. Front ends receive one of these."""

    settings: EngineSettings
    clock: Clock
    database: Database
    keys: KeyFile
    registry: Registry
    consent: Consent
    guilds: Guilds
    personas: Personas
    sessions: Sessions
    closing: Closing
    models: Models
    embeddings: Embeddings | None
    chatbot: Chatbot
    learner: Learner

    async def check_models(self) -> None:
        """See that every model is there. Raises `ModelUnavailable` or `ModelRefused`."""
        await self.models.check_all()
        if self.embeddings is not None:
            await self.embeddings.check()


@contextlib.asynccontextmanager
async def open_store(
    settings: StoreSettings, *, master_key: SecretStr | None = None
) -> AsyncIterator[tuple[Database, KeyFile]]:
    """Open database and key file, alone: a second process would hand out the same work twice.

    `master_key` is base64; without it the file master.key beside the data is used, and made on
    the first start. Raises `StoreError` when something is in the way.
    """
    for path in (settings.database_file, settings.key_file, settings.master_key_file):
        _prepare(path.parent)

    def read_master_key(may_create: bool) -> bytes:
        if master_key is not None:
            return parse_master_key(master_key.get_secret_value(), source="RAPPORT_MASTER_KEY")
        return read_or_create_master_key(settings.master_key_file, may_create=may_create)

    async with contextlib.AsyncExitStack() as stack:
        path = settings.database_file
        lock = path.with_name(f"{path.name}.lock")
        try:
            lock.touch(mode=0o600)
            stack.enter_context(FileLock(lock, timeout=0))
        except Timeout as error:
            raise StoreError(
                f"Another Rapport is using {path}. Stop it, or choose another file."
            ) from error
        except OSError as error:
            raise StoreError(f"{lock} cannot be written: {error.strerror}.") from error
        keys = await KeyFile.open(settings.key_file, read_master_key)
        stack.push_async_callback(keys.close)
        database = await Database.open(path, busy_timeout_seconds=settings.busy_timeout_seconds)
        stack.push_async_callback(database.close)
        yield database, keys


def _prepare(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The directory {directory} cannot be made: {error}.") from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise StoreError(f"The directory {directory} cannot be written to.")


@contextlib.asynccontextmanager
async def open_services(
    settings: EngineSettings,
    *,
    clock: Clock,
    api_keys: Mapping[str, SecretStr | None] | None = None,
    master_key: SecretStr | None = None,
    tools: Iterable[Tool[Any]] = (),
) -> AsyncIterator[Services]:
    """Open the engine; everything opened is closed in reverse when the context ends.

    `api_keys` maps endpoint names to keys, `tools` are added to the bot's own. Raises `StoreError`
    or `SettingsError` with a sentence for the operator.
    """
    async with contextlib.AsyncExitStack() as stack:
        database, keys = await stack.enter_async_context(
            open_store(settings.store, master_key=master_key)
        )
        registry = Registry.from_settings(settings.slots)
        consent = Consent(database, clock)
        personas = Personas(database, keys, clock)
        await recover(database, keys, settings.store.missing_keys)
        closing = Closing(database, clock, settings.sessions)
        sessions = Sessions(
            database, keys, personas, closing, clock, settings.sessions, settings.privacy.scope
        )
        models = Models(settings.models, api_keys or {})
        stack.push_async_callback(models.close)
        embeddings = open_embeddings(settings, api_keys or {})
        if embeddings is not None:
            stack.push_async_callback(embeddings.close)
        past = PastTurns(database, keys)
        similarity = VectorSimilarity(embeddings) if embeddings else WordSimilarity()
        personalizer = Personalizer(
            personas=personas,
            past=past,
            retrieval=Retrieval(past, similarity, settings.personalization),
            consent=consent,
            registry=registry,
            settings=settings.personalization,
        )
        yield Services(
            settings=settings,
            clock=clock,
            database=database,
            keys=keys,
            registry=registry,
            consent=consent,
            guilds=Guilds(database),
            personas=personas,
            sessions=sessions,
            closing=closing,
            models=models,
            embeddings=embeddings,
            chatbot=Chatbot(
                models=models,
                tools=ToolExecutor([current_time(clock), *tools]),
                sessions=sessions,
                personalizer=personalizer,
                settings=settings.chat,
            ),
            learner=Learner(
                database=database,
                models=models,
                closing=closing,
                personas=personas,
                registry=registry,
                clock=clock,
                settings=settings.learning,
            ),
        )


def open_embeddings(
    settings: EngineSettings, api_keys: Mapping[str, SecretStr | None]
) -> Embeddings | None:
    """Return the model of embeddings, or None where none is set and words are compared.

    Raises `SettingsError` when replies need words compared and what does it is not installed.
    """
    chosen = settings.models.embeddings
    if chosen.model is not None:
        endpoint = settings.models.endpoints[chosen.endpoint]
        return Embeddings(chosen.endpoint, endpoint, chosen.model, api_keys.get(chosen.endpoint))
    if settings.personalization.strategy == "retrieval":
        load_bm25s()
    return None
