"""Nothing blocks the event loop: while it is blocked, Discord hears no heartbeat and nobody else is
answered. Whatever reads a file, sleeps or waits for a socket in it raises here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx

from bot.sandbox.world import World
from tests.cogs.test_chat import mention, said
from tests.cogs.test_persona import learn, shown
from tests.support.model import ScriptedModel


@pytest.fixture
def unblocked() -> Iterator[BlockBuster]:
    with blockbuster_ctx(["bot", "cogs", "persona"]) as watching:
        yield watching


async def test_talking_learning_and_pages_block_nothing(
    world: World, model: ScriptedModel, unblocked: BlockBuster, caplog: pytest.LogCaptureFixture
) -> None:
    await learn(world, model)
    assert "Mei" in await shown(world)
    mei = world.members["Mei"]
    thread = await mention(world, "hello again")
    assert said(thread)
    await mei.slash(world.channel, "language", language="zh-CN")
    await mei.slash(thread, "chat end")
    asked = (await mei.slash(world.channel, "persona reset")).response
    assert asked is not None
    await mei.click(asked, label="全部抹去")
    await world.start_bot()
    assert "BlockingError" not in caplog.text
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
