"""`rapport try` in a terminal: the story, then the page, driven in a real browser."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.support.command import environment

pty = pytest.importorskip("pty", reason="A terminal of our own needs a Unix system.")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
PATIENCE_SECONDS = 60.0
expect.set_options(timeout=20_000)
# A little more than the silence that ends a conversation there.
SILENCE_SECONDS = 20.0


@dataclass
class Terminal:
    """The command in a terminal, and what it has printed."""

    process: asyncio.subprocess.Process
    shown: str = ""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def follow(self, reader: asyncio.StreamReader) -> None:
        # The far side of a terminal that has been closed is an error on Linux, not an end.
        with contextlib.suppress(OSError):
            while data := await reader.read(4096):
                async with self.changed:
                    self.shown += data.decode(errors="replace")
                    self.changed.notify_all()

    async def wait_for(self, pattern: str, seconds: float = PATIENCE_SECONDS) -> str:
        """Return the first match in what is shown. Raises `TimeoutError` when it does not come."""
        async with asyncio.timeout(seconds), self.changed:
            while not (match := re.search(pattern, self.shown)):
                await self.changed.wait()
            return match[0]


@contextlib.asynccontextmanager
async def terminal(folder: Path) -> AsyncIterator[Terminal]:
    """Run `rapport try` with a terminal for its input and output."""
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "try",
        cwd=folder, env=environment(TERM="dumb"), stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours, "rb", 0)
    )
    shown = Terminal(process)
    following = asyncio.create_task(shown.follow(reader))
    try:
        yield shown
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        transport.close()
        await asyncio.gather(following, return_exceptions=True)


@contextlib.asynccontextmanager
async def browser(address: str) -> AsyncIterator[Page]:
    """Open `address` in a browser of this machine."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = await chromium.new_page()
            await page.goto(address)
            # The page takes no input before it has shown the conversation.
            await expect(page.get_by_text("Viewport updated")).to_be_visible()
            yield page
        finally:
            await chromium.close()


async def say(page: Page, text: str) -> None:
    answers = page.get_by_role("log").get_by_text("offline model: rules")
    before = await answers.count()
    box = page.get_by_role("textbox", name="Message", exact=True)
    await box.fill(text)
    await box.press("Enter")
    await expect(answers).to_have_count(before + 1)


@pytest.mark.skipif(CHROMIUM is None, reason="There is no chromium on this machine.")
async def test_a_newcomer_goes_on_by_hand(tmp_path: Path) -> None:
    async with terminal(tmp_path) as shown:
        await shown.wait_for("Ctrl-C ends it all")
        address = await shown.wait_for(r"http://127\.0\.0\.1:\d+/\S*")
        async with browser(address) as page:
            conversation = page.get_by_role("log")
            await say(page, "My name is Ada. I like hiking.")
            await page.get_by_role("button", name="Remember me").click()
            await expect(conversation).to_contain_text("I will remember")
            await expect(conversation).to_contain_text("Nice to meet you, Ada!")
            for message in ("I love jazz.", "I speak Norwegian.", "I work as a baker.", "I ski."):
                with contextlib.suppress(TimeoutError):
                    await shown.wait_for(r"knows about you by now: \d", SILENCE_SECONDS)
                    break
                await say(page, message)
            await shown.wait_for(r"knows about you by now: [3-9]")
            await say(page, "What could I do on my day off?")
            await expect(conversation).to_contain_text(re.compile(r"You like (hiking|jazz)"))
        shown.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(shown.process.wait(), PATIENCE_SECONDS) == 0
        await shown.wait_for("Nothing was kept")
    assert "Traceback" not in shown.shown
    assert list(tmp_path.iterdir()) == []
