"""Text for people, in their language: gettext catalogues, read once.

Source texts are English and stand in the code; `locale/<language>.po` translates them. What a
catalogue lacks is shown in English.
"""

from __future__ import annotations

import functools
import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import NamedTuple

from babel.messages.pofile import read_po

_LOCALE = resources.files(__package__.rpartition(".")[0]).joinpath("locale")

# The context of what is typed after a slash: names of commands and of their parameters.
COMMAND = "command"


class Plural(NamedTuple):
    """A text that depends on a number, in English; languages have as many forms as they need."""

    one: str
    many: str


def N_(message: str) -> str:
    """Mark a text for the catalogues without translating it here."""
    return message


def P_(one: str, many: str) -> Plural:
    """Mark a text that depends on `{count}` for the catalogues."""
    return Plural(one, many)


def text(locale: str | None, message: str, /, **values: object) -> str:
    """Return `message` in the language of `locale` (such as "zh-CN"), with `values` filled in.

    Without values it is taken as it stands: it may be an operator's label, or a person's word.
    """
    translated = _catalogue(locale or "").texts.get(message) or message
    return translated.format(**values) if values else translated


def plural(locale: str | None, message: Plural, count: int, /, **values: object) -> str:
    """Return the form of `message` for `count`, which is filled in with the `values`."""
    catalogue = _catalogue(locale or "")
    forms = catalogue.plurals.get(message) or message
    chosen = catalogue.form(count) if message in catalogue.plurals else int(count != 1)
    return forms[chosen].format(count=count, **values)


def command_name(locale: str, name: str) -> str | None:
    """Return what is typed after the slash for `name` in a language, or None if it has no own."""
    return _catalogue(locale).commands.get(name)


def translation(locale: str, message: str) -> str | None:
    """Return `message` in a language that has a catalogue, as it stands there, or None."""
    return _catalogue(locale).texts.get(message)


@functools.cache
def languages() -> frozenset[str]:
    """Return the languages that have a catalogue, such as "zh_CN"."""
    return frozenset(
        entry.name.removesuffix(".po") for entry in _LOCALE.iterdir() if entry.name.endswith(".po")
    )


def read_catalogues() -> None:
    """Read every catalogue, so that nobody waits for a file later."""
    for language in languages():
        _catalogue(language)


@dataclass(frozen=True, slots=True)
class _Catalogue:
    texts: Mapping[str, str]
    plurals: Mapping[Plural, tuple[str, ...]]
    commands: Mapping[str, str]
    form: Callable[[int], int]


_NONE = _Catalogue({}, {}, {}, lambda count: int(count != 1))


# Commands as the English texts name them, such as `/persona show`.
_NAMED = re.compile(r"/([a-z]+)(?: ([a-z]+))?")


def _localised(message: str, commands: Mapping[str, str]) -> str:
    """Name the commands in a translation as people see them in their language."""

    def named(match: re.Match[str]) -> str:
        group, command = match[1], match[2]
        if group not in commands:
            return match[0]
        first = f"/{commands[group]}"
        return first if command is None else f"{first} {commands.get(command, command)}"

    return _NAMED.sub(named, message)


@functools.cache
def _catalogue(locale: str) -> _Catalogue:
    """Return the texts of a language; of "de@ja" those in German with the commands' Japanese."""
    spoken, _, named = locale.partition("@")
    texts = _read(_language(spoken))
    return _naming(texts, _read(_language(named or spoken)).commands)


def _language(locale: str) -> str | None:
    wanted = locale.replace("-", "_")
    return next((name for name in (wanted, wanted.split("_", 1)[0]) if name in languages()), None)


def _naming(catalogue: _Catalogue, commands: Mapping[str, str]) -> _Catalogue:
    """Let every text name the commands as people see them."""
    return replace(
        catalogue,
        texts={message: _localised(shown, commands) for message, shown in catalogue.texts.items()},
        plurals={
            message: tuple(_localised(form, commands) for form in forms)
            for message, forms in catalogue.plurals.items()
        },
    )


@functools.cache
def _read(language: str | None) -> _Catalogue:
    if language is None:
        return _NONE
    with _LOCALE.joinpath(f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    texts: dict[str, str] = {}
    plurals: dict[Plural, tuple[str, ...]] = {}
    commands: dict[str, str] = {}
    for message in catalogue:
        if not message.id or not message.string or message.fuzzy:
            continue
        if isinstance(message.id, str) and isinstance(message.string, str):
            place = commands if message.context == COMMAND else texts
            place[message.id] = message.string
        elif all(message.string):
            plurals[Plural(*message.id)] = tuple(message.string)
    return _Catalogue(texts, plurals, commands, gettext.c2py(catalogue.plural_expr))
