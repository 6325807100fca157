"""The catalogues are complete, and say the same things in the same places."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from cogs.text.catalogue import languages, text
from persona.registry import DEFAULT_SLOTS

COGS = Path(__file__).parents[3] / "cogs"
LABEL_LIMIT = 80


def source_texts() -> set[str]:
    """Every text marked in the code, and the names of slots."""
    found = extract_from_dir(str(COGS), [("**.py", "python")], keywords={"N_": None})
    return {str(row[2]) for row in found} | {slot.label for slot in DEFAULT_SLOTS}


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def catalogue(language: str) -> dict[str, str]:
    with (COGS / "locale" / f"{language}.po").open("rb") as file:
        return {str(item.id): str(item.string) for item in read_po(file) if item.id}


def test_there_is_more_than_one_language() -> None:
    assert "zh_CN" in languages()
    assert len(source_texts()) > 40


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_text_is_translated_and_no_other(language: str) -> None:
    translated = catalogue(language)
    missing = source_texts() - set(translated)
    unused = set(translated) - source_texts()
    empty = {message for message, translation in translated.items() if not translation}
    assert (missing, unused, empty) == (set(), set(), set())


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_catalogue_says_which_language_it_is_in(language: str) -> None:
    with (COGS / "locale" / f"{language}.po").open("rb") as file:
        assert read_po(file).locale == Locale.parse(language)


@pytest.mark.parametrize("language", sorted(languages()))
def test_translations_keep_placeholders_commands_and_limits(language: str) -> None:
    for message, translation in catalogue(language).items():
        assert placeholders(translation) == placeholders(message), message
        for kept in ("/chat", "`/persona show`", "`/persona reset`", "-# ", "## "):
            assert (kept in translation) == (kept in message), message
        assert len(translation) <= 1800
        if len(message) <= 30:
            assert len(translation) <= LABEL_LIMIT


def test_text_is_in_the_readers_language_else_in_english() -> None:
    message = "Hi {name}! What would you like to talk about?"
    assert text("zh-CN", message, name="Mei") == "你好，Mei！想聊点什么？"
    for other in ("en-US", "xx", None, ""):
        assert text(other, message, name="Mei") == "Hi Mei! What would you like to talk about?"
    assert text("zh-CN", "Not in any catalogue") == "Not in any catalogue"


def test_values_are_not_formatted_again() -> None:
    assert text("en-US", "Chat with {name}", name="{every}") == "Chat with {every}"
