"""The catalogues are complete, and say the same things in the same places."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterator

import discord
import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from discord.ext import commands

from bot.sandbox.world import World
from cogs.text.catalogue import COMMAND, P_, command_name, languages, plural, text
from tests.catalogues import LOCALE, Source, sources

LABEL_LIMIT = 80
# Discord's: what is typed after the slash, and what stands beside it.
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
DESCRIPTION_LIMIT = 100
# Kept as they are: commands, since people may type them in English everywhere, and markup.
KEPT = re.compile(r"`/[a-z ]+`|/[a-z]+|^-# |^#+ |\*\*|\n")


@pytest.fixture(scope="module")
def texts() -> list[Source]:
    import asyncio  # noqa: PLC0415

    return asyncio.run(sources())


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def catalogue(language: str) -> Catalog:
    with (LOCALE / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def pairs(language: str) -> Iterator[tuple[str, str, str | None, str]]:
    """Yield each text and its translation, every form of a plural, with context and place."""
    for item in catalogue(language):
        if not item.id:
            continue
        place = item.locations[0][0]
        if isinstance(item.id, str):
            assert isinstance(item.string, str)
            yield item.id, item.string, item.context, place
        else:
            for form in item.string or ():
                yield item.id[1], form, item.context, place


def translated(language: str) -> Iterator[tuple[str, str, str | None, str]]:
    return (pair for pair in pairs(language) if pair[1])


def test_there_is_more_than_one_language(texts: list[Source]) -> None:
    assert "zh_CN" in languages()
    assert len(texts) > 80


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_text_is_translated_and_no_other(language: str, texts: list[Source]) -> None:
    held = {
        (tuple(item.id) if isinstance(item.id, list | tuple) else item.id, item.context): item
        for item in catalogue(language)
        if item.id
    }
    wanted = {source.key for source in texts}
    missing = wanted - set(held)
    unused = set(held) - wanted
    empty = {original for original, translation, _, _ in pairs(language) if not translation}
    fuzzy = {item.id for item in held.values() if item.fuzzy}
    assert (missing, unused, empty, fuzzy) == (set(), set(), set(), set())


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_catalogue_says_which_language_it_is_in(language: str) -> None:
    found = catalogue(language)
    assert found.locale == Locale.parse(language)
    forms = [item.string for item in found if isinstance(item.id, tuple)]
    assert all(len(each or ()) == found.num_plurals for each in forms)


@pytest.mark.parametrize("language", sorted(languages()))
def test_translations_keep_placeholders_and_markup(language: str) -> None:
    for message, translation, context, _ in translated(language):
        assert placeholders(translation) == placeholders(message), message
        if context != COMMAND:
            assert Counter(KEPT.findall(translation)) == Counter(KEPT.findall(message)), message
        assert translation == translation.strip(), message


@pytest.mark.parametrize("language", sorted(languages()))
def test_translations_keep_discords_limits(language: str) -> None:
    for message, translation, context, place in translated(language):
        if context == COMMAND:
            assert COMMAND_NAME.fullmatch(translation), translation
            assert translation == translation.lower(), translation
        elif place.startswith("/"):
            assert len(translation) <= DESCRIPTION_LIMIT, translation
        assert len(translation) <= 1800
        if len(message) <= 30:
            assert len(translation) <= LABEL_LIMIT


async def test_commands_beside_each_other_have_different_names(world: World) -> None:
    bot = world.env.bot
    assert isinstance(bot, commands.AutoShardedBot)
    translator = bot.tree.translator
    assert translator is not None
    payloads = [
        await command.get_translated_payload(bot.tree, translator)
        for command in bot.tree.get_commands()
    ]
    for locale in discord.Locale:
        _check_names(payloads, locale.value)


def _check_names(payloads: list[dict[str, object]], locale: str) -> None:
    names = Counter(
        names[locale]
        for payload in payloads
        if isinstance(names := payload.get("name_localizations"), dict) and locale in names
    )
    assert all(number == 1 for number in names.values()), names
    for payload in payloads:
        options = payload.get("options")
        if isinstance(options, list):
            _check_names(options, locale)


def test_text_is_in_the_readers_language_else_in_english() -> None:
    message = "Hi {name}! What would you like to talk about?"
    assert text("zh-CN", message, name="Mei") == "你好，Mei！想聊点什么？"
    for other in ("en-US", "xx", None, ""):
        assert text(other, message, name="Mei") == "Hi Mei! What would you like to talk about?"
    assert text("zh-CN", "Not in any catalogue") == "Not in any catalogue"


def test_texts_name_commands_as_people_see_them() -> None:
    message = "This conversation has ended. What you write here next begins another."
    assert "/" not in text("zh-CN", message)
    hint = "-# Only you see this. `/persona reset` erases all of it."
    named = f"/{command_name('zh-CN', 'persona')} {command_name('zh-CN', 'reset')}"
    assert f"`{named}`" in text("zh-CN", hint)
    assert "`/persona reset`" in text("en-US", hint)
    # Discord shows commands in its own language, whatever somebody chose here.
    german = text("de@en-US", hint)
    assert "`/persona reset`" in german
    assert german.startswith("-# Das siehst nur du.")
    assert f"`{named}`" in text("de@zh-CN", hint)


def test_values_are_not_formatted_again() -> None:
    assert text("en-US", "Chat with {name}", name="{every}") == "Chat with {every}"


def test_english_knows_one_and_many() -> None:
    message = P_("{count} thing of {name}", "{count} things of {name}")
    assert plural("en-US", message, 1, name="Mei") == "1 thing of Mei"
    assert plural(None, message, 0, name="Mei") == "0 things of Mei"


def test_what_is_no_text_of_ours_is_shown_as_it_stands() -> None:
    assert [text("de", odd) for odd in ("{", "{name}", "}}", "{0}")] == ["{", "{name}", "}}", "{0}"]
