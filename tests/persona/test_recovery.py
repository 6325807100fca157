"""Database and key file after a crash, a restored backup or a loss."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings
from persona.completion import Usage
from persona.errors import StoreError
from persona.persona import Access, erase_before
from persona.services import Services, open_services
from persona.store.keys import KeyFile
from persona.turns import Incoming
from tests.conftest import settings_for
from tests.support.clock import ManualClock
from tests.support.stores import Stores, change

SCOPE = "guild:7"


async def say(services: Services, number: int, text: str = "secret", person: int = 1) -> None:
    incoming = Incoming(number, person, 50, 7, text, services.clock.now())
    turn = await services.sessions.receive(incoming)
    assert turn is not None
    await services.sessions.reply_finished(turn, number + 1, "Hi", Usage(), asked_consent=False)


async def sessions(services: Services) -> int:
    async with services.database.read() as connection:
        counted = await services.database.queries.count_conversations(connection)
    return int(counted["sessions"])


async def reset_half_way(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reset, but fail where the key is to be destroyed."""

    async def fail(*_: object) -> None:
        raise OSError("disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(KeyFile, "destroy_before", fail)
        with pytest.raises(OSError, match="full"):
            await services.personas.reset(1, SCOPE, epoch=1)


def erasing(settings: Settings) -> Settings:
    store = settings.store.model_copy(update={"missing_keys": "erase"})
    return settings.model_copy(update={"store": store})


async def test_a_key_whose_destruction_was_cut_short_is_destroyed_at_the_next_start(
    settings: Settings, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_services(settings, clock=clock) as services:
        await say(services, 100)
        await reset_half_way(services, monkeypatch)
        assert (1, SCOPE, 1) in await services.keys.names()
    async with open_services(settings, clock=clock) as services:
        assert await services.keys.names() == []


async def test_a_reset_that_failed_half_way_can_be_repeated(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(services, 100)
    await reset_half_way(services, monkeypatch)
    assert await services.personas.reset(1, SCOPE, epoch=1) is None
    assert (1, SCOPE, 1) not in await services.keys.names()


async def test_a_backup_from_before_a_reset_brings_nothing_back(
    settings: Settings, clock: ManualClock, stores: Stores
) -> None:
    async with open_services(settings, clock=clock) as services:
        await say(services, 100)
        await say(services, 200, person=2)
    backup = await stores.back_up(settings.store.database)
    async with open_services(settings, clock=clock) as services:
        await services.personas.reset(1, SCOPE)
    await stores.put(backup, settings.store.database)
    async with open_services(settings, clock=clock) as services:
        assert await sessions(services) == 1
        await say(services, 300)
        assert [key[:2] for key in await services.keys.names()] == [(1, SCOPE), (2, SCOPE)]


@pytest.mark.parametrize("how", ["lost", "older"])
async def test_lost_keys_stop_the_start_unless_the_operator_gives_the_data_up(
    settings: Settings, clock: ManualClock, stores: Stores, how: str
) -> None:
    async with open_services(settings, clock=clock) as services:
        await say(services, 100)
    older = await stores.back_up(settings.store.keys)
    async with open_services(settings, clock=clock) as services:
        await say(services, 200, person=2)
    await stores.lose(settings.store.keys)
    if how == "older":
        await stores.put(older, settings.store.keys)
    lost = 1 if how == "older" else 2
    with pytest.raises(StoreError, match=rf"lacks the keys of {lost} personas.*missing_keys"):
        async with open_services(settings, clock=clock):
            pass
    async with open_services(erasing(settings), clock=clock) as services:
        assert await sessions(services) == 2 - lost
        await say(services, 300, person=2)
    async with open_services(settings, clock=clock) as services:
        assert await sessions(services) == 3 - lost


async def test_leases_of_a_dead_process_are_free_after_a_restart_where_it_was_alone(
    settings: Settings, clock: ManualClock
) -> None:
    """Elsewhere its owner may be alive, in another process."""
    name = {"person_id": 1, "scope": SCOPE}
    lease = {**name, "owner": "x", "now": 0, "expires_at": 10**15, "latest": 10**15}
    async with open_services(settings, clock=clock) as services:
        await say(services, 100)
        queries = services.database.queries
        async with services.database.write() as connection:
            assert await queries.claim_lease(connection, **lease) == 1
            assert await queries.claim_lease(connection, **lease) is None
    async with (
        open_services(settings, clock=clock) as services,
        services.database.write() as connection,
    ):
        fence = None if services.database.shared else 2
        assert await services.database.queries.claim_lease(connection, **lease) == fence


async def test_what_another_process_began_in_the_meantime_is_not_erased(
    services: Services,
) -> None:
    await say(services, 100)
    await services.personas.reset(1, SCOPE)
    await say(services, 200)
    for epoch, left in ((2, 1), (3, 0)):
        async with services.database.write(1) as connection:
            await erase_before(services.database, connection, 1, SCOPE, epoch)
        assert await sessions(services) == left


async def test_one_damaged_message_does_not_keep_others_waiting(services: Services) -> None:
    for person in (1, 2):
        await services.sessions.receive(
            Incoming(person * 100, person, 50, 7, f"hello {person}", services.clock.now())
        )
    seal = "UPDATE messages SET text_sealed = :sealed WHERE person_id = 1"
    await change(services.database, seal, sealed=b"\x01")
    assert [turn.text for turn in await services.sessions.waiting()] == ["hello 2"]


async def test_a_message_that_a_reset_overtakes_is_sealed_for_the_new_epoch(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = services.personas.access
    overtaken = False

    async def late(person_id: int, scope: str) -> Access:
        nonlocal overtaken
        given = await access(person_id, scope)
        if not overtaken:
            overtaken = True
            await services.personas.reset(person_id, scope)
        return given

    monkeypatch.setattr(services.personas, "access", late)
    turn = await services.sessions.receive(Incoming(100, 1, 50, 7, "hello", services.clock.now()))
    assert turn is not None
    assert turn.epoch == 2
    assert [left.text for left in await services.sessions.waiting()] == ["hello"]


async def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, clock: ManualClock) -> None:
    settings = settings_for("http://127.0.0.1:9/v1", tmp_path)
    store = settings.store.model_copy(update={"database_url": "sqlite:/proc/rapport.db"})
    with pytest.raises(StoreError, match=r"/proc/rapport\.db\.lock cannot be written"):
        async with open_services(settings.model_copy(update={"store": store}), clock=clock):
            pass


async def test_the_wrong_key_file_costs_nothing(
    settings: Settings, clock: ManualClock, stores: Stores
) -> None:
    """Neither the database is erased nor the keys are destroyed before the operator has a say."""
    other = await stores.new("other")
    other = other.model_copy(update={"master_key_file": settings.store.master_key_file})
    async with open_services(settings.model_copy(update={"store": other}), clock=clock) as services:
        for _ in range(3):
            await say(services, 100)
            await services.personas.reset(1, SCOPE)
        await say(services, 200, person=3)
    async with open_services(settings, clock=clock) as services:
        await say(services, 300)
        await say(services, 400, person=2)
        await services.personas.reset(3, SCOPE)
    mixed = settings.store.model_copy(update={"key_url": other.key_url})
    with pytest.raises(StoreError, match="lacks the keys"):
        async with open_services(settings.model_copy(update={"store": mixed}), clock=clock):
            pass
    async with open_services(settings, clock=clock) as services:
        assert await sessions(services) == 2
    async with open_services(settings.model_copy(update={"store": other}), clock=clock) as services:
        assert (3, SCOPE, 1) in await services.keys.names()
        assert await sessions(services) == 1
