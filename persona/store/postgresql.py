"""A database of a PostgreSQL server, which several processes may share."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any, Self

import asyncpg
from pydantic import SecretStr

from persona.errors import StoreError
from persona.store.address import PostgresqlAddress
from persona.store.database import Database, Inspection, frozen
from persona.store.schema import Schema, check_columns, check_not_newer

logger = logging.getLogger(__name__)

# Servers allow 100 in all, and a transaction takes milliseconds.
_CONNECTIONS = 10
_CONNECT_SECONDS = 10.0
# Nothing of ours takes as long: then the network has lost the server without telling.
_COMMAND_SECONDS = 60.0
# But a migration may rewrite a large table, or wait for another process that does.
_MIGRATION_SECONDS = 3600.0

_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

# As long as this, others who want a key wait as well.
_PURGE_SECONDS = 2

# VACUUM marks the place of a deleted row as free, but leaves its bytes there; VACUUM FULL copies
# them too, if any session anywhere is just beginning. A rewrite copies what is visible, no more.
_WRITE_KEYS_ANEW = "ALTER TABLE keys ALTER COLUMN wrapped TYPE BYTEA USING wrapped || ''::BYTEA"

_UNREACHABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # The database takes no connections for now.
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # A connection ended while nothing was asked on it.
    OSError,
    TimeoutError,
)
# Before anything is asked, whatever goes wrong is the address's or the server's fault.
_REFUSED = (*_UNREACHABLE, asyncpg.PostgresError, ValueError)


class PostgresqlDatabase(Database):
    """An open PostgreSQL database. Use `PostgresqlDatabase.open`; close it with `close`."""

    shared = True

    def __init__(
        self, address: PostgresqlAddress, schema: Schema, pool: asyncpg.Pool[asyncpg.Record]
    ) -> None:
        super().__init__(address, schema.load_queries("asyncpg"))
        self._schema = schema
        self._pool = pool

    @classmethod
    async def open(
        cls, address: PostgresqlAddress, schema: Schema, *, password: SecretStr | None = None
    ) -> Self:
        """Connect, and bring the schema up to date.

        Raises `StoreError` when the server cannot be reached or does not let us in, or the schema
        is newer than this program.
        """
        with _failures_of(address, _REFUSED):
            pool = await asyncpg.create_pool(
                **_options(address, password),
                min_size=1,
                max_size=_CONNECTIONS,
                reset=_nothing_to_reset,
            )
        database = cls(address, schema, pool)
        try:
            async with database.write() as connection:
                await _migrate(connection, address, schema)
        except BaseException:
            await database.close()
            raise
        return database

    @contextlib.asynccontextmanager
    async def write(self, person_id: int | None = None) -> AsyncIterator[Any]:
        """Yield a connection inside a transaction that has the person to itself.

        The lock ends with the transaction, also when its process dies.
        """
        with _failures_of(self.address):
            async with self._pool.acquire() as connection, connection.transaction():
                if person_id is not None:
                    await _lock(connection, f"person:{person_id}")
                yield connection

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Any]:
        """Yield a connection inside a transaction that only reads."""
        async with self.read() as connection, frozen(connection, _BEGIN_READING):
            yield connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        """Yield a connection outside any transaction. Do not nest: they might run out."""
        with _failures_of(self.address):
            async with self._pool.acquire() as connection:
                yield connection

    async def purge(self) -> bool:
        """Write the table of keys anew, so that those deleted leave the server's data files.

        What is sealed with them may stay until autovacuum comes round: nobody can open it. While
        somebody reads the whole table, as a dump does, it is left to the next purge.
        """
        if not self._schema.keeps_keys:
            return True
        try:
            async with self.write() as connection:
                await connection.execute(f"SET LOCAL lock_timeout = '{_PURGE_SECONDS}s'")
                await connection.execute(_WRITE_KEYS_ANEW)
        except asyncpg.LockNotAvailableError:
            logger.warning("the table of keys is in use and was not written anew")
            return False
        return True

    async def erase_from_copies(self, person_id: int, scope: str | None = None) -> None:
        """Do nothing: on a server, copies are the operator's."""

    async def close(self) -> None:
        """Close every connection."""
        try:
            with _failures_of(self.address):
                await self._pool.close()
        except StoreError:
            self._pool.terminate()


