"""Text for people, in their language: gettext catalogues, read once.

Source texts are English and stand in the code; `locale/<language>.po` translates them. What a
catalogue lacks is shown in English.
"""

from __future__ import annotations

import functools
from importlib import resources

from babel.messages.pofile import read_po

_LOCALE = resources.files(__package__.rpartition(".")[0]).joinpath("locale")


def N_(message: str) -> str:
    """Mark a text for the catalogues without translating it here."""
    return message


def text(locale: str | None, message: str, /, **values: object) -> str:
    """Return `message` in the language of `locale` (such as "zh-CN"), with `values` filled in."""
    translated = _catalogue(locale or "").get(message) or message
    return translated.format(**values)


@functools.cache
def languages() -> frozenset[str]:
    """Return the languages that have a catalogue, such as "zh_CN"."""
    return frozenset(
        entry.name.removesuffix(".po") for entry in _LOCALE.iterdir() if entry.name.endswith(".po")
    )


@functools.cache
def _catalogue(locale: str) -> dict[str, str]:
    wanted = locale.replace("-", "_")
    language = wanted.split("_", 1)[0]
    for name in (wanted, language):
        if name in languages():
            with _LOCALE.joinpath(f"{name}.po").open("rb") as file:
                catalogue = read_po(file, locale=name)
            return {
                str(message.id): str(message.string)
                for message in catalogue
                if message.id and message.string and not message.fuzzy
            }
    return {}
