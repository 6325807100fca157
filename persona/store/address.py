"""Where a database is: a SQLite file or a PostgreSQL database, written as a URL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

_FORMS = "write sqlite:path/to/file.db or postgresql://user@host:5432/name"
_POSTGRESQL_PORT = 5432

Driver = Literal["aiosqlite", "asyncpg"]


@dataclass(frozen=True, slots=True)
class SqliteAddress:
    """A file; a relative path begins where the program was started."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def driver(self) -> Driver:
        return "aiosqlite"

    @property
    def place(self) -> tuple[str, ...]:
        """What two addresses of the same database have in common."""
        return ("sqlite", str(self.path.resolve()))


@dataclass(frozen=True, slots=True)
class PostgresqlAddress:
    """A database of a server. The URL holds no password, so it can be shown and logged."""

    url: str
    host: str
    port: int
    name: str

    def __str__(self) -> str:
        return self.url

    @property
    def driver(self) -> Driver:
        return "asyncpg"

    @property
    def place(self) -> tuple[str, ...]:
        """What two addresses of the same database have in common, whoever the user is."""
        return ("postgresql", self.host, str(self.port), self.name)


Address = SqliteAddress | PostgresqlAddress


def parse_address(url: str) -> Address:
    """Return the address written as `url`.

    Raises `ValueError` with a sentence that does not repeat the URL: a password may be in it.
    """
    scheme, separator, rest = url.partition(":")
    if separator and scheme == "sqlite":
        # Two slashes would begin a host, and a colon one of SQLite's own names (":memory:").
        if rest.startswith((":", "//")) or not Path(rest).name or "\0" in rest:
            raise ValueError("after sqlite: comes the path of a file, such as sqlite:data/file.db")
        return SqliteAddress(Path(rest))
    if separator and scheme == "postgresql":
        return _parse_postgresql(url)
    raise ValueError(_FORMS)


def _parse_postgresql(url: str) -> PostgresqlAddress:
    try:
        parts = urlsplit(url)
        port = parts.port or _POSTGRESQL_PORT
    except ValueError as error:
        raise ValueError(f"this is no URL; {_FORMS}") from error
    options = parse_qs(parts.query)
    if parts.password is not None or "password" in options:
        raise ValueError(
            "no password belongs here; set it in the environment: RAPPORT_DATABASE_PASSWORD for "
            "the data, RAPPORT_KEY_DATABASE_PASSWORD for the keys"
        )
    name = unquote(parts.path.removeprefix("/"))
    if not url.startswith("postgresql://") or not name or "/" in name:
        raise ValueError("the database has no name; write postgresql://user@host:5432/name")
    host = parts.hostname or options.get("host", [""])[0]
    return PostgresqlAddress(url, host, port, name)