def _options(
    address: PostgresqlAddress, password: SecretStr | None, *, read_only: bool = False
) -> dict[str, Any]:
    settings = {"application_name": "rapport"}
    if read_only:
        settings["default_transaction_read_only"] = "on"
    return {
        "dsn": address.url,
        "password": password.get_secret_value() if password else None,
        "timeout": _CONNECT_SECONDS,
        "command_timeout": _COMMAND_SECONDS,
        "server_settings": settings,
    }


async def _nothing_to_reset(_: object) -> None:
    """Everything we set ends with its transaction; to reset the rest would cost a round trip."""


@contextlib.contextmanager
def _failures_of(
    address: object, kinds: tuple[type[Exception], ...] = _UNREACHABLE
) -> Iterator[None]:
    """Turn what the server or the network is to blame for into a sentence."""
    try:
        yield
    except asyncpg.LockNotAvailableError:
        # One of those by its class, but the server is well.
        raise
    except kinds as error:
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        if isinstance(error, asyncpg.InternalClientError):
            reason = "the connection was lost"
        raise StoreError(f"The database {address} cannot be used: {reason.rstrip('.')}.") from error


async def _lock(connection: Any, name: str, timeout_seconds: float = _COMMAND_SECONDS) -> None:
    """Wait for the lock `name`, which the transaction keeps to its end."""
    digest = hashlib.blake2b(f"rapport:{name}".encode(), digest_size=8).digest()
    key = int.from_bytes(digest, "big", signed=True)
    await connection.execute("SELECT pg_advisory_xact_lock($1)", key, timeout=timeout_seconds)


async def _migrate(connection: Any, address: PostgresqlAddress, schema: Schema) -> None:
    """Apply what is missing, all of it or nothing; other processes that start wait."""
    scripts = schema.scripts("asyncpg")
    await _lock(connection, "migrations", _MIGRATION_SECONDS)
    current = await _schema_number(connection, address)
    check_not_newer(address, current, len(scripts))
    await _check_columns(connection, address, schema, current)
    for number, (name, sql) in enumerate(scripts[current:], current + 1):
        try:
            if number == 1:
                await connection.execute(
                    "CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT)"
                )
            await connection.execute(sql, timeout=_MIGRATION_SECONDS)
            await connection.execute(
                "INSERT INTO schema_migrations (number, name) VALUES ($1, $2)", number, name
            )
        except asyncpg.PostgresError as error:
            raise StoreError(f"Migration {name} failed on {address}: {error}.") from error
        logger.info("database migrated", extra={"schema": number})


async def _schema_number(connection: Any, address: PostgresqlAddress) -> int:
    if await connection.fetchval("SELECT to_regclass('schema_migrations')") is None:
        return 0
    try:
        number = await connection.fetchval("SELECT MAX(number) FROM schema_migrations")
    except asyncpg.UndefinedColumnError:
        number = None
    if not isinstance(number, int):
        raise StoreError(
            f"The database {address} belongs to another program, or was changed by hand: its table "
            "schema_migrations is not Rapport's. Choose a database that is Rapport's alone."
        )
    return number


async def _check_columns(
    connection: Any, address: PostgresqlAddress, schema: Schema, number: int
) -> None:
    found = await connection.fetch(
        "SELECT t.relname, c.attname FROM pg_class AS t"
        " INNER JOIN pg_attribute AS c ON t.oid = c.attrelid"
        " WHERE pg_table_is_visible(t.oid) AND c.attnum > 0 AND NOT c.attisdropped"
    )
    check_columns(address, schema, number, [(row["relname"], row["attname"]) for row in found])


@contextlib.asynccontextmanager
async def inspect(
    address: PostgresqlAddress, schema: Schema, *, password: SecretStr | None
) -> AsyncIterator[Inspection]:
    """Yield the database at `address` for reading alone.

    Raises `StoreError` when the server cannot be reached or does not let us in, or the schema is
    another one or newer than this program.
    """
    with _failures_of(address, _REFUSED):
        connection = await asyncpg.connect(**_options(address, password, read_only=True))
    try:
        with _failures_of(address):
            number = await _schema_number(connection, address)
            check_not_newer(address, number, len(schema.scripts("asyncpg")))
            await _check_columns(connection, address, schema, number)
        queries = schema.load_queries("asyncpg")
        yield Inspection(address, connection, queries, number, _BEGIN_READING, _failures_of)
    finally:
        with _failures_of(address):
            await connection.close()
