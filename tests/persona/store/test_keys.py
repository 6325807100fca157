from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from persona.errors import StoreError
from persona.store.address import Address, SqliteAddress
from persona.store.crypto import new_key
from persona.store.keys import EpochOver, KeyFile, verify_master_key
from tests.support.stores import Stores, rows

MASTER = new_key()


@pytest.fixture
async def address(stores: Stores) -> Address:
    return (await stores.new("rapport")).keys


@pytest.fixture
async def keys(address: Address) -> AsyncIterator[KeyFile]:
    opened = await KeyFile.open(address, lambda _: MASTER)
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


async def test_keys_survive_a_restart(keys: KeyFile) -> None:
    made = await keys.make(1, "dm", 1)
    await keys.close()
    again = await KeyFile.open(keys.address, lambda _: MASTER)
    try:
        assert await again.find(1, "dm", 1) == made
    finally:
        await again.close()


async def test_a_destroyed_key_leaves_no_bytes_behind(keys: KeyFile, stores: Stores) -> None:
    await keys.make(1, "dm", 1)
    kept = await keys.make(2, "dm", 1)
    wrapped = dict(await rows(keys._database, "SELECT person_id, wrapped FROM keys"))
    assert len(wrapped) == 2
    before = await stores.contents(keys.address)
    assert all(value in before for value in wrapped.values())
    await keys.destroy_before({(1, "dm"): 2})
    assert await keys.find(1, "dm", 1) is None
    assert await keys.find(2, "dm", 1) == kept
    after = await stores.contents(keys.address)
    assert wrapped[1] not in after
    assert wrapped[2] in after


async def test_no_key_is_made_for_what_was_ended(keys: KeyFile) -> None:
    await keys.make(1, "dm", 1)
    await keys.destroy_before({(1, "dm"): 2})
    with pytest.raises(EpochOver):
        await keys.make(1, "dm", 1)
    await keys.make(1, "guild:7", 1)
    await keys.make(1, "dm", 2)


async def test_whose_keys_were_erased_begins_with_a_later_epoch_everywhere(keys: KeyFile) -> None:
    for person in (1, 2):
        await keys.make(person, "dm", 1)
    await keys.make(1, "guild:7", 3)
    assert await keys.first_epoch(1) == 1
    assert await keys.erase(1, 2) == 2
    assert await keys.first_epoch(1) == await keys.first_epoch(1, "dm") == 4
    assert await keys.erase(1, 0) == 0
    assert await keys.erase(3, 0) == 0
    assert await keys.erased([1, 2, 3]) == {1: 4}
    assert await keys.names() == [(2, "dm", 1)]
    with pytest.raises(EpochOver):
        await keys.make(1, "user", 3)
    await keys.make(1, "user", 4)
    assert await keys.erase(1, 9) == 1
    assert await keys.erased([1]) == {1: 10}


@pytest.mark.parametrize("stores", ["postgresql"], indirect=True)
async def test_two_processes_at_once_agree_on_a_key(keys: KeyFile) -> None:
    other = await KeyFile.open(keys.address, lambda _: MASTER)
    try:
        for person in range(1, 11):
            made = await asyncio.gather(
                *(file.make(person, "dm", 1) for file in (keys, other, keys, other))
            )
            assert len({key.secret for key in made}) == 1
    finally:
        await other.close()


async def test_another_master_key_is_refused(keys: KeyFile) -> None:
    await keys.close()
    other = new_key()
    with pytest.raises(StoreError, match="master key"):
        await KeyFile.open(keys.address, lambda _: other)
    with pytest.raises(StoreError, match="master key"):
        await verify_master_key(keys.address, other)
    await verify_master_key(keys.address, MASTER)


async def test_a_new_master_key_may_be_made_only_for_a_new_file(address: Address) -> None:
    asked: list[bool] = []

    def read(may_create: bool) -> bytes:
        asked.append(may_create)
        return MASTER

    for _ in range(2):
        await (await KeyFile.open(address, read)).close()
    assert asked == [True, False]


async def test_a_file_that_is_no_key_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    path.write_bytes(b"this is not a database, and long enough to look at" * 40)
    with pytest.raises(StoreError, match=r"keys\.db"):
        await KeyFile.open(SqliteAddress(path), lambda _: MASTER)
