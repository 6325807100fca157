"""Runs the `rapport` command: in a process of its own, as an operator does, or in this one."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from bot.cli import main

CONFIG = """
[models.endpoints.default]
base_url = "{model}"
max_retries = 0
[discord]
rest_url = "{discord}"
trigger = "{trigger}"
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without settings of the machine, plus `variables`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RAPPORT_", "DISCORD_", "MODEL_"))
    }
    return kept | variables


def configure(
    folder: Path, model: str, discord: str = "http://127.0.0.1:9/api", trigger: str = "thread"
) -> None:
    """Write a config.toml with these addresses into `folder`."""
    text = CONFIG.format(model=model, discord=discord, trigger=trigger)
    (folder / "config.toml").write_text(text)


async def start(*arguments: str, folder: Path, **variables: str) -> asyncio.subprocess.Process:
    """Start `rapport` with `arguments` in `folder`."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # As the installed command, which does not look for modules where it is started.
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=environment(**variables),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def rapport(*arguments: str, folder: Path, **variables: str) -> Ended:
    """Run `rapport` with `arguments` in `folder` to its end."""
    process = await start(*arguments, folder=folder, **variables)
    out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


def inside(*arguments: str, folder: Path) -> Ended:
    """Run `rapport` with `arguments` in `folder`, within this process: seconds quicker."""
    out, err = io.StringIO(), io.StringIO()
    path, handler = sys.path[:], signal.getsignal(signal.SIGTERM)
    code: object = 0
    try:
        with (
            contextlib.chdir(folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            patch.dict(os.environ, environment(), clear=True),
            patch.object(sys, "argv", ["rapport", *arguments]),
        ):
            main()
    except SystemExit as ended:
        code = ended.code or 0
    finally:
        sys.path[:] = path
        signal.signal(signal.SIGTERM, handler)
    assert isinstance(code, int)
    return Ended(code, out.getvalue(), err.getvalue())
