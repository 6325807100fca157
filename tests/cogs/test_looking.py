"""Whoever only looks leaves nothing behind: after an erasure, or before they were ever known."""

from __future__ import annotations

import pytest

from bot.sandbox.world import World
from cogs.forgetting import forget
from persona.errors import EditError
from tests.cogs.test_persona import learn
from tests.cogs.test_privacy import page
from tests.cogs.test_privacy import press as ask
from tests.support.model import ScriptedModel
from tests.support.pages import choose, command, only, press

COMMANDS = (
    "persona show",
    "persona history",
    "persona undo",
    "persona learn",
    "persona reset",
    "persona export",
    "privacy show",
)


async def left(world: World, who: str = "Mei") -> dict[str, int]:
    return await world.services.erasure.left(world.members[who].id)


@pytest.mark.parametrize("who", ["Mei", "Tom"])
async def test_no_command_that_looks_makes_anybody_known(
    world: World, model: ScriptedModel, who: str
) -> None:
    await learn(world, model)
    await forget(world.env.bot, world.members["Mei"].id)
    actor = world.members[who]
    for name in COMMANDS:
        await actor.slash(world.channel, name)
        assert await left(world, who) == {}, name
    await actor.slash(world.channel, "persona forget", value="hiking")
    assert await left(world, who) == {}
    await actor.slash(world.channel, "language", language="auto")
    assert await left(world, who) == {}
    asked = only(await actor.slash(world.channel, "persona reset"))
    await actor.click(asked, label="Erase everything")
    assert asked.content == "That was erased already."
    shown = await page(world, who)
    await ask(world, shown, "Export everything", who)
    assert await left(world, who) == {}


async def test_no_button_of_before_an_erasure_makes_the_person_known_again(
    world: World, model: ScriptedModel
) -> None:
    await learn(world, model)
    mei = world.members["Mei"]
    pages = {label: await command(world, "show") for label in ("Undo", "History", "Add")}
    for label in ("Edit", "Forget", "Lock", "Back"):
        pages[label] = await command(world, "show")
        await choose(world, pages[label], "hiking")
    pages["Undo this"] = await command(world, "history")
    reset = only(await mei.slash(world.channel, "persona reset"))
    export = await page(world)
    assert (await forget(world.env.bot, mei.id)).left == {}
    for label, shown in pages.items():
        await press(world, shown, label)
        assert await left(world) == {}, label
    await mei.click(reset, label="Erase everything")
    assert await left(world) == {}
    await ask(world, export, "Export everything")
    assert await left(world) == {}


async def test_there_is_nothing_to_read_or_change_of_nobody(world: World) -> None:
    editor, nobody = world.services.editor, (world.members["Tom"].id, "dm")
    assert await editor.versions(*nobody) == []
    assert await editor.why(*nobody, "00000001:0:0000") == []
    assert await editor.last_change(*nobody) is None
    for change, code in (
        (editor.forget(*nobody, "00000001:0:0000"), "gone"),
        (editor.approve(*nobody, "00000001:0:0000"), "gone"),
        (editor.undo(*nobody, 1), "gone"),
        (editor.undo(*nobody, 1, epoch=0), "erased"),
        (editor.rollback(*nobody, 0, epoch=0), "erased"),
        (editor.diff(*nobody, 0, 1), "no_version"),
        (editor.undo_run(*nobody, "run"), "no_run"),
        (editor.lock(*nobody, "demographics.name"), "gone"),
    ):
        with pytest.raises(EditError) as refused:
            await change
        assert refused.value.code == code
    assert await left(world, "Tom") == {}
