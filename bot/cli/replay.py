"""rapport replay: play recorded conversations through the bot, on simulated time."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot import log
from bot.cli.extras import require_sandbox
from bot.errors import RecordingError
from bot.secrets import read_api_keys
from bot.settings import Settings, load
from persona.errors import SettingsError

if TYPE_CHECKING:
    from bot.sandbox.replay.figures import Figures
    from bot.sandbox.replay.recording import Recording

FORMATS = ("jsonl", "memorybank", "xpersona")

# Paths have their slashes folded.
_ADDRESS = re.compile(r"sqlite:|postgres(?:ql)?:/")
# A slow model of one's own may take minutes for an answer.
_SETTLE_SECONDS = 900


def replay(
    path: Path,
    *,
    source: str,
    database: Path | None,
    as_json: bool,
    configured_models: bool,
    config: Path | None,
) -> None:
    """Play the recording in `path` and print what came of it. Raises `RapportError`."""
    require_sandbox()
    if database is not None and _ADDRESS.match(str(database)):
        raise SettingsError(f"--db {database}: it takes the path of a SQLite file, no address.")
    settings = load(config)
    recording = _read(path, source)
    messages = Console(stderr=True, markup=False, highlight=False)
    if recording.skipped:
        messages.print(f"Skipped: {recording.skipped} recorded session(s) without a message.")
    log.configure(settings.logging.model_copy(update={"level": "error"}))
    with tempfile.TemporaryDirectory() as folder:
        kept = database or Path(folder) / "replay.db"
        try:
            figures = asyncio.run(
                _play(recording, settings, kept, messages, offline=not configured_models)
            )
        except KeyboardInterrupt:
            advice = f"Start again with --db {database} to go on." if database else "Nothing kept."
            messages.print(f"Stopped. {advice}")
            raise
    if as_json:
        print(figures.model_dump_json())  # noqa: T201
    else:
        Console().print(_table(figures))
    if figures.errors:
        sys.exit(1)


def _read(path: Path, source: str) -> Recording:
    from bot.sandbox.replay.memorybank import read_memorybank
    from bot.sandbox.replay.recording import read_json_lines
    from bot.sandbox.replay.xpersona import read_xpersona

    readers = dict(zip(FORMATS, (read_json_lines, read_memorybank, read_xpersona), strict=True))
    if source not in readers:
        raise RecordingError(f"--from {source} is not known; formats: {', '.join(FORMATS)}.")
    recording = readers[source](path)
    if not recording.lines:
        raise RecordingError(f"{path} holds no message.")
    return recording


async def _play(
    recording: Recording, settings: Settings, database: Path, messages: Console, *, offline: bool
) -> Figures:
    from bot.sandbox.replay.player import Player, as_replayed
    from bot.sandbox.world import open_world, store_beside

    settings = settings.model_copy(
        update={
            "store": store_beside(database),
            "discord": as_replayed(settings.discord),
        }
    )
    async with contextlib.AsyncExitStack() as stack:
        progress = stack.enter_context(_progress(messages, len(recording.lines)))
        world = await stack.enter_async_context(
            open_world(
                settings,
                recording.people,
                api_keys=read_api_keys(settings.models),
                offline=offline,
                settle_timeout=_SETTLE_SECONDS,
            )
        )
        if not offline:
            await world.services.check_models()
        return await Player(world, recording, progress).play()


@contextlib.contextmanager
def _progress(messages: Console, total: int) -> Iterator[Callable[[int], None]]:
    """Yield a function that shows how many messages are done: a bar, or a line per tenth."""
    if not messages.is_terminal:
        step = max(1, total // 10)
        yield (
            lambda done: messages.print(f"{done} of {total} messages") if done % step == 0 else None
        )
        return
    columns = (
        TextColumn("Replaying"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("messages"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=messages) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def _table(figures: Figures) -> Table:
    table = Table(show_header=False)
    for name, value in figures.model_dump().items():
        if isinstance(value, dict):
            shown = ", ".join(f"{count} {state}" for state, count in value.items())
        else:
            shown = str(value)
        table.add_row(name.replace("_", " "), shown)
    return table
