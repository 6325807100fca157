"""The report in a real browser: everything is drawn, nothing runs over, nothing is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import async_playwright

from persona.benchmark.report import write_report
from tests.persona.benchmark.test_report import small_scores
from tests.pictures import CHROMIUM

_DRAWN = """() => [...document.querySelectorAll('svg')].map(figure => {
  const box = figure.getBoundingClientRect();
  return [box.width, box.height];
})"""
_OVER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_INK = """() => [getComputedStyle(document.body).color,
  getComputedStyle(document.body).backgroundColor]"""


@pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_is_drawn_whole(tmp_path: Path, scheme: Literal["light", "dark"]) -> None:
    page = write_report(small_scores(), tmp_path)
    asked: list[str] = []
    said: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for width in (1280, 400):
            view = await browser.new_page(
                viewport={"width": width, "height": 900}, color_scheme=scheme
            )
            view.on("request", lambda request: asked.append(request.url))
            view.on("console", lambda message: said.append(message.text))
            await view.goto(page.as_uri())
            sizes = await view.evaluate(_DRAWN)
            assert sizes
            assert all(wide > 100 and high > 50 for wide, high in sizes)
            assert await view.evaluate(_OVER) <= 0, f"the page is wider than {width} pixels"
            ink, paper = await view.evaluate(_INK)
            assert ink != paper
        await browser.close()
    assert asked == [page.as_uri()] * 2
    assert said == []
