"""The settings: config.toml and the environment, composed from each package's own part.

The environment (`RAPPORT_SECTION__KEY`, also from a `.env` file) goes before config.toml, which
goes before the defaults. Secrets come from the environment alone: see `bot.secrets`.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

import pydantic_settings
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.secrets import SECRET_NAMES
from cogs.settings import DiscordSettings
from persona.errors import SettingsError
from persona.registry import GROUPS
from persona.section import Section
from persona.settings import EngineSettings

PREFIX = "RAPPORT_"
CONFIG_VARIABLE = "RAPPORT_CONFIG"
DEFAULT_PATH = Path("config.toml")

_SINGLE_KEYS = "Name single keys: RAPPORT_SECTION__KEY=value."
_SECRET_WORDS = ("token", "key", "secret", "password")


class LoggingSettings(Section):
    """What is written to standard error. Never message text, tokens or keys."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug adds ids and timings, still no text."
    )
    format: Literal["auto", "console", "json"] = Field(
        "auto", description="auto: colours on a terminal, JSON lines elsewhere."
    )


class _SettingsFile(TomlConfigSettingsSource):
    """config.toml. Raises `SettingsError` saying why it cannot be read."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        try:
            # Windows programs begin such files with a byte order mark.
            return tomllib.loads(file_path.read_bytes().decode("utf-8-sig"))
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{file_path} is not valid TOML: {error}.") from error
        except UnicodeDecodeError as error:
            raise SettingsError(f"{file_path} is not UTF-8 text; save it as UTF-8.") from error
        except RecursionError as error:
            raise SettingsError(f"{file_path} is nested too deeply.") from error
        except ValueError as error:
            raise SettingsError(f"{file_path} holds a number that is too long.") from error


class Settings(EngineSettings, BaseSettings):
    """Everything an operator can set, apart from secrets."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        validate_default=True,
    )

    discord: DiscordSettings = DiscordSettings()
    logging: LoggingSettings = LoggingSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _SettingsFile(settings_cls)


def load(path: Path | None = None) -> Settings:
    """Return the settings from `path`, else `$RAPPORT_CONFIG`, else config.toml if there is one.

    Raises `SettingsError` with a sentence a line: the key, its value and what is allowed.
    """
    source = find(path)
    _refuse_unknown_variables(os.environ)

    class Loaded(Settings):
        model_config = SettingsConfigDict(toml_file=source)

    try:
        return Loaded()
    except pydantic_settings.SettingsError as error:
        raise SettingsError(f"The environment: {error}. {_SINGLE_KEYS}") from error
    except RecursionError as error:
        raise SettingsError(
            f"The environment: a value is nested too deeply. {_SINGLE_KEYS}"
        ) from error
    except ValidationError as error:
        sentences = "\n".join(explain(error))
        raise SettingsError(f"{source or 'The environment'}:\n{sentences}") from error


def find(path: Path | None) -> Path | None:
    """Return the file of settings that `load` reads, None if there is none."""
    if path is None and os.environ.get(CONFIG_VARIABLE):
        path = Path(os.environ[CONFIG_VARIABLE])
    if path is None:
        return DEFAULT_PATH if DEFAULT_PATH.is_file() else None
    if not path.is_file():
        raise SettingsError(f"There is no settings file {path}.")
    return path


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    """A misspelt section in a variable would otherwise be ignored in silence."""
    known = sorted(Settings.model_fields)
    for name in environment:
        if not name.startswith(PREFIX) or name == CONFIG_VARIABLE:
            continue
        if name.removesuffix("_FILE") in SECRET_NAMES:
            continue
        section = name.removeprefix(PREFIX).split("__", 1)[0].lower()
        if section not in known:
            raise SettingsError(
                f"The environment variable {name} names no section of the settings. "
                f"Sections: {', '.join(known)}."
            )


