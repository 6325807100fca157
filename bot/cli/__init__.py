"""The `rapport` command. One file per subcommand; each imports what it needs when it runs."""

from __future__ import annotations

import io
import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from dotenv import load_dotenv

from bot import __version__
from bot.cli import bench
from bot.errors import exit_code
from persona.errors import RapportError, SettingsError

application = typer.Typer(
    name="rapport",
    help="A Discord bot that gets to know each person it talks with.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

application.add_typer(bench.application)

_debug = False

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Settings file instead of config.toml.", dir_okay=False),
]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rapport {__version__}")
        raise typer.Exit


@application.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where in the program a failure came from.")
    ] = False,
) -> None:
    """A Discord bot that gets to know each person it talks with."""
    global _debug  # noqa: PLW0603 - the one flag that main() needs after the command has failed
    _debug = debug


@application.command()
def run(config: ConfigOption = None) -> None:
    """Connect to Discord and talk."""
    from bot.cli.run import run

    run(config)


@application.command("try")
def try_() -> None:
    """Show the bot at work on this machine: no account, no key."""
    from bot.cli.try_ import try_

    try_()


@application.command()
def doctor(config: ConfigOption = None) -> None:
    """Check settings, database, model and Discord, and say what to do."""
    from bot.cli.doctor import doctor

    doctor(config)


@application.command()
def audit(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: ConfigOption = None,
) -> None:
    """Look at what is kept for what should not be there, and change nothing.

    Also while the bot runs. The exit code is 1 when something was found.
    """
    from bot.cli.audit import audit

    audit(config, as_json=as_json)


@application.command()
def replay(
    recording: Annotated[Path, typer.Argument(help="The recorded conversations.")],
    source: Annotated[
        str, typer.Option("--from", help="Format of the recording: jsonl, memorybank or xpersona.")
    ] = "jsonl",
    database: Annotated[
        Path | None,
        typer.Option(
            "--db",
            help="Keep the database here; started again, it goes on from it.",
            dir_okay=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as one JSON object.")
    ] = False,
    configured_models: Annotated[
        bool,
        typer.Option(
            "--configured-models", help="Ask the settings' own models, not the offline model."
        ),
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Play recorded conversations through the bot, on simulated time."""
    from bot.cli.replay import replay

    replay(
        recording,
        source=source,
        database=database,
        as_json=as_json,
        configured_models=configured_models,
        config=config,
    )


def _load_environment() -> None:
    try:
        load_dotenv(".env")
    except UnicodeDecodeError as error:
        raise SettingsError(".env is not UTF-8 text; save it as UTF-8.") from error


def main() -> None:
    """Run the command line; failures become one sentence and an exit code."""
    # A terminal that cannot show a character shows another, and the program goes on.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    # What a service manager asks for ends in the same way as Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    # Operators' own tools lie where they start the bot, beside config.toml.
    sys.path.append(str(Path.cwd()))
    try:
        _load_environment()
        application()
    except RapportError as error:
        print(f"rapport: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if _debug or error.filename is None:
            _fail_inside(error)
        print(f"rapport: {error.filename}: {error.strerror}.", file=sys.stderr)  # noqa: T201
        sys.exit(74)
    except Exception as error:
        _fail_inside(error)


def _fail_inside(error: Exception) -> NoReturn:
    if _debug:
        raise error
    print(  # noqa: T201
        f"rapport: Something went wrong inside Rapport ({type(error).__name__}). "
        "Run it again with `rapport --debug …` and report what it shows, please.",
        file=sys.stderr,
    )
    sys.exit(70)
