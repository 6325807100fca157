from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.secrets import read_api_keys, read_secret
from bot.settings import Settings, load
from persona.errors import SettingsError
from persona.registry import Registry
from persona.settings import EndpointSettings, ModelsSettings

ROOT = Path(__file__).parents[2]
DEFAULTS = Settings.model_construct().model_dump()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("RAPPORT_", "DISCORD_", "MODEL_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def problem(tmp_path: Path, text: str) -> str:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(path)
    return str(caught.value)


def flat(data: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(data, dict):
        return {prefix: data}
    found: dict[str, Any] = {}
    for key, value in data.items():
        found |= flat(value, f"{prefix}.{key}" if prefix else key)
    return found


def test_the_shipped_file_holds_every_setting_with_its_default() -> None:
    defaults = flat(Settings.model_construct().model_dump(mode="json"))
    text = (ROOT / "config.toml").read_text()
    shipped = flat(tomllib.loads(text))
    # A key without a default stands in a comment: TOML has no null.
    optional = {key for key, value in defaults.items() if value is None}
    for key in optional:
        assert f"# {key.rsplit('.', 1)[-1]} = " in text, key
    expected = {key: value for key, value in defaults.items() if key not in optional}
    assert shipped == expected
    assert load(ROOT / "config.toml").model_dump() == DEFAULTS


def test_every_bound_gives_its_reason() -> None:
    def sections(model: type[BaseModel]) -> list[type[BaseModel]]:
        found = [model]
        for field in model.model_fields.values():
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                found += sections(field.annotation)
        return found

    checked: list[type[BaseModel]] = [*sections(Settings), EndpointSettings]
    for section in checked:
        for name, field in section.model_fields.items():
            if field.metadata:
                assert field.description, f"{section.__name__}.{name}"


def test_without_a_file_the_defaults_hold() -> None:
    assert load().model_dump() == DEFAULTS


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[learning]\nevery = 0", ["learning.every", "0", "from 1 to 50", "paper"]),
        ("[learning]\nevery = 51", ["learning.every", "51", "from 1 to 50"]),
        ('[learning]\nevery = "x"', ["learning.every", "'x'", "a whole number from 1 to 50"]),
        ("[learning]\nevry = 3", ["learning.evry", "3", "Did you mean every?"]),
        ("[lerning]\nevery = 3", ["lerning", "Did you mean learning?"]),
        ('[learning]\ninferred = "maybe"', ["learning.inferred", "'off', 'ask', 'use'"]),
        ('[discord]\ntrigger = "x"', ["discord.trigger", "'thread', 'mention'"]),
        ("[discord]\nauto_archive_minutes = 61", ["auto_archive_minutes", "60, 1440"]),
        ('[privacy]\npolicy_url = "x"', ["privacy.policy_url", "http://"]),
        ('[models.chat]\nendpoint = "x"', ["models.chat", "'x'", "default"]),
        ('[models.chat]\nfallbacks = ["y/m"]', ["models.chat", "'y'", "default"]),
        ('[models.chat]\nfallbacks = ["y"]', ["models.chat", "'y'", "default/y"]),
        ("[learning]\nevery = true", ["learning.every", "True", "a whole number"]),
        ("[slots]\nfoo = 3", ["slots.foo", "demographics, personality"]),
        ("[slots]\n'demographics.age' = 3", ["slots.demographics.age", "table"]),
        ('[slots."demographics.gendr"]\nenabled = false', ["gendr", "demographics.gender"]),
        (
            '[models.endpoints.default]\nbase_url = "http://a:b@c/v1"',
            ["endpoints.default.base_url: no user"],
        ),
        (
            "[models.endpoints.default]\nanswer_seconds = 60",
            ["endpoints.default: answer_seconds is less than timeout_seconds"],
        ),
        ('[slots."demographics.pets"]\nkind = "list"', ["demographics.pets", "label", "hint"]),
        ('[slots."pets"]\nkind = "list"', ["slots.pets", "demographics, personality"]),
        ('[slots."demographics.age"]\nchoices = ["a", "b"]', ["demographics.age", "choice"]),
        ('[slots."demographics.age"]\nmax_items = 3', ["demographics.age", "list"]),
        ('[slots."demographics.age"]\nkind = "choice"', ["demographics.age", "choices"]),
        ("[store\n", ["not valid TOML"]),
        ('[store]\ndatabase_url = "data/rapport.db"', ["store.database_url: write sqlite:path"]),
        ('[store]\nkey_url = "sqlite:./data/rapport.db"', ["store.key_url names the same"]),
    ],
)
def test_a_wrong_key_is_named_with_its_value_and_what_is_allowed(
    tmp_path: Path, text: str, parts: list[str]
) -> None:
    message = problem(tmp_path, text)
    assert all(part in message for part in parts), message


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    message = problem(tmp_path, "[learning]\nevery = 0\ntick_seconds = 1\n[sessions]\nx = 1")
    assert message.count("\n") == 3


