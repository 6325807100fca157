"""What the two databases are made of: numbered migrations, and one set of queries for both drivers.

The migrations are written for SQLite; where PostgreSQL has another word for the same thing, it is
put in its place.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import aiosql

from persona.errors import StoreError
from persona.store.address import Address, Driver

_PACKAGE = Path(str(resources.files("persona.store")))
_BLOB = re.compile(r"\bBLOB\b")

# What a file of SQLite has: (table, column).
SQLITE_COLUMNS = (
    "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c"
    " WHERE t.type = 'table'"
)


@dataclass(frozen=True, slots=True)
class Schema:
    """One of the two. With `keeps_keys`, no deleted byte may stay behind in a second file."""

    migrations: Path
    queries: Path
    keeps_keys: bool

    def scripts(self, driver: Driver) -> list[tuple[str, str]]:
        """Return name and SQL of every migration, in order."""
        found = []
        for path in sorted(self.migrations.glob("[0-9][0-9][0-9][0-9]_*.sql")):
            sql = path.read_text(encoding="utf-8")
            found.append((path.name, _BLOB.sub("BYTEA", sql) if driver == "asyncpg" else sql))
        return found

    def columns(self, number: int) -> list[tuple[str, str]]:
        """Return table and column of all that the first `number` migrations make."""
        with contextlib.closing(sqlite3.connect(":memory:")) as memory:
            for _, sql in self.scripts("aiosqlite")[:number]:
                memory.executescript(sql)
            return memory.execute(SQLITE_COLUMNS).fetchall()

    def load_queries(self, driver: Driver) -> Any:
        """Return the queries, each a function that takes the connection first."""
        return _load(self.queries, driver)


@cache
def _load(path: Path, driver: Driver) -> Any:
    """Reading them takes longer than opening a new database, and a benchmark opens many."""
    return aiosql.from_path(str(path), driver)


DATA = Schema(_PACKAGE / "migrations", _PACKAGE / "queries", keeps_keys=False)
KEYS = Schema(_PACKAGE / "key_migrations", _PACKAGE / "keys.sql", keeps_keys=True)


def check_current(address: Address, number: int, newest: int) -> None:
    """Raise `StoreError` when schema `number` of a database is not the `newest`."""
    check_not_newer(address, number, newest)
    if number == 0:
        raise StoreError(f"There is nothing in {address}; the first start of Rapport fills it.")
    if number < newest:
        raise StoreError(
            f"The database {address} is of an older version (schema {number}, this program reads "
            f"{newest}). The next start of Rapport brings it up to date."
        )


def check_not_newer(address: Address, number: int, newest: int) -> None:
    """Raise `StoreError` when schema `number` of a database is beyond those this program knows."""
    if number > newest:
        raise StoreError(
            f"The database {address} was written by a newer version (schema {number}, this program "
            f"knows {newest}). Upgrade Rapport, or start from a backup."
        )


def check_columns(
    address: Address, schema: Schema, number: int, found: Iterable[tuple[str, str]]
) -> None:
    """Raise `StoreError` when a database at schema `number` lacks one of its columns."""
    columns = set(found)
    for table, column in schema.columns(number):
        if (table, column) not in columns:
            known = any(table == other for other, _ in columns)
            missing = f"column {column} in its table {table}" if known else f"table {table}"
            raise StoreError(
                f"The database {address} is not that of Rapport's "
                f"{'keys' if schema.keeps_keys else 'data'}, or is damaged: there is no {missing}. "
                "Check store.database_url and store.key_url; they may be swapped."
            )