def explain(error: ValidationError) -> Iterator[str]:
    """Yield a sentence for each thing wrong: the key, the value and what is allowed."""
    for detail in error.errors(include_url=False):
        path = tuple(str(part) for part in detail["loc"])
        key = ".".join(path)
        variable = PREFIX + "__".join(path).upper()
        named = f"{key} (from {variable})" if variable in os.environ else key
        value = _shown(path, detail.get("input"))
        if detail["type"] == "extra_forbidden":
            yield _unknown_key(path, named, value)
        elif path[-1:] == ("[key]",):
            yield f"  [{'.'.join(path[:-1])}] is not a name for this. {_names(path)}"
        elif detail["type"] in ("model_type", "model_attributes_type", "dict_type"):
            yield f"  {named} = {value} is not allowed: it is a table of keys, [{key}]."
        elif detail["type"] == "value_error":
            what = detail["msg"].removeprefix("Value error, ")
            yield f"  {named}: {what}" if path[1:] and key not in what else f"  {what}"
        else:
            allowed = _allowed(path) or detail["msg"]
            yield f"  {named} = {value} is not allowed: {allowed}"


def _names(path: tuple[str, ...]) -> str:
    if path[0] == "slots":
        return (
            f'Slots are named "group.name": the group one of {", ".join(GROUPS)}, the name small '
            "letters, digits and underscores."
        )
    return "Use small letters, digits, underscores and hyphens, a letter first."


def _shown(path: tuple[str, ...], value: object) -> str:
    if any(word in part.lower() for part in path for word in _SECRET_WORDS) and isinstance(
        value, str
    ):
        return "(hidden)"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _unknown_key(path: tuple[str, ...], key: str, value: str) -> str:
    last = path[-1].lower()
    if any(last == word or last.endswith(f"_{word}") for word in _SECRET_WORDS):
        return (
            f"  {key} looks like a secret. Secrets are not kept in config.toml: set "
            f"{', '.join(SECRET_NAMES)} or the variable named by api_key_env, in the environment."
        )
    schema = _schema_at(path[:-1])
    known = sorted(schema.get("properties", {}))
    close = difflib.get_close_matches(path[-1], known, 1)
    guess = f" Did you mean {close[0]}?" if close else ""
    return f"  {key} = {value} is not a setting.{guess} Known here: {', '.join(known)}."


def _schema_at(path: tuple[str, ...]) -> dict[str, Any]:
    """Return the JSON schema of the setting at `path`, or {} where there is none."""
    root = Settings.model_json_schema()
    node: dict[str, Any] = root
    for part in path:
        node = _resolved(node, root)
        if part in node.get("properties", {}):
            node = node["properties"][part]
        elif isinstance(node.get("additionalProperties"), dict):
            node = node["additionalProperties"]
        elif node.get("patternProperties"):
            node = next(iter(node["patternProperties"].values()))
        else:
            return {}
    return _resolved(node, root)


def _resolved(node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    if reference is None:
        return node
    target: dict[str, Any] = root["$defs"][reference.rsplit("/", 1)[-1]]
    return target | {key: value for key, value in node.items() if key != "$ref"}


_TYPE_NAMES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
    "array": "a list",
    "object": "a table",
}


def _allowed(path: tuple[str, ...]) -> str:
    schema = _schema_at(path)
    options = [schema, *schema.get("anyOf", ())]
    for option in options:
        if "enum" in option:
            return _reason("one of " + ", ".join(repr(item) for item in option["enum"]), schema)
    for option in options:
        kind = _TYPE_NAMES.get(option.get("type", ""))
        if kind is None:
            continue
        low, high = option.get("minimum"), option.get("maximum")
        if low is not None and high is not None:
            kind += f" from {low} to {high}"
        longest = option.get("maxLength") or option.get("maxItems")
        if longest is not None:
            kind += f" of at most {longest}"
        if option.get("format") == "uri":
            kind = "an address beginning with http:// or https://"
        return _reason(kind, schema)
    return ""


def _reason(allowed: str, schema: dict[str, Any]) -> str:
    description = schema.get("description")
    return f"{allowed}. {description}" if description else f"{allowed}."
