from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import pytest

from persona.attachments.attachment import Problem
from persona.attachments.pdf import PdfReader
from persona.attachments.settings import AttachmentSettings
from tests.support.pdfs import bomb_pdf, circular_pdf, endless_pdf, locked_pdf, pdf
from tests.support.waiting import until


def reader(**limits: Any) -> PdfReader:
    return PdfReader(AttachmentSettings(**limits))


def children() -> set[str]:
    """The processes that this one has started and that still run, or wait to be looked after."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {child for task in tasks for child in task.read_text().split()}


async def test_the_text_of_all_pages_is_read() -> None:
    text, problem = await reader().read(pdf("The first (page).", "The second."), 1000)
    assert (text, problem) == ("The first (page).\n\nThe second.", None)


async def test_pages_beyond_the_limit_are_left_out() -> None:
    text, problem = await reader(pdf_pages=2).read(pdf("one", "two", "three"), 1000)
    assert (text, problem) == ("one\n\ntwo", "cut")


async def test_characters_beyond_the_limit_are_left_out() -> None:
    text, problem = await reader().read(pdf("a" * 60, "b" * 60, "c" * 60), 100)
    assert (text, problem) == ("a" * 60 + "\n\n" + "b" * 38, "cut")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (locked_pdf("nobody reads this"), "locked"),
        (b"%PDF-1.7\nnothing that follows is right", "damaged"),
        (pdf("half of it")[:200], "damaged"),
        (circular_pdf(), "damaged"),
        (pdf(""), "no_text"),
        (b"%PDF-", "damaged"),
    ],
)
async def test_what_cannot_be_read_is_told_apart(content: bytes, problem: Problem) -> None:
    assert await reader().read(content, 1000) == ("", problem)


async def test_a_pdf_that_may_only_not_be_changed_is_read() -> None:
    assert await reader().read(locked_pdf("to be read", owner_only=True), 1000) == (
        "to be read",
        None,
    )


async def test_one_that_never_ends_is_stopped_and_what_was_read_counts() -> None:
    before, begun = children(), time.monotonic()
    text, problem = await reader(pdf_seconds=2).read(endless_pdf(), 1000)
    assert (text, problem) == ("The first page is honest.", "slow")
    assert time.monotonic() - begun < 8
    assert children() <= before


async def test_one_that_unpacks_to_more_than_there_is_memory_costs_the_bot_none() -> None:
    bomb = bomb_pdf(400)
    assert len(bomb) < 2_000_000
    text, problem = await reader(pdf_megabytes=256, pdf_seconds=20).read(bomb, 1000)
    assert (text, problem) == ("", "damaged")


async def test_a_reader_that_is_cancelled_leaves_no_process_behind() -> None:
    before = children()
    task = asyncio.create_task(reader(pdf_seconds=60).read(endless_pdf(), 1000))
    await until(lambda: bool(children() - before))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not children() - before)


async def test_the_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its environment is what a hostile file would look into first."""
    monkeypatch.setenv("DISCORD_TOKEN", "a-secret")
    spy = tmp_path / "worker.py"
    spy.write_text(
        "import json, os, sys\n"
        "sys.stdin.buffer.read()\n"
        "print(json.dumps({'text': ' '.join(os.environ)}))\n"
        "print(json.dumps({'end': 'whole'}))\n"
    )
    monkeypatch.setattr("persona.attachments.pdf._WORKER", spy)
    text, _ = await reader().read(b"", 1000)
    assert text
    assert "DISCORD_TOKEN" not in text


async def test_a_process_that_talks_nonsense_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "worker.py"
    monkeypatch.setattr("persona.attachments.pdf._WORKER", spy)
    for script in ("", "print('x' * 10_000_000)", "print('[]')", "print('{}')", "exit(3)"):
        spy.write_text(script)
        found = await reader(pdf_seconds=2).read(b"%PDF-" * 100_000, 1000)
        assert found == ("", "damaged"), script


async def test_few_are_read_at_a_time() -> None:
    before, most = children(), 0
    one = reader()
    tasks = [asyncio.create_task(one.read(pdf("x"), 100)) for _ in range(6)]
    while not all(task.done() for task in tasks):
        most = max(most, len(children() - before))
        await asyncio.sleep(0.01)
    assert [task.result() for task in tasks] == [("x", None)] * 6
    assert 1 <= most <= 2


def test_the_worker_imports_nothing_of_ours() -> None:
    worker = Path(__file__).parents[3] / "persona" / "attachments" / "pdf_worker.py"
    assert "persona" not in [
        line.split()[1].split(".")[0]
        for line in worker.read_text().splitlines()
        if line.strip().startswith(("import ", "from "))
    ]