@pytest.mark.parametrize("key", ["token", "api_key", "master_key", "bot_token"])
def test_secrets_in_the_file_are_refused_and_not_repeated(tmp_path: Path, key: str) -> None:
    message = problem(tmp_path, f'[discord]\n{key} = "hush-hush"')
    assert "environment" in message
    assert "hush" not in message


@pytest.mark.parametrize("key", ["database_url", "key_url"])
def test_a_database_password_in_the_file_is_refused_and_not_repeated(
    tmp_path: Path, key: str
) -> None:
    message = problem(tmp_path, f'[store]\n{key} = "postgresql://bot:hush-hush@db/name"')
    assert f"store.{key}: no password belongs here" in message
    assert "RAPPORT_DATABASE_PASSWORD" in message
    assert "hush" not in message


def test_database_passwords_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RAPPORT_DATABASE_PASSWORD", "RAPPORT_KEY_DATABASE_PASSWORD_FILE"):
        monkeypatch.setenv(name, "hush-hush")
    assert load().model_dump() == DEFAULTS


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("[learning]\nevery = 4\nparallel = 7")
    monkeypatch.setenv("RAPPORT_LEARNING__EVERY", "5")
    monkeypatch.setenv("RAPPORT_MODELS__ENDPOINTS__DEFAULT__BASE_URL", "http://127.0.0.1:1/v1")
    settings = load()
    assert (settings.learning.every, settings.learning.parallel) == (5, 7)
    assert str(settings.models.endpoints["default"].base_url) == "http://127.0.0.1:1/v1"


def test_another_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.toml"
    other.write_text("[learning]\nevery = 6")
    assert load(other).learning.every == 6
    monkeypatch.setenv("RAPPORT_CONFIG", str(other))
    assert load().learning.every == 6
    with pytest.raises(SettingsError, match=r"no settings file .*nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("RAPPORT_LERNING__EVERY", "RAPPORT_LERNING__EVERY"),
        ("RAPPORT_LEARNING__EVRY", "learning.evry"),
    ],
)
def test_a_misspelt_variable_is_an_error(
    monkeypatch: pytest.MonkeyPatch, name: str, part: str
) -> None:
    monkeypatch.setenv(name, "3")
    with pytest.raises(SettingsError, match=part):
        load()


def test_a_wrong_variable_is_named_beside_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_LEARNING__EVERY", "abc")
    with pytest.raises(SettingsError, match=r"learning\.every \(from RAPPORT_LEARNING__EVERY\)"):
        load()


def test_a_variable_with_broken_json_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_LEARNING", "{bad")
    with pytest.raises(SettingsError, match=r"learning.*RAPPORT_SECTION__KEY"):
        load()


def test_a_file_that_is_no_utf8_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes("# Grüße\n".encode("latin-1"))
    with pytest.raises(SettingsError, match="not UTF-8"):
        load(tmp_path / "config.toml")


def test_slots_can_be_changed_added_and_switched_off(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[slots."demographics.gender"]\nenabled = false\n'
        '[slots."demographics.name"]\nmax_length = 20\n'
        '[slots."preference.pronouns"]\nkind = "list"\nlabel = "Pronouns"\nhint = "pronouns"\n'
        "public = true\npriority = 2000\n"
    )
    registry = Registry.from_settings(load().slots)
    assert "demographics.gender" not in registry
    assert registry["demographics.name"].max_length == 20
    assert registry["demographics.name"].public
    assert next(iter(registry)) == "preference.pronouns"
    assert registry["preference.pronouns"].max_items == 10
    assert len(registry) == 18


def test_secrets_come_from_the_environment_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_secret("DISCORD_TOKEN") is None
    monkeypatch.setenv("DISCORD_TOKEN", " abc ")
    secret = read_secret("DISCORD_TOKEN")
    assert secret is not None
    assert secret.get_secret_value() == "abc"
    assert "abc" not in repr(secret)
    file = tmp_path / "token"
    file.write_text("def\n")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(file))
    with pytest.raises(SettingsError, match="Both"):
        read_secret("DISCORD_TOKEN")
    monkeypatch.delenv("DISCORD_TOKEN")
    secret = read_secret("DISCORD_TOKEN")
    assert secret is not None
    assert secret.get_secret_value() == "def"
    file.write_text("\n")
    with pytest.raises(SettingsError, match="empty"):
        read_secret("DISCORD_TOKEN")


def test_each_endpoint_has_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_KEY", "1")
    models = ModelsSettings(
        endpoints={
            "default": EndpointSettings(api_key_env="FIRST_KEY"),
            "other": EndpointSettings(api_key_env="SECOND_KEY"),
        }
    )
    keys = read_api_keys(models)
    assert keys["default"] is not None
    assert keys["default"].get_secret_value() == "1"
    assert keys["other"] is None
