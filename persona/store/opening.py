"""Opens the database an address names, with the driver it needs."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from importlib import import_module
from types import ModuleType

from pydantic import SecretStr

from persona.errors import StoreError
from persona.store import sqlite
from persona.store.address import Address, SqliteAddress
from persona.store.database import Database, Inspection
from persona.store.schema import Schema


async def open_database(
    address: Address,
    schema: Schema,
    *,
    password: SecretStr | None = None,
    busy_timeout_seconds: float = 5.0,
) -> Database:
    """Open a database and bring its schema up to date first.

    `password` is for PostgreSQL, `busy_timeout_seconds` for SQLite. Raises `StoreError` with a
    sentence for the operator.
    """
    if isinstance(address, SqliteAddress):
        return await sqlite.SqliteDatabase.open(
            address, schema, busy_timeout_seconds=busy_timeout_seconds
        )
    database: Database = await _postgresql().PostgresqlDatabase.open(
        address, schema, password=password
    )
    return database


@contextlib.asynccontextmanager
async def inspect(
    address: Address, schema: Schema, *, password: SecretStr | None = None
) -> AsyncIterator[Inspection]:
    """Yield a database for reading, without changing it, also while a bot runs on it.

    Raises `StoreError` when it cannot be read, or is newer than this program.
    """
    if isinstance(address, SqliteAddress):
        async with sqlite.inspect(address, schema) as inspection:
            yield inspection
    else:
        async with _postgresql().inspect(address, schema, password=password) as inspection:
            yield inspection


def _postgresql() -> ModuleType:
    """Its driver is loaded by those alone who have such a database."""
    try:
        return import_module("persona.store.postgresql")
    except ModuleNotFoundError as error:
        if error.name != "asyncpg":
            raise
        raise StoreError(
            "PostgreSQL needs its driver: install requirements/postgres.txt of Rapport's folder."
        ) from error
