"""Builds every service once, in order, and closes them in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import SecretStr

from persona.answers import Answers
from persona.attachments.files import Files
from persona.attachments.held import Held
from persona.attachments.stored import StoredAttachments
from persona.budget import Budget
from persona.chatbot import Chatbot
from persona.clock import Clock
from persona.closing import Closing
from persona.conversations import Conversations
from persona.corrections import Corrections
from persona.editing import Editor
from persona.embeddings import Embeddings
from persona.erasure import Erasure
from persona.errors import StoreError
from persona.guilds import Guilds
from persona.incognito import Incognito
from persona.languages import Languages
from persona.learning.gate.lexicon import read_lexicons
from persona.learning.news import NewsDesk
from persona.learning.remember import Remember
from persona.learning.schedule import Learner
from persona.learning.under_way import UnderWay
from persona.models import Models
from persona.pausing import Pausing
from persona.people import People
from persona.persona import Personas
from persona.personalization.bm25 import WordSimilarity, load_bm25s
from persona.personalization.past import PastTurns
from persona.personalization.personalizer import Personalizer
from persona.personalization.retrieval import Retrieval
from persona.personalization.vectors import VectorSimilarity
from persona.portable import Portable
from persona.privacy import Consent
from persona.records import Records
from persona.recovery import recover
from persona.registry import Registry
from persona.sessions import Sessions
from persona.settings import EngineSettings, StoreSettings
from persona.sharing import Sharing
from persona.store.address import SqliteAddress
from persona.store.crypto import parse_master_key, read_or_create_master_key
from persona.store.database import Database
from persona.store.keys import KeyFile
from persona.store.opening import open_database
from persona.store.schema import DATA
from persona.titles import Titles
from persona.tools import Tool, ToolExecutor
from persona.tools.functions import load_tools
from persona.tools.memory import MemoryTools
from persona.tools.time import current_time


@dataclass(frozen=True, slots=True)
class Services:
    """The engine, ready for use. Front ends receive one of these."""

    settings: EngineSettings
    clock: Clock
    database: Database
    keys: KeyFile
    registry: Registry
    consent: Consent
    pausing: Pausing
    guilds: Guilds
    languages: Languages
    personas: Personas
    budget: Budget
    portable: Portable
    records: Records
    erasure: Erasure
    editor: Editor
    corrections: Corrections
    sessions: Sessions
    incognito: Incognito
    sharing: Sharing
    files: Files
    closing: Closing
    answers: Answers
    titles: Titles
    models: Models
    embeddings: Embeddings | None
    chatbot: Chatbot
    memory: MemoryTools
    learner: Learner
    under_way: UnderWay
    news: NewsDesk
    remember: Remember

    async def check_models(self) -> None:
        """See that every model is there. Raises `ModelUnavailable` or `ModelRefused`."""
        await self.models.check_all()
        if self.embeddings is not None:
            await self.embeddings.check()


@contextlib.asynccontextmanager
async def open_store(
    settings: StoreSettings,
    *,
    master_key: SecretStr | None = None,
    database_password: SecretStr | None = None,
    key_database_password: SecretStr | None = None,
) -> AsyncIterator[tuple[Database, KeyFile]]:
    """Open database and key file.

    SQLite files are opened alone: a second process would hand out the same work twice.
    `master_key` is base64; without it the file master.key beside the data is used, and made on
    the first start. Raises `StoreError` when something is in the way.
    """

    def read_master_key(may_create: bool) -> bytes:
        if master_key is not None:
            return parse_master_key(master_key.get_secret_value(), source="RAPPORT_MASTER_KEY")
        _prepare(settings.master_key_file.parent)
        return read_or_create_master_key(settings.master_key_file, may_create=may_create)

    async with contextlib.AsyncExitStack() as stack:
        for address in (settings.database, settings.keys):
            if isinstance(address, SqliteAddress):
                _prepare(address.path.parent)
                stack.enter_context(_alone(address.path))
        keys = await KeyFile.open(settings.keys, read_master_key, password=key_database_password)
        stack.push_async_callback(keys.close)
        database = await open_database(
            settings.database,
            DATA,
            password=database_password,
            busy_timeout_seconds=settings.busy_timeout_seconds,
        )
        stack.push_async_callback(database.close)
        yield database, keys


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes away from the file `path`."""
    lock = path.with_name(f"{path.name}.lock")
    try:
        lock.touch(mode=0o600)
        held = FileLock(lock, timeout=0).acquire()
    except Timeout as error:
        raise StoreError(
            f"Another Rapport is using {path}. Stop it, or choose another file."
        ) from error
    except OSError as error:
        raise StoreError(f"{lock} cannot be written: {error.strerror}.") from error
    with held:
        yield


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
    database_password: SecretStr | None = None,
    key_database_password: SecretStr | None = None,
    tools: Iterable[Tool[Any]] = (),
    models: Models | None = None,
) -> AsyncIterator[Services]:
    """Open the engine; everything opened is closed in reverse when the context ends.

    `api_keys` maps endpoint names to keys, `tools` are added to the bot's own. `models` are asked
    instead of those in the settings, and stay open. Raises `StoreError` or `SettingsError` with a
    sentence for the operator.
    """
    operators_tools = load_tools(settings.chat.tools)
    await asyncio.to_thread(read_lexicons)
    async with contextlib.AsyncExitStack() as stack:
        database, keys = await stack.enter_async_context(
            open_store(
                settings.store,
                master_key=master_key,
                database_password=database_password,
                key_database_password=key_database_password,
            )
        )
        registry = Registry.from_settings(settings.slots)
        people = People(database, keys, clock)
        consent = Consent(database, keys, people, clock)
        held = Held(settings.attachments.held_bytes)
        personas = Personas(database, keys, people, held, clock)
        await recover(database, keys, settings.store.missing_keys)
        attachments = StoredAttachments(database, held)
        closing = Closing(database, held, clock, settings.sessions)
        incognito = Incognito(database, people, closing, clock)
        corrections = Corrections(database, personas, attachments, registry, clock)
        sessions = Conversations(
            incognito,
            corrections,
            database=database,
            keys=keys,
            people=people,
            personas=personas,
            closing=closing,
            attachments=attachments,
            clock=clock,
            settings=settings.sessions,
            scoping=settings.privacy.scope,
        )
        memory = MemoryTools(
            database=database,
            personas=personas,
            consent=consent,
            registry=registry,
            clock=clock,
        )
        if models is None:
            models = Models(settings.models, api_keys or {})
            stack.push_async_callback(models.close)
        embeddings = open_embeddings(settings, api_keys or {})
        if embeddings is not None:
            stack.push_async_callback(embeddings.close)
        past = PastTurns(database, keys)
        under_way = UnderWay()
        budget = Budget(database, clock, settings.budget)
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
            pausing=Pausing(database, personas, clock),
            guilds=Guilds(database),
            languages=Languages(database, people),
            personas=personas,
            budget=budget,
            portable=Portable(database, personas, registry, clock),
            records=Records(database, keys, consent, personas, attachments),
            erasure=Erasure(database, keys, held),
            editor=Editor(database, personas, registry, clock),
            corrections=corrections,
            sessions=sessions,
            incognito=incognito,
            sharing=Sharing(database),
            files=Files(settings.attachments),
            closing=closing,
            answers=Answers(database, keys, clock),
            titles=Titles(database, models, clock),
            models=models,
            embeddings=embeddings,
            chatbot=Chatbot(
                models=models,
                tools=ToolExecutor(
                    [current_time(clock), *memory.tools(), *operators_tools, *tools],
                    seconds=settings.chat.tool_seconds,
                ),
                sessions=sessions,
                personalizer=personalizer,
                budget=budget,
                settings=settings.chat,
            ),
            memory=memory,
            learner=Learner(
                database=database,
                models=models,
                closing=closing,
                incognito=incognito,
                personas=personas,
                registry=registry,
                clock=clock,
                settings=settings.learning,
                under_way=under_way,
            ),
            under_way=under_way,
            news=NewsDesk(database, personas),
            remember=Remember(
                database=database,
                models=models,
                personas=personas,
                registry=registry,
                clock=clock,
                under_way=under_way,
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
