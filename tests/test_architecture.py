"""The shape of the repository: which way imports point, and what each package may know."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "cogs", "persona")

# Each package may import those named, and never the ones before it.
ALLOWED = {"persona": set(), "cogs": {"persona"}, "bot": {"persona", "cogs"}}
FORBIDDEN_LIBRARIES = {"persona": {"discord", "simcord"}, "cogs": {"simcord"}, "bot": set()}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Return the top-level names a module imports, wherever in it; relative ones are its own."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package: str) -> None:
    assert modules(package)
    for path in modules(package):
        found = imported(path)
        others = found & set(PACKAGES) - {package} - ALLOWED[package]
        assert not others, f"{path.relative_to(ROOT)} imports {others}"
        libraries = found & FORBIDDEN_LIBRARIES[package]
        assert not libraries, f"{path.relative_to(ROOT)} imports {libraries}"


def test_the_discord_layer_imports_itself_relatively() -> None:
    """Or it could not be loaded under another name."""
    for path in modules("cogs"):
        assert "cogs" not in imported(path), path.relative_to(ROOT)


def test_the_engine_loads_without_discord() -> None:
    script = (
        "import sys; sys.modules['discord'] = None\n"
        "import persona.services, persona.offline.server, persona.learning.schedule\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_starting_the_command_line_loads_no_sandbox() -> None:
    script = (
        "import sys, bot.cli, bot.cli.run, bot.cli.replay, bot.cli.try_\n"
        "assert not {'simcord', 'scipy', 'pandas', 'matplotlib'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


SHIPPED = (".html", ".jsonl", ".py", ".sql", ".po", ".toml")


def test_every_package_is_installed() -> None:
    listed = set(
        tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    )
    found = {
        ".".join(path.relative_to(ROOT).parts)
        for package in PACKAGES
        for path in (ROOT / package, *(ROOT / package).rglob("*"))
        if path.is_dir() and any(child.suffix in SHIPPED for child in path.iterdir())
    }
    aliases = {f"rapport_{name}" for name in found if name.split(".")[0] == "cogs"}
    assert listed == found | aliases


HOST = """
import asyncio, sys
from pathlib import Path

import discord, simcord
from discord.ext import commands

import bot, cogs
assert bot.MINE and cogs.MINE, "the host's own modules come first"

import rapport_cogs
from persona.clock import SystemClock
from persona.offline.server import OfflineModel
from persona.services import open_services
from persona.settings import EndpointSettings, EngineSettings, ModelsSettings, StoreSettings


async def main():
    folder = Path(sys.argv[1])
    store = StoreSettings(
        database_url=f"sqlite:{folder / 'r.db'}",
        key_url=f"sqlite:{folder / 'k.db'}",
        master_key_file=folder / "m.key",
    )
    async with OfflineModel() as model:
        endpoint = EndpointSettings(base_url=model.base_url)
        settings = EngineSettings(
            store=store, models=ModelsSettings(endpoints={"default": endpoint})
        )
        async with open_services(settings, clock=SystemClock()) as services:
            host = commands.Bot("!", intents=discord.Intents.all())

            async def setup_hook():
                await rapport_cogs.load(host, services, rapport_cogs.DiscordSettings())
                await host.tree.sync()

            host.setup_hook = setup_hook

            @host.command()
            async def ping(context):
                await context.send("pong")

            async with simcord.run(host) as env:
                channel = env.create_guild().create_text_channel("general")
                mei = env.guild.add_member(env.create_user("Mei"))
                await mei.send(channel, "!ping")
                assert channel.last_message.content == "pong"
                await mei.send(channel, f"<@{host.user.id}> hello, my name is Mei")
                thread = channel.threads[0]
                assert "offline model" in thread.history()[0].content
                result = await mei.slash(channel, "persona show")
                assert result.ephemeral


asyncio.run(main())
"""


def test_the_discord_layer_loads_into_somebody_elses_bot(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text("MINE = True\n")
    (tmp_path / "cogs").mkdir()
    (tmp_path / "cogs" / "__init__.py").write_text("MINE = True\n")
    (tmp_path / "main.py").write_text(HOST)
    done = subprocess.run(
        [sys.executable, "main.py", str(tmp_path / "data")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
