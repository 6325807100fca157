"""Options whose words are limited: what was written, or a sentence with what may be."""

from __future__ import annotations

from typing import TypeVar

from persona.errors import SettingsError

T = TypeVar("T", bound=str)


def one_of(option: str, given: str, allowed: tuple[T, ...]) -> T:
    """Return `given` if it is allowed. Raises `SettingsError` saying what is."""
    if given not in allowed:
        raise SettingsError(f"{option} {given} is not known; it is one of: {', '.join(allowed)}.")
    return allowed[allowed.index(given)]
