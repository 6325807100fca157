"""Secrets: from the environment, or from a file that the environment names."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import SecretStr

from persona.errors import SettingsError
from persona.settings import ModelsSettings, StoreSettings
from persona.store.crypto import parse_master_key, read_or_create_master_key

DISCORD_TOKEN = "DISCORD_TOKEN"  # noqa: S105 - the name of a variable, not a token
MASTER_KEY = "RAPPORT_MASTER_KEY"
DATABASE_PASSWORD = "RAPPORT_DATABASE_PASSWORD"  # noqa: S105
KEY_DATABASE_PASSWORD = "RAPPORT_KEY_DATABASE_PASSWORD"  # noqa: S105
SECRET_NAMES = (DISCORD_TOKEN, MASTER_KEY, DATABASE_PASSWORD, KEY_DATABASE_PASSWORD)


def read_secret(name: str) -> SecretStr | None:
    """Return the secret in `$name`, or in the file `$name_FILE`, or None.

    Raises `SettingsError` when both are set or the file cannot be read.
    """
    value = os.environ.get(name, "").strip()
    file = os.environ.get(f"{name}_FILE", "").strip()
    if value and file:
        raise SettingsError(f"Both {name} and {name}_FILE are set; keep one of them.")
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{name}_FILE names {file}, which cannot be read: {error}."
            ) from error
        if not value:
            raise SettingsError(f"{name}_FILE names {file}, which is empty.")
    if not value.isascii() or any(character.isspace() for character in value):
        raise SettingsError(f"{name} holds characters that no key or token has; copy it again.")
    return SecretStr(value) if value else None


def read_master_key(settings: StoreSettings) -> bytes:
    """Return the master key in use. Raises `StoreError` when there is none, or it is none."""
    given = read_secret(MASTER_KEY)
    if given is not None:
        return parse_master_key(given.get_secret_value(), source=MASTER_KEY)
    return read_or_create_master_key(settings.master_key_file, may_create=False)


def read_api_keys(models: ModelsSettings) -> dict[str, SecretStr | None]:
    """Return the key of every endpoint, or None where its variable is not set."""
    return {name: read_secret(item.api_key_env) for name, item in models.endpoints.items()}
