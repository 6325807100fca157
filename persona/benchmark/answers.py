"""Between the SDK and the endpoints: answers are kept, counted, and asked for so many at a time.

What was answered once is not asked again, so a run that was cut off goes on for free. An answer is
found by what was asked (content-addressed): the address, the whole request, and the repetition.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Self
from weakref import WeakValueDictionary

import aiosqlite
import httpx2

from persona.benchmark.bodies import cost
from persona.benchmark.errors import BenchmarkError
from persona.benchmark.ledger import charge, repetition, role
from persona.benchmark.spending import Spending

# The optimizer's fence has a new tag in every run, so that nobody can guess it.
_FENCE = re.compile(r"(</?(?:known|messages)-)[0-9a-f]{8}>")
# By these the SDK knows whether and when to ask again.
_RETRYING = ("retry-after", "retry-after-ms", "x-should-retry")
_STREAM = "text/event-stream"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    key BLOB PRIMARY KEY,
    model TEXT NOT NULL,
    content_type TEXT NOT NULL,
    body BLOB NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    role TEXT NOT NULL
) WITHOUT ROWID
"""


class Answer(NamedTuple):
    """A kept answer, as the endpoint sent it, and the role it was first asked for."""

    model: str
    content_type: str
    body: bytes
    prompt_tokens: int
    completion_tokens: int
    role: str


class AnswerFile:
    """The answers kept in a file. Use `open`, and `close` it.

    Every method raises `BenchmarkError` when the file is damaged, or cannot be used.
    """

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file, which is made when there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        async with contextlib.AsyncExitStack() as stack:
            with _usable(path):
                connection = await aiosqlite.connect(path, timeout=60)
                # Its thread would outlive a failure, and keep the program from its end.
                stack.push_async_callback(connection.close)
                await connection.execute("PRAGMA journal_mode = WAL")
                await connection.execute("PRAGMA synchronous = NORMAL")
                await connection.execute(_SCHEMA)
                await connection.commit()
            stack.pop_all()
        return cls(connection, path)

    async def find(self, key: bytes) -> Answer | None:
        """Return the answer kept under `key`."""
        with _usable(self._path):
            async with self._connection.execute(
                "SELECT model, content_type, body, prompt_tokens, completion_tokens, role "
                "FROM answers WHERE key = ?",
                (key,),
            ) as cursor:
                row = await cursor.fetchone()
            if row is None:
                return None
            return Answer(row[0], row[1], zlib.decompress(row[2]), *row[3:])

    async def keep(self, key: bytes, answer: Answer) -> None:
        """Keep an answer; it outlives the process from now on."""
        body = zlib.compress(answer.body)
        with _usable(self._path):
            await self._connection.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key, answer.model, answer.content_type, body, *answer[3:]),
            )
            await self._connection.commit()

    async def set_aside(self, keys: Iterable[bytes]) -> None:
        """Ask again from now on what these answers were given to; they stay paid for."""
        with _usable(self._path):
            await self._connection.executemany(
                "UPDATE answers SET key = key || randomblob(16) WHERE key = ?",
                [(key,) for key in keys],
            )
            await self._connection.commit()

    async def spent(self, role: str | None = None) -> list[tuple[str, int, int]]:
        """Return what the answers kept so far cost: model, tokens read and written.

        With a `role`, those alone that were asked for it.
        """
        with _usable(self._path):
            async with self._connection.execute(
                "SELECT model, prompt_tokens, completion_tokens FROM answers "
                "WHERE role = coalesce(?, role)",
                (role,),
            ) as cursor:
                return [(row[0], row[1], row[2]) async for row in cursor]

    async def close(self) -> None:
        """Close the file."""
        await self._connection.close()


@contextlib.contextmanager
def _usable(path: Path) -> Iterator[None]:
    """Turn what is wrong with the file at `path` into a `BenchmarkError`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        # It may be sound: locked by another program, say, or on a full disk.
        raise BenchmarkError(f"{path} cannot be used: {error}.") from error
    except (sqlite3.DatabaseError, zlib.error) as error:
        raise BenchmarkError(
            f"{path} is damaged ({error}); when you delete it, everything is asked anew."
        ) from error


class Keeping(httpx2.AsyncBaseTransport):
    """A transport that asks `inner` at most `at_once` times at once, and keeps answers in `file`.

    Whoever the ledger names is charged, for kept answers too: they cost when they were new.
    """

    def __init__(
        self,
        inner: httpx2.AsyncBaseTransport,
        *,
        spending: Spending,
        at_once: int,
        file: AnswerFile | None = None,
    ) -> None:
        self._inner = inner
        self._spending = spending
        self._file = file
        self._places = asyncio.Semaphore(at_once)
        self._asking: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the kept answer, or the endpoint's."""
        if request.method != "POST":
            return await self._inner.handle_async_request(request)
        body = await request.aread()
        key = _key(str(request.url), body)
        if self._file is None:
            return await self._ask(request, body, key)
        # Whoever asks the same meanwhile waits for the one answer.
        async with self._asking.setdefault(key, asyncio.Lock()):
            kept = await self._file.find(key)
            if kept is None:
                return await self._ask(request, body, key)
        self._spending.kept += 1
        charge(kept.prompt_tokens, kept.completion_tokens, key)
        return _response(request, 200, kept.content_type, kept.body)

    async def _ask(self, request: httpx2.Request, body: bytes, key: bytes) -> httpx2.Response:
        # Until it is kept: what is lost when the process ends is no more than this many answers.
        async with self._places:
            return await self._send(request, body, key)

    async def _send(self, request: httpx2.Request, body: bytes, key: bytes) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        content = await response.aread()
        await response.aclose()
        content_type = response.headers.get("content-type", "application/json").partition(";")[0]
        spent = cost(body, content) if response.status_code == 200 else None
        if spent is None and response.status_code == 200 and content_type == _STREAM:
            # The SDK takes what came for all there is; it would be a reply that cost nothing.
            raise httpx2.RemoteProtocolError("The stream broke off.", request=request)
        if spent is not None:
            model = str(json.loads(body).get("model", ""))
            self._spending.add(model, *spent)
            charge(*spent, key)
            if self._file is not None:
                await self._file.keep(key, Answer(model, content_type, content, *spent, role()))
        told = {name: response.headers[name] for name in _RETRYING if name in response.headers}
        return _response(request, response.status_code, content_type, content, told)

    async def aclose(self) -> None:
        """Close what is behind it."""
        await self._inner.aclose()


def _response(
    request: httpx2.Request,
    status: int,
    content_type: str,
    content: bytes,
    more: Mapping[str, str] | None = None,
) -> httpx2.Response:
    headers = {"content-type": content_type, **(more or {})}
    return httpx2.Response(status, headers=headers, content=content, request=request)


def _key(url: str, body: bytes) -> bytes:
    asked = _FENCE.sub(r"\1>", body.decode("utf-8", "replace"))
    return hashlib.sha256(f"{repetition()}\n{url}\n{asked}".encode()).digest()
