"""Failures of the program itself, and the exit code each kind ends with."""

from __future__ import annotations

from persona.errors import ModelError, RapportError, SettingsError, StoreError


class DiscordError(RapportError):
    """Discord cannot be reached, or does not let the bot in."""


class RecordingError(RapportError):
    """A recording cannot be read or cannot be played."""


class ReplayStopped(RapportError):
    """A replay cannot go on."""


# From sysexits.h, so that service managers can tell a typo from an outage.
_EXIT_CODES: tuple[tuple[type[RapportError], int], ...] = (
    (SettingsError, 78),
    (StoreError, 74),
    (ModelError, 69),
    (DiscordError, 69),
    (ReplayStopped, 69),
    (RecordingError, 65),
)


def exit_code(error: RapportError) -> int:
    """Return the exit code for `error`."""
    return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 1)
