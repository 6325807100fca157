"""Every text that the catalogues translate, and `python -m tests.catalogues`, which brings the
catalogues up to date: what is new is added without a translation, what is gone is dropped.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from discord import AppCommandType, app_commands
from discord.ext import commands

from bot.sandbox.world import DefaultSettings, open_world, store_beside
from cogs.text.catalogue import COMMAND
from persona.registry import DEFAULT_SLOTS

COGS = Path(__file__).parents[1] / "cogs"
LOCALE = COGS / "locale"
KEYWORDS = {"N_": None, "P_": (1, 2)}


class Source(NamedTuple):
    """A text to translate, the context it stands in, and where; plurals have both forms."""

    message: str | tuple[str, str]
    context: str | None
    place: str

    @property
    def key(self) -> tuple[str | tuple[str, str], str | None]:
        return self.message, self.context


async def sources() -> list[Source]:
    """Return every text once: those marked in the code, names of slots, and the commands'."""
    with tempfile.TemporaryDirectory() as folder:
        settings = DefaultSettings(store=store_beside(Path(folder) / "rapport.db"))
        async with open_world(settings, ()) as world:
            await world.start_bot()
            bot = world.env.bot
            assert isinstance(bot, commands.AutoShardedBot)
            found = [*_marked(), *_labels(), *of_commands(bot.tree)]
    first: dict[object, Source] = {}
    for source in found:
        first.setdefault(source.key, source)
    return list(first.values())


def _marked() -> Iterator[Source]:
    rows = list(extract_from_dir(str(COGS), [("**.py", "python")], keywords=KEYWORDS))
    for name, _, message, _, _ in sorted(rows, key=lambda row: (row[0], row[1])):
        words = message if isinstance(message, str) else (message[0], message[1])
        yield Source(words, None, f"cogs/{name}")


def _labels() -> Iterator[Source]:
    for slot in DEFAULT_SLOTS:
        for words in (slot.label, *slot.choices):
            yield Source(words, None, "persona/registry.py")


def of_commands(tree: app_commands.CommandTree[Any]) -> Iterator[Source]:
    """Yield what people read of the commands, and what they type."""
    for command in tree.walk_commands():
        place = "/" + command.qualified_name.replace(" ", "/")
        yield Source(command.name, COMMAND, place)
        yield Source(command.description, None, place)
        if isinstance(command, app_commands.Command):
            for parameter in command.parameters:
                yield Source(parameter.name, COMMAND, place)
                yield Source(str(parameter.description), None, place)
                for choice in parameter.choices:
                    # Others have names of their own, such as those of languages.
                    if choice.name == choice.value:
                        yield Source(choice.name, None, place)
    for kind in (AppCommandType.message, AppCommandType.user):
        for menu in tree.walk_commands(type=kind):
            yield Source(menu.name, None, "menus")


def updated(language: str, texts: list[Source]) -> bytes:
    """Return the catalogue of `language` with exactly `texts` in it, in their order."""
    with (LOCALE / f"{language}.po").open("rb") as file:
        before = read_po(file, locale=language)
    after = Catalog(
        locale=before.locale,
        header_comment=before.header_comment,
        project="Rapport",
        version="0.1.0",
        charset="utf-8",
        fuzzy=False,
    )
    for source in texts:
        known: Message | None = before.get(
            source.message if isinstance(source.message, str) else source.message[0],
            source.context,
        )
        after.add(
            source.message,
            known.string if known is not None else None,
            locations=[(source.place, 0)],
            context=source.context,
            user_comments=known.user_comments if known is not None else (),
        )
    written = io.BytesIO()
    write_po(written, after, width=100, omit_header=False, include_lineno=False)
    return _tidied(written.getvalue(), language)


def _tidied(catalogue: bytes, language: str) -> bytes:
    """Dates would change with every run, and Babel has longer names for some languages."""
    dropped = (
        b'"POT-Creation-Date',
        b'"PO-Revision-Date',
        b'"Last-Translator',
        b'"Report-Msgid',
        b'"Language-Team',
        b'"Generated-By',
    )
    lines = catalogue.splitlines(keepends=True)
    named = b'"Language: %s\\n"\n' % language.encode()
    return b"".join(
        named if line.startswith(b'"Language:') else line
        for line in lines
        if not line.startswith(dropped)
    )


def main() -> None:
    """Bring every catalogue up to date and say how much each lacks."""
    texts = asyncio.run(sources())
    for path in sorted(LOCALE.glob("*.po")):
        path.write_bytes(updated(path.stem, texts))
        with path.open("rb") as file:
            lacking = sum(not _is_whole(item) for item in read_po(file) if item.id)
        print(f"{path.stem}: {len(texts)} texts, {lacking} without a translation")


def _is_whole(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


if __name__ == "__main__":
    main()
