"""The text of a PDF, read by a process of its own (pdf_worker.py) that is killed if need be."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass, field
from pathlib import Path

from persona.attachments.attachment import Problem
from persona.attachments.settings import AttachmentSettings
from persona.completion import well_formed

_WORKER = Path(__file__).with_name("pdf_worker.py")
# All that it is told of our environment, which holds secrets.
_PASSED_ON = ("PATH", "PYTHONPATH", "SYSTEMROOT")
# A character of JSON takes up to twelve bytes.
_CHARACTER_BYTES = 12
_AT_ONCE = 2

_PROBLEMS: dict[str, Problem] = {"cut": "cut", "locked": "locked", "damaged": "damaged"}


@dataclass(slots=True)
class _Found:
    pages: list[str] = field(default_factory=list)
    end: str = ""


class PdfReader:
    """Reads PDFs, few at a time."""

    def __init__(self, settings: AttachmentSettings) -> None:
        self._settings = settings
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def read(self, content: bytes, characters: int) -> tuple[str, Problem | None]:
        """Return at most `characters` of the text, and why it is not all of it."""
        async with self._turns:
            found, in_time = await self._run(content, characters)
        text = well_formed("\n\n".join(filter(None, found.pages)))[:characters]
        if text:
            whole = found.end == "whole"
            return text, None if whole else ("cut" if in_time else "slow")
        if found.end == "whole":
            return "", "no_text"
        return "", _PROBLEMS.get(found.end, "damaged")

    async def _run(self, content: bytes, characters: int) -> tuple[_Found, bool]:
        settings = self._settings
        arguments = (
            settings.pdf_pages,
            characters,
            math.ceil(settings.pdf_seconds),
            settings.pdf_megabytes,
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            str(_WORKER),
            *map(str, arguments),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            limit=_CHARACTER_BYTES * characters + 1000,
        )
        found = _Found()
        try:
            async with asyncio.timeout(settings.pdf_seconds):
                await _talk(process, content, found)
            in_time = True
        except TimeoutError:
            in_time = False
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            # Killed, it ends at once; but not before all that it said was taken.
            await process.communicate()
        return found, in_time


async def _talk(process: Process, content: bytes, found: _Found) -> None:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The process has no pipes.")
    with contextlib.suppress(ConnectionError):
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()
    # A process out of memory may die in mid-line; what a hostile file makes it say is no matter.
    with contextlib.suppress(ValueError, KeyError, TypeError):
        async for line in process.stdout:
            told = json.loads(line)
            if "end" in told:
                found.end = str(told["end"])
            else:
                found.pages.append(str(told["text"]))
