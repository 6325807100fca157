from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from persona.errors import StoreError
from persona.store.crypto import new_key
from persona.store.keys import KeyFile, verify_master_key

MASTER = new_key()


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[KeyFile]:
    opened = await KeyFile.open(tmp_path / "keys.db", lambda _: MASTER)
    yield opened
    await opened.close()


async def test_a_key_is_made_once(keys: KeyFile) -> None:
    assert await keys.find(1, "dm", 1) is None
    made = await keys.make(1, "dm", 1)
    assert await keys.make(1, "dm", 1) == made
    assert await keys.find(1, "dm", 1) == made


async def test_people_scopes_and_epochs_have_keys_of_their_own(keys: KeyFile) -> None:
    names = [(1, "dm", 1), (2, "dm", 1), (1, "guild:7", 1), (1, "dm", 2)]
    made = {(await keys.make(*name)).secret for name in names}
    assert len(made) == len(names)
    assert sorted(await keys.names()) == sorted(names)


async def test_keys_survive_a_restart(keys: KeyFile, tmp_path: Path) -> None:
    made = await keys.make(1, "dm", 1)
    await keys.close()
    again = await KeyFile.open(tmp_path / "keys.db", lambda _: MASTER)
    try:
        assert await again.find(1, "dm", 1) == made
    finally:
        await again.close()


async def test_a_destroyed_key_leaves_no_bytes_behind(keys: KeyFile, tmp_path: Path) -> None:
    await keys.make(1, "dm", 1)
    kept = await keys.make(2, "dm", 1)
    wrapped = await _wrapped(keys)
    assert len(wrapped) == 2
    assert all(any(value in data for data in _files(tmp_path)) for value in wrapped.values())
    await keys.destroy_before(1, "dm", 2)
    assert await keys.find(1, "dm", 1) is None
    assert await keys.find(2, "dm", 1) == kept
    assert not any(wrapped[1] in data for data in _files(tmp_path))


async def test_another_master_key_is_refused(keys: KeyFile, tmp_path: Path) -> None:
    await keys.close()
    other = new_key()
    with pytest.raises(StoreError, match="master key"):
        await KeyFile.open(tmp_path / "keys.db", lambda _: other)
    with pytest.raises(StoreError, match="master key"):
        await verify_master_key(tmp_path / "keys.db", other)
    await verify_master_key(tmp_path / "keys.db", MASTER)


async def test_a_new_master_key_may_be_made_only_for_a_new_file(tmp_path: Path) -> None:
    asked: list[bool] = []

    def read(may_create: bool) -> bytes:
        asked.append(may_create)
        return MASTER

    for _ in range(2):
        await (await KeyFile.open(tmp_path / "keys.db", read)).close()
    assert asked == [True, False]


async def test_a_file_that_is_no_key_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    path.write_bytes(b"this is not a database, and long enough to look at" * 40)
    with pytest.raises(StoreError, match=r"keys\.db"):
        await KeyFile.open(path, lambda _: MASTER)


async def _wrapped(keys: KeyFile) -> dict[int, bytes]:
    async with keys._connection.execute("SELECT person_id, wrapped FROM keys") as cursor:
        return {row["person_id"]: row["wrapped"] for row in await cursor.fetchall()}


def _files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir() if path.is_file()]
