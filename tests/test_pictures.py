"""The pictures in docs/images show the pages as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pictures import CHROMIUM, IMAGES, SHOWN, browser, make

PNG = b"\x89PNG\r\n\x1a\n"


async def test_the_pictures_are_of_the_pages_there_are_now() -> None:
    committed = json.loads((IMAGES / SHOWN).read_text())
    assert await make(None) == committed, "pages changed: make pictures"
    assert {path.stem for path in IMAGES.glob("*.png")} == committed.keys()


@pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium")
async def test_every_page_renders(tmp_path: Path) -> None:
    with browser():
        shown = await make(tmp_path)
    taken = {path.stem: path.read_bytes() for path in tmp_path.iterdir()}
    assert taken.keys() == shown.keys()
    assert all(content.startswith(PNG) and len(content) > 5000 for content in taken.values())
