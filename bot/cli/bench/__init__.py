"""rapport bench: PersonaBench, from making data to comparing runs. One file per subcommand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

application = typer.Typer(
    name="bench",
    help="PersonaBench: measure how well people are got to know, offline or with any model.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Settings file instead of config.toml.", dir_okay=False),
]
TrackOption = Annotated[
    str, typer.Option(help="scripted: rules, no model. model: the models of the settings.")
]


@application.command()
def generate(
    out: Annotated[Path, typer.Option("--out", help="Folder of the dataset.", file_okay=False)],
    people: Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help="How many.")] = 200,
    track: TrackOption = "scripted",
    seeds: Annotated[
        Path | None, typer.Option(help="Seeds of your own, JSON Lines.", dir_okay=False)
    ] = None,
    redo: Annotated[
        str | None,
        typer.Option(
            help="Do this stage and those after it anew: seeds, personas, scenes, queries, filter."
        ),
    ] = None,
    random_seed: Annotated[int, typer.Option(help="Another number, other people.")] = 0,
    config: ConfigOption = None,
) -> None:
    """Make a dataset: seeds, personas, scenes, queries, filtering."""
    from bot.cli.bench.generate import generate

    generate(
        out,
        people=people,
        track=track,
        seeds=seeds,
        redo=redo,
        random_seed=random_seed,
        config=config,
    )


@application.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="The data as it was published.")],
    source: Annotated[str, typer.Option("--from", help="released, prefeval or personamem.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the dataset.", file_okay=False)],
) -> None:
    """Turn published data into a dataset; it stays with you."""
    from bot.cli.bench.import_ import import_

    import_(path, source=source, out=out)


@application.command()
def validate(
    dataset: Annotated[
        Path | None, typer.Argument(help="Folder of a dataset; the sample without one.")
    ] = None,
) -> None:
    """Look at a dataset for what is wrong with it, leaks among it. Exits with 1 if there is."""
    from bot.cli.bench.validate import validate

    validate(dataset)


@application.command()
def run(
    out: Annotated[Path, typer.Option("--out", help="Folder of the run.", file_okay=False)],
    dataset: Annotated[
        Path | None, typer.Argument(help="Folder of a dataset; or say --sample.")
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="The dataset that ships.")] = False,
    track: TrackOption = "scripted",
    settings: Annotated[
        str | None,
        typer.Option(
            help="By commas: none, golden, retrieval, full_history, persona-kN and persona-kN-ask "
            "with N from 1 to 50. Without it the first four, k1, k3, k5 and k3-ask."
        ),
    ] = None,
    controls: Annotated[
        bool | None,
        typer.Option(help="Also run the controls; by itself only where no model is paid."),
    ] = None,
    models: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="<str>", help="endpoint/model; again for another."),
    ] = None,
    people: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Only so many, chosen at random.")
    ] = None,
    repetitions: Annotated[
        int, typer.Option(metavar="N", min=1, max=100, help="Lives of each.")
    ] = 1,
    start: Annotated[
        str,
        typer.Option(help="What learning starts from: demographics+personality or empty."),
    ] = "empty",
    user_turns: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=20, help="Messages of the user a session, at most."),
    ] = 3,
    concurrency: Annotated[
        int, typer.Option(metavar="N", min=1, max=256, help="Calls of models at once.")
    ] = 16,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, max=64, help="Processes of a scripted run; one a processor."
        ),
    ] = None,
    most_tokens: Annotated[
        int | None,
        typer.Option("--max-tokens", metavar="N", min=1, help="Stop when so many were used."),
    ] = None,
    most_money: Annotated[
        float | None,
        typer.Option(
            "--max-cost",
            metavar="X",
            min=0,
            help="Stop when so much was spent, by the prices in the settings.",
        ),
    ] = None,
    random_seed: Annotated[
        int, typer.Option(metavar="N", help="For what is chosen at random.")
    ] = 0,
    config: ConfigOption = None,
) -> None:
    """Let the people of a dataset live with the bot, with every setting. Goes on where it was."""
    from bot.cli.bench.run import Wanted, run

    run(
        Wanted(
            out=out,
            dataset=dataset,
            sample=sample,
            track=track,
            settings=settings,
            controls=controls,
            models=tuple(models or ()),
            people=people,
            repetitions=repetitions,
            start=start,
            user_turns=user_turns,
            concurrency=concurrency,
            workers=workers,
            most_tokens=most_tokens,
            most_money=most_money,
            random_seed=random_seed,
            config=config,
        )
    )


@application.command()
def score(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.")],
    concurrency: Annotated[
        int, typer.Option(metavar="N", min=1, max=256, help="Calls of the judge at once.")
    ] = 16,
    most_tokens: Annotated[
        int | None,
        typer.Option(
            "--max-tokens", metavar="N", min=1, help="Stop when judging this run used so many."
        ),
    ] = None,
    most_money: Annotated[
        float | None,
        typer.Option(
            "--max-cost",
            metavar="X",
            min=0,
            help="Stop when judging this run cost so much, by the prices in the settings.",
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Score a run, into scores.json and observations.csv."""
    from bot.cli.bench.score import score

    score(
        folder,
        concurrency=concurrency,
        most_tokens=most_tokens,
        most_money=most_money,
        config=config,
    )


@application.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.")],
    config: ConfigOption = None,
) -> None:
    """Write the page of a run, with figures and tables; a scripted run is scored first."""
    from bot.cli.bench.report import report

    report(folder, config=config)


@application.command()
def compare(
    one: Annotated[Path, typer.Argument(help="Folder of a run.")],
    other: Annotated[Path, typer.Argument(help="Folder of another run of the same track.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the page.", file_okay=False)],
    config: ConfigOption = None,
) -> None:
    """Put two runs side by side."""
    from bot.cli.bench.compare import compare

    compare(one, other, out=out, config=config)
