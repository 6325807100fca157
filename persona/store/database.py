"""What a database can do, whichever it is. `persona.store.opening` opens one by its URL.

SQL lives in queries/*.sql; each query is a function of `Database.queries` that takes the
connection first. Rows are read by name: row["person_id"].
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from persona.store.address import Address


@dataclass(frozen=True, slots=True)
class Inspection:
    """A database looked at and left as it is. `schema_number` is 0 for an empty one."""

    connection: Any
    queries: Any
    schema_number: int


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
