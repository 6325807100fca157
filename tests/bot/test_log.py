"""What the log says of failures, in both formats."""

from __future__ import annotations

import json
import logging
import sqlite3

import pytest

from bot import log
from bot.settings import LoggingSettings
from persona.errors import StoreError

CANARY = "cinnamon-quokka"
logger = logging.getLogger("persona.test")


def fail(secret: str) -> None:
    """Fails with the secret in a local variable, in a message, and in the error before it."""
    held = {secret: 1}
    try:
        int(secret)
    except ValueError as error:
        raise KeyError(secret, held) from error


@pytest.mark.parametrize("style", ["console", "json"])
def test_a_failure_is_told_without_values(capsys: pytest.CaptureFixture[str], style: str) -> None:
    log.configure(LoggingSettings.model_validate({"format": style}))
    try:
        fail(CANARY)
    except KeyError:
        logger.exception("turn failed", extra={"message_id": 7})
    shown = capsys.readouterr().err
    assert CANARY not in shown
    for part in ("turn failed", "message_id", "ValueError", "which led to", "KeyError", "in fail"):
        assert part in shown


@pytest.mark.parametrize(
    "error", [StoreError("The file is gone."), sqlite3.OperationalError("disk is full"), OSError()]
)
def test_messages_known_to_be_harmless_are_told(
    capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    log.configure(LoggingSettings(format="json"))
    logger.error("failed", exc_info=error)
    told = json.loads(capsys.readouterr().err)
    assert told["exception"].endswith(f"{type(error).__name__}: {error}")


def test_what_libraries_say_below_warnings_is_not_listened_to(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure(LoggingSettings(level="debug", format="json"))
    for name in ("openai._base_client", "discord.webhook.async_", "discord.http", "httpx2"):
        logging.getLogger(name).info(CANARY)
    logging.getLogger("discord.gateway").warning("slow")
    logger.debug("ours")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["slow", "ours"]


def test_the_level_holds_for_us_too(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(LoggingSettings(level="error", format="json"))
    logger.warning("quiet")
    logging.getLogger("discord").warning("quiet")
    assert capsys.readouterr().err == ""
