"""What a database can do, whichever it is. `persona.store.opening` opens one by its URL.

SQL lives in queries/*.sql; each query is a function of `Database.queries` that takes the
connection first. Rows are read by name: row["person_id"].
"""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from persona.store.address import Address


class Snapshots(Protocol):
    """What can be looked at while others write: an open database, or one that is inspected."""

    @property
    def queries(self) -> Any:
        """Return the queries, each a function that takes the connection first."""

    def snapshot(self) -> AbstractAsyncContextManager[Any]:
        """Yield a connection on which everything is as it was at one moment. Do not nest."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """A database looked at and left as it is. `schema_number` is 0 for an empty one.

    `begin` is the statement that begins a snapshot, `failures_of` turns what the driver raises into
    a `StoreError` that names the address.
    """

    address: Address
    connection: Any
    queries: Any
    schema_number: int
    begin: str
    failures_of: Callable[[Address], AbstractContextManager[None]]

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Any]:
        """Yield the connection, on which everything is as it was at one moment. Do not nest.

        Raises `StoreError` when the database cannot be read.
        """
        with self.read():
            async with frozen(self.connection, self.begin):
                yield self.connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Any]:
        """Yield the connection. Raises `StoreError` when the database cannot be read."""
        with self.failures_of(self.address):
            yield self.connection


@contextlib.asynccontextmanager
async def frozen(connection: Any, begin: str) -> AsyncIterator[None]:
    """Let `connection` see one moment, from the statement `begin` to the end of the context."""
    await connection.execute(begin)
    try:
        yield
    finally:
        await asyncio.shield(connection.execute("ROLLBACK"))


class Database(ABC):
    """An open database. `shared` says whether other processes may have it open too."""

    shared: bool

    def __init__(self, address: Address, queries: Any) -> None:
        self.address = address
        self.queries = queries

    @abstractmethod
    def write(self, person_id: int | None = None) -> AbstractAsyncContextManager[Any]:
        """Yield a connection inside a transaction: committed at the end, or undone whole.

        Writes about one person happen one after the other. None is for what belongs to nobody.
        Do not nest. Raises `StoreError` when the database is out of reach.
        """

    @abstractmethod
    def snapshot(self) -> AbstractAsyncContextManager[Any]:
        """Yield a connection on which everything is as it was at one moment. Do not nest.

        Nothing can be written on it. Raises `StoreError` when the database is out of reach.
        """

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[Any]:
        """Yield a connection that sees what has been committed, the caller's alone. Do not nest.

        Raises `StoreError` when the database is out of reach.
        """

    @abstractmethod
    async def purge(self) -> bool:
        """See to it that what was deleted leaves the database's files; return whether it did."""

    @abstractmethod
    async def erase_from_copies(self, person_id: int, scope: str | None = None) -> None:
        """Delete the person, or their persona in `scope`, from the copies made before migrations.

        A copy that cannot be written to is deleted.
        """

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""
