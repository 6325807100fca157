"""Somebody who tries everything to learn what the bot knows of somebody else."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any, cast

import discord
import simcord
from discord import app_commands
from discord.ext import commands
from simcord.backend.errors import BackendError, SetupError
from simcord.results import to_discord_message

from tests.support.crowd import Crowd

_REFUSED = (SetupError, BackendError)
_TAKEN_AS_TEXT = (discord.AppCommandOptionType.string, discord.AppCommandOptionType.integer)
_MOST_OF_A_KIND = 3


async def pry(crowd: Crowd, thief: int, victim: int) -> int:
    """Let `thief` use every command and press every button there ever was, to learn of `victim`.

    Returns how many of the tries were answered.
    """
    (scope, *_) = crowd.actors[thief].keys() & crowd.actors[victim].keys()
    actor, channel = crowd.actors[thief][scope], crowd.channel(scope)
    personas = crowd.world.services.personas
    known = await personas.load(victim, scope)
    baits = [str(victim), *(item.item_id for item in known.items[:2])]
    baits += [item.value for item in known.items[:1]]
    async with crowd.act(thief):
        answered = await _command(crowd, actor, channel, baits)
        answered += await _press(
            crowd, actor, channel, [*_seen(crowd), *_forged(scope, victim, baits)]
        )
    assert await personas.load(victim, scope) == known
    assert await crowd.world.services.consent.decision(victim) == "remember"
    return answered


async def _command(
    crowd: Crowd, actor: simcord.MemberActor, channel: simcord.ChannelHandle, baits: list[str]
) -> int:
    answered = 0
    bot = cast(commands.Bot, crowd.world.env.bot)
    for command in bot.tree.walk_commands():
        if not isinstance(command, app_commands.Command) or command.name == "chat":
            continue
        for bait in baits:
            for parameter in command.parameters:
                if parameter.autocomplete:
                    with contextlib.suppress(*_REFUSED):
                        choices = await actor.autocomplete(
                            channel, command.qualified_name, parameter.display_name, bait[:20]
                        )
                        crowd.told_to(actor.id, json.dumps(choices))
            options = {
                parameter.display_name: parameter.choices[0] if parameter.choices else bait
                for parameter in command.parameters
                if parameter.type in _TAKEN_AS_TEXT
            }
            with contextlib.suppress(*_REFUSED):
                result = await actor.slash(channel, command.qualified_name, **options)
                assert result.ephemeral
                answered += 1
            if not options:
                break
    return answered


async def _press(
    crowd: Crowd,
    actor: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    components: list[dict[str, Any]],
) -> int:
    """Press them on messages of the bot's that they never stood under."""
    answered = 0
    env = crowd.world.env
    for component in components:
        stored = env.backend.create_message(
            channel.id,
            env.backend.bot_user.id,
            "forged",
            components=[{"type": 1, "components": [component | {"disabled": False}]}],
        )
        message = to_discord_message(env, stored)
        with contextlib.suppress(*_REFUSED):
            if component["type"] == discord.ComponentType.button.value:
                await actor.click(message, custom_id=component["custom_id"])
            else:
                value = component["options"][0]["value"]
                await actor.select(message, [value], custom_id=component["custom_id"])
            answered += 1
    return answered


def _seen(crowd: Crowd) -> Iterator[dict[str, Any]]:
    """Return some of every kind of button and select that the bot ever showed to anybody."""
    kinds: dict[str, int] = {}
    for request in crowd.world.env.http_requests:
        for component in _components(request.json):
            kind = re.sub(r"[0-9a-f-]{6,}|\d+", "#", component["custom_id"])
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= _MOST_OF_A_KIND:
                yield component


def _components(body: Any) -> Iterator[dict[str, Any]]:
    if isinstance(body, list):
        for part in body:
            yield from _components(part)
    elif isinstance(body, dict):
        button = body.get("type") == discord.ComponentType.button.value
        if "custom_id" in body and (button or body.get("options")):
            yield body
        for part in body.values():
            yield from _components(part)


def _forged(scope: str, victim: int, baits: list[str]) -> Iterator[dict[str, Any]]:
    """Return buttons that the bot never made."""
    for custom_id in (
        f"rapport:consent:chat_only:{victim}",
        f"rapport:reset:yes:{scope}:1:{victim}",
        f"rapport:reset:yes:guild:{victim}:1",
        *(f"rapport:item:{bait}" for bait in baits),
    ):
        yield {"type": 2, "style": 1, "label": "Press", "custom_id": custom_id[:100]}
