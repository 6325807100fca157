"""`python -m tests.pictures`: the pictures in docs/images, made anew of the pages as they are.

Every picture is of the real bot in a simulated Discord, rendered by Chromium. Beside them stands
what each of them shows, in pictures.json: the test that reads it fails when a page has changed.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import simcord

from bot.sandbox.world import DefaultSettings, World, open_world, store_beside
from persona.settings import LearningSettings, PersonalizationSettings
from tests.support.buttons import answers

IMAGES = Path(__file__).parents[1] / "docs" / "images"
SHOWN = "pictures.json"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = "--headless --no-sandbox --disable-background-networking --disable-component-update"
_NARROW, _WIDE, _TALL = (760, 560), (760, 640), (760, 702)

# Ids, times and what is drawn by chance differ from run to run.
_CHANCE = re.compile(r"[0-9a-f]{32}|\d{13,}|<t:\d+")


class Studio:
    """Takes pictures in one world; without a folder it only notes what they would show."""

    def __init__(self, world: World, folder: Path | None) -> None:
        self.world = world
        self.mei = world.members["Mei"]
        self.shown: dict[str, str] = {}
        self._folder = folder

    async def take(
        self,
        name: str,
        place: simcord.ChannelHandle,
        target: Any,
        *,
        whole: tuple[int, int] | None = None,
    ) -> None:
        """Take a picture of a message or modal; with `whole`, of the channel, at that size."""
        self.shown[name] = _digest(self.world, target)
        if self._folder is None:
            return
        width, height = whole or _NARROW
        async with self.world.env.preview(
            place, viewers=[self.mei], layout="channel", width=width, height=height
        ) as preview:
            taken = await preview.screenshot(
                self._folder / f"{name}.png",
                target=target,
                mode="viewport" if whole else "surface",
                layout="channel" if whole else "message",
                viewport=whole or (_NARROW[0], 1400),
            )
        if not taken.complete:
            raise RuntimeError(f"{name} was not rendered whole: {taken.diagnostics}")


def _digest(world: World, target: Any) -> str:
    """Return what a picture shows, told briefly: the text and the controls."""
    if isinstance(target, simcord.InteractionResult) and target.modal is not None:
        content: Any = target.modal
    else:
        message = world.env.backend.get_message(*_address(target))
        content = [message.content, message.components]
    plain = _CHANCE.sub("#", json.dumps(content, sort_keys=True, ensure_ascii=False))
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _address(target: Any) -> tuple[int, int]:
    if isinstance(target, simcord.InteractionResult):
        target = next(each for each in (target.response, *target.followups) if each is not None)
    channel = getattr(target, "channel_id", None) or target.channel.id
    return int(channel), int(target.id)


async def scenes(studio: Studio) -> None:
    """Live a few days with Mei, and take a picture of each main page on the way."""
    world, mei = studio.world, studio.mei
    thread = await _open(world)
    await mei.send(
        thread, "Hi, I'm Mei! I love hiking and watercolor painting. I prefer short answers."
    )
    await studio.take("question", thread, thread.history()[-1], whole=_WIDE)
    await mei.click(thread.history()[-1], label="Remember me")
    await _end(world)
    for said in ("I work as a nurse in Leiden.", "I speak Dutch and English."):
        await mei.send(thread, said)
        await _end(world)
    await studio.take("learned", thread, thread.history()[-1])
    await world.advance(timedelta(hours=18))
    await mei.send(thread, "What could I do on my day off?")
    answer = answers(thread)[-1]
    await studio.take("answer", thread, answer, whole=_TALL)
    await studio.take("why", thread, await mei.context_menu(thread, "Why this answer", answer))
    await mei.slash(thread, "persona edit", slot="Gender", value="woman")
    await studio.take("persona", thread, await mei.slash(thread, "persona show"))
    await _value(studio, thread)
    await studio.take("history", thread, await mei.slash(thread, "persona history"))
    await studio.take("privacy", thread, await mei.slash(thread, "privacy show"))
    await studio.take("reset", thread, await mei.slash(thread, "persona reset"))
    await mei.slash(thread, "language", language="ja")
    await studio.take("japanese", thread, await mei.slash(thread, "persona show"))
    await mei.slash(thread, "language", language="en")
    await _proof(studio, thread)


async def _value(studio: Studio, thread: simcord.ChannelHandle) -> None:
    """One value's page, and the question what it should be instead."""
    from tests.support.pages import only, options  # noqa: PLC0415 - asserts are the tests' own

    page = only(await studio.mei.slash(thread, "persona show"))
    await studio.mei.select(page, [options(page)["hiking"]])
    await studio.take("value", thread, page)
    await studio.take("edit", thread, await studio.mei.click(page, label="Edit"))


async def _proof(studio: Studio, thread: simcord.ChannelHandle) -> None:
    """What is said when everything was erased."""
    page = (await studio.mei.slash(thread, "privacy show")).response
    assert page is not None
    asked = (await studio.mei.click(page, label="Erase everything")).response
    assert asked is not None
    done = await studio.mei.click(asked, label="Yes, erase everything")
    await studio.take("erased", thread, done if done.response else asked)


async def _open(world: World) -> simcord.ChannelHandle:
    await world.services.guilds.set_threads(world.guild.id, "private")
    await world.members["Mei"].slash(world.channel, "chat new")
    return world.channel.threads[-1]


async def _end(world: World) -> None:
    await world.advance(timedelta(hours=2))
    await world.tick()


async def make(folder: Path | None) -> dict[str, str]:
    """Take every picture into `folder`, if given; return what each shows."""
    with tempfile.TemporaryDirectory() as data:
        settings = DefaultSettings(
            store=store_beside(Path(data) / "rapport.db"),
            learning=LearningSettings(every=3),
            personalization=PersonalizationSettings(),
        )
        async with open_world(settings, ["Mei"]) as world:
            await world.start_bot()
            await world.advance(timedelta(hours=9))
            studio = Studio(world, folder)
            await scenes(studio)
            return studio.shown


@contextlib.contextmanager
def browser() -> Iterator[None]:
    """Let SimCord's screenshots be made by the Chromium of this machine.

    Playwright looks for a browser of its own, at a place that depends on its version.
    """
    if CHROMIUM is None:
        raise RuntimeError("There is no chromium; on Debian: apt-get install chromium")
    import playwright  # noqa: PLC0415

    listed = Path(playwright.__file__).parent / "driver" / "package" / "browsers.json"
    entries = {each["name"]: each for each in json.loads(listed.read_text())["browsers"]}
    revision = entries["chromium-headless-shell"]["revision"]
    with tempfile.TemporaryDirectory() as folder:
        shell = Path(folder) / f"chromium_headless_shell-{revision}"
        program = shell / "chrome-headless-shell-linux64" / "chrome-headless-shell"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec {CHROMIUM} {_FLAGS} "$@"\n')
        program.chmod(0o755)
        before = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
        os.environ["PLAYWRIGHT_BROWSERS_PATH"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["PLAYWRIGHT_BROWSERS_PATH"]
            else:
                os.environ["PLAYWRIGHT_BROWSERS_PATH"] = before


def main() -> None:
    """Make every picture anew."""
    with browser():
        shown = asyncio.run(make(IMAGES))
    (IMAGES / SHOWN).write_text(json.dumps(shown, indent=2) + "\n")
    print(f"{len(shown)} pictures in {IMAGES.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
