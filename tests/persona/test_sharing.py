"""Which threads a person is alone in with the bot."""

from __future__ import annotations

from persona.services import open_services
from persona.settings import EngineSettings
from tests.support.clock import ManualClock
from tests.support.stores import Stores

MEI, TOM, THREAD, OTHER = 1, 2, 50, 51


async def test_once_shared_a_thread_stays_so(stores: Stores, clock: ManualClock) -> None:
    settings = EngineSettings(store=await stores.new())
    async with open_services(settings, clock=clock) as services:
        await services.sessions.opened(MEI, THREAD)
        await services.sessions.opened(MEI, OTHER)
        assert await services.sharing.alone(THREAD) == MEI
        for _ in range(2):
            await services.sharing.note(THREAD)
            assert await services.sharing.alone(THREAD) is None
        # Opened twice is opened once.
        await services.sessions.opened(TOM, THREAD)
    async with open_services(settings, clock=clock) as services:
        assert await services.sharing.alone(THREAD) is None
        assert await services.sessions.opener(THREAD) == MEI
        assert await services.sharing.alone(OTHER) == MEI


async def test_in_an_unknown_thread_nobody_is_alone(stores: Stores, clock: ManualClock) -> None:
    settings = EngineSettings(store=await stores.new())
    async with open_services(settings, clock=clock) as services:
        await services.sharing.note(THREAD)
        assert await services.sharing.alone(THREAD) is None
        assert await services.sessions.opener(THREAD) is None
