"""`python -m tests.benchmark_picture`: the picture in docs/benchmark.md, of a sample run."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.async_api import ViewportSize, async_playwright

from tests.pictures import CHROMIUM, IMAGES

_SIZE = ViewportSize(width=1100, height=1500)


async def take(page: Path, picture: Path) -> None:
    """Take a picture of the beginning of a report."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        view = await browser.new_page(viewport=_SIZE, color_scheme="light")
        await view.goto(page.as_uri())
        picture.parent.mkdir(parents=True, exist_ok=True)
        await view.screenshot(path=picture)
        await browser.close()


def main() -> None:
    """Run the sample, write its page, and take the picture."""
    with tempfile.TemporaryDirectory() as folder:
        run = str(Path(folder) / "sample")
        for arguments in (["run", "--sample", "--out", run], ["report", run]):
            subprocess.run([sys.executable, "-m", "bot", "bench", *arguments], check=True)
        asyncio.run(take(Path(run) / "report.html", IMAGES / "bench" / "report.png"))


if __name__ == "__main__":
    main()
