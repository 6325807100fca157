"""What is left of a person: all that somebody can find who took their keys beforehand."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from persona.errors import StoreError
from persona.services import Services
from persona.settings import StoreSettings
from persona.store.address import Address, SqliteAddress
from persona.store.crypto import DataKey, read_or_create_master_key
from persona.store.database import Database
from persona.store.keys import KeyFile
from persona.store.opening import open_database
from persona.store.schema import DATA, KEYS, Schema
from tests.support.stores import Stores, rows

# Every sealed column, with what its values were sealed with besides the key.
SEALED = {
    ("messages", "text_sealed"): "messages:{message_id}",
    ("attachments", "content_sealed"): "attachments:{message_id}:{number}",
    ("items", "value_sealed"): "items:{item_id}",
    ("evidence", "quote_sealed"): "evidence:{item_id}:{message_id}",
    ("versions", "snapshot_sealed"): "versions:{scope}:{version}",
}
# Format byte and nonce, and then what is only text if the key fits. As many bytes of something else
# happen to look like text once in 10^13 times; files have millions of places to try.
_NONCE = 12
_TEXT = 32
_HEAD = 1 + _NONCE + _TEXT


@dataclass(frozen=True)
class Saved:
    """What was saved of a person: data keys, these keys wrapped, and all that they seal."""

    person: int
    keys: tuple[DataKey, ...]
    wrapped: tuple[bytes, ...]
    sealed: tuple[bytes, ...]

    @classmethod
    async def of(cls, services: Services, person: int, scopes: list[str]) -> Self:
        keys, wrapped = [], []
        for number, scope, epoch, secret in await rows(
            services.keys._database, "SELECT person_id, scope, epoch, wrapped FROM keys"
        ):
            if number == person and scope in scopes:
                key = await services.keys.find(person, scope, epoch)
                assert key is not None
                keys.append(key)
                wrapped.append(secret)
        assert len(keys) == len(scopes)
        sealed = [blob for _, blob in await opened(services.database, keys)]
        return cls(person, tuple(keys), tuple(wrapped), tuple(sealed))


async def columns(database: Database) -> dict[str, list[str]]:
    """Return the columns of every table."""
    found: dict[str, list[str]] = {}
    if isinstance(database.address, SqliteAddress):
        sql = (
            "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c"
            " WHERE t.type = 'table'"
        )
    else:
        sql = (
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
    for table, column in await rows(database, sql):
        found.setdefault(table, []).append(column)
    return found


async def count_rows(database: Database, person: int) -> dict[str, int]:
    """Return how many rows of the person each table has that names people."""
    return {
        table: (
            await rows(
                database, f"SELECT COUNT(*) FROM {table} WHERE person_id = :number", number=person
            )
        )[0][0]
        for table, names in (await columns(database)).items()
        if "person_id" in names
    }


async def opened(
    database: Database, keys: Sequence[DataKey], person: int | None = None
) -> list[tuple[str, bytes]]:
    """Return table and sealed value of every row that one of `keys` opens."""
    found: list[tuple[str, bytes]] = []
    known = await columns(database)
    sealed = {(t, c) for t, names in known.items() for c in names if c.endswith("_sealed")}
    assert sealed == set(SEALED), "a sealed column was added, or is gone"
    for (table, column), context in SEALED.items():
        names = known[table]
        for row in await rows(database, f"SELECT {', '.join(names)} FROM {table}"):
            fields: dict[str, Any] = dict(zip(names, row, strict=True))
            if person is not None and fields["person_id"] != person:
                continue
            blob = bytes(fields[column])
            if any(_opens(key, blob, context.format(**fields)) for key in keys):
                found.append((table, blob))
    return found


def _opens(key: DataKey, blob: bytes, context: str) -> bool:
    try:
        key.open(blob, context=context)
    except StoreError:
        return False
    return True


def readable(content: bytes, key: DataKey) -> list[bytes]:
    """Return what `key` decrypts to text, from wherever in `content` a record might begin.

    That needs neither the whole record nor what it was sealed with besides the key.
    """
    starts = []
    start = content.find(b"\x01")
    while 0 <= start <= len(content) - _HEAD:
        starts.append(start)
        start = content.find(b"\x01", start + 1)
    # Galois/Counter Mode begins to encrypt with the counter at two.
    nonces = [content[at + 1 : at + 1 + _NONCE] for at in starts]
    counters = b"".join(nonce + b"\0\0\0\2" + nonce + b"\0\0\0\3" for nonce in nonces)
    blocks = Cipher(algorithms.AES(key.secret), modes.ECB())  # noqa: S305 - of counters, for CTR
    stream = blocks.encryptor().update(counters)
    found = []
    for number, at in enumerate(starts):
        text = content[at + 1 + _NONCE : at + _HEAD]
        mask = stream[number * _TEXT : (number + 1) * _TEXT]
        plain = bytes(one ^ other for one, other in zip(text, mask, strict=True))
        if plain.isascii() and plain.decode().isprintable():
            found.append(plain)
    return found


@contextlib.asynccontextmanager
async def _looking(address: Address, schema: Schema) -> AsyncIterator[Database]:
    database = await open_database(address, schema)
    try:
        yield database
    finally:
        await database.close()


async def _files(stores: Stores, store: StoreSettings) -> bytes:
    """Return the files that must hold nothing: all, or of a server's only those of the keys.

    Deleted rows stay in its others, sealed, until it needs the place.
    """
    files = await stores.contents(store.keys)
    if isinstance(store.database, SqliteAddress):
        files += await stores.contents(store.database)
    return files


async def traces(stores: Stores, store: StoreSettings, saved: Saved, *words: str) -> set[str]:
    """Return what rows and files have of what was `saved`, and of `words`."""
    files = await _files(stores, store)  # Before anything is opened, and its log put away.
    found: set[str] = set()
    if any(secret in files for secret in saved.wrapped):
        found.add("wrapped key")
    if any(blob[: 1 + _NONCE] in files for blob in saved.sealed):
        found.add("sealed value")
    if any(readable(files, key) for key in saved.keys):
        found.add("readable value")
    if any(word.encode() in files for word in words):
        found.add("plain text")
    async with _looking(store.database, DATA) as database:
        if await opened(database, saved.keys):
            found.add("row")
    return found


async def whereabouts(stores: Stores, store: StoreSettings, person: int) -> set[str]:
    """Return the tables that name the person, and "files" where one of SQLite's does."""
    found: set[str] = set()
    for address, schema in ((store.database, DATA), (store.keys, KEYS)):
        # SQLite writes numbers as large as Discord's in eight bytes.
        if isinstance(address, SqliteAddress) and (
            person.to_bytes(8, "big") in await stores.contents(address)
        ):
            found.add("files")
        async with _looking(address, schema) as database:
            counted = await count_rows(database, person)
        found |= {table for table, number in counted.items() if number}
    return found


async def opens_with(store: StoreSettings, copy: Address, person: int) -> bool:
    """Return whether the keys there are now open something of the person in a backup."""
    master = read_or_create_master_key(store.master_key_file, may_create=False)
    keys = await KeyFile.open(store.keys, lambda _: master)
    try:
        held = [await keys.find(*name) for name in await keys.names()]
    finally:
        await keys.close()
    async with _looking(copy, DATA) as database:
        return bool(await opened(database, [key for key in held if key], person))
