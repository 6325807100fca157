"""Looking for a person's id in every table there is, whatever it is for."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import aiosql

from persona.store.address import SqliteAddress
from persona.store.database import Database

_SQLITE = (
    "SELECT t.name AS place, c.name AS held, lower(c.type) AS kind"
    " FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'"
)
_POSTGRESQL = (
    "SELECT table_name AS place, column_name AS held, data_type AS kind"
    " FROM information_schema.columns WHERE table_schema = current_schema()"
)
_NUMBERS = frozenset({"bigint", "integer"})


async def find_person(database: Database, person_id: int) -> dict[str, int]:
    """Return how many rows of each table name the person, in whatever column.

    The tables are looked up in the database itself. Columns of bytes are left out: an id is never
    sealed. Raises `StoreError` when the database is out of reach.
    """
    on_file = isinstance(database.address, SqliteAddress)
    tables: dict[str, list[str]] = defaultdict(list)
    async with database.read() as connection:
        listed = _query(database, _SQLITE if on_file else _POSTGRESQL, "")
        async for row in listed(connection):
            if row["kind"] in _NUMBERS:
                tables[row["place"]].append(f'"{row["held"]}" = {person_id:d}')
            elif row["kind"] == "text":
                tables[row["place"]].append(f"\"{row['held']}\" LIKE '%{person_id:d}%'")
        found = {}
        for table, conditions in tables.items():
            # The names are the database's own, and the id is a number.
            sql = f'SELECT COUNT(*) FROM "{table}" WHERE {" OR ".join(conditions)}'
            number = await _query(database, sql, "$")(connection)
            if number:
                found[table] = int(number)
    return found


def _query(database: Database, sql: str, kind: str) -> Any:
    text = f"-- name: query(){kind}\n{sql};"
    return aiosql.from_str(text, database.address.driver).query
